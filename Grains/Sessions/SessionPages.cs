using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Sessions;

/// <param name="Statuses">Empty for all.</param>
/// <param name="From">Sessions that start at or after it.</param>
/// <param name="To">Sessions that start before it.</param>
/// <param name="ModifiedSince">Sessions of which anything, their tallies included, changed at or after it.</param>
public sealed record SessionPageFilter(
    ImmutableArray<SessionStatus> Statuses, string? Search = null, string? ShowId = null, string? SeriesId = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null, DateTimeOffset? ModifiedSince = null);

/// <summary>A session's place in the order of the list.</summary>
public sealed record SessionPosition(DateTimeOffset Start, string Id);

/// <param name="ModifiedAt">When anything of it, its tallies included, last changed.</param>
public sealed record SessionEntry(
    string Id, string ShowId, string Title, string? SeriesId, string Place, DateTimeOffset Start, string Zone, SessionStatus Status, int Capacity,
    int Version, DateTimeOffset? TallyAt, int Sold, int Reserved, int Free, long? GrossMinor, int SoldUnpriced, string Currency, string? ReceivesFrom, DateTimeOffset ModifiedAt);

public sealed record ShowEntry(string Id, long Revision, ShowDetails Details, bool Archived);

public sealed record SeriesEntry(string Id, string ShowId, string Name);

/// <summary>
/// Lists for programs that read everything, page after page: each page goes on after the last row of the one before, so that rows which
/// come and go meanwhile neither repeat others nor hide them. What was only ever refused has a row without content, which is left out.
/// </summary>
public sealed class SessionPages(Database database)
{
    public async Task<ImmutableArray<SessionEntry>> Sessions(
        string organisation, SessionPageFilter filter, SessionPosition? after, int limit, CancellationToken cancellation)
    {
        const string sql = """
            SELECT s.id, s.show_id, h.title, s.series_id, s.place, s.start_at, s.zone, s.status, s.capacity, s.tally_version, s.tally_at,
                   s.sold, s.reserved, s.free, s.gross_minor, s.sold_unpriced, s.currency,
                   CASE WHEN s.incoming_state <> 'ended' THEN s.incoming_from END AS receives_from, last.at AS modified_at
            FROM sessions s
            JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
            CROSS JOIN LATERAL (
              SELECT j.at FROM journal j
              WHERE j.organisation = s.organisation AND j.kind = 'sessions' AND j.id = s.id AND j.events <> '[]'
              ORDER BY j.sequence DESC LIMIT 1) AS last
            WHERE s.organisation = @organisation
              AND (cardinality(@statuses) = 0 OR s.status = ANY (@statuses))
              AND (@showId::text IS NULL OR s.show_id = @showId)
              AND (@seriesId::text IS NULL OR s.series_id = @seriesId)
              AND (@from::timestamptz IS NULL OR s.start_at >= @from)
              AND (@to::timestamptz IS NULL OR s.start_at < @to)
              AND (@modifiedSince::timestamptz IS NULL OR last.at >= @modifiedSince)
              AND (@search::text IS NULL OR h.search || ' ' || folded(s.place) LIKE '%' || folded(@search) || '%')
              AND (@afterId::text IS NULL OR (s.start_at, s.id) > (@afterStart, @afterId))
            ORDER BY s.start_at, s.id LIMIT @limit
            """;
        var rows = await database.Query<SessionRecord>(organisation, sql, new
        {
            organisation,
            statuses = filter.Statuses.IsDefault ? [] : filter.Statuses.Select(status => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(status.ToString())).ToArray(),
            search = Plain(filter.Search),
            showId = filter.ShowId,
            seriesId = filter.SeriesId,
            from = filter.From?.ToUniversalTime(),
            to = filter.To?.ToUniversalTime(),
            modifiedSince = filter.ModifiedSince?.ToUniversalTime(),
            afterStart = (after?.Start ?? DateTimeOffset.UnixEpoch).ToUniversalTime(),
            afterId = after?.Id,
            limit,
        }, cancellation);
        return [.. rows.Select(row => new SessionEntry(
            row.Id, row.Show_Id, row.Title, row.Series_Id, row.Place, Columns.Utc(row.Start_At), row.Zone, Enum.Parse<SessionStatus>(row.Status, ignoreCase: true), row.Capacity,
            row.Tally_Version, row.Tally_At is { } at ? Columns.Utc(at) : null, row.Sold, row.Reserved, row.Free, row.Gross_Minor, row.Sold_Unpriced, row.Currency, row.Receives_From,
            Columns.Utc(row.Modified_At)))];
    }

    public async Task<ImmutableArray<ShowEntry>> Shows(
        string organisation, string? search, bool archived, string? after, int limit, CancellationToken cancellation)
    {
        const string sql = """
            SELECT id, (state ->> 'revision')::bigint AS revision, (state -> 'details')::text AS details, archived FROM shows
            WHERE organisation = @organisation AND title IS NOT NULL AND (@archived OR NOT archived) AND (@after::text IS NULL OR id > @after)
              AND (@search::text IS NULL OR search LIKE '%' || folded(@search) || '%')
            ORDER BY id LIMIT @limit
            """;
        var rows = await database.Query<ShowRecord>(organisation, sql, new { organisation, search = Plain(search), archived, after, limit }, cancellation);
        return [.. rows.Select(row => new ShowEntry(row.Id, row.Revision, Json.Read<ShowDetails>(row.Details), row.Archived))];
    }

    public async Task<ImmutableArray<SeriesEntry>> Series(string organisation, string? showId, string? after, int limit, CancellationToken cancellation)
    {
        const string sql = """
            SELECT id, show_id, name FROM series
            WHERE organisation = @organisation AND show_id IS NOT NULL AND (@showId::text IS NULL OR show_id = @showId) AND (@after::text IS NULL OR id > @after)
            ORDER BY id LIMIT @limit
            """;
        var rows = await database.Query<SeriesRecord>(organisation, sql, new { organisation, showId, after, limit }, cancellation);
        return [.. rows.Select(row => new SeriesEntry(row.Id, row.Show_Id, row.Name))];
    }

    /// <summary>With the pattern's own wildcards made plain.</summary>
    private static string? Plain(string? search) => search?.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_");

    private sealed record SessionRecord(
        string Id, string Show_Id, string Title, string? Series_Id, string Place, DateTime Start_At, string Zone, string Status, int Capacity, int Tally_Version,
        DateTime? Tally_At, int Sold, int Reserved, int Free, long? Gross_Minor, int Sold_Unpriced, string Currency, string? Receives_From, DateTime Modified_At);

    private sealed record ShowRecord(string Id, long Revision, string Details, bool Archived);

    private sealed record SeriesRecord(string Id, string Show_Id, string Name);
}
