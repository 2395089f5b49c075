using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Partners;

/// <summary>What a partner is associated with, as rows that lists and runs join. Written in the order of what happened: what is taken away may come back.</summary>
public static class PartnerRows
{
    public static IEnumerable<Row> Of(string organisation, string id, PartnerEvent happened) => happened switch
    {
        PartnerAssociated associated => Rows(associated.Sessions, associated.Series, (table, column, ids) => new Associated(table, column, organisation, id, ids, associated.At)),
        PartnerDissociated gone => Rows(gone.Sessions, gone.Series, (table, column, ids) => new Dissociated(table, column, organisation, id, ids)),
        _ => [],
    };

    private static IEnumerable<Row> Rows(ImmutableArray<string> sessions, ImmutableArray<string> series, Func<string, string, ImmutableArray<string>, Row> row)
    {
        if (!sessions.IsEmpty) yield return row("partner_sessions", "session_id", sessions);
        if (!series.IsEmpty) yield return row("partner_series", "series_id", series);
    }

    private sealed record Associated(string Table, string Column, string Organisation, string Id, ImmutableArray<string> Ids, DateTimeOffset At) : Row
    {
        public override Statement ToStatement() => new(
            $"INSERT INTO {Table} (organisation, partner_id, {Column}, since) SELECT $1, $2, id, $4 FROM unnest($3) AS id ON CONFLICT DO NOTHING",
            Organisation, Id, Ids.ToArray(), At.UtcDateTime);
    }

    private sealed record Dissociated(string Table, string Column, string Organisation, string Id, ImmutableArray<string> Ids) : Row
    {
        public override Statement ToStatement() => new(
            $"DELETE FROM {Table} WHERE organisation = $1 AND partner_id = $2 AND {Column} = ANY ($3)", Organisation, Id, Ids.ToArray());
    }
}
