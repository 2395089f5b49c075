namespace Guichet.Tests.Engine;

public class TurnTests
{
    [Fact]
    public async Task Requests_of_one_grain_exclude_each_other_to_their_end()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ITurnGrain>(TestSilo.NewKey());

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => grain.AddSlowly(1))));

        Assert.Equal(201, await grain.AddSlowly(1));
    }

    [Fact]
    public async Task A_reentrant_grain_interleaves_at_awaits()
    {
        await using var silo = await TestSilo.StartAsync();
        var (key, grain) = Make<IReentrantTurnGrain>(silo);

        var first = grain.Exclusive(key + 1);
        await Gate.Of(key + 1).ArrivalAsync();
        var second = grain.Exclusive(key + 2);
        await Gate.Of(key + 2).ArrivalAsync();

        Assert.False(first.IsCompleted);
        Gate.Of(key + 2).Open();
        await second;
        Gate.Of(key + 1).Open();
        await first;
    }

    [Fact]
    public async Task Requests_start_in_the_order_they_came()
    {
        await using var silo = await TestSilo.StartAsync();
        var (key, grain) = Make<ITurnGrain>(silo);
        var hold = grain.Exclusive(key);
        await Gate.Of(key).ArrivalAsync();

        var appends = Enumerable.Range(0, 50).Select(grain.Append).ToArray();
        Gate.Of(key).Open();
        await hold;
        await Task.WhenAll(appends);

        Assert.Equal(Enumerable.Range(0, 50), await grain.Appended());
    }

    [Fact]
    public async Task What_follows_an_await_runs_on_the_grains_scheduler()
    {
        await using var silo = await TestSilo.StartAsync();
        Assert.True(await silo.Grain<ITurnGrain>(TestSilo.NewKey()).StaysOnItsScheduler());
    }

    [Fact]
    public async Task A_request_waits_for_the_one_that_runs()
    {
        await using var silo = await TestSilo.StartAsync();
        var (key, grain) = Make<ITurnGrain>(silo);
        var first = grain.Exclusive(key + 1);
        await Gate.Of(key + 1).ArrivalAsync();

        var second = grain.Exclusive(key + 2);
        await grain.Look();

        Assert.Equal(0, Gate.Of(key + 2).Arrived);
        Gate.Of(key + 1).Open();
        await Gate.Of(key + 2).ArrivalAsync();
        Gate.Of(key + 2).Open();
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task An_always_interleaved_method_runs_beside_anything()
    {
        await using var silo = await TestSilo.StartAsync();
        var (key, grain) = Make<ITurnGrain>(silo);
        var exclusive = grain.Exclusive(key + 1);
        await Gate.Of(key + 1).ArrivalAsync();

        var interleaved = grain.Interleave(key + 2);
        await Gate.Of(key + 2).ArrivalAsync();

        Gate.Of(key + 2).Open();
        await interleaved;
        Gate.Of(key + 1).Open();
        await exclusive;
    }

    [Fact]
    public async Task A_request_starts_beside_an_always_interleaved_one()
    {
        await using var silo = await TestSilo.StartAsync();
        var (key, grain) = Make<ITurnGrain>(silo);
        var interleaved = grain.Interleave(key + 1);
        await Gate.Of(key + 1).ArrivalAsync();

        var exclusive = grain.Exclusive(key + 2);
        await Gate.Of(key + 2).ArrivalAsync();

        Gate.Of(key + 1).Open();
        Gate.Of(key + 2).Open();
        await Task.WhenAll(interleaved, exclusive);
    }

    [Fact]
    public async Task Read_only_methods_run_beside_each_other_but_not_beside_others()
    {
        await using var silo = await TestSilo.StartAsync();
        var (key, grain) = Make<ITurnGrain>(silo);
        var first = grain.Read(key + 1);
        await Gate.Of(key + 1).ArrivalAsync();
        var second = grain.Read(key + 2);
        await Gate.Of(key + 2).ArrivalAsync();

        var exclusive = grain.Exclusive(key + 3);
        await grain.Look();
        Assert.Equal(0, Gate.Of(key + 3).Arrived);

        Gate.Of(key + 2).Open();
        Gate.Of(key + 1).Open();
        await Gate.Of(key + 3).ArrivalAsync();
        Gate.Of(key + 3).Open();
        await Task.WhenAll(first, second, exclusive);
    }

    [Fact]
    public async Task A_read_only_method_waits_for_one_that_writes()
    {
        await using var silo = await TestSilo.StartAsync();
        var (key, grain) = Make<ITurnGrain>(silo);
        var exclusive = grain.Exclusive(key + 1);
        await Gate.Of(key + 1).ArrivalAsync();

        var read = grain.Read(key + 2);
        await grain.Look();
        Assert.Equal(0, Gate.Of(key + 2).Arrived);

        Gate.Of(key + 1).Open();
        await Gate.Of(key + 2).ArrivalAsync();
        Gate.Of(key + 2).Open();
        await Task.WhenAll(exclusive, read);
    }

    [Fact]
    public async Task A_call_that_comes_back_through_another_grain_waits_until_its_caller_gives_up()
    {
        await using var silo = await TestSilo.StartAsync();
        var (key, grain) = Make<ITurnGrain>(silo);
        var other = silo.Grain<ITurnGrain>(TestSilo.NewKey());

        var cycle = grain.CallBack(other, key);
        // The innermost call has been sent when the other grain, which sends it, can be looked at beside it.
        await other.Look();
        await grain.Look();
        Assert.Equal(0, Gate.Of(key).Arrived);
        Assert.False(cycle.IsCompleted);

        await silo.AdvanceUntilAsync(TestSilo.Limit, cycle);
        await Assert.ThrowsAsync<TimeoutException>(() => cycle);
    }

    [Fact]
    public async Task A_call_chain_may_come_back_where_the_grain_allows_it()
    {
        await using var silo = await TestSilo.StartAsync();
        var (key, grain) = Make<ITurnGrain>(silo);
        Gate.Of(key).Open();

        await grain.CallBackReentrantly(silo.Grain<ITurnGrain>(TestSilo.NewKey()), key).WaitAsync(Gate.Patience);

        Assert.Equal(1, Gate.Of(key).Arrived);
    }

    private static (string Key, T Grain) Make<T>(TestSilo silo) where T : IGrainWithStringKey
    {
        var key = TestSilo.NewKey();
        return (key, silo.Grain<T>(key));
    }
}
