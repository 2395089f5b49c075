using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Guichet.Partners;

public sealed record PartnerState(
    long Revision, PartnerDetails? Details, bool Archived, ImmutableArray<string> Sessions, ImmutableArray<string> Series, PartnerPause? Pause)
{
    public static readonly PartnerState Empty = new(0, null, false, [], [], null);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(PartnerCreated), "partner-created")]
[JsonDerivedType(typeof(PartnerChanged), "partner-changed")]
[JsonDerivedType(typeof(PartnerArchived), "partner-archived")]
[JsonDerivedType(typeof(PartnerAssociated), "partner-associated")]
[JsonDerivedType(typeof(PartnerDissociated), "partner-dissociated")]
[JsonDerivedType(typeof(PartnerPaused), "partner-paused")]
[JsonDerivedType(typeof(PartnerResumed), "partner-resumed")]
public abstract record PartnerEvent;

public sealed record PartnerCreated(PartnerDetails Details) : PartnerEvent;

public sealed record PartnerChanged(PartnerDetails Details) : PartnerEvent;

public sealed record PartnerArchived(bool Archived) : PartnerEvent;

/// <summary>Only what is new.</summary>
public sealed record PartnerAssociated(ImmutableArray<string> Sessions, ImmutableArray<string> Series, DateTimeOffset At) : PartnerEvent;

/// <summary>Only what was there.</summary>
public sealed record PartnerDissociated(ImmutableArray<string> Sessions, ImmutableArray<string> Series) : PartnerEvent;

public sealed record PartnerPaused(PartnerPause Pause) : PartnerEvent;

public sealed record PartnerResumed : PartnerEvent;

/// <summary>What the grain read for a command.</summary>
/// <param name="UnknownSessions">Of those that the command names, the ones that don't exist.</param>
/// <param name="UnknownSeries">Likewise.</param>
/// <param name="Today">In the organisation's zone.</param>
public sealed record PartnerFacts(ImmutableArray<string> UnknownSessions, ImmutableArray<string> UnknownSeries, DateOnly Today)
{
    public static readonly PartnerFacts None = new([], [], DateOnly.MinValue);
}
