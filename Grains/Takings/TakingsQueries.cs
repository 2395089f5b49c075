using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Takings;

/// <summary>What takings are reckoned from, on the tables of sessions and tallies.</summary>
public sealed class TakingsQueries(Database database)
{
    /// <summary>
    /// The sessions played or to be played in those days, on the walls of their places, in their order. Drafts and cancelled ones took nothing.
    /// </summary>
    public async Task<ImmutableArray<ReturnSession>> Played(string organisation, Quarter quarter, CancellationToken cancellation = default)
    {
        // The instant narrows by the index, a day's room for zones; the wall decides.
        const string sql = """
            SELECT s.id, h.title, h.state -> 'details' ->> 'genre' AS genre, s.place, s.local_start, s.currency, s.tally_version,
                   s.sold, s.reserved, s.free, s.gross_minor, s.state -> 'details' ->> 'tariffs' AS tariffs, t.lines::text AS lines,
                   CASE WHEN t.source = 'Link' OR s.incoming_state IN ('live', 'suspended') THEN coalesce(s.incoming_from, t.source_name, '') END AS received_from
            FROM sessions s
            JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
            LEFT JOIN tallies t ON t.organisation = s.organisation AND t.session_id = s.id AND t.version = s.tally_version
            WHERE s.organisation = @organisation AND s.status IN ('onSale', 'closed')
              AND s.start_at >= @first::timestamptz - interval '2 days' AND s.start_at < @end::timestamptz + interval '2 days'
              AND s.local_start >= @firstDay AND s.local_start < @endDay
            ORDER BY s.local_start, s.id
            """;
        var rows = await database.Query<SessionRecord>(
            organisation, sql,
            new
            {
                organisation,
                first = quarter.First.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
                end = quarter.End.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
                firstDay = quarter.First.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                endDay = quarter.End.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            },
            cancellation);
        return [.. rows.Select(row => new ReturnSession(
            row.Id, row.Title, row.Genre, row.Place, Columns.Local(row.Local_Start), row.Currency, row.Tally_Version,
            row.Tally_Version > 0 ? new TallyFigures(row.Sold, row.Reserved, row.Free, row.Gross_Minor) : null,
            row.Lines is null ? [] : Json.Read<ImmutableArray<TallyLine>>(row.Lines), Json.Read<ImmutableArray<Tariff>>(row.Tariffs), row.Received_From))];
    }

    private sealed record SessionRecord(
        string Id, string Title, string? Genre, string Place, string Local_Start, string Currency, int Tally_Version,
        int Sold, int Reserved, int Free, long? Gross_Minor, string Tariffs, string? Lines, string? Received_From);
}
