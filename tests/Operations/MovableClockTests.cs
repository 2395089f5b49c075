using Guichet.Hosting;
using Guichet.Support;

namespace Guichet.Operations;

/// <summary>The clock that a node in development can be given.</summary>
public sealed class MovableClockTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly DateTimeOffset Start = new(2031, 3, 4, 9, 30, 0, TimeSpan.FromHours(1));

    [Fact]
    public async Task Timers_on_the_way_come_due_when_it_passes_them_and_no_others()
    {
        var clock = new MovableClock(Start);
        Assert.InRange(clock.GetUtcNow(), Start, Start.AddMinutes(5));
        var near = Task.Delay(TimeSpan.FromMinutes(20), clock);
        var far = Task.Delay(TimeSpan.FromHours(2), clock);
        var ticks = new SemaphoreSlim(0);
        await using var every = clock.CreateTimer(_ => ticks.Release(), null, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(15));

        Assert.True(clock.MoveTo(Start.AddMinutes(30)));
        await near.WaitAsync(Longest);
        Assert.True(await ticks.WaitAsync(Longest));
        Assert.False(far.IsCompleted);
        Assert.True(clock.MoveTo(Start.AddMinutes(50)));
        Assert.True(await ticks.WaitAsync(Longest));
        Assert.True(clock.MoveTo(Start.AddHours(3)));
        await far.WaitAsync(Longest);
    }

    [Fact]
    public async Task A_timer_that_is_changed_or_ended_stays_so_wherever_the_clock_goes()
    {
        var clock = new MovableClock(Start);
        var (put, ended, still) = (0, 0, new SemaphoreSlim(0));
        await using var postponed = clock.CreateTimer(_ => Interlocked.Increment(ref put), null, TimeSpan.FromMinutes(10), Timeout.InfiniteTimeSpan);
        var gone = clock.CreateTimer(_ => Interlocked.Increment(ref ended), null, TimeSpan.FromMinutes(10), Timeout.InfiniteTimeSpan);
        await using var last = clock.CreateTimer(_ => still.Release(), null, TimeSpan.FromMinutes(20), Timeout.InfiniteTimeSpan);
        postponed.Change(TimeSpan.FromHours(5), Timeout.InfiniteTimeSpan);
        gone.Dispose();

        clock.MoveTo(Start.AddHours(1));
        Assert.True(await still.WaitAsync(Longest));

        Assert.Equal((0, 0), (put, ended));
    }

    [Fact]
    public void It_never_goes_back()
    {
        var clock = new MovableClock(Start);
        Assert.True(clock.MoveTo(Start.AddHours(1)));
        Assert.False(clock.MoveTo(Start.AddMinutes(30)));
        Assert.True(clock.GetUtcNow() >= Start.AddHours(1));
    }

    [Theory]
    [InlineData("2031-03-04T09:30:00+01:00", true)]
    [InlineData(" 2031-03-04T08:30Z ", true)]
    [InlineData("2031-03-04", false)]
    [InlineData("4 March 2031, 9:30", false)]
    [InlineData("", false)]
    public void An_instant_is_written_whole(string written, bool isOne)
    {
        Assert.Equal(isOne, MovableClock.TryRead(written, out var instant));
        if (isOne) Assert.Equal(Start, instant);
    }

    [Theory]
    [InlineData("Production", "2031-03-04T09:30:00+01:00", "Guichet:Clock is for development")]
    [InlineData("Development", "tomorrow", "Guichet:Clock is 'tomorrow': say an instant with its offset")]
    public async Task A_node_in_earnest_takes_its_machines_time(string environment, string told, string said)
    {
        var folder = TestFolder.Create();
        try
        {
            var (code, output) = await NodeProcess.RunAsync(folder, [], ("Guichet:Clock", told), ("ASPNETCORE_ENVIRONMENT", environment));
            Assert.NotEqual(0, code);
            Assert.Contains(said, output, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
