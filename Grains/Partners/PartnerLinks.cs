using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Sessions;

namespace Guichet.Partners;

/// <summary>Whose page a link opens.</summary>
public sealed record LinkedPartner(string Organisation, string PartnerId);

/// <param name="Count">Links that open the page now.</param>
/// <param name="Last">When the last of them was made; null where there is none.</param>
public sealed record GivenLinks(int Count, DateTimeOffset? Last);

/// <summary>Links to partners' pages. Whoever has one sees that partner's figures, so that no store holds more than their hashes.</summary>
public sealed class PartnerLinks(Database database, TimeProvider time)
{
    /// <summary>From the root of the installation.</summary>
    public static string PathOf(string secret) => $"/r/{secret}";

    private const string Opens = """
        p.name IS NOT NULL AND NOT p.archived AND NOT coalesce(p.state -> 'page' ? 'revoked', false)
              AND l.number = coalesce((p.state -> 'page' ->> 'number')::integer, @number)
              AND l.made_at + make_interval(days => coalesce((p.state -> 'page' ->> 'days')::integer, @days)) > @now
        """;

    /// <summary>Null for one that never was, is too old, was revoked, or whose partner is archived: which of these is nobody's business.</summary>
    public async Task<LinkedPartner?> Find(string? secret, CancellationToken cancellation)
    {
        const string sql = $"""
            SELECT l.organisation, l.partner_id FROM partner_links l
            JOIN partners p ON p.organisation = l.organisation AND p.id = l.partner_id
            WHERE l.hash = @hash AND {Opens}
            """;
        return Secrets.IsFormedShort(secret)
            ? await database.QueryFirst<LinkedPartner>(Database.Everyone, sql, new
            {
                hash = Secrets.Hash(secret!),
                number = PartnerPageAccess.Default.Number,
                days = PartnerPageAccess.Default.Days,
                now = time.GetUtcNow().UtcDateTime,
            }, cancellation)
            : null;
    }

    public async Task<GivenLinks> Given(string organisation, string partnerId, CancellationToken cancellation)
    {
        const string sql = $"""
            SELECT count(*)::integer AS count, max(l.made_at) AS last FROM partner_links l
            JOIN partners p ON p.organisation = l.organisation AND p.id = l.partner_id
            WHERE l.organisation = @organisation AND l.partner_id = @partnerId AND {Opens}
            """;
        var row = (await database.QueryFirst<GivenRecord>(organisation, sql, new
        {
            organisation,
            partnerId,
            number = PartnerPageAccess.Default.Number,
            days = PartnerPageAccess.Default.Days,
            now = time.GetUtcNow().UtcDateTime,
        }, cancellation))!;
        return new GivenLinks(row.Count, row.Last is { } at ? Columns.Utc(at) : null);
    }

    private sealed record GivenRecord(int Count, DateTime? Last);
}
