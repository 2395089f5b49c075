using System.Text.Json.Serialization;
using Guichet.Organisations;

namespace Guichet.Contacts;

/// <summary>What happened around a contact's space. It is no change of its record: who changed that last stays.</summary>
public abstract record SpaceEvent : ContactEvent;

public sealed record AccountOpened(string Identifier) : SpaceEvent;

/// <param name="Was">The identifier before.</param>
public sealed record AccountIdentifierChanged(string Identifier, string Was) : SpaceEvent;

public sealed record AccountSuspended(bool Suspended) : SpaceEvent;

public sealed record AccountClosed : SpaceEvent;

public sealed record PasswordLinkSent : SpaceEvent;

/// <param name="ByLink">By a mailed link, not knowing the password before.</param>
public sealed record AccountPasswordSet(bool ByLink, [property: JsonIgnore] SecretHash Password) : SpaceEvent;

/// <param name="SupportId">The contact that looks.</param>
public sealed record SupportViewed(string VisitId, SpacePage Page, string SupportId, string Reason) : SpaceEvent;

public sealed record ProducerAssociated(ProductionKind Kind, string Of, bool Revenue) : SpaceEvent;

public sealed record ProducerDissociated(ProductionKind Kind, string Of) : SpaceEvent;

/// <summary>What the grain read for a command about the contact's space.</summary>
/// <param name="Holder">Who else has the identifier that is asked for.</param>
/// <param name="IsSupport">Who asks is a contact of type support that may sign in.</param>
/// <param name="Visit">The visit that is asked for, of whom asks; null when there is none.</param>
/// <param name="Exists">The session or series that is to be associated.</param>
/// <param name="Production">As it is associated already; null when it isn't.</param>
public sealed record SpaceFacts(IdentifierHolder? Holder, bool IsSupport, OpenedVisit? Visit, bool Exists, KnownProduction? Production)
{
    public static readonly SpaceFacts None = new(null, false, null, false, null);
}

/// <param name="Name">As searches show it: <c>DUPONT, Chantal</c>.</param>
public sealed record IdentifierHolder(string Id, long Number, string Name);

public sealed record OpenedVisit(DateTimeOffset At, string Reason);

public sealed record KnownProduction(bool Revenue);
