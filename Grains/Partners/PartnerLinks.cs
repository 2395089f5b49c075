using Guichet.Journal;
using Guichet.Organisations;

namespace Guichet.Partners;

/// <summary>Whose page a link opens.</summary>
public sealed record LinkedPartner(string Organisation, string PartnerId);

/// <summary>Links to partners' pages. Whoever has one sees that partner's figures, so that no store holds more than their hashes.</summary>
public sealed class PartnerLinks(Database database, TimeProvider time)
{
    /// <summary>From the root of the installation.</summary>
    public static string PathOf(string secret) => $"/r/{secret}";

    /// <summary>Null for one that never was, is too old, was revoked, or whose partner is archived: which of these is nobody's business.</summary>
    public async Task<LinkedPartner?> Find(string? secret, CancellationToken cancellation)
    {
        const string sql = """
            SELECT l.organisation, l.partner_id FROM partner_links l
            JOIN partners p ON p.organisation = l.organisation AND p.id = l.partner_id
            WHERE l.hash = @hash AND p.name IS NOT NULL AND NOT p.archived AND NOT coalesce(p.state -> 'page' ? 'revoked', false)
              AND l.number = coalesce((p.state -> 'page' ->> 'number')::integer, @number)
              AND l.made_at + make_interval(days => coalesce((p.state -> 'page' ->> 'days')::integer, @days)) > @now
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
}
