using System.Diagnostics;

namespace Guichet.Tests.Cluster;

/// <summary>What happened to requests between two moments.</summary>
/// <param name="Failed">Attempts without an answer, or answered that nothing can be answered now (502, 503, 504).</param>
/// <param name="Retried">Requests that any of those belonged to.</param>
/// <param name="LastFailure">The end of the last such attempt, since the first moment; null when there was none.</param>
/// <param name="Silence">The longest time in which nobody was answered.</param>
/// <param name="Slowest">The longest that a request took to be answered, its repetitions included.</param>
/// <param name="Blind">The longest that an open page had no stream.</param>
internal sealed record LedgerSheet(int Answered, int Failed, int Retried, TimeSpan? LastFailure, TimeSpan Silence, TimeSpan Slowest, TimeSpan Blind);

/// <summary>Every attempt of every client, and what came of it.</summary>
internal sealed class Ledger
{
    private readonly Lock gate = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly List<(TimeSpan At, TimeSpan Took)> answered = [];
    private readonly List<(TimeSpan At, long Request, string Why)> failed = [];
    private readonly List<(TimeSpan At, TimeSpan Lasted)> blind = [];
    private long requests;

    public TimeSpan Now => clock.Elapsed;

    public long NewRequest() => Interlocked.Increment(ref requests);

    public void Answered(TimeSpan took)
    {
        lock (gate) answered.Add((Now, took));
    }

    public void Failed(long request, string why)
    {
        lock (gate) failed.Add((Now, request, why));
    }

    public void WasBlind(TimeSpan lasted)
    {
        lock (gate) blind.Add((Now, lasted));
    }

    public int AnsweredSoFar
    {
        get
        {
            lock (gate) return answered.Count;
        }
    }

    public LedgerSheet Between(TimeSpan from, TimeSpan to)
    {
        lock (gate)
        {
            var answers = answered.Where(one => one.At >= from && one.At <= to).ToList();
            var failures = failed.Where(one => one.At >= from && one.At <= to).ToList();
            var (silence, last) = (TimeSpan.Zero, from);
            foreach (var at in answers.Select(one => one.At).Append(to))
            {
                if (at - last > silence) silence = at - last;
                last = at;
            }
            return new LedgerSheet(
                answers.Count, failures.Count, failures.Select(one => one.Request).Distinct().Count(),
                failures.Count == 0 ? null : failures.Max(one => one.At) - from, silence,
                answers.Count == 0 ? TimeSpan.Zero : answers.Max(one => one.Took),
                blind.Where(one => one.At >= from && one.At <= to).Select(one => one.Lasted).DefaultIfEmpty().Max());
        }
    }

    /// <summary>Why attempts failed, and how many of each.</summary>
    public IReadOnlyList<(string Why, int Times)> WhyBetween(TimeSpan from, TimeSpan to)
    {
        lock (gate)
            return [.. failed.Where(one => one.At >= from && one.At <= to).CountBy(one => one.Why).OrderByDescending(one => one.Value).Select(one => (one.Key, one.Value))];
    }
}
