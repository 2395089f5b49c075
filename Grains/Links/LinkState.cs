using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Guichet.Organisations;
using Guichet.Sessions;

namespace Guichet.Links;

/// <summary>
/// How an outside counterpart is served, and how that goes. The secret itself is a row of its own (<see cref="LinkSecretRow"/>), never here.
/// </summary>
public sealed record OutsideState(
    string Email, Language Language, OutsideDelivery Delivery, string? Url, DateTimeOffset SecretSince,
    int DeliveredVersion, DateTimeOffset? DeliveredAt, long? LagMs, DateTimeOffset? FailingSince, Refusal? Failure);

/// <summary>A link as its grain keeps it. Both parties may read its row: nothing is in it that one of them may not know.</summary>
/// <param name="Sender">Null before it is asked for.</param>
/// <param name="Since">When it came into its status.</param>
/// <param name="AcceptedAt">Null before.</param>
/// <param name="Order">Grows with every change that the sessions must be told of; 0 before acceptance.</param>
/// <param name="Settled">The order that both sessions were last brought to.</param>
/// <param name="History">The last <see cref="LinkCore.LongestHistory"/> moments, oldest first.</param>
public sealed record LinkState(
    LinkStatus Status,
    LinkSide AskedBy,
    LinkParty? Sender,
    LinkParty? Receiver,
    SessionCard? Session,
    string? Description,
    Receiving? Receiving,
    LinkTerms Terms,
    LinkScope Scope,
    string? Message,
    DateTimeOffset RequestedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset Since,
    DateTimeOffset? AcceptedAt,
    DateTimeOffset? SuspendedBySender,
    DateTimeOffset? SuspendedByReceiver,
    long Order,
    long Settled,
    OutsideState? Outside,
    ImmutableArray<LinkMoment> History)
{
    public static readonly LinkState Empty = new(
        LinkStatus.Requested, LinkSide.Sender, null, null, null, null, null, LinkTerms.Totals, LinkScope.Everything, null,
        default, default, default, null, null, null, 0, 0, null, []);

    [JsonIgnore] public bool Exists => Sender is not null;

    /// <summary>Accepted, and not over.</summary>
    [JsonIgnore] public bool Agreed => Exists && Status is LinkStatus.Accepted or LinkStatus.Suspended;

    public LinkParty PartyOf(LinkSide side) => side == LinkSide.Sender ? Sender! : Receiver!;

    public LinkSide? SideOf(string organisation) =>
        !Exists ? null
        : Sender!.Organisation == organisation ? LinkSide.Sender
        : Receiver!.Organisation == organisation ? LinkSide.Receiver
        : null;

    public DateTimeOffset? SuspendedBy(LinkSide side) => side == LinkSide.Sender ? SuspendedBySender : SuspendedByReceiver;
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(LinkRequested), "link-requested")]
[JsonDerivedType(typeof(LinkAccepted), "link-accepted")]
[JsonDerivedType(typeof(LinkRefused), "link-refused")]
[JsonDerivedType(typeof(LinkWithdrawn), "link-withdrawn")]
[JsonDerivedType(typeof(LinkExpired), "link-expired")]
[JsonDerivedType(typeof(LinkSuspended), "link-suspended")]
[JsonDerivedType(typeof(LinkResumed), "link-resumed")]
[JsonDerivedType(typeof(LinkCancelled), "link-cancelled")]
[JsonDerivedType(typeof(LinkSettled), "link-settled")]
[JsonDerivedType(typeof(LinkSecretRotated), "link-secret-rotated")]
[JsonDerivedType(typeof(LinkWebhookChanged), "link-webhook-changed")]
[JsonDerivedType(typeof(LinkDelivered), "link-delivered")]
[JsonDerivedType(typeof(LinkDeliveryFailed), "link-delivery-failed")]
[JsonDerivedType(typeof(LinkSessionRefreshed), "link-session-refreshed")]
public abstract record LinkEvent;

/// <summary>An event that stands on the link's timeline.</summary>
public abstract record LinkMomentEvent(LinkMoment Moment) : LinkEvent;

public sealed record LinkRequested(
    LinkMoment Moment, LinkSide AskedBy, LinkParty Sender, LinkParty Receiver, SessionCard? Session, string? Description, Receiving? Receiving,
    LinkTerms Terms, LinkScope Scope, string? Message, DateTimeOffset ExpiresAt, OutsideState? Outside) : LinkMomentEvent(Moment)
{
    /// <summary>For the secret's row only: never in the journal.</summary>
    [JsonIgnore] public LinkSecret? Secret { get; init; }
}

public sealed record LinkAccepted(LinkMoment Moment, SessionCard Session, Receiving? Receiving, LinkTerms Terms, LinkScope Scope) : LinkMomentEvent(Moment);

public sealed record LinkRefused(LinkMoment Moment) : LinkMomentEvent(Moment);

public sealed record LinkWithdrawn(LinkMoment Moment) : LinkMomentEvent(Moment);

public sealed record LinkExpired(LinkMoment Moment) : LinkMomentEvent(Moment);

public sealed record LinkSuspended(LinkMoment Moment) : LinkMomentEvent(Moment);

public sealed record LinkResumed(LinkMoment Moment) : LinkMomentEvent(Moment);

public sealed record LinkCancelled(LinkMoment Moment) : LinkMomentEvent(Moment);

/// <param name="Moment">Null but for the first time: a timeline that says "connected" after every change says nothing.</param>
public sealed record LinkSettled(long Order, LinkMoment? Moment) : LinkEvent;

public sealed record LinkSecretRotated(LinkMoment Moment) : LinkMomentEvent(Moment)
{
    /// <inheritdoc cref="LinkRequested.Secret"/>
    [JsonIgnore] public LinkSecret? Secret { get; init; }
}

public sealed record LinkWebhookChanged(LinkMoment Moment, string Url) : LinkMomentEvent(Moment);

/// <param name="Moment">When deliveries had failed before; else null.</param>
public sealed record LinkDelivered(int Version, DateTimeOffset At, long LagMs, LinkMoment? Moment) : LinkEvent;

public sealed record LinkDeliveryFailed(LinkMoment Moment) : LinkMomentEvent(Moment);

public sealed record LinkSessionRefreshed(SessionCard Session) : LinkEvent;
