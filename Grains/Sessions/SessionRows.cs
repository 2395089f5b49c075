using Guichet.Journal;
using Guichet.Tallies;

namespace Guichet.Sessions;

/// <summary>The rows that a session's events write beside its state.</summary>
public static class SessionRows
{
    public static IEnumerable<Row> Of(string organisation, string id, SessionEvent happened) => happened switch
    {
        TallyValidated validated => [new TallyRow(organisation, id, validated.Tally, null)],
        TallyReceived received => [new TallyRow(organisation, id, received.Tally, received.SourceVersion)],
        _ => [],
    };
}
