using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Journal;

namespace Guichet.Portals;

/// <summary>One look of the support at a client's space.</summary>
/// <param name="Page"><see cref="SpacePage.Visit"/> when it began.</param>
public sealed record SupportView(DateTimeOffset At, string By, SpacePage Page, string Reason);

public sealed class SupportViews(Database database)
{
    /// <summary>The latest first, at most <paramref name="limit"/>; those of contacts that it took over among them. The journal has all.</summary>
    public async Task<ImmutableArray<SupportView>> Of(string organisation, string contact, int limit, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT at, support_name, page, reason FROM support_views
            WHERE organisation = @organisation AND contact_id IN (SELECT contact_ids(@organisation, @contact)) ORDER BY at DESC LIMIT @limit
            """;
        var rows = await database.Query<Row>(organisation, sql, new { organisation, contact, limit }, cancellation);
        return [.. rows.Select(row => new SupportView(new DateTimeOffset(DateTime.SpecifyKind(row.At, DateTimeKind.Utc)), row.SupportName, ContactQueries.Read<SpacePage>(row.Page), row.Reason))];
    }

    /// <summary>Whose space a visit is of, for the support contact that opened it; null for anything else.</summary>
    public Task<string?> ClientOf(string organisation, string visit, string support, CancellationToken cancellation = default) => database.QueryFirst<string>(
        organisation, "SELECT contact_id FROM support_views WHERE organisation = @organisation AND visit_id = @visit AND page = 'visit' AND support_id = @support LIMIT 1",
        new { organisation, visit = Ids.IsValid(visit) ? visit : "", support }, cancellation);

    private sealed record Row(DateTime At, string SupportName, string Page, string Reason);
}
