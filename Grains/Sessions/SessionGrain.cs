using System.Collections.Immutable;
using System.Globalization;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Tallies;
using Orleans.Concurrency;
using Orleans.Streams;

namespace Guichet.Sessions;

[Reentrant, ImplicitStreamSubscription(LiveStreams.Tallies)]
public sealed class SessionGrain : AggregateGrain<SessionState, SessionEvent>, ISessionGrain
{
    private IStreamProvider streams = null!;

    protected override string Kind => "sessions";

    protected override SessionState Empty => SessionState.Empty;

    protected override Decision<SessionEvent> Decide(SessionState state, Command command, DateTimeOffset now) => SessionCore.Decide(state, command, now);

    protected override SessionState Apply(SessionState state, SessionEvent happened) => SessionCore.Apply(state, happened);

    protected override IEnumerable<Row> RowsOf(SessionEvent happened, SessionState after) => SessionRows.Of(Aggregate.Organisation, Aggregate.Id, happened);

    protected override object SummaryOf(SessionState state) => SessionRows.SummaryOf(state);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        streams = this.GetStreamProvider(LiveStreams.Provider);
        await streams.TalliesTo(this.GetPrimaryKeyString()).SubscribeAsync((tally, _) => Take(tally));
    }

    public async Task<SessionView?> View()
    {
        await UpToDate();
        return State.Exists
            ? new SessionView(
                Aggregate.Organisation, Aggregate.Id, State.Revision, State.Details!, State.Start, State.Status, State.CancelReason, State.Shareable,
                State.Draft, State.Current, State.Previous, State.Incoming, State.Outgoing)
            : null;
    }

    public Task<Outcome<Done>> Create(CreateSession command) => Execute<Done>(command);

    public Task<Outcome<Done>> Change(ChangeSession command) => Execute<Done>(command);

    public Task<Outcome<Done>> PutOnSale(PutSessionOnSale command) => Execute<Done>(command);

    public Task<Outcome<Done>> Close(CloseSession command) => Execute<Done>(command);

    public Task<Outcome<Done>> Cancel(CancelSession command) => Execute<Done>(command);

    public Task<Outcome<Done>> MakeShareable(MakeSessionShareable command) => Execute<Done>(command);

    public Task<Outcome<Done>> SaveDraft(SaveDraft command) => Execute<Done>(command);

    public Task<Outcome<Done>> DiscardDraft(DiscardDraft command) => Execute<Done>(command);

    public Task<Outcome<TallyReceipt>> Validate(ValidateTally command) => Execute<TallyReceipt>(command);

    public Task<Outcome<Done>> ConnectOutgoing(ConnectOutgoing command) => Execute<Done>(command);

    public Task<Outcome<Done>> ConnectIncoming(ConnectIncoming command) => Execute<Done>(command);

    public Task<Outcome<Done>> ChangeConnection(ChangeConnection command) => Execute<Done>(command);

    public Task<Outcome<Done>> Receive(ReceiveTally command) => Execute<Done>(command);

    public async Task Resend(string linkId)
    {
        await UpToDate();
        if (State.Outgoing.FirstOrDefault(link => link.LinkId == linkId) is { } link) await Publish(link);
    }

    protected override async Task Committed(SessionState before, SessionState after, ImmutableArray<SessionEvent> events)
    {
        var feed = streams.Feed(Aggregate.Organisation);
        if (after.Current is { } current && after.CurrentVersion != before.CurrentVersion)
        {
            foreach (var link in after.Outgoing) await Publish(link);
            await feed.OnNextAsync(new SessionFiguresChanged(
                Aggregate.Organisation, Time.GetUtcNow(), Aggregate.Id, current.Version, current.Figures, after.Previous, after.Capacity,
                after.Details!.Currency, current.By, current.Source, after.Receives ? after.Incoming!.SenderName : null, after.Incoming?.LagMs));
            // The sender's open pages say how far the other side is: it has just come further.
            if (after.Incoming is { } incoming && incoming.SourceVersion != before.Incoming?.SourceVersion)
                await streams.Feed(incoming.SenderOrganisation).OnNextAsync(new LinkChanged(incoming.SenderOrganisation, Time.GetUtcNow(), incoming.LinkId));
        }
        else
        {
            foreach (var link in after.Outgoing.Where(link => NewlyLive(link, before))) await Publish(link);
        }
        if (events.Any(happened => happened is not (TallyValidated or TallyReceived { Details: null } or DraftSaved or DraftDiscarded)))
            await feed.OnNextAsync(new Feed.SessionChanged(Aggregate.Organisation, Time.GetUtcNow(), Aggregate.Id));
    }

    private static bool NewlyLive(OutgoingLink link, SessionState before) =>
        link.State == ConnectionState.Live && before.Outgoing.All(was => was.LinkId != link.LinkId || was.State != ConnectionState.Live);

    private Task Publish(OutgoingLink link) =>
        link is { State: ConnectionState.Live, ReceiverOrganisation: { } organisation, ReceiverSession: { } session } && State.Current is { } current
            ? streams.TalliesTo(GrainKey.Of(organisation, session)).OnNextAsync(LinkProjection.Of(Aggregate.Organisation, link, current, State.Details!))
            : Task.CompletedTask;

    /// <summary>
    /// A version that came over the stream. Its id has the link's order and the moment since when it is in its state, so that a version
    /// refused while the link was suspended is taken when it is sent again after.
    /// </summary>
    private Task Take(SharedTally tally) => State.Incoming is { } incoming && incoming.LinkId == tally.LinkId && tally.SourceVersion > incoming.SourceVersion
        ? Execute<Done>(new ReceiveTally(tally.LinkId, tally)
        {
            Id = CommandIds.From(
                "receive", tally.LinkId, tally.SourceVersion.ToString(CultureInfo.InvariantCulture),
                incoming.Order.ToString(CultureInfo.InvariantCulture), incoming.Since.ToString("O")),
            By = Actor.System("links"),
        })
        : Task.CompletedTask;
}
