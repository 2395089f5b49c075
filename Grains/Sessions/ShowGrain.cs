using Guichet.Journal;
using Orleans.Concurrency;

namespace Guichet.Sessions;

[Reentrant]
public sealed class ShowGrain : AggregateGrain<ShowState, ShowEvent>, IShowGrain
{
    protected override string Kind => "shows";

    protected override ShowState Empty => ShowState.Empty;

    protected override Decision<ShowEvent> Decide(ShowState state, Command command, DateTimeOffset now) => ShowCore.Decide(state, command);

    protected override ShowState Apply(ShowState state, ShowEvent happened) => ShowCore.Apply(state, happened);

    public Task<ShowView?> View() => Task.FromResult(
        State.Details is null ? null : new ShowView(Aggregate.Organisation, Aggregate.Id, State.Revision, State.Details, State.Archived));

    public Task<Outcome<Done>> Create(CreateShow command) => Execute<Done>(command);

    public Task<Outcome<Done>> Change(ChangeShow command) => Execute<Done>(command);

    public Task<Outcome<Done>> Archive(ArchiveShow command) => Execute<Done>(command);
}
