using System.Collections.Immutable;

namespace Guichet.Operations;

/// <summary>What this node's engine has counted since it started, whichever engine that is.</summary>
public interface IGrainFigures
{
    GrainFigures Read();
}

/// <summary>Totals only grow: rates and recent percentiles are differences of two readings.</summary>
/// <param name="Alive">Living activations by kind of grain.</param>
/// <param name="Calls">Grain calls that have been answered, failed ones among them.</param>
/// <param name="Failures">Of these, those that threw or timed out.</param>
/// <param name="Latency">Of the answered calls, how many took no longer than which time.</param>
/// <param name="StreamEvents">Events published.</param>
/// <param name="StreamDrops">Events that a subscriber never got, after every attempt.</param>
/// <param name="Reminders">Reminders on schedule.</param>
/// <param name="RemindersDue">Of these, those whose tick has not been answered yet.</param>
public sealed record GrainFigures(
    ImmutableSortedDictionary<string, int> Alive, long Calls, long Failures, LatencyDistribution Latency,
    long StreamEvents, long StreamDrops, int Reminders, int RemindersDue)
{
    public int AliveInAll => Alive.Values.Sum();
}

/// <summary>Counts by upper bound, ascending; bounds are the same in every reading of one node.</summary>
public sealed record LatencyDistribution(ImmutableArray<(TimeSpan UpTo, long Count)> Buckets)
{
    public static readonly LatencyDistribution Empty = new([]);

    public long Count => Buckets.Sum(one => one.Count);

    /// <summary>What came after an earlier reading.</summary>
    public LatencyDistribution Since(LatencyDistribution earlier) => earlier.Buckets.IsEmpty ? this :
        new([.. Buckets.Zip(earlier.Buckets, (now, before) => (now.UpTo, now.Count - before.Count))]);

    /// <summary>The bound below which this share (0 to 1) of the calls lie; null without calls.</summary>
    public TimeSpan? Percentile(double share)
    {
        var wanted = (long)Math.Ceiling(Count * Math.Clamp(share, 0, 1));
        var seen = 0L;
        foreach (var (upTo, count) in Buckets)
        {
            seen += count;
            if (seen >= wanted && seen > 0)
                return upTo;
        }
        return null;
    }
}
