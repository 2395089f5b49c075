using System.Collections.Immutable;
using Guichet.Sessions;

namespace Guichet.Links;

/// <summary>
/// What a link's decision rests on beside its own state, read by the grain before it decides. It may be outdated by the time of the
/// decision: each session decides for itself once more when it is told to connect.
/// </summary>
/// <param name="Sender">Null when there is no such organisation.</param>
/// <param name="Receiver">Null when there is no such organisation, or the receiver is outside Guichet.</param>
/// <param name="OpenLink">The id of a link that the same receiver asked or has for the same session, if there is one.</param>
/// <param name="Webhook">What is wrong with the webhook's address, if anything.</param>
public sealed record LinkFacts(PartyFacts? Sender, PartyFacts? Receiver, SessionFacts? SenderSession, SessionFacts? ReceiverSession, string? OpenLink, Refusal? Webhook)
{
    public static readonly LinkFacts None = new(null, null, null, null, null, null);
}

/// <param name="Reachable">It is listed, or had a link with the asker before.</param>
public sealed record PartyFacts(string Organisation, string Name, bool Reachable);

/// <param name="ReceivesFrom">Whom it receives from over a link that isn't over; null when it doesn't.</param>
/// <param name="ReceivesOver">That link.</param>
/// <param name="SendsTo">One of those whom it sends to; null when it sends to nobody.</param>
public sealed record SessionFacts(
    SessionCard Card, bool Cancelled, bool Shareable, string? ReceivesFrom, string? ReceivesOver, string? SendsTo, string Currency,
    ImmutableArray<Category> Categories, ImmutableArray<Channel> Channels)
{
    public static SessionFacts Of(SessionView session, string title) => new(
        CardOf(session, title),
        session.Status == SessionStatus.Cancelled,
        session.Shareable,
        session.Incoming is { State: not ConnectionState.Ended } incoming ? incoming.SenderName : null,
        session.Incoming is { State: not ConnectionState.Ended } over ? over.LinkId : null,
        session.Outgoing.FirstOrDefault(link => link.State != ConnectionState.Ended)?.ReceiverName,
        session.Details.Currency,
        session.Details.Categories,
        session.Details.Channels);

    public static SessionCard CardOf(SessionView session, string title) =>
        new(session.Id, title, session.Details.LocalStart, session.Details.Zone, session.Details.Place);
}
