using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Partners;

/// <param name="Sessions">Ids of those associated one by one.</param>
/// <param name="Series">Ids of the series associated.</param>
public sealed record PartnerEntry(PartnerRow Row, ImmutableArray<string> Sessions, ImmutableArray<string> Series);

/// <summary>For programs that read every partner, page after page: each goes on after the last of the one before.</summary>
public sealed class PartnerPages(Database database)
{
    /// <param name="archived">The archived ones too.</param>
    /// <param name="after">The id of the last one of the page before; null at the start.</param>
    public async Task<ImmutableArray<PartnerEntry>> Read(
        string organisation, PartnerGroup? group, string? search, bool archived, string? after, int limit, CancellationToken cancellation)
    {
        const string sql = $"""
            WITH chosen AS (
              SELECT p.id, p.name, p.group_name, p.archived, p.state FROM partners p
              WHERE p.organisation = @organisation AND p.name IS NOT NULL AND (@archived OR NOT p.archived) AND (@after::text IS NULL OR p.id > @after)
                AND (@group::text IS NULL OR p.group_name = @group) AND (cardinality(@words) = 0 OR p.search LIKE ALL (@words))
              ORDER BY p.id LIMIT @limit),
            {PartnerQueries.Envelopes}
            SELECT {PartnerQueries.Selected}, (c.state -> 'sessions')::text AS session_ids, (c.state -> 'series')::text AS series_ids
            FROM chosen c LEFT JOIN envelopes e ON e.partner_id = c.id ORDER BY c.id
            """;
        var rows = await database.Query<PartnerQueries.RowRecord>(organisation, sql, new
        {
            organisation,
            archived,
            after,
            group = group is { } only ? PartnerQueries.Name(only) : null,
            words = SearchWords.Patterns(search),
            limit,
        }, cancellation);
        return [.. rows.Select(row => new PartnerEntry(row.ToRow(), Json.Read<ImmutableArray<string>>(row.Session_Ids!), Json.Read<ImmutableArray<string>>(row.Series_Ids!)))];
    }
}
