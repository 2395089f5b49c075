using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Guichet.Operations;

/// <summary>Calls to grains of one kind in the last minute.</summary>
/// <param name="Kind">The grain's interface, without the leading I: <c>SessionGrain</c>.</param>
/// <param name="MedianMs">Half of the calls took at most this, milliseconds; within 20 %. Null without calls.</param>
/// <param name="P99Ms">99 in 100 of the calls took at most this, milliseconds; within 20 %.</param>
public sealed record KindFigures(string Kind, double CallsPerSecond, double FailuresPerSecond, double? MedianMs, double? P99Ms);

/// <summary>What this node did in the last minute.</summary>
/// <param name="CommitsPerSecond">Commands made durable.</param>
/// <param name="TransactionsPerSecond">Transactions that carried them.</param>
/// <param name="CommitMedianMs">The transaction's time, milliseconds.</param>
/// <param name="Trend">Grain calls a second in each of the last twelve five-second stretches, oldest first.</param>
public sealed record NodeSnapshot(
    DateTimeOffset Since, double CallsPerSecond, double FailuresPerSecond, double? MedianMs, double? P99Ms, double CommitsPerSecond,
    double TransactionsPerSecond, double? CommitMedianMs, double? CommitP99Ms, ImmutableArray<KindFigures> Kinds, ImmutableArray<double> Trend);

/// <summary>
/// Counts what the operations page shows, on either engine: grain calls by kind and commits, over the last minute. Counting costs a few
/// interlocked additions; reading adds up twelve stretches of five seconds.
/// </summary>
public sealed class NodeFigures
{
    private const int Stretches = 12;
    private const int StretchSeconds = 5;

    private static readonly Meter Meter = new("Guichet");
    private static readonly Counter<long> Commits = Meter.CreateCounter<long>("guichet.commits", description: "Commands made durable");
    private static readonly Counter<long> Transactions = Meter.CreateCounter<long>("guichet.transactions", description: "Transactions that carried commands");
    private static readonly Histogram<double> CommitTime = Meter.CreateHistogram<double>("guichet.commit.duration", "ms", "Transactions that carried commands");
    private static readonly Histogram<double> CallTime = Meter.CreateHistogram<double>("guichet.grain.duration", "ms", "Grain calls, as the grain sees them");

    private readonly TimeProvider time;
    private readonly ConcurrentDictionary<string, Window> calls = new(StringComparer.Ordinal);
    private readonly Window commits;
    private readonly Window transactions;

    public NodeFigures(TimeProvider time)
    {
        this.time = time;
        Since = time.GetUtcNow();
        commits = new Window();
        transactions = new Window();
    }

    public DateTimeOffset Since { get; }

    public void Called(string kind, TimeSpan took, bool failed)
    {
        calls.GetOrAdd(kind, static _ => new Window()).Add(Stretch(), took, failed, 1);
        CallTime.Record(took.TotalMilliseconds, new KeyValuePair<string, object?>("kind", kind));
    }

    public void Committed(int commands, TimeSpan took)
    {
        var stretch = Stretch();
        commits.Add(stretch, took, failed: false, commands);
        transactions.Add(stretch, took, failed: false, 1);
        Commits.Add(commands);
        Transactions.Add(1);
        CommitTime.Record(took.TotalMilliseconds);
    }

    public NodeSnapshot Read()
    {
        var now = Stretch();
        var seconds = Math.Clamp((time.GetUtcNow() - Since).TotalSeconds, 1, Stretches * StretchSeconds);
        var kinds = calls.Select(one => (Kind: one.Key, Sum: one.Value.Sum(now))).Where(one => one.Sum.Count > 0).ToList();
        var all = new Sums();
        foreach (var (_, sum) in kinds) all.Add(sum);
        var trend = new double[Stretches];
        foreach (var (kind, _) in kinds) calls[kind].AddTrend(now, trend);
        var committed = commits.Sum(now);
        return new NodeSnapshot(
            Since, all.Count / seconds, all.Failed / seconds, all.Quantile(0.5), all.Quantile(0.99),
            committed.Count / seconds, transactions.Sum(now).Count / seconds, committed.Quantile(0.5), committed.Quantile(0.99),
            [.. kinds.OrderByDescending(one => one.Sum.Count).ThenBy(one => one.Kind, StringComparer.Ordinal).Select(one => new KindFigures(
                one.Kind, one.Sum.Count / seconds, one.Sum.Failed / seconds, one.Sum.Quantile(0.5), one.Sum.Quantile(0.99)))],
            [.. trend.Select(count => count / StretchSeconds)]);
    }

    private long Stretch() => time.GetTimestamp() / time.TimestampFrequency / StretchSeconds;

    /// <summary>Counts by latency: bucket i holds what took below 2^((i + 1) / 4) microseconds and not below the bucket before.</summary>
    private sealed class Sums
    {
        public const int Buckets = 104;
        private readonly long[] buckets = new long[Buckets];

        public long Count { get; set; }

        public long Failed { get; set; }

        public long[] ByLatency => buckets;

        public void Add(Sums other)
        {
            Count += other.Count;
            Failed += other.Failed;
            for (var i = 0; i < Buckets; i++) buckets[i] += other.buckets[i];
        }

        public double? Quantile(double share)
        {
            var total = buckets.Sum();
            if (total == 0) return null;
            var wanted = (long)Math.Ceiling(total * share);
            for (var i = 0; i < Buckets; i++)
                if ((wanted -= buckets[i]) <= 0)
                    return Math.Pow(2, (i + 1) / 4.0) / 1000;
            return null;
        }

        public static int BucketOf(TimeSpan took) =>
            took.TotalMicroseconds <= 1 ? 0 : Math.Min(Buckets - 1, (int)(Math.Log2(took.TotalMicroseconds) * 4));
    }

    private sealed class Window
    {
        private readonly (long Stretch, long Count, long Failed, long[] ByLatency)[] ring =
            [.. Enumerable.Range(0, Stretches + 1).Select(_ => (-1L, 0L, 0L, new long[Sums.Buckets]))];

        private readonly Lock gate = new();

        public void Add(long stretch, TimeSpan took, bool failed, int count)
        {
            lock (gate)
            {
                ref var slot = ref ring[(int)(stretch % ring.Length)];
                if (slot.Stretch != stretch)
                {
                    (slot.Stretch, slot.Count, slot.Failed) = (stretch, 0, 0);
                    Array.Clear(slot.ByLatency);
                }
                slot.Count += count;
                slot.Failed += failed ? count : 0;
                slot.ByLatency[Sums.BucketOf(took)] += count;
            }
        }

        public Sums Sum(long now)
        {
            var sums = new Sums();
            lock (gate)
                foreach (var slot in ring)
                    if (slot.Stretch > now - Stretches)
                    {
                        sums.Count += slot.Count;
                        sums.Failed += slot.Failed;
                        for (var i = 0; i < Sums.Buckets; i++) sums.ByLatency[i] += slot.ByLatency[i];
                    }
            return sums;
        }

        public void AddTrend(long now, double[] trend)
        {
            lock (gate)
                foreach (var slot in ring)
                    if (slot.Stretch > now - Stretches)
                        trend[Stretches - 1 - (int)(now - slot.Stretch)] += slot.Count;
        }
    }
}

/// <summary>Times every grain call that this node serves.</summary>
public sealed class FiguresFilter(NodeFigures figures, TimeProvider time) : IIncomingGrainCallFilter
{
    private static readonly ConcurrentDictionary<Type, string> Kinds = new();

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        var start = time.GetTimestamp();
        var failed = true;
        try
        {
            await context.Invoke();
            failed = false;
        }
        finally
        {
            if (context.InterfaceMethod?.DeclaringType is { } contract && contract.Namespace?.StartsWith("Guichet", StringComparison.Ordinal) == true)
                figures.Called(Kinds.GetOrAdd(contract, static contract => contract.Name[1..]), time.GetElapsedTime(start), failed);
        }
    }
}
