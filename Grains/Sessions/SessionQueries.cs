using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Tallies;

namespace Guichet.Sessions;

public enum SessionSort
{
    Start = 0,
    Title = 1,
    Sold = 2,
    Fill = 3,
    DeltaSinceYesterday = 4,
    Gross = 5,
    LastTally = 6,
    Place = 7,
    AveragePrice = 8,
}

/// <param name="Statuses">Empty for all.</param>
/// <param name="Search">Words of the title, producer or place; blind to case and accents.</param>
/// <param name="From">Sessions that start at or after it.</param>
/// <param name="To">Sessions that start before it.</param>
/// <param name="Limit">1 to 1,000.</param>
/// <param name="Place">Exactly this place.</param>
/// <param name="Attention">Only those that need it for this reason, seen from the day that the question names.</param>
/// <param name="Ids">Only these; empty for all.</param>
public sealed record SessionFilter(
    ImmutableArray<SessionStatus> Statuses, string? Search = null, string? ShowId = null, string? SeriesId = null,
    DateTimeOffset? From = null, DateTimeOffset? To = null,
    SessionSort Sort = SessionSort.Start, bool Descending = false, int Offset = 0, int Limit = 100,
    string? Place = null, AttentionReason? Attention = null, ImmutableArray<string> Ids = default);

/// <summary>A session in a list.</summary>
/// <param name="SoldYesterday">Sold of the last version before today began; null when there was none.</param>
/// <param name="SoldBefore">Sold of the version before the current one.</param>
/// <param name="GrossMinor">Null where revenue isn't known; of the places sold but <paramref name="SoldUnpriced"/>.</param>
/// <param name="Trend">Sold at the end of each of the last fourteen days, oldest first; shorter when the session is younger.</param>
/// <param name="IncomingFrom">The sender's name when it receives, else null.</param>
/// <param name="OutgoingCount">Links that it sends over and that are not over.</param>
/// <param name="TallyBy">Who validated the current version; null without one. Source and its name (a file, a token, a sender) likewise.</param>
public sealed record SessionRow(
    string Id, string ShowId, string Title, string? SeriesId, string? SeriesName, string Place, DateTime LocalStart, string Zone, DateTimeOffset Start,
    SessionStatus Status, int Capacity, int Version, DateTimeOffset? TallyAt, int Sold, int Reserved, int Free, long? GrossMinor, int SoldUnpriced, string Currency,
    int? SoldBefore, int? SoldYesterday, ImmutableArray<int> Trend, string? IncomingFrom, ConnectionState? IncomingState, long? LagMs, int OutgoingCount,
    string? TallyBy, TallySource? TallySource, string? TallySourceName)
{
    /// <summary>Places taken (sold and free) of those there are, 0 to 1 and above; null without capacity.</summary>
    public decimal? Fill => Capacity > 0 ? (decimal)(Sold + Free) / Capacity : null;

    public int? Delta => SoldBefore is null ? null : Sold - SoldBefore;

    public int? DeltaSinceYesterday => SoldYesterday is null ? null : Sold - SoldYesterday;

    /// <summary>Revenue for each place sold whose revenue is known, in minor units; null where there is none.</summary>
    public long? AveragePriceMinor => GrossMinor is { } gross && Sold > SoldUnpriced ? (long)decimal.Round((decimal)gross / (Sold - SoldUnpriced)) : null;
}

/// <summary>The sums of everything that the filter lets through, not of the page alone.</summary>
/// <param name="DeltaSinceYesterday">Of the sessions that had a tally before today began: one that enters its first tally today isn't a day's sales.</param>
/// <param name="TalliedToday">Sessions whose current version is of today.</param>
/// <param name="Gross">Sum of the known revenues in each currency, the largest first.</param>
/// <param name="SoldWithRevenue">Places sold whose revenue is known: what an average price divides by.</param>
public sealed record SessionTotals(
    int Count, long Sold, long Reserved, long Free, long Capacity, long DeltaSinceYesterday, int TalliedToday, ImmutableArray<Money> Gross, long SoldWithRevenue)
{
    /// <summary>Places taken of those there are; null without capacity.</summary>
    public decimal? Fill => Capacity > 0 ? (decimal)(Sold + Free) / Capacity : null;
}

public sealed record SessionPage(ImmutableArray<SessionRow> Rows, SessionTotals Totals);

/// <summary>A point of a sales curve.</summary>
public sealed record CurvePoint(DateTimeOffset At, int Version, int Sold, int Reserved, int Free, long? GrossMinor);

/// <summary>Another session of the same show, for comparison.</summary>
public sealed record Curve(string SessionId, string Place, DateTime LocalStart, DateTimeOffset Start, int Capacity, ImmutableArray<CurvePoint> Points);

/// <summary>A validated version in the table of versions.</summary>
public sealed record VersionRow(
    int Version, DateTimeOffset At, string By, TallySource Source, string? SourceName, string? Note, TallyFigures Figures, ImmutableArray<TallyLine> Lines);

public sealed record ShowRow(string Id, string Title, string? Producer, bool Archived, int Sessions, DateTimeOffset? Next);

/// <param name="Drafts">Those of its sessions that putting it on sale would put on sale.</param>
public sealed record SeriesRow(string Id, string ShowId, string ShowTitle, string Name, int Sessions, int Drafts, DateTimeOffset? First, DateTimeOffset? Last);

public sealed record SessionChoices(ImmutableArray<SessionChoices.Show> Shows, ImmutableArray<string> Places)
{
    public sealed record Show(string Id, string Title);
}

/// <summary>Lists of shows, series and sessions, on their state tables.</summary>
public sealed class SessionQueries(Database database)
{
    private const string Found = $"""
        SELECT s.*, h.title, before.sold_yesterday
        FROM sessions s
        JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
        LEFT JOIN LATERAL (
          SELECT t.sold AS sold_yesterday FROM tallies t
          WHERE t.organisation = s.organisation AND t.session_id = s.id AND t.at < @startOfToday
          ORDER BY t.at DESC, t.version DESC LIMIT 1) AS before ON true
        WHERE s.organisation = @organisation
          AND (cardinality(@statuses) = 0 OR s.status = ANY (@statuses))
          AND (@showId::text IS NULL OR s.show_id = @showId)
          AND (@seriesId::text IS NULL OR s.series_id = @seriesId)
          AND (@from::timestamptz IS NULL OR s.start_at >= @from)
          AND (@to::timestamptz IS NULL OR s.start_at < @to)
          AND (@place::text IS NULL OR s.place = @place)
          AND (cardinality(@ids) = 0 OR s.id = ANY (@ids))
          AND CASE @attention::text
                WHEN 'noTally' THEN {SessionAttention.NoTally}
                WHEN 'overCapacity' THEN {SessionAttention.OverCapacity}
                WHEN 'linkSuspended' THEN {SessionAttention.LinkSuspended}
                WHEN 'playedStillOnSale' THEN {SessionAttention.PlayedStillOnSale}
                ELSE true END
          AND (cardinality(@words) = 0 OR h.search || ' ' || folded(s.place) LIKE ALL (@words))
        """;

    /// <param name="startOfToday">When today began in the organisation's zone: "since yesterday" counts from it.</param>
    public Task<SessionPage> List(string organisation, SessionFilter filter, DateTimeOffset startOfToday, CancellationToken cancellation = default)
    {
        var order = OrderOf(filter);
        var sql = $"""
            WITH found AS ({Found})
            SELECT count(*)::integer AS count, coalesce(sum(sold), 0)::bigint AS sold, coalesce(sum(reserved), 0)::bigint AS reserved,
                   coalesce(sum(free), 0)::bigint AS free, coalesce(sum(capacity), 0)::bigint AS capacity,
                   coalesce(sum(sold - sold_yesterday), 0)::bigint AS delta, (count(*) FILTER (WHERE tally_at >= @startOfToday))::integer AS tallied_today,
                   CASE WHEN sum(sold) > 0 THEN sum(gross_minor) ELSE coalesce(sum(gross_minor), 0) END::bigint AS gross_minor,
                   coalesce(sum(sold - sold_unpriced) FILTER (WHERE gross_minor IS NOT NULL), 0)::bigint AS sold_with_revenue, currency
            FROM found GROUP BY currency ORDER BY sum(gross_minor) DESC NULLS LAST;

            WITH found AS ({Found} ORDER BY {order} LIMIT @limit OFFSET @offset)
            SELECT f.id, f.show_id, f.title, f.series_id, r.name AS series_name, f.place, f.local_start, f.zone, f.start_at, f.status, f.capacity,
                   f.tally_version, f.tally_at, f.sold, f.reserved, f.free, f.gross_minor, f.sold_unpriced, f.currency, f.previous_sold, f.sold_yesterday,
                   trend.points AS trend, f.incoming_from, f.incoming_state,
                   f.lag_ms, f.outgoing_count, f.tally_by, f.tally_source, f.tally_source_name
            FROM found f
            LEFT JOIN series r ON r.organisation = f.organisation AND r.id = f.series_id
            LEFT JOIN LATERAL (
              SELECT string_agg(last.sold::text, ',' ORDER BY ago DESC) AS points
              FROM generate_series(0, 13) AS ago
              CROSS JOIN LATERAL (
                SELECT t.sold FROM tallies t
                WHERE t.organisation = f.organisation AND t.session_id = f.id AND t.at < @startOfToday::timestamptz + (1 - ago) * interval '1 day'
                ORDER BY t.at DESC, t.version DESC LIMIT 1) AS last) AS trend ON true
            ORDER BY {order}
            """;
        var parameters = new
        {
            organisation,
            startOfToday,
            statuses = filter.Statuses.IsDefault ? [] : filter.Statuses.Select(status => Name(status)).ToArray(),
            place = filter.Place,
            ids = filter.Ids.IsDefault ? [] : filter.Ids.ToArray(),
            attention = filter.Attention is { } reason ? Name(reason) : null,
            staleBefore = startOfToday - SessionAttention.LongestSilence,
            showId = filter.ShowId,
            seriesId = filter.SeriesId,
            from = filter.From,
            to = filter.To,
            words = SearchWords.Patterns(filter.Search),
            limit = Math.Clamp(filter.Limit, 1, 1_000),
            offset = Math.Max(0, filter.Offset),
        };
        return database.QueryMany(organisation, sql, parameters, async results =>
        {
            var totals = (await results.ReadAsync<TotalsRecord>()).ToImmutableArray();
            var rows = await results.ReadAsync<RowRecord>();
            return new SessionPage([.. rows.Select(row => row.ToRow())], new SessionTotals(
                totals.Sum(total => total.Count), totals.Sum(total => total.Sold), totals.Sum(total => total.Reserved), totals.Sum(total => total.Free),
                totals.Sum(total => total.Capacity), totals.Sum(total => total.Delta), totals.Sum(total => total.Tallied_Today),
                [.. totals.SelectMany<TotalsRecord, Money>(total => total.Gross_Minor is { } gross ? [new Money(gross, total.Currency)] : [])], totals.Sum(total => total.Sold_With_Revenue)));
        }, cancellation);
    }

    /// <summary>The session's own curve first, then those of the same show's earlier sessions that have tallies, latest first, at most <paramref name="earlier"/>.</summary>
    public async Task<ImmutableArray<Curve>> Curves(string organisation, string sessionId, int earlier, CancellationToken cancellation = default)
    {
        const string sql = """
            WITH this AS (SELECT show_id, start_at FROM sessions WHERE organisation = @organisation AND id = @sessionId),
            chosen AS (
              (SELECT id, place, local_start, start_at, capacity, 0 AS rank FROM sessions WHERE organisation = @organisation AND id = @sessionId)
              UNION ALL
              (SELECT s.id, s.place, s.local_start, s.start_at, s.capacity, 1 FROM sessions s, this
               WHERE s.organisation = @organisation AND s.show_id = this.show_id AND s.start_at < this.start_at AND s.tally_version > 0 AND s.status <> 'cancelled'
               ORDER BY s.start_at DESC LIMIT @earlier))
            SELECT c.id, c.place, c.local_start, c.start_at, c.capacity, c.rank, t.at, t.version, t.sold, t.reserved, t.free, t.gross_minor
            FROM chosen c LEFT JOIN tallies t ON t.organisation = @organisation AND t.session_id = c.id
            ORDER BY c.rank, c.start_at DESC, t.version
            """;
        var rows = await database.Query<CurveRecord>(organisation, sql, new { organisation, sessionId, earlier }, cancellation);
        return [.. rows.GroupBy(row => row.Id).Select(group => new Curve(
            group.Key, group.First().Place, Columns.Local(group.First().Local_Start), Columns.Utc(group.First().Start_At), group.First().Capacity,
            [.. group.Where(row => row.Version is not null).Select(row => new CurvePoint(
                Columns.Utc(row.At!.Value), row.Version!.Value, row.Sold!.Value, row.Reserved!.Value, row.Free!.Value, row.Gross_Minor))]))];
    }

    /// <summary>Versions, newest first, below <paramref name="below"/> when it is given.</summary>
    public async Task<ImmutableArray<VersionRow>> Versions(string organisation, string sessionId, int? below, int limit, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT version, at, by_name, source, source_name, note, sold, reserved, free, gross_minor, sold_unpriced, lines::text AS lines
            FROM tallies
            WHERE organisation = @organisation AND session_id = @sessionId AND (@below::integer IS NULL OR version < @below)
            ORDER BY version DESC LIMIT @limit
            """;
        var rows = await database.Query<VersionRecord>(organisation, sql, new { organisation, sessionId, below, limit }, cancellation);
        return [.. rows.Select(row => new VersionRow(
            row.Version, Columns.Utc(row.At), row.By_Name, Enum.Parse<TallySource>(row.Source), row.Source_Name, row.Note,
            new TallyFigures(row.Sold, row.Reserved, row.Free, row.Gross_Minor, row.Sold_Unpriced), Json.Read<ImmutableArray<TallyLine>>(row.Lines)))];
    }

    /// <param name="archived">The archived ones too.</param>
    /// <param name="now">"Next" is the first session from then on.</param>
    public async Task<ImmutableArray<ShowRow>> Shows(
        string organisation, string? search, bool archived, DateTimeOffset now, int limit, CancellationToken cancellation = default)
    {
        const string sql = $"""
            SELECT h.id, h.title, h.state -> 'details' ->> 'producer' AS producer, h.archived,
                   (SELECT count(*)::integer FROM sessions s WHERE s.organisation = h.organisation AND s.show_id = h.id) AS sessions,
                   (SELECT min(s.start_at) FROM sessions s WHERE s.organisation = h.organisation AND s.show_id = h.id AND s.start_at >= @now AND s.status <> 'cancelled') AS next
            FROM shows h
            WHERE h.organisation = @organisation AND (@archived OR NOT h.archived) AND (cardinality(@words) = 0 OR h.search LIKE ALL (@words))
            ORDER BY h.title {Alphabetical.Order}, h.id LIMIT @limit
            """;
        var rows = await database.Query<ShowRecord>(organisation, sql, new { organisation, archived, now, words = SearchWords.Patterns(search), limit }, cancellation);
        return [.. rows.Select(row => new ShowRow(row.Id, row.Title, row.Producer, row.Archived, row.Sessions, row.Next is { } next ? Columns.Utc(next) : null))];
    }

    public async Task<ImmutableArray<SeriesRow>> Series(string organisation, string? showId, CancellationToken cancellation = default)
    {
        const string sql = $"""
            SELECT r.id, r.show_id, h.title, r.name, count(s.id)::integer AS sessions,
                   (count(s.id) FILTER (WHERE s.status = 'draft'))::integer AS drafts, min(s.start_at) AS first, max(s.start_at) AS last
            FROM series r
            JOIN shows h ON h.organisation = r.organisation AND h.id = r.show_id
            LEFT JOIN sessions s ON s.organisation = r.organisation AND s.series_id = r.id
            WHERE r.organisation = @organisation AND (@showId::text IS NULL OR r.show_id = @showId)
            GROUP BY r.id, r.show_id, h.title, r.name
            ORDER BY max(s.start_at) DESC NULLS FIRST, r.name {Alphabetical.Order}, r.id
            """;
        var rows = await database.Query<SeriesRecord>(organisation, sql, new { organisation, showId }, cancellation);
        return [.. rows.Select(row => new SeriesRow(
            row.Id, row.Show_Id, row.Title, row.Name, row.Sessions, row.Drafts,
            row.First is { } first ? Columns.Utc(first) : null, row.Last is { } last ? Columns.Utc(last) : null))];
    }

    /// <summary>The shows and places of the sessions on sale: what the dashboard's list can be narrowed to.</summary>
    public Task<SessionChoices> OnSaleChoices(string organisation, CancellationToken cancellation = default) => database.QueryMany(
        organisation,
        $"""
        SELECT h.id, h.title FROM sessions s JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
        WHERE s.organisation = @organisation AND s.status = 'onSale' GROUP BY h.id, h.title ORDER BY h.title {Alphabetical.Order}, h.id LIMIT 500;
        SELECT place FROM sessions WHERE organisation = @organisation AND status = 'onSale' GROUP BY place ORDER BY place {Alphabetical.Order} LIMIT 500
        """,
        new { organisation },
        async results => new SessionChoices([.. await results.ReadAsync<SessionChoices.Show>()], [.. await results.ReadAsync<string>()]),
        cancellation);

    /// <summary>Places used before, most used first: what the form proposes.</summary>
    public Task<IReadOnlyList<string>> Places(string organisation, CancellationToken cancellation = default) => database.Query<string>(
        organisation, $"SELECT place FROM sessions WHERE organisation = @organisation GROUP BY place ORDER BY count(*) DESC, place {Alphabetical.Order} LIMIT 200", new { organisation }, cancellation);

    private static string OrderOf(SessionFilter filter)
    {
        var direction = filter.Descending ? "DESC NULLS LAST" : "ASC NULLS FIRST";
        return filter.Sort switch
        {
            SessionSort.Title => $"title {Alphabetical.Order} {direction}, start_at, id",
            SessionSort.Sold => $"sold {direction}, start_at, id",
            SessionSort.Fill => $"(sold + free)::numeric / nullif(capacity, 0) {direction}, start_at, id",
            SessionSort.DeltaSinceYesterday => $"(sold - sold_yesterday) {direction}, start_at, id",
            SessionSort.Gross => $"gross_minor {direction}, start_at, id",
            SessionSort.LastTally => $"tally_at {direction}, start_at, id",
            SessionSort.Place => $"place {Alphabetical.Order} {direction}, start_at, id",
            SessionSort.AveragePrice => $"gross_minor::numeric / nullif(sold - sold_unpriced, 0) {direction}, start_at, id",
            _ => $"start_at {direction}, id",
        };
    }

    private static string Name<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private sealed record TotalsRecord(int Count, long Sold, long Reserved, long Free, long Capacity, long Delta, int Tallied_Today, long? Gross_Minor, long Sold_With_Revenue, string Currency);

    private sealed record RowRecord(
        string Id, string Show_Id, string Title, string? Series_Id, string? Series_Name, string Place, string Local_Start, string Zone, DateTime Start_At,
        string Status, int Capacity, int Tally_Version, DateTime? Tally_At, int Sold, int Reserved, int Free, long? Gross_Minor, int Sold_Unpriced, string Currency,
        int? Previous_Sold, int? Sold_Yesterday, string? Trend, string? Incoming_From, string? Incoming_State, long? Lag_Ms, int Outgoing_Count,
        string? Tally_By, string? Tally_Source, string? Tally_Source_Name)
    {
        public SessionRow ToRow() => new(
            Id, Show_Id, Title, Series_Id, Series_Name, Place, Columns.Local(Local_Start), Zone, Columns.Utc(Start_At), Enum.Parse<SessionStatus>(Status, ignoreCase: true),
            Capacity, Tally_Version, Tally_At is { } at ? Columns.Utc(at) : null, Sold, Reserved, Free, Gross_Minor, Sold_Unpriced, Currency, Previous_Sold, Sold_Yesterday,
            Trend is null ? [] : [.. Trend.Split(',').Select(sold => int.Parse(sold, System.Globalization.CultureInfo.InvariantCulture))], Incoming_From, Incoming_State is null ? null : Enum.Parse<ConnectionState>(Incoming_State, ignoreCase: true),
            Lag_Ms, Outgoing_Count, Tally_By, Tally_Source is null ? null : Enum.Parse<TallySource>(Tally_Source, ignoreCase: true), Tally_Source_Name);
    }

    private sealed record CurveRecord(
        string Id, string Place, string Local_Start, DateTime Start_At, int Capacity, int Rank, DateTime? At, int? Version, int? Sold, int? Reserved, int? Free, long? Gross_Minor);

    private sealed record VersionRecord(
        int Version, DateTime At, string By_Name, string Source, string? Source_Name, string? Note, int Sold, int Reserved, int Free, long? Gross_Minor, int Sold_Unpriced, string Lines);

    private sealed record ShowRecord(string Id, string Title, string? Producer, bool Archived, int Sessions, DateTime? Next);

    private sealed record SeriesRecord(string Id, string Show_Id, string Title, string Name, int Sessions, int Drafts, DateTime? First, DateTime? Last);
}
