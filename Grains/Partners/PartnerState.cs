using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Guichet.Organisations;

namespace Guichet.Partners;

/// <param name="Page">Null where nobody ever changed it: <see cref="PartnerPageAccess.Default"/>.</param>
public sealed record PartnerState(
    long Revision, PartnerDetails? Details, bool Archived, ImmutableArray<string> Sessions, ImmutableArray<string> Series, PartnerPause? Pause, PartnerPageAccess? Page = null)
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
[JsonDerivedType(typeof(PartnerLinkIssued), "partner-link-issued")]
[JsonDerivedType(typeof(PartnerLinksRevoked), "partner-links-revoked")]
[JsonDerivedType(typeof(PartnerLinkDaysChanged), "partner-link-days-changed")]
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

/// <param name="Hash">For its row; not written down here.</param>
public sealed record PartnerLinkIssued(int Number, DateTimeOffset At, [property: JsonIgnore] SecretHash? Hash) : PartnerEvent;

public sealed record PartnerLinksRevoked(DateTimeOffset At) : PartnerEvent;

public sealed record PartnerLinkDaysChanged(int Days) : PartnerEvent;

/// <summary>What the grain read for a command.</summary>
/// <param name="UnknownSessions">Of those that the command names, the ones that don't exist.</param>
/// <param name="UnknownSeries">Likewise.</param>
/// <param name="Day">That it is in the organisation's zone.</param>
public sealed record PartnerFacts(ImmutableArray<string> UnknownSessions, ImmutableArray<string> UnknownSeries, DateOnly Day)
{
    public static readonly PartnerFacts None = new([], [], DateOnly.MinValue);
}
