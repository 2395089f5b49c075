namespace Guichet.Tests.Clock;

/// <summary>Time that stands still until told to go on. Timers fire on the thread that advances it, in the order in
/// which they are due, and of those due at one instant in the order in which they were set.</summary>
public sealed class ManualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _due = [];
    private DateTimeOffset _now = start;
    private long _order;

    public ManualClock() : this(new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero)) { }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>When the next timer is due; null if none is set.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
                return _due.Min?.Due;
        }
    }

    public void Advance(TimeSpan span) => AdvanceTo(GetUtcNow() + span);

    /// <summary>Fires what is due until then, each timer at its own time; one set meanwhile fires too if it is due.</summary>
    public void AdvanceTo(DateTimeOffset then)
    {
        while (TakeDue(then) is { } timer)
            timer.Fire();
        lock (_gate)
            _now = then > _now ? then : _now;
    }

    private ManualTimer? TakeDue(DateTimeOffset until)
    {
        lock (_gate)
        {
            if (_due.Min is not { } timer || timer.Due > until)
                return null;
            _due.Remove(timer);
            _now = timer.Due > _now ? timer.Due : _now;
            timer.Rearm();
            return timer;
        }
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer, IComparable<ManualTimer>
    {
        private TimeSpan _period;
        private long _order;
        private bool _disposed;

        public DateTimeOffset Due { get; private set; }

        public void Fire() => callback(state);

        public void Rearm()
        {
            if (_period > TimeSpan.Zero)
                Set(Due + _period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                if (_disposed)
                    return false;
                clock._due.Remove(this);
                _period = period;
                if (dueTime != Timeout.InfiniteTimeSpan)
                    Set(clock._now + dueTime);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                _disposed = true;
                _period = TimeSpan.Zero;
                clock._due.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        public int CompareTo(ManualTimer? other) => other is null ? 1 : (Due, _order).CompareTo((other.Due, other._order));

        private void Set(DateTimeOffset due)
        {
            Due = due;
            _order = clock._order++;
            clock._due.Add(this);
        }
    }
}
