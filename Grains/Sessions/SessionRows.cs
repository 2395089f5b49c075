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

    /// <summary>What the lists of sessions show, sort and filter by: the columns of <c>sessions</c>.</summary>
    public static object SummaryOf(SessionState state) => new
    {
        state.Details?.ShowId,
        state.Details?.SeriesId,
        state.Details?.Place,
        state.Details?.Zone,
        state.Details?.Currency,
        StartAt = state.Start,
        state.Details?.LocalStart,
        state.Status,
        state.Shareable,
        state.Capacity,
        TallyVersion = state.CurrentVersion,
        TallyAt = state.Current?.At,
        TallyBy = state.Current?.By,
        TallySource = state.Current?.Source,
        TallySourceName = state.Current?.SourceName,
        Sold = state.Current?.Figures.Sold ?? 0,
        Reserved = state.Current?.Figures.Reserved ?? 0,
        Free = state.Current?.Figures.Free ?? 0,
        state.Current?.Figures.GrossMinor,
        SoldUnpriced = state.Current?.Figures.SoldUnpriced ?? 0,
        PreviousSold = state.Previous?.Sold,
        IncomingLink = state.Incoming?.LinkId,
        IncomingFrom = state.Incoming?.SenderName,
        IncomingState = state.Incoming?.State,
        IncomingVersion = state.Incoming?.SourceVersion,
        state.Incoming?.LagMs,
        OutgoingCount = state.Outgoing.Count(link => link.State != ConnectionState.Ended),
    };
}
