using System.Collections.Immutable;
using Guichet.Organisations;
using Guichet.Sessions;

namespace Guichet.Links;

/// <param name="Organisation">Null for a counterpart outside Guichet.</param>
[GenerateSerializer, Immutable, Alias("link-party")]
public sealed record LinkParty(string? Organisation, string Name);

/// <summary>A scope in words: the names of the sender's categories and channels that the link is for; empty for all.</summary>
[GenerateSerializer, Immutable, Alias("link-scope")]
public sealed record LinkScope(ImmutableArray<string> Categories, ImmutableArray<string> Channels)
{
    public static readonly LinkScope Everything = new([], []);

    [System.Text.Json.Serialization.JsonIgnore] public bool IsEverything => Categories.IsDefaultOrEmpty && Channels.IsDefaultOrEmpty;
}

public enum LinkMomentKind
{
    Requested = 0,
    Accepted = 1,
    Refused = 2,
    Withdrawn = 3,
    Expired = 4,
    Suspended = 5,
    Resumed = 6,
    Cancelled = 7,

    /// <summary>Both sessions are connected as agreed.</summary>
    Connected = 8,
    SecretRotated = 9,
    WebhookChanged = 10,
    DeliveryFailed = 11,
    DeliveryRecovered = 12,
}

/// <summary>A line of the link's timeline.</summary>
/// <param name="Side">Whose act it was; null for the product's own.</param>
/// <param name="By">The person's name, for its own organisation only; null towards the counterpart.</param>
/// <param name="Word">What was said with it.</param>
[GenerateSerializer, Immutable, Alias("link-moment")]
public sealed record LinkMoment(DateTimeOffset At, LinkMomentKind Kind, LinkSide? Side, string? By, string? Word, Refusal? Reason);

/// <summary>How the delivery to an outside counterpart stands. For the sender's eyes only.</summary>
/// <param name="DeliveredVersion">The last version that the webhook took; 0 before the first, and for an address.</param>
/// <param name="LagMs">From the validation of that version to the webhook's answer.</param>
/// <param name="FailingSince">Null while it works.</param>
[GenerateSerializer, Immutable, Alias("outside-view")]
public sealed record OutsideView(
    string Email, Language Language, OutsideDelivery Delivery, string? Url, DateTimeOffset SecretSince,
    int DeliveredVersion, DateTimeOffset? DeliveredAt, long? LagMs, DateTimeOffset? FailingSince, Refusal? Failure);

/// <summary>A link as one of its two parties sees it.</summary>
/// <param name="Side">The side of who looks.</param>
/// <param name="Session">The sender's session; null while it is only described.</param>
/// <param name="Receiving">The receiver's own choice; null until it is made, and towards the sender.</param>
/// <param name="Connected">Both sessions are as the link says.</param>
/// <param name="History">Oldest first; the last two hundred.</param>
[GenerateSerializer, Immutable, Alias("link-view")]
public sealed record LinkView(
    string Id,
    LinkSide Side,
    LinkStatus Status,
    LinkSide AskedBy,
    LinkParty Sender,
    LinkParty Receiver,
    SessionCard? Session,
    string? Description,
    Receiving? Receiving,
    LinkTerms Terms,
    LinkScope Scope,
    string? Message,
    DateTimeOffset RequestedAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset Since,
    DateTimeOffset? SuspendedBySender,
    DateTimeOffset? SuspendedByReceiver,
    bool Connected,
    OutsideView? Outside,
    ImmutableArray<LinkMoment> History)
{
    public LinkParty Counterpart => Side == LinkSide.Sender ? Receiver : Sender;

    /// <summary>Who looks is the one to answer.</summary>
    public bool Answerable => Status == LinkStatus.Requested && Side != AskedBy;

    public DateTimeOffset? SuspendedByMe => Side == LinkSide.Sender ? SuspendedBySender : SuspendedByReceiver;

    public DateTimeOffset? SuspendedByThem => Side == LinkSide.Sender ? SuspendedByReceiver : SuspendedBySender;
}

/// <summary>What both sessions should be told, and what was the last change that asks for it.</summary>
/// <param name="Order">Grows with every change that concerns the sessions; a session keeps to the highest it has seen.</param>
/// <param name="At">When the link was accepted: what is made for it is dated so, and comes out the same when made again.</param>
[GenerateSerializer, Immutable, Alias("link-settlement")]
public sealed record LinkSettlement(
    string LinkId, long Order, long Settled, ConnectionState State, DateTimeOffset At,
    LinkParty Sender, LinkParty Receiver, SessionCard Session, Receiving? Receiving, LinkTerms Terms, OutsideDelivery? Outside, string? Url,
    int DeliveredVersion);
