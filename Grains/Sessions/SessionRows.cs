using Guichet.Journal;
using Guichet.Links;
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

    /// <summary>What the lists of sessions show, sort and filter by: the generated columns of <c>sessions</c>.</summary>
    public static object SummaryOf(SessionState state) => new
    {
        state.Details?.ShowId,
        state.Details?.SeriesId,
        state.Details?.Place,
        state.Details?.Zone,
        state.Details?.Currency,
        state.Details?.LocalStart,
        state.Start,
        state.Status,
        state.Shareable,
        state.Capacity,
        Tally = state.Current is { } current
            ? new { current.Version, current.At, current.By, current.Source, current.SourceName, current.Figures.Sold, current.Figures.Reserved, current.Figures.Free, current.Figures.GrossMinor }
            : null,
        PreviousSold = state.Previous?.Sold,
        Incoming = state.Incoming is { } incoming ? new { incoming.LinkId, incoming.State, incoming.SourceVersion, incoming.SenderName, incoming.LagMs } : null,
        Outgoing = state.Outgoing.Count(link => link.State != ConnectionState.Ended),
    };
}
