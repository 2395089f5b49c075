using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Guichet.Contacts;

/// <param name="Replaced">The revision that it takes the place of; 0 for none.</param>
public sealed record RecordedActivity(ContactActivity Activity, int Replaced)
{
    /// <summary>Of what was told, where that isn't what is kept: an erased contact's has lost its words.</summary>
    public string? Told { get; init; }
}

/// <summary>How a purchase stands after all that took parts of it back.</summary>
/// <param name="NetMinor">What was paid less what was given back.</param>
/// <param name="Left">Of each line, so many aren't cancelled.</param>
public sealed record PurchaseStanding(string Source, string ExternalId, long NetMinor, ImmutableArray<int> Left)
{
    /// <summary>Something of it is left.</summary>
    [JsonIgnore] public bool IsLive => Left.Any(left => left > 0);
}

/// <param name="LivePurchases">So many more purchases of which something is left; negative for fewer.</param>
public sealed record ActivitiesRecorded(ImmutableArray<RecordedActivity> Activities, ImmutableArray<PurchaseStanding> Standings, int LivePurchases) : ContactEvent;

/// <param name="Own">It is this contact's.</param>
/// <param name="Hash">Of what was told (<see cref="ContactActivityRules.HashOf"/>).</param>
public sealed record KnownActivity(bool Own, ContactActivity Activity, string Hash);

/// <summary>What was read for tellings: those known by the same names, the purchases that they take back, and what takes parts of those back.</summary>
public sealed record ActivityFacts(FrozenDictionary<ActivityKey, KnownActivity> Known)
{
    public static readonly ActivityFacts None = new(FrozenDictionary<ActivityKey, KnownActivity>.Empty);
}
