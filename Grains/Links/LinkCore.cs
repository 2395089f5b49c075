using System.Collections.Immutable;
using System.Globalization;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Sessions;

using Decision = Guichet.Journal.Decision<Guichet.Links.LinkEvent>;

namespace Guichet.Links;

/// <summary>What a link decides: who may do what, when, and what follows (seed 001; domain.md, "Links"). Pure.</summary>
public static class LinkCore
{
    public const int DefaultExpiryDays = 30;
    public const int LongestExpiryDays = 365;
    public const int LongestMessage = 1_000;
    public const int LongestDescription = 500;
    public const int LongestUrl = 500;
    public const int LongestHistory = 200;

    public static Decision Decide(LinkState state, Command command, LinkFacts facts, AggregateId key, DateTimeOffset now) => command switch
    {
        RequestLink request => Request(state, request, facts, key, now),
        _ when !state.Exists => Unknown,
        ExpireLink expire => Expire(state, expire, key, now),
        ConfirmLinkSettled confirm => Confirm(state, confirm, now),
        ReportSessionRefusal report => Report(state, report, key, now),
        RecordLinkDelivery record => Record(state, record, now),
        RecordLinkDeliveryFailure failure => Record(state, failure, key, now),
        RefreshLinkSession refresh => state.Session == refresh.Session ? Decision.Accept() : Decision.Accept(new LinkSessionRefreshed(refresh.Session)),
        _ => state.SideOf(command.By.Organisation) is { } side ? DecideFor(side, state, command, facts, key, now) : Unknown,
    };

    public static LinkState Apply(LinkState state, LinkEvent happened) => happened switch
    {
        LinkRequested requested => Requested(requested),
        LinkAccepted accepted => Now(state, LinkStatus.Accepted, accepted) with
        {
            Session = accepted.Session,
            Receiving = accepted.Receiving,
            Terms = accepted.Terms,
            Scope = accepted.Scope,
            AcceptedAt = accepted.Moment.At,
            Order = state.Order + 1,
        },
        LinkRefused refused => Now(state, LinkStatus.Refused, refused),
        LinkWithdrawn withdrawn => Now(state, LinkStatus.Withdrawn, withdrawn),
        LinkExpired expired => Now(state, LinkStatus.Expired, expired),
        LinkSuspended suspended => Suspended(state, suspended),
        LinkResumed resumed => Resumed(state, resumed),
        LinkCancelled cancelled => Now(state, LinkStatus.Cancelled, cancelled) with { Order = state.Order + 1 },
        LinkSettled settled => WithMoment(state with { Settled = settled.Order }, settled.Moment),
        LinkSecretRotated rotated => WithMoment(state with { Outside = state.Outside! with { SecretSince = rotated.Moment.At } }, rotated.Moment),
        LinkWebhookChanged changed => WithMoment(
            state with { Outside = state.Outside! with { Url = changed.Url, DeliveredVersion = 0, FailingSince = null, Failure = null } }, changed.Moment),
        LinkDelivered delivered => WithMoment(state with
        {
            Outside = state.Outside! with
            {
                DeliveredVersion = delivered.Version,
                DeliveredAt = delivered.At,
                LagMs = delivered.LagMs,
                FailingSince = null,
                Failure = null,
            },
        }, delivered.Moment),
        LinkDeliveryFailed failed => WithMoment(
            state with { Outside = state.Outside! with { FailingSince = failed.Moment.At, Failure = failed.Moment.Reason } }, failed.Moment),
        LinkSessionRefreshed refreshed => state with { Session = refreshed.Session },
        _ => throw new ArgumentException($"A link doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    /// <summary>The status as of now: a request past its date is expired, whether or not the sweep has come by.</summary>
    public static LinkStatus StatusAt(LinkState state, DateTimeOffset now) =>
        state.Status == LinkStatus.Requested && now >= state.ExpiresAt ? LinkStatus.Expired : state.Status;

    /// <summary>What the sessions should be told of a link in this status.</summary>
    public static ConnectionState ConnectionOf(LinkStatus status) => status switch
    {
        LinkStatus.Accepted => ConnectionState.Live,
        LinkStatus.Suspended => ConnectionState.Suspended,
        _ => ConnectionState.Ended,
    };

    private static Decision Unknown => Decision.Refuse("link-unknown");

    private static Decision DecideFor(LinkSide side, LinkState state, Command command, LinkFacts facts, AggregateId key, DateTimeOffset now) => command switch
    {
        AcceptLink accept => NotAnswerable(state, side, now) is { } refusal ? Decision.Refuse(refusal) : Accept(side, state, accept, facts, key, now),
        RefuseLink refuse => NotAnswerable(state, side, now) is { } refusal ? Decision.Refuse(refusal) : Refuse(side, state, refuse, key, now),
        WithdrawLink withdraw => Withdraw(side, state, withdraw, key, now),
        SuspendLink suspend => Suspend(side, state, suspend, key, now),
        ResumeLink resume => Resume(side, state, resume, key, now),
        CancelLink cancel => Cancel(side, state, cancel, key, now),
        RotateLinkSecret rotate => Rotate(side, state, rotate, key, now),
        ChangeLinkWebhook change => ChangeWebhook(side, state, change, facts, key, now),
        _ => throw new ArgumentException($"A link doesn't know {command.GetType().Name}.", nameof(command)),
    };

    private static Decision Request(LinkState state, RequestLink request, LinkFacts facts, AggregateId key, DateTimeOffset now)
    {
        if (state.Exists) return Decision.Refuse("link-exists");
        var me = request.By.Organisation;
        var sends = request.AskedBy == LinkSide.Sender;
        if (sends != (me == key.Organisation)) return request.Counterpart == me ? Decision.Refuse("counterpart-is-self", "counterpart") : Unknown;
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        CheckCounterpart(request, facts, key, refusals);
        if (request.Message?.Length > LongestMessage) refusals.Add(Refusal.Of("text-too-long", "message", Text(LongestMessage)));
        var days = request.ExpiresAfterDays ?? DefaultExpiryDays;
        if (days is < 1 or > LongestExpiryDays) refusals.Add(Refusal.Of("expiry-out-of-range", "expires", "1", Text(LongestExpiryDays)));
        if (sends) CheckSending(request.SenderSession, facts.SenderSession, request.Terms, refusals);
        else CheckAskedFor(request, facts, refusals);
        if (refusals.Count > 0) return Decision.Refuse(refusals.ToImmutable().AsSpan());
        if (facts.OpenLink is { } open) return Decision.Refuse("link-already-there", "session", open);

        var outside = request.Outside is null ? null : new OutsideState(
            request.Outside.Email.Trim(), request.Outside.Language, request.Outside.Delivery, request.Outside.Url?.Trim(), now, 0, null, null, null, null);
        var requested = new LinkRequested(
            new LinkMoment(now, LinkMomentKind.Requested, request.AskedBy, request.By.Name, Cleaned(request.Message), null),
            request.AskedBy,
            new LinkParty(key.Organisation, facts.Sender!.Name),
            outside is null ? new LinkParty(facts.Receiver!.Organisation, facts.Receiver.Name) : new LinkParty(null, request.Outside!.Name.Trim()),
            facts.SenderSession?.Card,
            facts.SenderSession is null ? Cleaned(request.Description) : null,
            sends ? null : request.Receiving,
            Cleaned(request.Terms),
            ScopeOf(request.Terms, facts.SenderSession),
            Cleaned(request.Message),
            now.AddDays(days),
            outside)
        {
            Secret = request.Secret,
        };
        if (outside is null)
            return Decision.Accept(requested).With(LinkNews.Requested(key, requested).AsSpan());
        // Nobody outside can answer: it is the sender's to give, and it is given.
        var accepted = new LinkAccepted(
            new LinkMoment(now, LinkMomentKind.Accepted, null, null, null, null), requested.Session!, null, requested.Terms, requested.Scope);
        return Decision.Accept(requested, accepted).With(new SettleLink(key.Id)).With(LinkNews.GivenOutside(key, requested).AsSpan());
    }

    private static void CheckCounterpart(RequestLink request, LinkFacts facts, AggregateId key, ImmutableArray<Refusal>.Builder refusals)
    {
        if (request.Outside is { } outside)
        {
            if (request.Counterpart is not null) refusals.Add(Refusal.Of("counterpart-twice", "counterpart"));
            // An outside counterpart has no tallies here: it can only receive.
            if (request.AskedBy == LinkSide.Receiver) refusals.Add(Refusal.Of("outside-only-receives", "counterpart"));
            if (string.IsNullOrWhiteSpace(outside.Name)) refusals.Add(Refusal.Of("name-missing", "name"));
            else if (outside.Name.Length > SessionRules.LongestName) refusals.Add(Refusal.Of("text-too-long", "name", Text(SessionRules.LongestName)));
            if (!EmailAddress.IsValid(outside.Email?.Trim())) refusals.Add(Refusal.Of("email-invalid", "email"));
            if (outside.Delivery == OutsideDelivery.Webhook && facts.Webhook is { } wrong) refusals.Add(wrong);
            if (!LinkSecret.IsValid(request.Secret?.Value)) refusals.Add(Refusal.Of("secret-invalid", "secret"));
            return;
        }
        var counterpart = request.AskedBy == LinkSide.Sender ? facts.Receiver : facts.Sender;
        if (string.IsNullOrEmpty(request.Counterpart)) refusals.Add(Refusal.Of("counterpart-missing", "counterpart"));
        else if (request.Counterpart == request.By.Organisation) refusals.Add(Refusal.Of("counterpart-is-self", "counterpart"));
        else if (counterpart is not { Reachable: true } || (request.AskedBy == LinkSide.Receiver && request.Counterpart != key.Organisation))
            refusals.Add(Refusal.Of("counterpart-unknown", "counterpart"));
    }

    /// <summary>A sender names a session of its own, one that may send, and a scope of that session's.</summary>
    private static void CheckSending(string? sessionId, SessionFacts? session, LinkTerms terms, ImmutableArray<Refusal>.Builder refusals)
    {
        if (string.IsNullOrEmpty(sessionId)) refusals.Add(Refusal.Of("session-missing", "session"));
        else if (session is null) refusals.Add(Refusal.Of("session-unknown", "session"));
        else if (session.Cancelled) refusals.Add(Refusal.Of("session-cancelled", "session"));
        else if (session.ReceivesFrom is { } from) refusals.Add(Refusal.Of("session-receives", "session", from));
        else CheckScope(terms, session, refusals);
    }

    private static void CheckScope(LinkTerms terms, SessionFacts session, ImmutableArray<Refusal>.Builder refusals)
    {
        foreach (var code in Listed(terms.Categories).Where(code => session.Categories.All(category => category.Code != code)))
            refusals.Add(Refusal.Of("category-unknown", "categories", code));
        foreach (var code in Listed(terms.Channels).Where(code => session.Channels.All(channel => channel.Code != code)))
            refusals.Add(Refusal.Of("channel-unknown", "channels", code));
    }

    /// <summary>
    /// A receiver picks among what the sender lists or describes it, and says where it would receive. Whatever isn't listed is answered
    /// in one way, so that nothing is learnt by asking.
    /// </summary>
    private static void CheckAskedFor(RequestLink request, LinkFacts facts, ImmutableArray<Refusal>.Builder refusals)
    {
        if (!string.IsNullOrEmpty(request.SenderSession))
        {
            if (facts.SenderSession is not { Shareable: true, Cancelled: false, ReceivesFrom: null }) refusals.Add(Refusal.Of("session-not-shareable", "session"));
        }
        else if (string.IsNullOrWhiteSpace(request.Description)) refusals.Add(Refusal.Of("session-missing", "session"));
        else if (request.Description.Length > LongestDescription) refusals.Add(Refusal.Of("text-too-long", "description", Text(LongestDescription)));
        if (!request.Terms.Categories.IsDefaultOrEmpty || !request.Terms.Channels.IsDefaultOrEmpty) refusals.Add(Refusal.Of("scope-is-the-senders", "categories"));
        CheckReceiving(request.Receiving, facts.ReceiverSession, refusals);
    }

    private static void CheckReceiving(Receiving? receiving, SessionFacts? session, ImmutableArray<Refusal>.Builder refusals)
    {
        if (receiving is null) refusals.Add(Refusal.Of("receiving-missing", "receiving"));
        else if (receiving.Create)
        {
            if (!Ids.IsValid(receiving.SessionId) || session is not null) refusals.Add(Refusal.Of("receiving-invalid", "receiving"));
        }
        else if (session is null) refusals.Add(Refusal.Of("session-unknown", "receiving"));
        else if (session.Cancelled) refusals.Add(Refusal.Of("session-cancelled", "receiving"));
        else if (session.SendsTo is { } to) refusals.Add(Refusal.Of("session-sends", "receiving", to));
        else if (session.ReceivesFrom is { } from) refusals.Add(Refusal.Of("session-receives-already", "receiving", from));
    }

    private static Refusal? NotAnswerable(LinkState state, LinkSide side, DateTimeOffset now) =>
        state.Status != LinkStatus.Requested ? Refusal.Of("link-answered", null, state.Status.ToString())
        : side == state.AskedBy ? Refusal.Of("link-not-yours-to-answer")
        : now >= state.ExpiresAt ? Refusal.Of("link-expired", null, state.ExpiresAt.ToString("O"))
        : null;

    private static Decision Accept(LinkSide side, LinkState state, AcceptLink accept, LinkFacts facts, AggregateId key, DateTimeOffset now)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var receiving = side == LinkSide.Receiver ? accept.Receiving : state.Receiving;
        var terms = side == LinkSide.Sender ? accept.Terms ?? state.Terms : state.Terms;
        if (side == LinkSide.Sender)
        {
            CheckSending(accept.SenderSession ?? state.Session?.Id, facts.SenderSession, terms, refusals);
            // The other side's session changed since it asked: how is not ours to know.
            if (receiving is { Create: false } && facts.ReceiverSession is not { Cancelled: false, SendsTo: null, ReceivesFrom: null })
                refusals.Add(Refusal.Of("counterpart-session-unavailable", null, state.Receiver!.Name));
        }
        else
        {
            CheckReceiving(receiving, facts.ReceiverSession, refusals);
            if (facts.SenderSession is not { Cancelled: false, ReceivesFrom: null })
                refusals.Add(Refusal.Of("counterpart-session-unavailable", null, state.Sender!.Name));
        }
        if (refusals.Count == 0 && terms.Detail == LinkDetail.Detailed && facts.ReceiverSession is { } into && into.Currency != facts.SenderSession!.Currency)
            refusals.Add(Refusal.Of("currency-differs", "receiving", facts.SenderSession.Currency, into.Currency));
        if (refusals.Count > 0) return Decision.Refuse(refusals.ToImmutable().AsSpan());
        if (facts.OpenLink is { } open && open != key.Id) return Decision.Refuse("link-already-there", "session", open);
        var accepted = new LinkAccepted(
            Moment(now, LinkMomentKind.Accepted, side, accept), facts.SenderSession!.Card, receiving, Cleaned(terms), ScopeOf(terms, facts.SenderSession));
        return Decision.Accept(accepted).With(new SettleLink(key.Id)).With(LinkNews.Accepted(key, state, side, accepted).AsSpan());
    }

    private static Decision Refuse(LinkSide side, LinkState state, RefuseLink refuse, AggregateId key, DateTimeOffset now) =>
        TooLong(refuse.Word) is { } refusal
            ? Decision.Refuse(refusal)
            : Decision.Accept(new LinkRefused(Moment(now, LinkMomentKind.Refused, side, refuse, refuse.Word)))
                .With(LinkNews.Answered(key, state, "link-refused", side, refuse.Word).AsSpan());

    private static Decision Withdraw(LinkSide side, LinkState state, WithdrawLink withdraw, AggregateId key, DateTimeOffset now) =>
        state.Status != LinkStatus.Requested ? Decision.Refuse("link-answered", null, state.Status.ToString())
        : side != state.AskedBy ? Decision.Refuse("link-not-yours-to-withdraw")
        : now >= state.ExpiresAt ? Decision.Refuse("link-expired", null, state.ExpiresAt.ToString("O"))
        : Decision.Accept(new LinkWithdrawn(Moment(now, LinkMomentKind.Withdrawn, side, withdraw)))
            .With(LinkNews.Told(key, state, "link-withdrawn", side, null).AsSpan());

    private static Decision Suspend(LinkSide side, LinkState state, SuspendLink suspend, AggregateId key, DateTimeOffset now) =>
        NotAgreed(state) is { } over ? Decision.Refuse(over)
        : TooLong(suspend.Word) is { } refusal ? Decision.Refuse(refusal)
        : state.SuspendedBy(side) is not null ? Decision.Accept()
        : Decision.Accept(new LinkSuspended(Moment(now, LinkMomentKind.Suspended, side, suspend, suspend.Word)))
            .With(new SettleLink(key.Id)).With(LinkNews.Told(key, state, "link-suspended", side, suspend.Word).AsSpan());

    /// <summary>Each side lifts its own suspension only.</summary>
    private static Decision Resume(LinkSide side, LinkState state, ResumeLink resume, AggregateId key, DateTimeOffset now)
    {
        if (NotAgreed(state) is { } over) return Decision.Refuse(over);
        if (state.SuspendedBy(side) is null)
            return state.Status == LinkStatus.Suspended
                ? Decision.Refuse("link-suspended-by-other", null, state.PartyOf(Other(side)).Name)
                : Decision.Accept();
        return Decision.Accept(new LinkResumed(Moment(now, LinkMomentKind.Resumed, side, resume)))
            .With(new SettleLink(key.Id)).With(LinkNews.Told(key, state, "link-resumed", side, null).AsSpan());
    }

    private static Decision Cancel(LinkSide side, LinkState state, CancelLink cancel, AggregateId key, DateTimeOffset now) =>
        NotAgreed(state) is { } over ? Decision.Refuse(over)
        : TooLong(cancel.Word) is { } refusal ? Decision.Refuse(refusal)
        : Decision.Accept(new LinkCancelled(Moment(now, LinkMomentKind.Cancelled, side, cancel, cancel.Word)))
            .With(new SettleLink(key.Id)).With(LinkNews.Answered(key, state, "link-cancelled", side, cancel.Word).AsSpan());

    private static Decision Rotate(LinkSide side, LinkState state, RotateLinkSecret rotate, AggregateId key, DateTimeOffset now)
    {
        if (side != LinkSide.Sender || state.Outside is null) return Decision.Refuse("link-not-outside");
        if (NotAgreed(state) is { } over) return Decision.Refuse(over);
        if (!LinkSecret.IsValid(rotate.Secret?.Value)) return Decision.Refuse("secret-invalid", "secret");
        return Decision.Accept(new LinkSecretRotated(Moment(now, LinkMomentKind.SecretRotated, side, rotate)) { Secret = rotate.Secret })
            .With(LinkNews.AddressRotated(key, state).AsSpan());
    }

    private static Decision ChangeWebhook(LinkSide side, LinkState state, ChangeLinkWebhook change, LinkFacts facts, AggregateId key, DateTimeOffset now)
    {
        if (side != LinkSide.Sender || state.Outside is not { Delivery: OutsideDelivery.Webhook }) return Decision.Refuse("link-not-outside");
        if (NotAgreed(state) is { } over) return Decision.Refuse(over);
        if (facts.Webhook is { } wrong) return Decision.Refuse(wrong);
        return change.Url.Trim() == state.Outside.Url
            ? Decision.Accept()
            : Decision.Accept(new LinkWebhookChanged(Moment(now, LinkMomentKind.WebhookChanged, side, change), change.Url.Trim()))
                .With(new DeliverLink(key.Id));
    }

    private static Decision Expire(LinkState state, ExpireLink expire, AggregateId key, DateTimeOffset now)
    {
        if (StatusAt(state, now) != LinkStatus.Expired || state.Status == LinkStatus.Expired) return Decision.Accept();
        return Decision.Accept(new LinkExpired(new LinkMoment(state.ExpiresAt, LinkMomentKind.Expired, null, null, null, null)))
            .With(LinkNews.Expired(key, state).AsSpan());
    }

    private static Decision Confirm(LinkState state, ConfirmLinkSettled confirm, DateTimeOffset now)
    {
        if (confirm.Order <= state.Settled || confirm.Order > state.Order) return Decision.Accept();
        var first = state.Settled == 0 && state.Agreed;
        return Decision.Accept(new LinkSettled(confirm.Order, first ? new LinkMoment(now, LinkMomentKind.Connected, null, null, null, null) : null));
    }

    /// <summary>Who may refuse last is the session itself; a link that it doesn't take part in is over, and both sides hear why.</summary>
    private static Decision Report(LinkState state, ReportSessionRefusal report, AggregateId key, DateTimeOffset now)
    {
        if (!state.Agreed) return Decision.Accept();
        // What the session's own people may read in it (whom it sends to, whom it receives from) is not for the other side.
        var told = Refusal.Of(report.Side == LinkSide.Sender ? "sender-session-refused" : "receiver-session-refused", null, report.Reason.Code);
        return Decision.Accept(new LinkCancelled(new LinkMoment(now, LinkMomentKind.Cancelled, null, null, null, told)))
            .With(new SettleLink(key.Id)).With(LinkNews.Ended(key, state, told).AsSpan());
    }

    private static Decision Record(LinkState state, RecordLinkDelivery record, DateTimeOffset now)
    {
        if (state.Outside is not { } outside || record.Url != outside.Url || record.Version <= outside.DeliveredVersion) return Decision.Accept();
        var sent = record.ValidatedAt > state.Since ? record.ValidatedAt : state.Since;
        return Decision.Accept(new LinkDelivered(
            record.Version, now, Math.Max(0, (long)(now - sent).TotalMilliseconds),
            outside.FailingSince is null ? null : new LinkMoment(now, LinkMomentKind.DeliveryRecovered, null, null, null, null)));
    }

    /// <summary>Only the first failure of a row is written; the outbox counts the attempts.</summary>
    private static Decision Record(LinkState state, RecordLinkDeliveryFailure failure, AggregateId key, DateTimeOffset now) =>
        state.Outside is not { FailingSince: null } outside || !state.Agreed || failure.Version <= outside.DeliveredVersion
            ? Decision.Accept()
            : Decision.Accept(new LinkDeliveryFailed(new LinkMoment(now, LinkMomentKind.DeliveryFailed, null, null, null, failure.Reason)))
                .With(LinkNews.DeliveryFailed(key, state).AsSpan());

    private static Refusal? NotAgreed(LinkState state) => state.Status switch
    {
        LinkStatus.Accepted or LinkStatus.Suspended => null,
        LinkStatus.Requested => Refusal.Of("link-not-accepted"),
        _ => Refusal.Of("link-over", null, state.Status.ToString()),
    };

    private static LinkState Requested(LinkRequested requested) => LinkState.Empty with
    {
        AskedBy = requested.AskedBy,
        Sender = requested.Sender,
        Receiver = requested.Receiver,
        Session = requested.Session,
        Description = requested.Description,
        Receiving = requested.Receiving,
        Terms = requested.Terms,
        Scope = requested.Scope,
        Message = requested.Message,
        RequestedAt = requested.Moment.At,
        ExpiresAt = requested.ExpiresAt,
        Since = requested.Moment.At,
        Outside = requested.Outside,
        History = [requested.Moment],
    };

    private static LinkState Suspended(LinkState state, LinkSuspended suspended)
    {
        var after = WithMoment(state, suspended.Moment) with
        {
            Status = LinkStatus.Suspended,
            Since = state.Status == LinkStatus.Suspended ? state.Since : suspended.Moment.At,
            Order = state.Order + 1,
        };
        return suspended.Moment.Side == LinkSide.Sender
            ? after with { SuspendedBySender = suspended.Moment.At }
            : after with { SuspendedByReceiver = suspended.Moment.At };
    }

    private static LinkState Resumed(LinkState state, LinkResumed resumed)
    {
        var after = WithMoment(state, resumed.Moment) with { Order = state.Order + 1 };
        after = resumed.Moment.Side == LinkSide.Sender ? after with { SuspendedBySender = null } : after with { SuspendedByReceiver = null };
        return after.SuspendedBySender is null && after.SuspendedByReceiver is null
            ? after with { Status = LinkStatus.Accepted, Since = resumed.Moment.At }
            : after;
    }

    private static LinkState Now(LinkState state, LinkStatus status, LinkMomentEvent happened) =>
        WithMoment(state, happened.Moment) with { Status = status, Since = happened.Moment.At };

    private static LinkState WithMoment(LinkState state, LinkMoment? moment)
    {
        if (moment is null) return state;
        var history = state.History.Length < LongestHistory ? state.History : state.History.RemoveAt(0);
        return state with { History = history.Add(moment) };
    }

    private static LinkMoment Moment(DateTimeOffset now, LinkMomentKind kind, LinkSide side, Command command, string? word = null) =>
        new(now, kind, side, command.By.Name, Cleaned(word), null);

    private static LinkScope ScopeOf(LinkTerms terms, SessionFacts? session) => session is null ? LinkScope.Everything : new LinkScope(
        [.. session.Categories.Where(category => Listed(terms.Categories).Contains(category.Code)).Select(category => category.Name)],
        [.. session.Channels.Where(channel => Listed(terms.Channels).Contains(channel.Code)).Select(channel => channel.Name)]);

    private static LinkTerms Cleaned(LinkTerms terms) => terms with { Categories = Listed(terms.Categories), Channels = Listed(terms.Channels) };

    private static ImmutableArray<string> Listed(ImmutableArray<string> codes) => codes.IsDefault ? [] : [.. codes.Distinct(StringComparer.Ordinal)];

    private static Refusal? TooLong(string? word) => word?.Length > LongestMessage ? Refusal.Of("text-too-long", "word", Text(LongestMessage)) : null;

    private static string? Cleaned(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    internal static LinkSide Other(LinkSide side) => side == LinkSide.Sender ? LinkSide.Receiver : LinkSide.Sender;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
