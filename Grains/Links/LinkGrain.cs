using System.Collections.Immutable;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Sessions;
using Orleans.Concurrency;
using Orleans.Streams;

namespace Guichet.Links;

[Reentrant]
public sealed class LinkGrain(ILinkLookups lookups, WebhookAddresses addresses) : AggregateGrain<LinkState, LinkEvent>, ILinkGrain
{
    /// <summary>What was read for commands that are being decided, by their id.</summary>
    private readonly Dictionary<Guid, LinkFacts> facts = [];
    private IStreamProvider streams = null!;

    protected override string Kind => "links";

    protected override LinkState Empty => LinkState.Empty;

    protected override Decision<LinkEvent> Decide(LinkState state, Command command, DateTimeOffset now) =>
        LinkCore.Decide(state, command, facts.GetValueOrDefault(command.Id, LinkFacts.None), Aggregate, now);

    protected override LinkState Apply(LinkState state, LinkEvent happened) => LinkCore.Apply(state, happened);

    protected override IEnumerable<Row> RowsOf(LinkEvent happened, LinkState after) => happened switch
    {
        LinkRequested { Secret: { } secret } => [new LinkSecretRow(Aggregate.Organisation, Aggregate.Id, after.Outside!.Delivery, secret)],
        LinkSecretRotated { Secret: { } secret } => [new LinkSecretRow(Aggregate.Organisation, Aggregate.Id, after.Outside!.Delivery, secret)],
        LinkCancelled when after.Outside is not null => [new LinkSecretGone(Aggregate.Organisation, Aggregate.Id)],
        _ => [],
    };

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        streams = this.GetStreamProvider(LiveStreams.Provider);
    }

    public async Task<LinkView?> View()
    {
        await UpToDate();
        return Caller.Current is { } caller && State.SideOf(caller.Organisation) is { } side ? LinkViews.Of(State, Aggregate.Id, side, Time.GetUtcNow()) : null;
    }

    public async Task<LinkSettlement?> Settlement()
    {
        await UpToDate();
        return LinkViews.SettlementOf(State, Aggregate.Id);
    }

    public async Task<Outcome<Done>> Request(RequestLink command)
    {
        var receiver = command.AskedBy == LinkSide.Receiver ? command.By.Organisation : command.Counterpart;
        return await Informed(command, async () =>
        {
            var parties = await lookups.Parties(command.By.Organisation, Aggregate.Organisation, receiver);
            return new LinkFacts(
                parties.GetValueOrDefault(Aggregate.Organisation),
                receiver is null ? null : parties.GetValueOrDefault(receiver),
                await FactsOf(Aggregate.Organisation, command.SenderSession),
                command.AskedBy == LinkSide.Receiver ? await FactsOf(command.By.Organisation, command.Receiving?.SessionId) : null,
                receiver is null || command.SenderSession is null ? null : await lookups.OpenLink(Aggregate.Organisation, command.SenderSession, receiver, Aggregate.Id),
                command.Outside is { Delivery: OutsideDelivery.Webhook } outside ? await addresses.Check(outside.Url) : null);
        });
    }

    public async Task<Outcome<Done>> Accept(AcceptLink command) => await Informed(command, async () =>
    {
        var side = State.SideOf(command.By.Organisation);
        if (side is null) return LinkFacts.None;
        var receiving = side == LinkSide.Receiver ? command.Receiving : State.Receiving;
        var session = side == LinkSide.Sender ? command.SenderSession ?? State.Session?.Id : State.Session?.Id;
        return LinkFacts.None with
        {
            SenderSession = await FactsOf(Aggregate.Organisation, session),
            ReceiverSession = await FactsOf(State.Receiver!.Organisation!, receiving?.SessionId),
            OpenLink = session is null ? null : await lookups.OpenLink(Aggregate.Organisation, session, State.Receiver.Organisation!, Aggregate.Id),
        };
    });

    public Task<Outcome<Done>> Refuse(RefuseLink command) => Execute<Done>(command);

    public Task<Outcome<Done>> Withdraw(WithdrawLink command) => Execute<Done>(command);

    public Task<Outcome<Done>> Suspend(SuspendLink command) => Execute<Done>(command);

    public Task<Outcome<Done>> Resume(ResumeLink command) => Execute<Done>(command);

    public Task<Outcome<Done>> Cancel(CancelLink command) => Execute<Done>(command);

    public Task<Outcome<Done>> RotateSecret(RotateLinkSecret command) => Execute<Done>(command);

    public Task<Outcome<Done>> ChangeWebhook(ChangeLinkWebhook command) =>
        Informed(command, async () => LinkFacts.None with { Webhook = await addresses.Check(command.Url) });

    public Task<Outcome<Done>> Expire(ExpireLink command) => Execute<Done>(command);

    public Task<Outcome<Done>> ConfirmSettled(ConfirmLinkSettled command) => Execute<Done>(command);

    public Task<Outcome<Done>> ReportRefusal(ReportSessionRefusal command) => Execute<Done>(command);

    public Task<Outcome<Done>> RecordDelivery(RecordLinkDelivery command) => Execute<Done>(command);

    public Task<Outcome<Done>> RecordDeliveryFailure(RecordLinkDeliveryFailure command) => Execute<Done>(command);

    public Task<Outcome<Done>> RefreshSession(RefreshLinkSession command) => Execute<Done>(command);

    protected override async Task Committed(LinkState before, LinkState after, ImmutableArray<LinkEvent> events)
    {
        var now = Time.GetUtcNow();
        foreach (var organisation in new[] { after.Sender?.Organisation, after.Receiver?.Organisation })
            if (organisation is not null)
                await streams.Feed(organisation).OnNextAsync(new LinkChanged(organisation, now, Aggregate.Id));
    }

    /// <summary>
    /// Decides with what was read for it. A command that was answered before gets that answer, whatever is read now: the facts are no part
    /// of what makes it the same command.
    /// </summary>
    private async Task<Outcome<Done>> Informed(Command command, Func<Task<LinkFacts>> read)
    {
        using (Caller.As(Actor.System("links"))) facts[command.Id] = await read();
        try
        {
            return await Execute<Done>(command);
        }
        finally
        {
            facts.Remove(command.Id);
        }
    }

    private async Task<SessionFacts?> FactsOf(string organisation, string? sessionId)
    {
        if (string.IsNullOrEmpty(sessionId) || sessionId.Contains('/')) return null;
        var session = await GrainFactory.GetGrain<ISessionGrain>(GrainKey.Of(organisation, sessionId)).View();
        if (session is null) return null;
        var show = await GrainFactory.GetGrain<IShowGrain>(GrainKey.Of(organisation, session.Details.ShowId)).View();
        return SessionFacts.Of(session, show?.Details.Title ?? "");
    }
}
