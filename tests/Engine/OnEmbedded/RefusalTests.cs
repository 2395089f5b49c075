using Orleans.Concurrency;
using Orleans.Embedded;
using Orleans.Streams;

namespace Guichet.Tests.Engine;

/// <summary>What can't work is refused with a sentence that says where and why.</summary>
public class RefusalTests
{
    private readonly string _key = TestSilo.NewKey();

    public interface IHasProperty : IGrainWithStringKey
    {
        int Count { get; }
    }

    public interface IReturnsNoTask : IGrainWithStringKey
    {
        int Count();
    }

    public interface IEnumerates : IGrainWithStringKey
    {
        IAsyncEnumerable<int> Count();
    }

    public interface IHasOut : IGrainWithStringKey
    {
        Task Count(out int count);
    }

    public interface IHasTypeParameter : IGrainWithStringKey
    {
        Task Count<T>();
    }

    public interface IAnswersOneWay : IGrainWithStringKey
    {
        [OneWay]
        Task<int> Count();
    }

    public interface IHasNoKey : IGrain;

    private sealed class KeylessGrain : Grain, IHasNoKey;

    // Generic, so that no engine takes them for grain classes of this assembly.
    [GrainType("twin")]
    private sealed class OneTwinGrain<T> : Grain, IGrainWithStringKey;

    [GrainType("twin")]
    private sealed class OtherTwinGrain<T> : Grain, IGrainWithStringKey;

    [Theory]
    [InlineData(typeof(IHasProperty), "no properties")]
    [InlineData(typeof(IReturnsNoTask), "returns Task")]
    [InlineData(typeof(IEnumerates), "returns Task")]
    [InlineData(typeof(IHasOut), "no ref, in or out")]
    [InlineData(typeof(IHasTypeParameter), "no type parameters")]
    [InlineData(typeof(IAnswersOneWay), "one-way")]
    public void An_interface_that_can_not_be_called_from_afar_is_refused(Type contract, string reason)
    {
        var refused = Assert.Throws<ArgumentException>(() => ProxyBuilder.MakerFor(contract));
        Assert.Contains(reason, refused.Message);
        Assert.Contains(contract.Name, refused.Message);
    }

    [Fact]
    public void Two_classes_of_one_grain_type_are_refused()
    {
        var refused = Assert.Throws<OrleansConfigurationException>(() => new GrainClasses([typeof(OneTwinGrain<int>), typeof(OtherTwinGrain<int>)]));
        Assert.Contains("\"twin\"", refused.Message);
    }

    [Fact]
    public void An_interface_without_a_string_key_is_refused()
    {
        var refused = Assert.Throws<ArgumentException>(() => new GrainClasses([typeof(KeylessGrain)]).Implementing(typeof(IHasNoKey)));
        Assert.Contains("string keys", refused.Message);
    }

    [Fact]
    public async Task An_empty_key_is_refused()
    {
        await using var silo = await TestSilo.StartAsync();
        Assert.Throws<ArgumentException>(() => silo.Grain<ICallGrain>(""));
    }

    [Fact]
    public async Task A_full_stream_refuses_the_next_event_and_keeps_those_it_has()
    {
        await using var silo = await TestSilo.StartAsync(silo => silo.Configure<EmbeddedOptions>(options => options.StreamCapacity = 3));
        var grain = silo.Grain<IListenerGrain>(_key);
        var held = grain.Hold(_key + "held");
        await Gate.Of(_key + "held").ArrivalAsync();
        var stream = Stream(silo, "heard");
        for (var i = 0; i < 3; i++)
            await stream.OnNextAsync(new(i));

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => stream.OnNextAsync(new(3)));
        Assert.Contains(_key, refused.Message);

        Gate.Of(_key + "held").Open();
        await held;
        for (var i = 0; i < 3; i++)
            await Gate.Of(_key).ArrivalAsync(silo);
        Assert.Equal([0, 1, 2], (await grain.Heard()).AsEnumerable());
    }

    [Fact]
    public async Task An_event_that_keeps_failing_is_dropped_and_the_next_delivered()
    {
        await using var silo = await TestSilo.StartAsync(silo => silo.Configure<EmbeddedOptions>(options => options.StreamDeliveryAttempts = 3));
        var grain = silo.Grain<IListenerGrain>(_key);
        await grain.Fail(3);

        await Stream(silo, "heard").OnNextAsync(new(1));
        await Stream(silo, "heard").OnNextAsync(new(2));
        await Gate.Of(_key).ArrivalAsync(silo);

        Assert.Equal([2], (await grain.Heard()).AsEnumerable());
        Assert.Equal(1, silo.Engine.Figures.Read().StreamDrops);
    }

    [Fact]
    public async Task A_client_that_never_finishes_with_an_event_loses_it_and_hears_the_next()
    {
        await using var silo = await TestSilo.StartAsync(silo => silo.Configure<EmbeddedOptions>(options => options.StreamDeliveryAttempts = 1));
        await Stream(silo, "elsewhere").SubscribeAsync((sold, _) =>
        {
            Gate.Of(_key + sold.Count).Arrive();
            return sold.Count == 1 ? new TaskCompletionSource().Task : Task.CompletedTask;
        });

        await Stream(silo, "elsewhere").OnNextAsync(new(1));
        await Stream(silo, "elsewhere").OnNextAsync(new(2));
        await Gate.Of(_key + 1).ArrivalAsync();
        var second = Gate.Of(_key + 2).ArrivalAsync();
        await silo.AdvanceUntilAsync(TimeSpan.FromSeconds(1), second);
        await second;
    }

    [Fact]
    public async Task A_grain_made_by_hand_has_no_engine()
    {
        var made = new CallGrain();
        await Assert.ThrowsAnyAsync<Exception>(made.Self);
    }

    private IAsyncStream<Sold> Stream(TestSilo silo, string ns) =>
        silo.Client.GetStreamProvider(TestSilo.Streams).GetStream<Sold>(StreamId.Create(ns, _key));
}
