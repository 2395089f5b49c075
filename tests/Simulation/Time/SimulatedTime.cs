namespace Guichet.Simulation;

/// <summary>
/// Time that moves only when the world has nothing else to do, from one timer to the next. The clock on the wall can be set, forwards and
/// backwards; timers and timestamps, which count what passes, don't notice.
/// </summary>
public sealed class SimulatedTime(DateTimeOffset start) : TimeProvider
{
    private readonly PriorityQueue<(SimulatedTimer Timer, long Setting), (long Due, long Order)> timers = new();
    private long passed;
    private long wall;
    private long order;

    /// <summary>Since the world began.</summary>
    public TimeSpan Passed => new(passed);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => start.AddTicks(passed + wall);

    public override long GetTimestamp() => passed;

    public void SetWallClock(TimeSpan by) => wall += by.Ticks;

    /// <summary>Goes to the next timer that is due until then and calls it; false when there is none, and it is then.</summary>
    public bool GoOn(TimeSpan until)
    {
        while (timers.TryPeek(out var next, out var at))
        {
            if (next.Timer.Setting != next.Setting)
            {
                timers.Dequeue();
                continue;
            }
            if (at.Due > until.Ticks) break;
            timers.Dequeue();
            passed = Math.Max(passed, at.Due);
            next.Timer.Ring();
            return true;
        }
        passed = Math.Max(passed, until.Ticks);
        return false;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class SimulatedTimer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan every;

        /// <summary>How often it was set: what was queued for an earlier setting is void.</summary>
        public long Setting { get; private set; }

        public void Ring()
        {
            Set(every > TimeSpan.Zero ? every : Timeout.InfiniteTimeSpan);
            callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            every = period;
            Set(dueTime);
            return true;
        }

        private void Set(TimeSpan due)
        {
            Setting++;
            if (due != Timeout.InfiniteTimeSpan) time.timers.Enqueue((this, Setting), (time.passed + due.Ticks, time.order++));
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
