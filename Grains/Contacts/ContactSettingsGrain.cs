using Guichet.Journal;
using Orleans.Concurrency;

namespace Guichet.Contacts;

[Reentrant]
public sealed class ContactSettingsGrain : AggregateGrain<ContactSettingsState, ContactSettingsEvent>, IContactSettingsGrain
{
    protected override string Kind => "contact_settings";

    protected override ContactSettingsState Empty => ContactSettingsState.Empty;

    protected override Decision<ContactSettingsEvent> Decide(ContactSettingsState state, Command command, DateTimeOffset now) => ContactSettingsCore.Decide(state, command);

    protected override ContactSettingsState Apply(ContactSettingsState state, ContactSettingsEvent happened) => ContactSettingsCore.Apply(state, happened);

    public Task<ContactSettingsView> View() => Task.FromResult(new ContactSettingsView(Aggregate.Organisation, State.Revision, State.Criteria, State.Categories));

    public Task<Outcome<Done>> Define(DefineCriterion command) => Execute<Done>(command);

    public Task<Outcome<Done>> Retire(RetireCriterion command) => Execute<Done>(command);

    public Task<Outcome<Done>> SetCategories(SetConsentCategories command) => Execute<Done>(command);
}
