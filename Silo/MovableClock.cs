using System.Globalization;

namespace Guichet.Hosting;

/// <summary>
/// The machine's clock, set to another time, which goes on from there and can be moved forward while the node runs: to see what happens on a
/// day that isn't there yet. A timer on the way comes due when the clock passes it, as after a machine has slept. Never moved back.
/// </summary>
internal sealed class MovableClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<MovableTimer> timers = [];
    private TimeSpan ahead = start - System.GetUtcNow();

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return System.GetUtcNow() + ahead;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new MovableTimer(this, callback, state, dueTime, period);

    /// <summary>False when it is that late already.</summary>
    public bool MoveTo(DateTimeOffset instant)
    {
        MovableTimer[] waiting;
        TimeSpan by;
        lock (gate)
        {
            by = instant - (System.GetUtcNow() + ahead);
            if (by <= TimeSpan.Zero) return false;
            ahead += by;
            waiting = [.. timers];
        }
        foreach (var timer in waiting) timer.ComeNearer(by);
        return true;
    }

    /// <summary>Moves to each instant that is written to the node, one a line, in ISO 8601: <c>2027-03-02T10:00:00+01:00</c>.</summary>
    public void Follow(TextReader lines, ILogger logger) => new Thread(() =>
    {
        while (lines.ReadLine() is { } line)
        {
            if (!TryRead(line, out var instant)) logger.LogWarning("'{Line}' is no instant: write 2027-03-02T10:00:00+01:00.", line);
            else if (MoveTo(instant)) logger.LogInformation("The clock was moved to {Instant}.", line.Trim());
            else logger.LogWarning("The clock is past {Instant} already.", line.Trim());
        }
    })
    { IsBackground = true, Name = "clock" }.Start();

    /// <param name="text">With its offset: an instant, not somebody's local time.</param>
    public static bool TryRead(string text, out DateTimeOffset instant) => DateTimeOffset.TryParseExact(
        text.Trim(), ["yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out instant);

    private sealed class MovableTimer : ITimer
    {
        private readonly MovableClock clock;
        private readonly Lock turn = new();
        private readonly ITimer timer;
        private TimeSpan period;
        private DateTimeOffset? due;

        public MovableTimer(MovableClock clock, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            this.clock = clock;
            timer = System.CreateTimer(given =>
            {
                lock (turn)
                    due = this.period > TimeSpan.Zero ? System.GetUtcNow() + this.period : null;
                callback(given);
            }, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            lock (clock.gate) clock.timers.Add(this);
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (turn)
            {
                this.period = period;
                due = dueTime == Timeout.InfiniteTimeSpan ? null : System.GetUtcNow() + dueTime;
                return timer.Change(dueTime, period);
            }
        }

        public void ComeNearer(TimeSpan by)
        {
            lock (turn)
            {
                if (due is not { } then) return;
                var left = then - by - System.GetUtcNow();
                if (left < TimeSpan.Zero) left = TimeSpan.Zero;
                due = System.GetUtcNow() + left;
                timer.Change(left, period);
            }
        }

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
            timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
