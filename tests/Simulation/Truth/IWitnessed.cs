using Guichet.Journal;

namespace Guichet.Simulation;

/// <summary>What the model is told about and looks into: a simulated world, or what a real installation has left in its database.</summary>
public interface IWitnessed
{
    IReadOnlyList<PlannedLink> Links { get; }

    Names Names { get; }

    IEnumerable<StoredAggregate> Aggregates { get; }

    IEnumerable<StoredEffect> Effects { get; }

    StoredAggregate? Find(AggregateId aggregate);

    /// <summary>When it is looked at.</summary>
    DateTimeOffset Now { get; }

    void Note(string who, string what);
}
