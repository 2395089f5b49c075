using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dapper;
using Guichet.Journal;
using Microsoft.Extensions.Logging;

namespace Guichet.Contacts;

/// <summary>
/// Reads what indicators go by, of the contact's own activities and, for a structure, of those that are shown with it. Sales come by the
/// day: as many rows as there are days, however many orders.
/// </summary>
public sealed class ContactIndicatorQueries(Database database, TimeProvider time, ILogger<ContactIndicatorQueries> logger)
{
    /// <summary>Where an organisation's clients are parted is worked out anew after so long; each node for itself.</summary>
    private static readonly TimeSpan BandsLast = TimeSpan.FromHours(12);

    /// <summary>A page doesn't wait longer for them: the next one has them.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(150);

    /// <summary>Of the purchases with a subscription or membership the last so many, of those not older than ten years.</summary>
    private const int MostLasting = 200;

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, Task<ImmutableDictionary<string, ValueBands>> Bands)> bands = new(StringComparer.Ordinal);

    /// <param name="today">In the organisation's zone.</param>
    public async Task<(ContactIndicators Indicators, SeasonCalendar Seasons)> Of(string organisation, string contact, DateOnly today, CancellationToken cancellation = default)
    {
        var compared = BandsOf(organisation, cancellation);
        const string sql = """
            WITH zone AS MATERIALIZED (SELECT organisation_zone(@organisation) AS id),
              people AS MATERIALIZED (SELECT h.contact_id, h.during FROM contact_histories(@organisation, @contact) h),
              sales AS (
                SELECT (a.occurred_at AT TIME ZONE (SELECT id FROM zone))::date AS day, a.channel, a.currency, a.amount, p.during
                FROM people p JOIN contact_activities a ON a.organisation = @organisation AND a.contact_id = p.contact_id AND a.kind = 'purchase' AND NOT a.cancelled)
            SELECT s.day::text AS day, s.channel, s.currency, count(*)::integer AS orders, sum(s.amount)::bigint AS net
            FROM sales s WHERE s.during IS NULL OR s.during @> s.day GROUP BY s.day, s.channel, s.currency;

            WITH zone AS MATERIALIZED (SELECT organisation_zone(@organisation) AS id),
              people AS MATERIALIZED (SELECT h.contact_id, h.during FROM contact_histories(@organisation, @contact) h)
            SELECT DISTINCT (o.session_at AT TIME ZONE (SELECT id FROM zone))::date::text AS day
            FROM people p JOIN contact_outings o ON o.organisation = @organisation AND o.contact_id = p.contact_id AND o.state IN ('bought', 'expected') AND o.quantity > 0
            WHERE p.during IS NULL OR p.during @> (o.occurred_at AT TIME ZONE (SELECT id FROM zone))::date
            UNION
            SELECT (a.occurred_at AT TIME ZONE (SELECT id FROM zone))::date::text
            FROM people p JOIN contact_activities a ON a.organisation = @organisation AND a.contact_id = p.contact_id AND a.kind = 'purchase' AND NOT a.cancelled AND NOT a.dated
            WHERE p.during IS NULL OR p.during @> (a.occurred_at AT TIME ZONE (SELECT id FROM zone))::date;

            WITH zone AS MATERIALIZED (SELECT organisation_zone(@organisation) AS id),
              people AS MATERIALIZED (SELECT h.contact_id, h.during FROM contact_histories(@organisation, @contact) h)
            SELECT (o.session_at AT TIME ZONE (SELECT id FROM zone))::date::text AS day, o.state = 'attended' AS came, sum(o.quantity)::integer AS places
            FROM people p JOIN contact_outings o ON o.organisation = @organisation AND o.contact_id = p.contact_id AND o.state IN ('attended', 'absent')
            WHERE p.during IS NULL OR p.during @> (o.occurred_at AT TIME ZONE (SELECT id FROM zone))::date
            GROUP BY 1, 2;

            WITH zone AS MATERIALIZED (SELECT organisation_zone(@organisation) AS id),
              people AS MATERIALIZED (SELECT h.contact_id, h.during FROM contact_histories(@organisation, @contact) h)
            SELECT (a.occurred_at AT TIME ZONE (SELECT id FROM zone))::date::text AS day, a.content, a.left_of
            FROM people p JOIN contact_activities a ON a.organisation = @organisation AND a.contact_id = p.contact_id AND a.lasting AND NOT a.cancelled AND a.occurred_at > @ten_years_ago
            WHERE p.during IS NULL OR p.during @> (a.occurred_at AT TIME ZONE (SELECT id FROM zone))::date
            ORDER BY a.occurred_at DESC LIMIT @most;

            SELECT coalesce((state -> 'details' ->> 'seasonMonth')::integer, @usual) FROM organisations WHERE organisation = @organisation LIMIT 1
            """;
        return await database.QueryMany(organisation, sql, new { organisation, contact, most = MostLasting, usual = SeasonCalendar.Usual, ten_years_ago = time.GetUtcNow().AddYears(-10).UtcDateTime }, async read =>
        {
            ImmutableArray<SalesDay> sales = [.. (await read.ReadAsync<SalesRecord>()).Select(row => new SalesDay(Day(row.Day), row.Channel, row.Currency, row.Orders, row.Net))];
            ImmutableArray<DateOnly> active = [.. (await read.ReadAsync<string>()).Select(Day)];
            ImmutableArray<AttendanceDay> attendances = [.. (await read.ReadAsync<AttendanceRecord>()).Select(row => new AttendanceDay(Day(row.Day), row.Came, row.Places))];
            ImmutableArray<LastingProduct> lasting = [.. (await read.ReadAsync<LastingRecord>()).SelectMany(Lasting)];
            var months = (await read.ReadAsync<int>()).AsList();
            var seasons = new SeasonCalendar(months is [var month] ? month : SeasonCalendar.Usual);
            return (ContactIndicators.Of(new IndicatorFacts(sales, active, attendances, lasting, await compared), seasons, today), seasons);
        }, cancellation);
    }

    /// <summary>Those worked out last, or none yet.</summary>
    private async Task<ImmutableDictionary<string, ValueBands>> BandsOf(string organisation, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var before = bands.GetValueOrDefault(organisation);
        if (before.Bands is null || now - before.At > BandsLast || before.Bands.IsFaulted)
        {
            var fresh = (now, Task.Run(() => Part(organisation, now), CancellationToken.None));
            bands[organisation] = fresh;
            try
            {
                return await fresh.Item2.WaitAsync(LongestWait, time, cancellation);
            }
            catch (TimeoutException)
            {
                return before.Bands is { IsCompletedSuccessfully: true } old ? old.Result : ImmutableDictionary<string, ValueBands>.Empty;
            }
        }
        return before.Bands.IsCompletedSuccessfully ? before.Bands.Result : ImmutableDictionary<string, ValueBands>.Empty;
    }

    private async Task<ImmutableDictionary<string, ValueBands>> Part(string organisation, DateTimeOffset now)
    {
        const string sql = """
            SELECT v.currency, percentile_disc(0.5) WITHIN GROUP (ORDER BY v.net)::bigint AS half, percentile_disc(0.8) WITHIN GROUP (ORDER BY v.net)::bigint AS fifth, count(*)::integer AS clients
            FROM (
              SELECT contact_id, currency, sum(amount) AS net FROM contact_activities
              WHERE organisation = @organisation AND kind = 'purchase' AND NOT cancelled AND occurred_at > @since
              GROUP BY contact_id, currency HAVING sum(amount) > 0) v
            GROUP BY v.currency
            """;
        try
        {
            var rows = await database.Query<BandsRecord>(organisation, sql, new { organisation, since = now.AddMonths(-ContactIndicators.ValueMonths).UtcDateTime });
            return rows.ToImmutableDictionary(row => row.Currency, row => new ValueBands(row.Half, row.Fifth, row.Clients), StringComparer.Ordinal);
        }
        catch (Exception failure)
        {
            // Without them a value is shown without its band; the next page tries again.
            ContactLog.BandsFailed(logger, failure, organisation);
            bands.TryRemove(organisation, out _);
            return ImmutableDictionary<string, ValueBands>.Empty;
        }
    }

    private static IEnumerable<LastingProduct> Lasting(LastingRecord row)
    {
        var purchase = (Purchase)Json.Read<ActivityContent>(row.Content);
        return purchase.Lines.Where((line, i) => line.Product is ProductKind.Subscription or ProductKind.Membership && (row.Left_Of is null || row.Left_Of[i] > 0))
            .Select(line => new LastingProduct(line.Product, line.Title, Day(row.Day), line.ValidFrom, line.ValidUntil));
    }

    private static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);

    private sealed record SalesRecord(string Day, string? Channel, string Currency, int Orders, long Net);

    private sealed record AttendanceRecord(string Day, bool Came, int Places);

    private sealed class LastingRecord
    {
        public string Day { get; init; } = "";
        public string Content { get; init; } = "";
        public int[]? Left_Of { get; init; }
    }

    private sealed record BandsRecord(string Currency, long Half, long Fifth, int Clients);
}

internal static partial class ContactLog
{
    [LoggerMessage(LogLevel.Warning, "How clients of {Organisation} compare can't be worked out")]
    public static partial void BandsFailed(ILogger logger, Exception failure, string organisation);
}
