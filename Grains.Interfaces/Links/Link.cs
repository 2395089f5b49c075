using Guichet.Organisations;
using Guichet.Sessions;

namespace Guichet.Links;

public enum LinkSide
{
    /// <summary>Whose session is sold, and whose tallies travel.</summary>
    Sender = 0,
    Receiver = 1,
}

/// <summary>Where a link stands (seed 001; domain.md, "Links").</summary>
public enum LinkStatus
{
    /// <summary>Asked by one side; the other has until the expiry to answer.</summary>
    Requested = 0,

    /// <summary>Both want it, and neither has suspended it: validated tallies travel.</summary>
    Accepted = 1,

    /// <summary>One side or both have suspended it; it resumes when nobody does any more.</summary>
    Suspended = 2,
    Refused = 3,

    /// <summary>Taken back by its asker before an answer.</summary>
    Withdrawn = 4,

    /// <summary>Nobody answered in time.</summary>
    Expired = 5,

    /// <summary>Ended by either side after acceptance, or because a session couldn't take part.</summary>
    Cancelled = 6,
}

/// <summary>How a counterpart that doesn't use Guichet is served.</summary>
public enum OutsideDelivery
{
    /// <summary>Each version is posted, signed, to an https address of the counterpart.</summary>
    Webhook = 0,

    /// <summary>A CSV at an address that can't be guessed, for a spreadsheet or a program that fetches.</summary>
    Address = 1,
}

/// <summary>What an organisation sees of another's session: this and nothing else.</summary>
/// <param name="LocalStart">On the wall of the place.</param>
[GenerateSerializer, Immutable, Alias("session-card")]
public sealed record SessionCard(string Id, string Title, DateTime LocalStart, string Zone, string Place);

/// <summary>The session that the receiver takes the tallies in.</summary>
/// <param name="SessionId">One of the receiver's own, or the id of the one to be made.</param>
/// <param name="Create">Made when the link comes to live: show found by its title or made, details as the terms allow.</param>
[GenerateSerializer, Immutable, Alias("receiving")]
public sealed record Receiving(string SessionId, bool Create);

/// <param name="Email">Where the counterpart is told of the link.</param>
/// <param name="Language">Of that mail and of the CSV's headings; French unless English.</param>
/// <param name="Url">Of the webhook; null for an address.</param>
[GenerateSerializer, Immutable, Alias("outside-counterpart")]
public sealed record OutsideCounterpart(string Name, string Email, Language Language, OutsideDelivery Delivery, string? Url);

/// <summary>
/// Asks for a link. The grain's key names the sender: an asker that wants to send uses its own organisation's, one that wants to
/// receive its counterpart's. With an outside counterpart nobody is there to answer: the link is accepted as it is made.
/// </summary>
/// <param name="AskedBy">The side of the link that the asker is on.</param>
/// <param name="Counterpart">The other organisation's id; null for an outside counterpart.</param>
/// <param name="SenderSession">The sender's session; null when a receiver describes what it would like, and the sender chooses on accepting.</param>
/// <param name="Description">The session in words, up to 500 characters, when it isn't among the shareable ones.</param>
/// <param name="Receiving">Where to receive; required of a receiver that asks, left to the other side's acceptance otherwise.</param>
/// <param name="Terms">What travels. A receiver asks for a detail only: the scope is the sender's to choose.</param>
/// <param name="Message">A word to the counterpart, up to 1,000 characters.</param>
/// <param name="ExpiresAfterDays">1 to 365; 30 when null.</param>
/// <param name="Secret">The webhook's signing secret or the address' token, made by the page; required of an outside link, kept out of the journal.</param>
[GenerateSerializer, Immutable, Alias("request-link")]
public sealed record RequestLink(
    LinkSide AskedBy, string? Counterpart, OutsideCounterpart? Outside, string? SenderSession, string? Description,
    Receiving? Receiving, LinkTerms Terms, string? Message, int? ExpiresAfterDays, LinkSecret? Secret = null) : Command;

/// <summary>Accepts, by the side that was asked.</summary>
/// <param name="Receiving">Required of a receiver that accepts.</param>
/// <param name="SenderSession">Required of a sender that accepts a described session; a sender may choose another than the one asked for.</param>
/// <param name="Terms">A sender's own choice; null leaves those asked for.</param>
[GenerateSerializer, Immutable, Alias("accept-link")]
public sealed record AcceptLink(Receiving? Receiving, string? SenderSession, LinkTerms? Terms) : Command;

/// <param name="Word">A word to the asker, up to 1,000 characters.</param>
[GenerateSerializer, Immutable, Alias("refuse-link")]
public sealed record RefuseLink(string? Word) : Command;

[GenerateSerializer, Immutable, Alias("withdraw-link")]
public sealed record WithdrawLink : Command;

[GenerateSerializer, Immutable, Alias("suspend-link")]
public sealed record SuspendLink(string? Word) : Command;

/// <summary>Lifts the own side's suspension; the other side's stays.</summary>
[GenerateSerializer, Immutable, Alias("resume-link")]
public sealed record ResumeLink : Command;

/// <summary>Ends the link for good. The receiver keeps what it had, dated.</summary>
[GenerateSerializer, Immutable, Alias("cancel-link")]
public sealed record CancelLink(string? Word) : Command;

/// <summary>A new signing secret or address; the one before is worth nothing from then on.</summary>
[GenerateSerializer, Immutable, Alias("rotate-link-secret")]
public sealed record RotateLinkSecret(LinkSecret Secret) : Command;

[GenerateSerializer, Immutable, Alias("change-link-webhook")]
public sealed record ChangeLinkWebhook(string Url) : Command;

/// <summary>Ends a request that is past its date; decided from the stored date, so a tick too early changes nothing.</summary>
[GenerateSerializer, Immutable, Alias("expire-link")]
public sealed record ExpireLink : Command;

/// <summary>Both sessions are as the link's order says.</summary>
[GenerateSerializer, Immutable, Alias("confirm-link-settled")]
public sealed record ConfirmLinkSettled(long Order) : Command;

/// <summary>One of the sessions refused to take part: the link ends with that reason.</summary>
/// <param name="Side">Whose session refused.</param>
[GenerateSerializer, Immutable, Alias("report-session-refusal")]
public sealed record ReportSessionRefusal(LinkSide Side, Refusal Reason) : Command;

/// <summary>A version reached the webhook.</summary>
/// <param name="Url">Where it was posted: one that was changed meanwhile hasn't got it.</param>
[GenerateSerializer, Immutable, Alias("record-link-delivery")]
public sealed record RecordLinkDelivery(string Url, int Version, DateTimeOffset ValidatedAt) : Command;

/// <param name="Reason">A code: <c>webhook-private</c>, <c>webhook-status</c>, <c>webhook-unreachable</c>…</param>
[GenerateSerializer, Immutable, Alias("record-link-delivery-failure")]
public sealed record RecordLinkDeliveryFailure(int Version, Refusal Reason) : Command;

/// <summary>The sender's session has another title, date or place than the link remembers.</summary>
[GenerateSerializer, Immutable, Alias("refresh-link-session")]
public sealed record RefreshLinkSession(SessionCard Session) : Command;
