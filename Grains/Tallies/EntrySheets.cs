using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Sessions;

namespace Guichet.Tallies;

/// <summary>A session as the daily entry needs it: what its grid is made of, its current tally and its draft.</summary>
public sealed record EntrySheet(string SessionId, string Title, string? SeriesName, SessionState State);

/// <summary>The sessions whose tallies are typed, to go through one after the other.</summary>
public sealed class EntrySheets(Database database)
{
    public const int Most = 200;

    /// <summary>
    /// Sessions on sale that start from <paramref name="from"/> on and don't receive their tallies over a link, by date; at most <see cref="Most"/>.
    /// </summary>
    public async Task<ImmutableArray<EntrySheet>> Of(string organisation, DateTimeOffset from, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT s.id, h.title, r.name AS series_name, s.state::text AS state
            FROM sessions s
            JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
            LEFT JOIN series r ON r.organisation = s.organisation AND r.id = s.series_id
            WHERE s.organisation = @organisation AND s.status = 'onSale' AND s.start_at >= @from AND coalesce(s.incoming_state, 'ended') = 'ended'
            ORDER BY s.start_at, s.id LIMIT @most
            """;
        var rows = await database.Query<Record>(organisation, sql, new { organisation, from, most = Most }, cancellation);
        return [.. rows.Select(row => new EntrySheet(row.Id, row.Title, row.Series_Name, Json.Read<SessionState>(row.State)))];
    }

    private sealed record Record(string Id, string Title, string? Series_Name, string State);
}
