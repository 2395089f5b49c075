using System.Globalization;
using Guichet.Journal;
using Guichet.Sessions;

namespace Guichet.Links;

/// <summary>
/// Brings the two sessions to what their link says. Whoever does it, how often and in what order, the end is the same: commands carry ids
/// derived from the link's order, sessions keep to the highest order they have seen, and it isn't over until the link hasn't changed meanwhile.
/// </summary>
public sealed class LinkSettling(IGrainFactory grains, ILinkLookups lookups, TimeProvider time)
{
    public async Task Settle(string organisation, string linkId)
    {
        using var caller = Caller.As(Actor.System("links"));
        var link = grains.GetGrain<ILinkGrain>(GrainKey.Of(organisation, linkId));
        while (await link.Settlement() is { } wanted && wanted.Settled < wanted.Order)
        {
            if (await Bring(wanted) is var (side, reason))
                await time.Send(() => link.ReportRefusal(new ReportSessionRefusal(side, reason) { Id = IdOf(wanted, "refused"), By = Actor.System("links") }));
            else
                await time.Send(() => link.ConfirmSettled(new ConfirmLinkSettled(wanted.Order) { Id = IdOf(wanted, "settled"), By = Actor.System("links") }));
        }
    }

    /// <summary>
    /// The receiver is told first of what starts, so that nothing is sent to a session that doesn't expect it; the sender first of what stops,
    /// so that nothing more leaves.
    /// </summary>
    private async Task<(LinkSide, Refusal)?> Bring(LinkSettlement wanted) => wanted.State == ConnectionState.Live
        ? await BringReceiver(wanted) ?? await BringSender(wanted)
        : await BringSender(wanted) ?? await BringReceiver(wanted);

    private async Task<(LinkSide, Refusal)?> BringSender(LinkSettlement wanted)
    {
        var session = grains.GetGrain<ISessionGrain>(GrainKey.Of(wanted.Sender.Organisation!, wanted.Session.Id));
        var outcome = await time.Send(() => session.ConnectOutgoing(new ConnectOutgoing(
            wanted.LinkId, wanted.Receiver.Organisation, wanted.Receiving?.SessionId, wanted.Receiver.Name, wanted.Terms, wanted.State, wanted.Order)
        {
            Id = IdOf(wanted, "sender"),
            By = Actor.System("links", wanted.Sender.Organisation!),
        }));
        return RefusalOf(LinkSide.Sender, wanted, outcome);
    }

    private async Task<(LinkSide, Refusal)?> BringReceiver(LinkSettlement wanted)
    {
        if (wanted is not { Receiver.Organisation: { } organisation, Receiving: { } receiving }) return null;
        // As "a feed named after its sender" (seed 001): what appears at the receiver is marked with the sender's name.
        var by = new Actor(organisation, "links", ActorKind.System, wanted.Sender.Name, Role.Administrator);
        if (receiving.Create && wanted.State != ConnectionState.Ended && await Create(wanted, organisation, receiving.SessionId, by) is { } reason)
            return (LinkSide.Receiver, reason);
        var session = grains.GetGrain<ISessionGrain>(GrainKey.Of(organisation, receiving.SessionId));
        var outcome = await time.Send(() => session.ConnectIncoming(new ConnectIncoming(
            wanted.LinkId, wanted.Sender.Organisation!, wanted.Session.Id, wanted.Sender.Name, wanted.Terms, wanted.State, wanted.Order)
        {
            Id = IdOf(wanted, "receiver"),
            By = by,
        }));
        return RefusalOf(LinkSide.Receiver, wanted, outcome);
    }

    /// <summary>A session that has nothing to end has ended.</summary>
    private static (LinkSide, Refusal)? RefusalOf(LinkSide side, LinkSettlement wanted, Outcome<Done> outcome) =>
        outcome.IsRefused && wanted.State != ConnectionState.Ended ? (side, outcome.Refusals[0]) : null;

    private async Task<Refusal?> Create(LinkSettlement wanted, string organisation, string sessionId, Actor by)
    {
        var session = grains.GetGrain<ISessionGrain>(GrainKey.Of(organisation, sessionId));
        if (await session.View() is not null) return null;
        if (await grains.GetGrain<ISessionGrain>(GrainKey.Of(wanted.Sender.Organisation!, wanted.Session.Id)).View() is not { } sent)
            return Refusal.Of("session-unknown");
        var show = await ShowOf(wanted, organisation, by);
        var details = LinkProjection.SessionFor(wanted.Session, LinkProjection.Of(wanted.Sender.Organisation!, OutgoingOf(wanted), sent), show);
        var outcome = await time.Send(() => session.Create(new CreateSession(details, OnSale: true) { Id = IdOf(wanted with { Order = 0 }, "session"), By = by }));
        return outcome.IsRefused && outcome.Refusals[0].Code != "session-exists" ? outcome.Refusals[0] : null;
    }

    /// <summary>
    /// The receiver's show of that title, or a new one. Its id comes from the title, so that several links accepted at once for one new show
    /// make it once; should that id stand for a show renamed since, the link's own id is taken.
    /// </summary>
    private async Task<string> ShowOf(LinkSettlement wanted, string organisation, Actor by)
    {
        if (await lookups.ShowByTitle(organisation, wanted.Session.Title) is { } found) return found;
        var title = wanted.Session.Title;
        var shared = Ids.From(DateTimeOffset.UnixEpoch, "show of links", organisation, title);
        foreach (var id in new[] { shared, Ids.From(wanted.At, "show of link", organisation, wanted.LinkId) })
        {
            var show = grains.GetGrain<IShowGrain>(GrainKey.Of(organisation, id));
            await time.Send(() => show.Create(new CreateShow(new ShowDetails(title, null, null, null)) { Id = CommandIds.From("show of links", organisation, id), By = by }));
            if (await show.View() is { } made && made.Details.Title == title) return id;
        }
        throw new InvalidOperationException($"No show could be made for link {wanted.LinkId}.");
    }

    private static OutgoingLink OutgoingOf(LinkSettlement wanted) => new(
        wanted.LinkId, wanted.Receiver.Organisation, wanted.Receiving?.SessionId, wanted.Receiver.Name, wanted.Terms, wanted.State, wanted.At);

    private static Guid IdOf(LinkSettlement wanted, string what) =>
        CommandIds.From("settle", wanted.Sender.Organisation!, wanted.LinkId, wanted.Order.ToString(CultureInfo.InvariantCulture), what);
}

public sealed class SettleLinkHandler(LinkSettling settling) : IEffectHandler<SettleLink>
{
    public Task Do(SettleLink effect, EffectContext context, CancellationToken cancellation) => settling.Settle(context.Organisation, effect.LinkId);
}
