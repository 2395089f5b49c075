namespace Guichet.Tests.Engine;

public class TimerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly string _key = TestSilo.NewKey();

    [Fact]
    public async Task A_timer_ticks_when_due_and_then_after_each_period()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ITimerGrain>(_key);
        await grain.Start(3 * Second, Second);
        silo.Clock.Advance(2 * Second);
        Assert.Equal(0, await grain.Ticks());

        silo.Clock.Advance(Second);
        await Gate.Of(_key).ArrivalAsync();
        Assert.Equal(1, await grain.Ticks());
        await AdvanceToTickAsync(silo, Second);

        Assert.Equal(2, await grain.Ticks());
        Assert.True(await grain.TicksOnItsScheduler());
    }

    [Fact]
    public async Task A_timer_without_period_ticks_once()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ITimerGrain>(_key);
        await grain.Start(Second, Timeout.InfiniteTimeSpan);
        silo.Clock.Advance(Second);
        await Gate.Of(_key).ArrivalAsync();

        for (var i = 0; i < 10; i++)
        {
            silo.Clock.Advance(Second);
            Assert.Equal(1, await grain.Ticks());
        }
    }

    [Fact]
    public async Task A_tick_waits_its_turn()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ITimerGrain>(_key);
        await grain.Start(Second, Second);
        var held = grain.Hold(_key + "held");
        await Gate.Of(_key + "held").ArrivalAsync();

        silo.Clock.Advance(Second);
        Assert.Equal(0, Gate.Of(_key).Arrived);

        Gate.Of(_key + "held").Open();
        await held;
        await Gate.Of(_key).ArrivalAsync();
    }

    [Fact]
    public async Task An_interleaving_tick_does_not_wait()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ITimerGrain>(_key);
        await grain.Start(Second, Second, interleave: true);
        var held = grain.Hold(_key + "held");
        await Gate.Of(_key + "held").ArrivalAsync();

        silo.Clock.Advance(Second);
        await Gate.Of(_key).ArrivalAsync();

        Gate.Of(_key + "held").Open();
        await held;
    }

    [Fact]
    public async Task A_tick_that_throws_is_followed_by_the_next()
    {
        await using var silo = await TestSilo.StartAsync();
        await silo.Grain<ITimerGrain>(_key).StartFailing(Second);
        silo.Clock.Advance(Second);
        await Gate.Of(_key).ArrivalAsync();
        await AdvanceToTickAsync(silo, Second);
    }

    [Fact]
    public async Task A_disposed_timer_ticks_no_more_and_a_changed_one_at_its_new_time()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ITimerGrain>(_key);
        await grain.Start(Second, Second);
        await grain.Change(10 * Second, Second);
        silo.Clock.Advance(9 * Second);
        Assert.Equal(0, await grain.Ticks());
        silo.Clock.Advance(Second);
        await Gate.Of(_key).ArrivalAsync();

        await grain.Stop();
        silo.Clock.Advance(60 * Second);

        Assert.Equal(1, await grain.Ticks());
    }

    [Fact]
    public async Task A_timer_refuses_impossible_times()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ITimerGrain>(_key);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.Start(-5 * Second, Second));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => grain.Start(Second, TimeSpan.FromDays(60)));
    }

    /// <summary>The next tick is armed when the last has ended, which is a moment after it was noticed.</summary>
    private async Task AdvanceToTickAsync(TestSilo silo, TimeSpan period)
    {
        var arrival = Gate.Of(_key).ArrivalAsync();
        await silo.AdvanceUntilAsync(period, arrival);
        await arrival;
    }
}
