using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Organisations;

namespace Guichet.Partners;

/// <summary>
/// What a partner is associated with, as rows that lists and runs join, and the links to its page. Written in the order of what happened: what is
/// taken away may come back.
/// </summary>
public static class PartnerRows
{
    public static IEnumerable<Row> Of(string organisation, string id, PartnerEvent happened) => happened switch
    {
        PartnerAssociated associated => Rows(associated.Sessions, associated.Series, (table, column, ids) => new Associated(table, column, organisation, id, ids, associated.At)),
        PartnerDissociated gone => Rows(gone.Sessions, gone.Series, (table, column, ids) => new Dissociated(table, column, organisation, id, ids)),
        PartnerLinkIssued { Hash: { } hash } issued => [new LinksGone(organisation, id), new LinkMade(organisation, id, issued.Number, hash, issued.At)],
        PartnerLinksRevoked => [new LinksGone(organisation, id)],
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

    private sealed record LinkMade(string Organisation, string Id, int Number, SecretHash Hash, DateTimeOffset At) : Row
    {
        public override Statement ToStatement() => new(
            "INSERT INTO partner_links (hash, organisation, partner_id, number, made_at) VALUES (decode($1, 'hex'), $2, $3, $4, $5)",
            Hash.Value, Organisation, Id, Number, At.UtcDateTime);
    }

    private sealed record LinksGone(string Organisation, string Id) : Row
    {
        public override Statement ToStatement() => new("DELETE FROM partner_links WHERE organisation = $1 AND partner_id = $2", Organisation, Id);
    }

    private sealed record Dissociated(string Table, string Column, string Organisation, string Id, ImmutableArray<string> Ids) : Row
    {
        public override Statement ToStatement() => new(
            $"DELETE FROM {Table} WHERE organisation = $1 AND partner_id = $2 AND {Column} = ANY ($3)", Organisation, Id, Ids.ToArray());
    }
}
