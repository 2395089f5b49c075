namespace Guichet.Tests.Engine;

public class ReminderTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly string _key = TestSilo.NewKey();

    [Fact]
    public async Task A_reminder_ticks_when_due_and_then_every_period()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<IReminderGrain>(_key);
        var first = silo.Clock.GetUtcNow() + 3 * Minute;
        await grain.Register("daily", 3 * Minute, 2 * Minute);

        await AdvanceToTickAsync(silo, 3 * Minute);
        await AdvanceToTickAsync(silo, 2 * Minute);

        var ticks = await grain.Ticks();
        Assert.All(ticks, tick => Assert.Equal(2 * Minute, tick.Period));
        Assert.All(ticks, tick => Assert.Equal(first.UtcDateTime, tick.FirstTickTime, Second));
        Assert.True(ticks[1].CurrentTickTime - ticks[0].CurrentTickTime >= 2 * Minute);
    }

    [Fact]
    public async Task A_reminder_wakes_a_grain_that_has_ended()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<IReminderGrain>(_key);
        var before = await grain.Activation();
        await grain.Register("wake", Minute, Minute);
        await grain.Leave();

        await AdvanceToTickAsync(silo, Minute);

        Assert.NotEqual(before, await grain.Activation());
    }

    [Fact]
    public async Task A_reminder_whose_grain_fails_comes_again()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<IReminderGrain>(_key);
        await grain.Fail(1);
        await grain.Register("stubborn", Minute, Minute);

        await AdvanceToTickAsync(silo, Minute);
        await AdvanceToTickAsync(silo, Minute);
    }

    [Fact]
    public async Task A_reminder_can_be_found_replaced_and_unregistered()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<IReminderGrain>(_key);
        await grain.Register("one", Minute, Minute);
        await grain.Register("two", Minute, Minute);
        await grain.Register("two", Minute, 5 * Minute);
        Assert.Equal(["one", "two"], (await grain.Names()).AsEnumerable());
        Assert.True(await grain.Has("one"));

        await grain.Unregister("one");
        await grain.Unregister("two");

        Assert.Empty(await grain.Names());
        Assert.False(await grain.Has("one"));
        for (var i = 0; i < 10; i++)
            silo.Clock.Advance(Minute);
        Assert.Empty(await grain.Ticks());
    }

    [Fact]
    public async Task Unregistering_a_reminder_that_has_been_replaced_is_refused()
    {
        await using var silo = await TestSilo.StartAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => silo.Grain<IReminderGrain>(_key).RegisterTwiceAndUnregisterTheFirst("one"));
    }

    [Fact]
    public async Task A_period_below_a_minute_is_refused()
    {
        await using var silo = await TestSilo.StartAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => silo.Grain<IReminderGrain>(_key).Register("hasty", Minute, TimeSpan.FromSeconds(59)));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => silo.Grain<IReminderGrain>(_key).Register("past", -Minute, Minute));
    }

    [Fact]
    public async Task A_grain_that_is_not_remindable_gets_no_reminder()
    {
        await using var silo = await TestSilo.StartAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(silo.Grain<IForgetfulGrain>(_key).Register);
    }

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private async Task AdvanceToTickAsync(TestSilo silo, TimeSpan span)
    {
        var arrival = Gate.Of(_key).ArrivalAsync();
        await silo.AdvanceUntilAsync(span, arrival);
        await arrival;
    }
}
