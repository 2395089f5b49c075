using System.Collections.Concurrent;
using Orleans.Streams;

namespace Guichet.Tests.Engine;

public class StreamTests
{
    private readonly string _key = TestSilo.NewKey();

    [Fact]
    public async Task An_event_activates_the_grain_that_is_subscribed_by_its_class()
    {
        await using var silo = await TestSilo.StartAsync();

        await PublishAsync(silo, "heard", 7);
        await Gate.Of(_key).ArrivalAsync(silo);

        Assert.Equal([7], (await silo.Grain<IListenerGrain>(_key).Heard()).AsEnumerable());
    }

    [Fact]
    public async Task Events_arrive_in_the_order_published()
    {
        await using var silo = await TestSilo.StartAsync();

        for (var i = 0; i < 100; i++)
            await PublishAsync(silo, "heard", i);
        for (var i = 0; i < 100; i++)
            await Gate.Of(_key).ArrivalAsync(silo);

        Assert.Equal(Enumerable.Range(0, 100), await silo.Grain<IListenerGrain>(_key).Heard());
    }

    [Fact]
    public async Task A_grain_publishes_to_another()
    {
        await using var silo = await TestSilo.StartAsync();

        await silo.Grain<IPublisherGrain>(_key).Publish("heard", _key, 5);
        await Gate.Of(_key).ArrivalAsync(silo);
    }

    [Fact]
    public async Task Another_key_or_namespace_is_another_stream()
    {
        await using var silo = await TestSilo.StartAsync();

        await PublishAsync(silo, "elsewhere", 1);
        await silo.Grain<IPublisherGrain>(_key).Publish("heard", _key + "other", 2);
        await PublishAsync(silo, "heard", 3);
        await Gate.Of(_key).ArrivalAsync(silo);
        await Gate.Of(_key + "other").ArrivalAsync(silo);

        Assert.Equal([3], (await silo.Grain<IListenerGrain>(_key).Heard()).AsEnumerable());
    }

    [Fact]
    public async Task An_event_waits_its_turn()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<IListenerGrain>(_key);
        var held = grain.Hold(_key + "held");
        await Gate.Of(_key + "held").ArrivalAsync();

        await PublishAsync(silo, "heard", 1);
        for (var i = 0; i < 20; i++)
        {
            silo.Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
        Assert.Equal(0, Gate.Of(_key).Arrived);

        Gate.Of(_key + "held").Open();
        await held;
        await Gate.Of(_key).ArrivalAsync(silo);
    }

    [Fact]
    public async Task A_subscriber_that_fails_gets_the_event_again_before_the_next()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<IListenerGrain>(_key);
        await grain.Fail(2);

        await PublishAsync(silo, "heard", 1);
        await PublishAsync(silo, "heard", 2);
        await Gate.Of(_key).ArrivalAsync(silo);
        await Gate.Of(_key).ArrivalAsync(silo);

        Assert.Equal([1, 2], (await grain.Heard()).AsEnumerable());
        Assert.Equal(2, Gate.Of(_key + "failed").Arrived);
    }

    [Fact]
    public async Task A_grain_that_ended_is_activated_by_the_next_event_and_hears_it()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<IListenerGrain>(_key);
        await PublishAsync(silo, "heard", 1);
        await Gate.Of(_key).ArrivalAsync(silo);
        var before = await grain.Activation();
        await grain.Leave();

        await PublishAsync(silo, "heard", 2);
        await Gate.Of(_key).ArrivalAsync(silo);

        Assert.NotEqual(before, await grain.Activation());
        Assert.Equal([2], (await grain.Heard()).AsEnumerable());
    }

    [Fact]
    public async Task A_grain_that_does_not_subscribe_is_activated_and_the_event_dropped()
    {
        await using var silo = await TestSilo.StartAsync();

        await PublishAsync(silo, "unheard", 1);
        await Gate.Of(_key).ArrivalAsync(silo);
    }

    [Fact]
    public async Task A_grain_may_follow_any_stream_and_stop()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<IListenerGrain>(_key);
        await grain.Follow("elsewhere", _key);
        await PublishAsync(silo, "elsewhere", 1);
        await Gate.Of(_key).ArrivalAsync(silo);

        await grain.Unfollow("elsewhere", _key);
        await PublishAsync(silo, "elsewhere", 2);
        await PublishAsync(silo, "heard", 3);
        await Gate.Of(_key).ArrivalAsync(silo);

        Assert.Equal([1, 3], (await grain.Heard()).AsEnumerable());
    }

    [Fact]
    public async Task A_subscription_outlives_the_activation_and_is_taken_up_again()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<IListenerGrain>(_key);
        await grain.Follow("elsewhere", _key);
        await grain.Leave();

        Assert.Equal(1, await grain.FollowedAfterResuming("elsewhere", _key));
        await PublishAsync(silo, "elsewhere", 4);
        await Gate.Of(_key).ArrivalAsync(silo);

        Assert.Equal([4], (await grain.Heard()).AsEnumerable());
    }

    [Fact]
    public async Task A_client_hears_until_it_unsubscribes_one_event_at_a_time()
    {
        await using var silo = await TestSilo.StartAsync();
        var heard = new ConcurrentQueue<int>();
        var handle = await Stream(silo, "elsewhere").SubscribeAsync(async (sold, _) =>
        {
            heard.Enqueue(sold.Count);
            await Task.Yield();
            heard.Enqueue(-sold.Count);
            Gate.Of(_key).Arrive();
        });

        for (var i = 1; i <= 3; i++)
            await PublishAsync(silo, "elsewhere", i);
        for (var i = 1; i <= 3; i++)
            await Gate.Of(_key).ArrivalAsync(silo);
        Assert.Equal([1, -1, 2, -2, 3, -3], heard);

        await handle.UnsubscribeAsync();
        await PublishAsync(silo, "elsewhere", 4);
        await PublishAsync(silo, "heard", 5);
        await Gate.Of(_key).ArrivalAsync(silo);
        Assert.Equal(6, heard.Count);
    }

    [Fact]
    public async Task Every_subscriber_hears_every_event()
    {
        await using var silo = await TestSilo.StartAsync();
        var sum = 0;
        for (var i = 0; i < 5; i++)
        {
            await Stream(silo, "heard").SubscribeAsync((sold, _) =>
            {
                Interlocked.Add(ref sum, sold.Count);
                Gate.Of(_key + "client").Arrive();
                return Task.CompletedTask;
            });
        }

        await PublishAsync(silo, "heard", 3);
        await Gate.Of(_key).ArrivalAsync(silo);
        for (var i = 0; i < 5; i++)
            await Gate.Of(_key + "client").ArrivalAsync(silo);

        Assert.Equal(15, sum);
    }

    [Fact]
    public async Task The_publishers_context_goes_along()
    {
        await using var silo = await TestSilo.StartAsync();
        RequestContext.Set("who", "Chantal");
        await PublishAsync(silo, "heard", 1);
        RequestContext.Clear();
        await Gate.Of(_key).ArrivalAsync(silo);

        Assert.Equal("Chantal", await silo.Grain<IListenerGrain>(_key).ContextHeard());
    }

    private IAsyncStream<Sold> Stream(TestSilo silo, string ns) =>
        silo.Client.GetStreamProvider(TestSilo.Streams).GetStream<Sold>(StreamId.Create(ns, _key));

    private Task PublishAsync(TestSilo silo, string ns, int count) => Stream(silo, ns).OnNextAsync(new(count));
}
