using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Links;

/// <summary>The links of one organisation for programs that read them all, page after page, each going on after the last of the one before.</summary>
public sealed class LinkPages(Database database, LinkQueries queries, TimeProvider time)
{
    /// <param name="side">On which side this organisation is; null for both.</param>
    /// <param name="after">The last one of the page before; null for the first page.</param>
    public async Task<ImmutableArray<LinkRow>> Of(string organisation, LinkSide? side, string? after, int limit, CancellationToken cancellation)
    {
        const string sql = """
            SELECT organisation, id, jsonb_set(state, ARRAY['history'], '[]')::text AS state FROM links
            WHERE (organisation = @organisation OR receiver_organisation = @organisation)
              AND (@sends::boolean IS NULL OR (organisation = @organisation) = @sends)
              AND (@after::text IS NULL OR id > @after)
            ORDER BY id LIMIT @limit
            """;
        var rows = await database.Query<LinkRecord>(
            organisation, sql, new { organisation, sends = side is { } asked ? asked == LinkSide.Sender : (bool?)null, after, limit }, cancellation);
        var progress = await queries.Progress(organisation, rows.Select(row => new LinkPlace(row.Organisation, row.Id)), cancellation);
        var now = time.GetUtcNow();
        return [.. rows.Select(row => new LinkRow(
            LinkViews.Of(Json.Read<LinkState>(row.State), row.Id, row.Organisation == organisation ? LinkSide.Sender : LinkSide.Receiver, now),
            progress.GetValueOrDefault(row.Id)))];
    }

    private sealed record LinkRecord(string Organisation, string Id, string State);
}
