namespace Orleans.Embedded;

/// <summary>The calls that wait for an answer, and the one timer that ends the waiting of those whose time is up. It is
/// set for the earliest deadline known when it was set, so a quiet engine has no ticking.</summary>
internal sealed class CallTimeouts(EmbeddedEngine engine) : IDisposable
{
    private const int Shards = 8;

    private sealed class Shard
    {
        public readonly Lock Gate = new();
        public GrainCall? Newest;
    }

    private readonly Shard[] _shards = [.. Enumerable.Range(0, Shards).Select(static _ => new Shard())];
    private readonly Lock _timerGate = new();
    private ITimer? _timer;
    private long _armedFor = long.MaxValue;

    public void Add(GrainCall call, TimeSpan timeout)
    {
        call.Deadline = timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : call.SentAt + engine.ToTimestamp(timeout);
        call.Shard = Environment.CurrentManagedThreadId % Shards;
        var shard = _shards[call.Shard];
        lock (shard.Gate)
        {
            call.Older = shard.Newest;
            if (shard.Newest is not null)
                shard.Newest.Newer = call;
            shard.Newest = call;
        }
        if (call.Deadline < Volatile.Read(ref _armedFor))
            Arm(call.Deadline);
    }

    public void Remove(GrainCall call)
    {
        var shard = _shards[call.Shard];
        lock (shard.Gate)
        {
            if (call.Newer is not null)
                call.Newer.Older = call.Older;
            else if (shard.Newest == call)
                shard.Newest = call.Older;
            if (call.Older is not null)
                call.Older.Newer = call.Newer;
            call.Older = call.Newer = null;
        }
    }

    public void Dispose() => _timer?.Dispose();

    public void FailAll(Func<GrainCall, Exception> reason)
    {
        foreach (var call in Waiting(long.MaxValue, out _))
            engine.Settle(call, reason(call));
    }

    private void Arm(long deadline)
    {
        lock (_timerGate)
        {
            if (deadline >= _armedFor)
                return;
            Volatile.Write(ref _armedFor, deadline);
            _timer ??= Detached.Quietly(static self => self.Clock.CreateTimer(
                static state => ((CallTimeouts)state!).Expire(), self.This, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), (engine.Clock, This: this));
            var ticks = Math.Max(0, deadline - engine.Timestamp());
            // Rounded up: a timer that comes before the deadline would only have to be set again.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(ticks * 1000.0 / engine.Clock.TimestampFrequency)), Timeout.InfiniteTimeSpan);
        }
    }

    private void Expire()
    {
        lock (_timerGate)
            Volatile.Write(ref _armedFor, long.MaxValue);
        var late = Waiting(engine.Timestamp(), out var next);
        foreach (var call in late)
            engine.Settle(call, new TimeoutException($"Response did not arrive on time in {call.Method.Timeout ?? engine.ResponseTimeout} for {call}"));
        if (next < long.MaxValue)
            Arm(next);
    }

    private List<GrainCall> Waiting(long until, out long next)
    {
        var found = new List<GrainCall>();
        next = long.MaxValue;
        foreach (var shard in _shards)
        {
            lock (shard.Gate)
            {
                for (var call = shard.Newest; call is not null; call = call.Older)
                {
                    if (call.Deadline <= until)
                        found.Add(call);
                    else
                        next = Math.Min(next, call.Deadline);
                }
            }
        }
        found.Sort(static (a, b) => (a.Deadline, a.Sequence).CompareTo((b.Deadline, b.Sequence)));
        return found;
    }
}
