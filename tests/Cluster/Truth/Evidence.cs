using System.Collections.Concurrent;
using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Simulation;
using Guichet.Tallies;

namespace Guichet.Tests.Cluster;

/// <summary>A tally that a program means to have validated.</summary>
internal sealed record Meant(Guid Command, string Organisation, string Session, string By, ImmutableArray<TallyLine> Lines);

/// <summary>A command's answer as its sender got it.</summary>
/// <param name="Refusal">The code; null when it was done.</param>
/// <param name="Tally">Of a tally that was validated: its version and what was sold.</param>
internal sealed record Told(DateTimeOffset At, AggregateId Aggregate, Guid Command, string? Refusal, (int Version, int Sold)? Tally = null);

/// <summary>Figures that somebody was shown.</summary>
internal sealed record Sight(DateTimeOffset At, string Organisation, string Session, int Version, TallyFigures Figures);

/// <summary>What reached a counterpart's webhook.</summary>
internal sealed record Posting(DateTimeOffset At, string Path, string Body, int Version);

/// <summary>Everything that people and programs meant and were told, while they drove the installation: what the truth is checked with.</summary>
internal sealed class Evidence
{
    private readonly ConcurrentQueue<string> broken = new();

    public ConcurrentQueue<Meant> Meant { get; } = new();
    public ConcurrentQueue<Told> Told { get; } = new();
    public ConcurrentQueue<Sight> Sights { get; } = new();
    public ConcurrentQueue<Posting> Postings { get; } = new();
    public ConcurrentQueue<PlannedSession> Sessions { get; } = new();
    public ConcurrentQueue<PlannedLink> Links { get; } = new();

    /// <summary>By the command that asks for it: its asker may never have learnt of it.</summary>
    public ConcurrentDictionary<Guid, PlannedLink> LinksMeant { get; } = new();

    /// <summary>Requests for a link that nobody answers, and when they expire.</summary>
    public ConcurrentDictionary<string, DateTimeOffset> Expiring { get; } = new();

    /// <summary>Promises that were seen broken while it ran.</summary>
    public IReadOnlyCollection<string> SeenBroken => broken;

    public void Broken(string promise) => broken.Enqueue(promise);
}
