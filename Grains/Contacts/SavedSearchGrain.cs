using Guichet.Journal;
using Orleans.Concurrency;

namespace Guichet.Contacts;

[Reentrant]
public sealed class SavedSearchGrain : AggregateGrain<SavedSearchState, SavedSearchEvent>, ISavedSearchGrain
{
    protected override string Kind => "contact_searches";

    protected override SavedSearchState Empty => SavedSearchState.Empty;

    protected override Decision<SavedSearchEvent> Decide(SavedSearchState state, Command command, DateTimeOffset now) => SavedSearchCore.Decide(state, command);

    protected override SavedSearchState Apply(SavedSearchState state, SavedSearchEvent happened) => SavedSearchCore.Apply(state, happened);

    protected override object SummaryOf(SavedSearchState state) => new { state.Search!.Name, state.OwnerId, state.Search.Shared, state.Removed };

    public Task<SavedSearchView?> View() => Task.FromResult(
        State.Search is null || (!State.Search.Shared && Caller.Current is { Kind: not ActorKind.System, Id: var reader } && reader != State.OwnerId)
            ? null
            : new SavedSearchView(Aggregate.Organisation, Aggregate.Id, State.Revision, State.Search, State.OwnerId, State.OwnerName, State.Removed));

    public Task<Outcome<Done>> Save(SaveSearch command) => Execute<Done>(command);

    public Task<Outcome<Done>> Change(ChangeSavedSearch command) => Execute<Done>(command);

    public Task<Outcome<Done>> Remove(RemoveSavedSearch command) => Execute<Done>(command);
}
