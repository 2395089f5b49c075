namespace Guichet.Support;

/// <summary>
/// Time that stands still, shown to real Orleans, which waits for an instant in a loop of delays of whole milliseconds: the last part of
/// a millisecond passes by itself, as with a real clock, or that loop would never end.
/// </summary>
public sealed class MovingTime(TimeProvider still) : TimeProvider
{
    private readonly Lock gate = new();
    private DateTimeOffset last;
    private long ticks;

    public override TimeZoneInfo LocalTimeZone => still.LocalTimeZone;

    public override long TimestampFrequency => still.TimestampFrequency;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
        {
            var now = still.GetUtcNow();
            ticks = now == last ? Math.Min(ticks + 1, TimeSpan.TicksPerMillisecond) : 0;
            last = now;
            return now.AddTicks(ticks);
        }
    }

    public override long GetTimestamp() => still.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        still.CreateTimer(callback, state, dueTime, period);
}
