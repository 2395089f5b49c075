using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Tallies;

/// <summary>How many places were sold on each of the last days, over every session on sale.</summary>
public sealed class DailySales(Database database)
{
    /// <summary>
    /// One figure for each of the last <paramref name="days"/> days, oldest first, today last. A day's sales are what its versions added;
    /// a session's first version isn't a day's sales and doesn't count. A correction can make a day negative.
    /// </summary>
    /// <param name="zone">IANA name of the zone whose days are meant.</param>
    public async Task<ImmutableArray<long>> Of(
        string organisation, string zone, DateTimeOffset startOfToday, int days, CancellationToken cancellation = default)
    {
        const string sql = """
            WITH today AS (SELECT (@startOfToday::timestamptz AT TIME ZONE @zone)::date AS day),
            made AS (
              SELECT (t.at AT TIME ZONE @zone)::date AS day, t.sold - before.sold AS sold
              FROM sessions s
              JOIN tallies t ON t.organisation = s.organisation AND t.session_id = s.id
              JOIN tallies before ON before.organisation = t.organisation AND before.session_id = t.session_id AND before.version = t.version - 1
              WHERE s.organisation = @organisation AND s.status = 'onSale' AND t.at >= @startOfToday::timestamptz - @days * interval '1 day')
            SELECT coalesce(sum(made.sold), 0)::bigint
            FROM today CROSS JOIN generate_series(0, @days - 1) AS ago LEFT JOIN made ON made.day = today.day - ago
            GROUP BY ago ORDER BY ago DESC
            """;
        return [.. await database.Query<long>(organisation, sql, new { organisation, zone, startOfToday, days }, cancellation)];
    }
}
