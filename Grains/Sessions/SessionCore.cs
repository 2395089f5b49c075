using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Tallies;

using Decision = Guichet.Journal.Decision<Guichet.Sessions.SessionEvent>;

namespace Guichet.Sessions;

/// <summary>What a session decides: pure, without clock, storage or engine.</summary>
public static class SessionCore
{
    public static Decision Decide(SessionState state, Command command, DateTimeOffset now) => command switch
    {
        CreateSession create => Create(state, create),
        _ when !state.Exists => Decision.Refuse("session-unknown"),
        ChangeSession change => Change(state, change),
        PutSessionOnSale => PutOnSale(state),
        CloseSession => Close(state),
        CancelSession cancel => Cancel(state, cancel),
        MakeSessionShareable share => state.Shareable == share.Shareable ? Decision.Accept() : Decision.Accept(new ShareabilityChanged(share.Shareable)),
        SaveDraft save => Save(state, save, now),
        DiscardDraft => state.Draft is null ? Decision.Accept() : Decision.Accept(new DraftDiscarded()),
        ValidateTally validate => Validate(state, validate, now),
        ConnectOutgoing connect => Connect(state, connect, now),
        ConnectIncoming connect => Connect(state, connect, now),
        ChangeConnection change => ChangeConnection(state, change, now),
        ReceiveTally receive => Receive(state, receive, now),
        _ => throw new ArgumentException($"A session doesn't know {command.GetType().Name}.", nameof(command)),
    };

    public static SessionState Apply(SessionState state, SessionEvent happened) => happened switch
    {
        SessionCreated created => state with
        {
            Revision = 1,
            Details = created.Details,
            Start = created.Start,
            Status = created.OnSale ? SessionStatus.OnSale : SessionStatus.Draft,
        },
        SessionChanged changed => state with { Revision = state.Revision + 1, Details = changed.Details, Start = changed.Start },
        StatusChanged changed => state with { Revision = state.Revision + 1, Status = changed.Status, CancelReason = changed.Reason },
        ShareabilityChanged changed => state with { Shareable = changed.Shareable },
        DraftSaved saved => state with { Draft = saved.Draft },
        DraftDiscarded => state with { Draft = null },
        TallyValidated validated => state with { Previous = state.Current?.Figures, Current = validated.Tally, Draft = null },
        OutgoingConnected connected => state with { Outgoing = [.. state.Outgoing.Where(link => link.LinkId != connected.Link.LinkId), connected.Link] },
        IncomingConnected connected => state with { Incoming = connected.Link },
        ConnectionChanged changed => state with
        {
            Outgoing = [.. state.Outgoing.Select(link => link.LinkId == changed.LinkId ? link with { State = changed.State, Since = changed.At, Order = changed.Order } : link)],
            Incoming = state.Incoming?.LinkId == changed.LinkId ? state.Incoming with { State = changed.State, Since = changed.At, Order = changed.Order } : state.Incoming,
        },
        TallyReceived received => state with
        {
            Revision = received.Details is null ? state.Revision : state.Revision + 1,
            Details = received.Details ?? state.Details,
            Previous = state.Current?.Figures,
            Current = received.Tally,
            Incoming = state.Incoming! with { SourceVersion = received.SourceVersion, LagMs = received.LagMs },
        },
        _ => throw new ArgumentException($"A session doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    private static Decision Create(SessionState state, CreateSession create)
    {
        if (state.Exists) return Decision.Refuse("session-exists");
        var (details, start, refusals) = SessionRules.Check(create.Details);
        return refusals.Length > 0 ? Decision.Refuse(refusals.AsSpan()) : Decision.Accept(new SessionCreated(details, start, create.OnSale));
    }

    private static Decision Change(SessionState state, ChangeSession change)
    {
        if (state.Status == SessionStatus.Cancelled) return Decision.Refuse("session-cancelled");
        if (change.BasedOn != state.Revision) return Decision.Refuse("changed-meanwhile");
        var (details, start, refusals) = SessionRules.Check(change.Details);
        var all = refusals.ToBuilder();
        if (state.Current is { } current)
        {
            if (details.Currency != state.Details!.Currency) all.Add(Refusal.Of("currency-fixed", "currency", state.Details.Currency));
            AddUsed(current.Lines.Select(line => line.Category), details.Categories.Select(category => category.Code), "category-used", "categories", all);
            AddUsed(current.Lines.Select(line => line.Tariff), details.Tariffs.Select(tariff => tariff.Code), "tariff-used", "tariffs", all);
            AddUsed(current.Lines.Select(line => line.Channel), details.Channels.Select(channel => channel.Code), "channel-used", "channels", all);
        }
        return all.Count > 0 ? Decision.Refuse(all.ToImmutable().AsSpan()) : Decision.Accept(new SessionChanged(details, start));
    }

    /// <summary>What the current tally counts in may not be taken away under it.</summary>
    private static void AddUsed(IEnumerable<string> used, IEnumerable<string> kept, string code, string field, ImmutableArray<Refusal>.Builder refusals)
    {
        foreach (var missing in used.Except(kept, StringComparer.Ordinal)) refusals.Add(Refusal.Of(code, field, missing));
    }

    private static Decision PutOnSale(SessionState state) => state.Status switch
    {
        SessionStatus.OnSale => Decision.Accept(),
        SessionStatus.Cancelled => Decision.Refuse("session-cancelled"),
        _ => Decision.Accept(new StatusChanged(SessionStatus.OnSale, null)),
    };

    private static Decision Close(SessionState state) => state.Status switch
    {
        SessionStatus.Closed => Decision.Accept(),
        SessionStatus.Cancelled => Decision.Refuse("session-cancelled"),
        SessionStatus.Draft => Decision.Refuse("session-not-on-sale"),
        _ => Decision.Accept(new StatusChanged(SessionStatus.Closed, null)),
    };

    private static Decision Cancel(SessionState state, CancelSession cancel) =>
        cancel.Reason?.Length > TallyRules.LongestNote ? Decision.Refuse("text-too-long", "reason", SessionRules.Text(TallyRules.LongestNote))
        : state.Status == SessionStatus.Cancelled ? Decision.Accept()
        : Decision.Accept(new StatusChanged(SessionStatus.Cancelled, string.IsNullOrWhiteSpace(cancel.Reason) ? null : cancel.Reason.Trim()));

    private static Decision Save(SessionState state, SaveDraft save, DateTimeOffset now)
    {
        if (NotWritable(state, save.Note) is { } refusal) return Decision.Refuse(refusal);
        var (lines, refusals) = TallyRules.Check(save.Lines, state.Details!);
        return refusals.Length > 0
            ? Decision.Refuse(refusals.AsSpan())
            : Decision.Accept(new DraftSaved(new TallyDraft(lines, save.Source, save.SourceName, save.Note, save.BasedOnVersion, now, save.By.Name)));
    }

    private static Decision Validate(SessionState state, ValidateTally validate, DateTimeOffset now)
    {
        if (NotWritable(state, validate.Note) is { } refusal) return Decision.Refuse(refusal);
        var (lines, refusals) = TallyRules.Check(validate.Lines, state.Details!);
        if (refusals.Length > 0) return Decision.Refuse(refusals.AsSpan());
        if (validate.BasedOnVersion is { } seen && seen != state.CurrentVersion)
            return Decision.Refuse(
                "tally-changed-meanwhile", null, SessionRules.Text(state.CurrentVersion), state.Current?.By ?? "", state.Current?.At.ToString("O") ?? "");
        var unconfirmed = TallyRules.Unconfirmed(lines, state.Current, state.Details!, validate.DropConfirmed, validate.OverCapacityConfirmed);
        if (unconfirmed.Length > 0) return Decision.Refuse(unconfirmed.AsSpan());
        var figures = TallyFigures.Of(lines);
        var tally = new Tally(
            state.CurrentVersion + 1, lines, figures, validate.Source, validate.SourceName,
            string.IsNullOrWhiteSpace(validate.Note) ? null : validate.Note.Trim(), now, validate.By.Name);
        return Decision.Accept(new TallyReceipt(tally.Version, figures, now), new TallyValidated(tally))
            .With(DeliveriesOf(state with { Current = tally }, state.Outgoing.AsSpan()).AsSpan());
    }

    /// <summary>A session that receives gets its tallies from its sender. A closed or cancelled one still takes some: late counts, refunds.</summary>
    private static Refusal? NotWritable(SessionState state, string? note) =>
        state.Receives ? Refusal.Of("session-receives", null, state.Incoming!.SenderName)
        : note?.Length > TallyRules.LongestNote ? Refusal.Of("text-too-long", "note", SessionRules.Text(TallyRules.LongestNote))
        : null;

    private static Decision Connect(SessionState state, ConnectOutgoing connect, DateTimeOffset now)
    {
        if (state.Outgoing.FirstOrDefault(link => link.LinkId == connect.LinkId) is { } known)
            return Bring(state, connect.LinkId, known.State, known.Since, known.Order, connect.State, connect.Order, now);
        if (state.Receives && connect.State != ConnectionState.Ended) return Decision.Refuse("session-receives", null, state.Incoming!.SenderName);
        var link = new OutgoingLink(
            connect.LinkId, connect.ReceiverOrganisation, connect.ReceiverSession, connect.ReceiverName, connect.Terms, connect.State, now, connect.Order);
        return Decision.Accept(new OutgoingConnected(link)).With(DeliveriesOf(state, link).AsSpan());
    }

    private static Decision Connect(SessionState state, ConnectIncoming connect, DateTimeOffset now)
    {
        if (state.Incoming is { } known && known.LinkId == connect.LinkId)
            return Bring(state, connect.LinkId, known.State, known.Since, known.Order, connect.State, connect.Order, now);
        if (connect.State == ConnectionState.Ended) return Decision.Accept();
        if (state.Sends) return Decision.Refuse("session-sends", null, state.Outgoing.First(link => link.State != ConnectionState.Ended).ReceiverName);
        if (state.Receives) return Decision.Refuse("session-receives", null, state.Incoming!.SenderName);
        return Decision.Accept(new IncomingConnected(new IncomingLink(
            connect.LinkId, connect.SenderOrganisation, connect.SenderSession, connect.SenderName, connect.Terms, connect.State, now, 0, null, connect.Order)));
    }

    private static Decision ChangeConnection(SessionState state, ChangeConnection change, DateTimeOffset now) =>
        state.Incoming is { } incoming && incoming.LinkId == change.LinkId
            ? Bring(state, change.LinkId, incoming.State, incoming.Since, incoming.Order, change.State, change.Order, now)
        : state.Outgoing.FirstOrDefault(link => link.LinkId == change.LinkId) is { } outgoing
            ? Bring(state, change.LinkId, outgoing.State, outgoing.Since, outgoing.Order, change.State, change.Order, now)
        : Decision.Refuse("link-unknown");

    /// <summary>
    /// A known connection into another state. Commands of a link may overtake each other on their way here: the one of the highest order
    /// is the truth, and an ended connection never comes back.
    /// </summary>
    private static Decision Bring(
        SessionState state, string link, ConnectionState was, DateTimeOffset since, long order, ConnectionState wanted, long newOrder, DateTimeOffset now)
    {
        if (newOrder < order || (was == wanted && newOrder == order)) return Decision.Accept();
        if (was == ConnectionState.Ended && wanted != ConnectionState.Ended) return Decision.Refuse("link-ended");
        var changed = new ConnectionChanged(link, wanted, was == wanted ? since : now, newOrder);
        return state.Outgoing.FirstOrDefault(known => known.LinkId == link) is { } outgoing && was != wanted
            ? Decision.Accept(changed).With(DeliveriesOf(state, outgoing with { State = wanted }).AsSpan())
            : Decision.Accept(changed);
    }

    /// <summary>
    /// What leaves through the outbox because a counterpart outside Guichet should now be sent the current tally. Links inside need none:
    /// they are told by stream, and the sweep sees by itself when one is behind.
    /// </summary>
    private static ImmutableArray<Effect> DeliveriesOf(SessionState after, params ReadOnlySpan<OutgoingLink> links)
    {
        if (after.Current is null) return [];
        var deliveries = ImmutableArray.CreateBuilder<Effect>();
        foreach (var link in links)
            if (link is { State: ConnectionState.Live, ReceiverOrganisation: null })
                deliveries.Add(new DeliverLink(link.LinkId));
        return deliveries.ToImmutable();
    }

    private static Decision Receive(SessionState state, ReceiveTally receive, DateTimeOffset now)
    {
        var shared = receive.Tally;
        if (state.Incoming?.LinkId != receive.LinkId) return Decision.Refuse("link-unknown");
        if (state.Incoming.State != ConnectionState.Live) return Decision.Refuse("link-not-live");
        // Late, twice or out of order: what is there is as new.
        if (shared.SourceVersion <= state.Incoming.SourceVersion) return Decision.Accept();
        var details = state.Details!;
        if (shared.Currency != details.Currency && shared.Figures.GrossMinor is not null)
        {
            // Amounts never stand under another currency's name: without a tally of its own yet, the session takes the sender's.
            if (state.Current is not null) return Decision.Refuse("currency-differs", "currency", shared.Currency, details.Currency);
            details = details with { Currency = shared.Currency };
        }
        details = WithNewOnes(details, shared);
        var tally = new Tally(
            state.CurrentVersion + 1, shared.Lines ?? [], shared.Figures, TallySource.Link, state.Incoming.SenderName, null, shared.ValidatedAt, state.Incoming.SenderName);
        var sent = shared.ValidatedAt > state.Incoming.Since ? shared.ValidatedAt : state.Incoming.Since;
        var lag = Math.Max(0, (long)(now - sent).TotalMilliseconds);
        return Decision.Accept(new TallyReceived(tally, shared.SourceVersion, lag, details == state.Details ? null : details));
    }

    /// <summary>The receiver's grid grows by what the sender counts in and the receiver doesn't have yet; nothing of its own is changed.</summary>
    private static SessionDetails WithNewOnes(SessionDetails details, SharedTally shared)
    {
        if (shared.Lines is not { } lines) return details;
        var categories = shared.Categories!.Value.ExceptBy(details.Categories.Select(category => category.Code), category => category.Code).ToImmutableArray();
        var tariffs = shared.Tariffs!.Value.ExceptBy(details.Tariffs.Select(tariff => tariff.Code), tariff => tariff.Code).ToImmutableArray();
        var channels = shared.Channels!.Value.ExceptBy(details.Channels.Select(channel => channel.Code), channel => channel.Code).ToImmutableArray();
        categories = [.. categories.Where(category => lines.Any(line => line.Category == category.Code))];
        tariffs = [.. tariffs.Where(tariff => lines.Any(line => line.Tariff == tariff.Code))];
        channels = [.. channels.Where(channel => lines.Any(line => line.Channel == channel.Code))];
        return categories.IsEmpty && tariffs.IsEmpty && channels.IsEmpty ? details : details with
        {
            Categories = details.Categories.AddRange(categories),
            Tariffs = details.Tariffs.AddRange(tariffs),
            Channels = details.Channels.AddRange(channels),
        };
    }
}
