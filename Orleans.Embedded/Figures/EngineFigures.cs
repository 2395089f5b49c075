using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Orleans.Embedded;

/// <summary>What the engine counts. Totals only grow; the reader takes differences.</summary>
/// <param name="ActivationsByKind">Living activations by grain type.</param>
/// <param name="Calls">Answered requests, failures among them.</param>
/// <param name="Failures">Requests answered by an exception, timeouts among them.</param>
/// <param name="Latency">Requests by latency: bucket i counts those below <see cref="EngineSnapshot.UpperBound"/>(i)
/// and not in a lower one.</param>
/// <param name="StreamEvents">Events published.</param>
/// <param name="StreamDeliveries">Events that reached a subscriber.</param>
/// <param name="StreamDrops">Events given up for a subscriber.</param>
/// <param name="Reminders">Reminders on schedule.</param>
/// <param name="RemindersDue">Of these, how many are due and not yet answered.</param>
public sealed record EngineSnapshot(
    ImmutableSortedDictionary<string, int> ActivationsByKind, long Calls, long Failures, ImmutableArray<long> Latency,
    long StreamEvents, long StreamDeliveries, long StreamDrops, int Reminders, int RemindersDue)
{
    /// <summary>The latency below which a bucket's requests lie: from 1 µs, four buckets to each doubling.</summary>
    public static TimeSpan UpperBound(int bucket) => TimeSpan.FromMicroseconds(Math.Pow(2, (bucket + 1) / 4.0));
}

/// <summary>Counts calls, streams and reminders: for whoever asks in process, and as instruments of the meter
/// <c>Microsoft.Orleans</c>.</summary>
public sealed class EngineFigures
{
    private const int Buckets = 104;

    private readonly EmbeddedEngine _engine;
    private readonly long[] _latency = new long[Buckets];
    private readonly double _ticksPerMicrosecond;
    private readonly Meter _meter = new("Microsoft.Orleans");
    private long _calls, _failures, _events, _deliveries, _drops;

    internal EngineFigures(EmbeddedEngine engine)
    {
        _engine = engine;
        _ticksPerMicrosecond = engine.Clock.TimestampFrequency / 1e6;
        _meter.CreateObservableUpDownCounter("orleans-grains", CountByKind);
        _meter.CreateObservableCounter("orleans-app-requests", () => Volatile.Read(ref _calls));
        _meter.CreateObservableCounter("orleans-app-requests-failed", () => Volatile.Read(ref _failures));
        _meter.CreateObservableCounter("orleans-streams-pubsub-produced", () => Volatile.Read(ref _events));
        _meter.CreateObservableCounter("orleans-streams-delivered", () => Volatile.Read(ref _deliveries));
        _meter.CreateObservableCounter("orleans-streams-dropped", () => Volatile.Read(ref _drops));
        _meter.CreateObservableGauge("orleans-reminders-active", () => engine.Reminders.Count);
    }

    public EngineSnapshot Read()
    {
        var kinds = _engine.Alive.GroupBy(static one => one.GrainId.Type.ToString())
            .ToImmutableSortedDictionary(static one => one.Key, static one => one.Count(), StringComparer.Ordinal);
        return new(kinds, Volatile.Read(ref _calls), Volatile.Read(ref _failures), [.. _latency],
            Volatile.Read(ref _events), Volatile.Read(ref _deliveries), Volatile.Read(ref _drops),
            _engine.Reminders.Count, _engine.Reminders.Due);
    }

    internal void Dispose() => _meter.Dispose();

    internal void Settled(GrainCall call, bool failed)
    {
        Interlocked.Increment(ref _calls);
        if (failed)
            Interlocked.Increment(ref _failures);
        if (call.SentAt != 0)
            Interlocked.Increment(ref _latency[BucketOf((_engine.Timestamp() - call.SentAt) / _ticksPerMicrosecond)]);
    }

    internal void Published() => Interlocked.Increment(ref _events);
    internal void Delivered() => Interlocked.Increment(ref _deliveries);
    internal void Dropped() => Interlocked.Increment(ref _drops);

    private IEnumerable<Measurement<int>> CountByKind() =>
        Read().ActivationsByKind.Select(static one => new Measurement<int>(one.Value, new KeyValuePair<string, object?>("type", one.Key)));

    private static int BucketOf(double microseconds) =>
        microseconds <= 1 ? 0 : Math.Min(Buckets - 1, (int)(Math.Log2(microseconds) * 4));
}
