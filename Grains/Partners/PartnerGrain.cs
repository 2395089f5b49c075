using System.Collections.Immutable;
using Guichet.Feed;
using Guichet.Journal;
using Orleans.Concurrency;
using Orleans.Streams;

namespace Guichet.Partners;

[Reentrant]
public sealed class PartnerGrain(IPartnerLookups lookups) : AggregateGrain<PartnerState, PartnerEvent>, IPartnerGrain
{
    /// <summary>What was read for commands that are being decided, by their id.</summary>
    private readonly Dictionary<Guid, PartnerFacts> facts = [];
    private IStreamProvider streams = null!;

    protected override string Kind => "partners";

    protected override PartnerState Empty => PartnerState.Empty;

    protected override Decision<PartnerEvent> Decide(PartnerState state, Command command, DateTimeOffset now) =>
        PartnerCore.Decide(state, command, facts.GetValueOrDefault(command.Id, PartnerFacts.None), now);

    protected override PartnerState Apply(PartnerState state, PartnerEvent happened) => PartnerCore.Apply(state, happened);

    protected override IEnumerable<Row> RowsOf(PartnerEvent happened, PartnerState after) => PartnerRows.Of(Aggregate.Organisation, Aggregate.Id, happened);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        streams = this.GetStreamProvider(LiveStreams.Provider);
    }

    public Task<PartnerView?> View() => Task.FromResult(State.Details is null ? null : new PartnerView(
        Aggregate.Organisation, Aggregate.Id, State.Revision, State.Details, State.Archived, State.Sessions, State.Series, State.Pause, PartnerCore.PageOf(State)));

    public Task<Outcome<Done>> Create(CreatePartner command) => Execute<Done>(command);

    public Task<Outcome<Done>> Change(ChangePartner command) => Execute<Done>(command);

    public Task<Outcome<Done>> Archive(ArchivePartner command) => Execute<Done>(command);

    public Task<Outcome<Done>> Associate(AssociatePartner command) =>
        Informed(command, () => lookups.Unknown(Aggregate.Organisation, command.Sessions, command.Series));

    public Task<Outcome<Done>> Dissociate(DissociatePartner command) => Execute<Done>(command);

    public Task<Outcome<Done>> Pause(PausePartner command) =>
        Informed(command, async () => PartnerFacts.None with { Day = await lookups.Today(Aggregate.Organisation, Time.GetUtcNow()) });

    public Task<Outcome<Done>> Resume(ResumePartner command) => Execute<Done>(command);

    public Task<Outcome<Done>> IssueLink(IssuePartnerLink command) => Execute<Done>(command);

    public Task<Outcome<Done>> RevokeLinks(RevokePartnerLinks command) => Execute<Done>(command);

    public Task<Outcome<Done>> ChangeLinkDays(ChangePartnerLinkDays command) => Execute<Done>(command);

    protected override Task Committed(PartnerState before, PartnerState after, ImmutableArray<PartnerEvent> events) =>
        streams.Feed(Aggregate.Organisation).OnNextAsync(new Feed.PartnerChanged(Aggregate.Organisation, Time.GetUtcNow(), Aggregate.Id));

    /// <summary>Decides with what was read for it. A command that was answered before gets that answer, whatever is read now.</summary>
    private async Task<Outcome<Done>> Informed(Command command, Func<Task<PartnerFacts>> read)
    {
        if (State.Details is not null) facts[command.Id] = await read();
        try
        {
            return await Execute<Done>(command);
        }
        finally
        {
            facts.Remove(command.Id);
        }
    }
}
