using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>
/// A contact that begins among thousands: all that is said of it at first is decided as its grain would, and written in one commit, without
/// waking it.
/// </summary>
/// <param name="id">Nobody's but the founder's until it is written.</param>
/// <param name="number">From <see cref="ContactNumbers"/>.</param>
public sealed class ContactFounding(string organisation, string id, long number, DateTimeOffset at)
{
    private ContactFacts known = ContactFacts.None;
    private Chronicle<ContactState, ContactEvent>? chronicle;

    private Chronicle<ContactState, ContactEvent> Chronicle => chronicle ??= new(
        new AggregateId("contacts", organisation, id), ContactState.Empty, (state, command, now) => ContactCore.Decide(state, command, known, now), ContactCore.Apply,
        happened => ContactRows.Of(organisation, id, happened), ContactRows.SummaryOf);

    /// <param name="facts">What its grain would have read for this command.</param>
    public Outcome<TAnswer> Take<TAnswer>(Command command, ContactFacts? facts = null)
    {
        known = (facts ?? ContactFacts.None) with { Id = id, Number = number };
        return Chronicle.Take<TAnswer>(command, at);
    }

    /// <summary>False where it is there already, or was refused to be made: then its grain is to be asked.</summary>
    public Task<bool> Write(IJournalStore store, CancellationToken cancellation) => Chronicle.Write(store, cancellation);
}
