using System.Collections.Immutable;
using System.Text.Json;
using Guichet.Journal;
using Guichet.Sessions;
using NodaTime;

namespace Guichet.Partners;

/// <summary>The colour of a partner's envelope. Order: the most urgent last.</summary>
public enum EnvelopeState
{
    /// <summary>Nothing is to be sent: no session on sale, or archived.</summary>
    Grey = 0,

    /// <summary>Told of everything that is validated.</summary>
    Green = 1,

    /// <summary>Figures are validated that it wasn't told of.</summary>
    Red = 2,
}

/// <summary>Why it has that colour.</summary>
public enum EnvelopeReason
{
    Archived = 0,
    NothingAssociated = 1,
    NothingOnSale = 2,

    /// <summary>On sale, but no tally was validated yet.</summary>
    NothingValidated = 3,
    UpToDate = 4,
    NeverReported = 5,
    NewFigures = 6,

    /// <summary>Its last report was refused for good, at each of its addresses.</summary>
    LastRefused = 7,

    /// <summary>Its last report came back.</summary>
    LastBounced = 8,
}

/// <param name="OnSale">Its sessions on sale, those of its series included, each once.</param>
/// <param name="Behind">Those of them whose validated version is later than the last that it was told of.</param>
/// <param name="ReportedAt">The last report of any of them; null when there was none.</param>
/// <param name="Failure">Where the last report reached nobody: what the server said.</param>
public sealed record Envelope(EnvelopeState State, EnvelopeReason Reason, int OnSale, int Behind, DateTimeOffset? ReportedAt, string? Failure = null);

public enum PartnerSort
{
    Name = 0,
    Group = 1,
    Envelope = 2,
    OnSale = 3,
    ReportedAt = 4,
}

/// <param name="Search">Words of the name, or of an address or its name; blind to case and accents.</param>
/// <param name="Archived">The archived ones too.</param>
/// <param name="SessionId">Only those that are told of this session, by itself or by its series.</param>
/// <param name="SeriesId">Only those associated with this series.</param>
/// <param name="Ids">Only these; empty for all.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record PartnerFilter(
    PartnerGroup? Group = null, string? Search = null, bool Archived = false, EnvelopeState? Envelope = null, string? SessionId = null, string? SeriesId = null,
    ImmutableArray<string> Ids = default, PartnerSort Sort = PartnerSort.Name, bool Descending = false, int Offset = 0, int Limit = 100);

/// <summary>A partner in a list.</summary>
/// <param name="Sessions">Sessions associated one by one, whatever their state.</param>
/// <param name="Series">Series associated.</param>
/// <param name="Direct">Of a list about one session: associated with it by itself, perhaps by its series as well.</param>
public sealed record PartnerRow(
    string Id, long Revision, PartnerDetails Details, bool Archived, PartnerPause? Pause, int Sessions, int Series, Envelope Envelope, bool Direct);

/// <param name="Total">As filtered.</param>
/// <param name="ByGroup">How many each group has, of what the filter lets through but for its group and envelope.</param>
public sealed record PartnerPage(ImmutableArray<PartnerRow> Rows, int Total, ImmutableDictionary<PartnerGroup, int> ByGroup);

/// <summary>One of the sessions that a partner is told of.</summary>
/// <param name="Direct">Associated by itself; false when by its series alone.</param>
/// <param name="BySeries">Its series is associated.</param>
/// <param name="ReportedVersion">The last version that the partner was told of; null when none.</param>
public sealed record ToldSession(
    string Id, string Title, string Place, DateTime LocalStart, string Zone, SessionStatus Status, int Sold, int Version, DateTimeOffset? TallyAt,
    string? SeriesId, string? SeriesName, bool Direct, bool BySeries, int? ReportedVersion, DateTimeOffset? ReportedAt)
{
    /// <summary>Validated since the partner was last told of it.</summary>
    public bool IsBehind => Status == SessionStatus.OnSale && Version > (ReportedVersion ?? 0);
}

/// <param name="OnSale">How many of its sessions are on sale.</param>
public sealed record ToldSeries(string Id, string Name, string ShowTitle, int Sessions, int OnSale);

/// <summary>Something to pick from a list.</summary>
/// <param name="Start">Of a session.</param>
public sealed record Choice(string Id, string Name, string? Note, DateTime? Start, PartnerGroup? Group);

/// <summary>A partner as an import compares it.</summary>
public sealed record KnownPartner(string Id, long Revision, PartnerDetails Details);

/// <summary>Lists of partners with their envelopes, and what they are told of; on the state tables and the associations' rows.</summary>
public sealed class PartnerQueries(Database database) : IPartnerLookups
{
    private const string Sums = """
        count(*)::integer AS on_sale, (count(*) FILTER (WHERE t.tally_version > coalesce(r.version, 0)))::integer AS behind,
               max(t.tally_version) AS highest_version, max(r.at) AS reported_at
        """;

    /// <summary>
    /// The envelopes of all partners. Each session counts once however often it is associated: a session has one series, so that only one
    /// that is associated by itself as well could come twice. The sessions are joined as the table and not as a CTE, of which the planner
    /// knows no figures: half the time.
    /// </summary>
    private const string EnvelopesOfAll = $"""
        told AS (
          SELECT a.partner_id, a.session_id, s.tally_version
          FROM partner_sessions a JOIN sessions s ON s.organisation = @organisation AND s.id = a.session_id AND s.status = 'onSale'
          WHERE a.organisation = @organisation
          UNION ALL
          SELECT a.partner_id, s.id, s.tally_version
          FROM partner_series a JOIN sessions s ON s.organisation = @organisation AND s.series_id = a.series_id AND s.status = 'onSale'
          WHERE a.organisation = @organisation AND NOT EXISTS (
            SELECT FROM partner_sessions d WHERE d.organisation = @organisation AND d.partner_id = a.partner_id AND d.session_id = s.id)),
        envelopes AS (
          SELECT t.partner_id, {Sums}
          FROM told t LEFT JOIN partner_reported r ON r.organisation = @organisation AND r.partner_id = t.partner_id AND r.session_id = t.session_id
          GROUP BY t.partner_id)
        """;

    /// <summary>The same, partner by partner: for the few of a page or a search, however wrong the planner is about their number.</summary>
    internal const string EnvelopeOfEach = $"""
        LEFT JOIN LATERAL (
          SELECT {Sums}
          FROM (
            SELECT a.session_id, s.tally_version
            FROM partner_sessions a JOIN sessions s ON s.organisation = @organisation AND s.id = a.session_id AND s.status = 'onSale'
            WHERE a.organisation = @organisation AND a.partner_id = c.id
            UNION ALL
            SELECT s.id, s.tally_version
            FROM partner_series a JOIN sessions s ON s.organisation = @organisation AND s.series_id = a.series_id AND s.status = 'onSale'
            WHERE a.organisation = @organisation AND a.partner_id = c.id AND NOT EXISTS (
              SELECT FROM partner_sessions d WHERE d.organisation = @organisation AND d.partner_id = c.id AND d.session_id = s.id)) AS t
          LEFT JOIN partner_reported r ON r.organisation = @organisation AND r.partner_id = c.id AND r.session_id = t.session_id) AS e ON true
        {FailureOfEach}
        """;

    private const string FailureOfEach = "LEFT JOIN partner_failures f ON f.organisation = @organisation AND f.partner_id = c.id";

    private const string StateOfEnvelope = "CASE WHEN c.archived OR coalesce(e.on_sale, 0) = 0 THEN 0 WHEN e.behind > 0 OR f.partner_id IS NOT NULL THEN 2 ELSE 1 END";

    internal const string Selected = $"""
        c.id, (c.state ->> 'revision')::bigint AS revision, (c.state -> 'details')::text AS details, c.archived, (c.state -> 'pause')::text AS pause,
        coalesce(e.on_sale, 0) AS on_sale, coalesce(e.behind, 0) AS behind, coalesce(e.highest_version, 0) AS highest_version, e.reported_at, {StateOfEnvelope} AS envelope,
        f.bounced, f.reason AS failure,
        jsonb_array_length(c.state -> 'sessions') AS sessions, jsonb_array_length(c.state -> 'series') AS series
        """;

    private const string Direct = """
        @sessionId::text IS NOT NULL AND EXISTS (
          SELECT FROM partner_sessions a WHERE a.organisation = @organisation AND a.partner_id = c.id AND a.session_id = @sessionId) AS direct
        """;

    /// <summary>What the filter lets through but for group and envelope.</summary>
    private const string Found = """
        SELECT p.id, p.name, p.group_name, p.archived, p.state FROM partners p
        WHERE p.organisation = @organisation AND p.name IS NOT NULL AND (@archived OR NOT p.archived)
          AND (cardinality(@ids) = 0 OR p.id = ANY (@ids))
          AND (cardinality(@words) = 0 OR p.search LIKE ALL (@words))
          AND (@seriesId::text IS NULL OR EXISTS (
            SELECT FROM partner_series a WHERE a.organisation = @organisation AND a.partner_id = p.id AND a.series_id = @seriesId))
          AND (@sessionId::text IS NULL
            OR EXISTS (SELECT FROM partner_sessions a WHERE a.organisation = @organisation AND a.partner_id = p.id AND a.session_id = @sessionId)
            OR EXISTS (SELECT FROM partner_series a JOIN sessions s ON s.organisation = @organisation AND s.id = @sessionId AND s.series_id = a.series_id
                       WHERE a.organisation = @organisation AND a.partner_id = p.id))
        """;

    public Task<PartnerPage> List(string organisation, PartnerFilter filter, CancellationToken cancellation = default)
    {
        // Where nothing depends on the envelopes but what is shown, those of the page alone are worked out; else all are put in order by
        // them, and only then what is shown is read of those of the page.
        var pageFirst = filter is { Envelope: null, Sort: PartnerSort.Name or PartnerSort.Group };
        var words = SearchWords.Patterns(filter.Search);
        var ofAll = !pageFirst && words.Length == 0 && filter is { SessionId: null, SeriesId: null, Ids.IsDefaultOrEmpty: true };
        var (order, page) = (OrderOf(filter), "LIMIT @limit OFFSET @offset");
        var sql = $"""
            WITH found AS ({Found}) SELECT group_name, count(*)::integer AS count FROM found GROUP BY group_name;

            WITH found AS ({Found} AND (@group::text IS NULL OR p.group_name = @group)),
            chosen AS (SELECT * FROM found c {(pageFirst ? $"ORDER BY {order} {page}" : "")}){(ofAll ? $",\n{EnvelopesOfAll}" : "")}
            {(pageFirst ? $"SELECT {Selected}, 0 AS total, {Direct} FROM chosen c {EnvelopeOfEach} ORDER BY {order}" : $"""
            , ranked AS MATERIALIZED (
              SELECT c.id AS partner_id, e.on_sale, e.behind, e.highest_version, e.reported_at, count(*) OVER ()::integer AS total
              FROM chosen c {(ofAll ? $"LEFT JOIN envelopes e ON e.partner_id = c.id {FailureOfEach}" : EnvelopeOfEach)}
              WHERE @envelope::integer IS NULL OR {StateOfEnvelope} = @envelope
              ORDER BY {order} {page})
            SELECT {Selected}, e.total, {Direct}
            FROM ranked e JOIN partners c ON c.organisation = @organisation AND c.id = e.partner_id {FailureOfEach}
            ORDER BY {order}
            """)}
            """;
        var parameters = new
        {
            organisation,
            group = filter.Group is { } group ? Name(group) : null,
            archived = filter.Archived,
            ids = filter.Ids.IsDefault ? [] : filter.Ids.ToArray(),
            words,
            sessionId = filter.SessionId,
            seriesId = filter.SeriesId,
            envelope = (int?)filter.Envelope,
            limit = Math.Clamp(filter.Limit, 1, 1_000),
            offset = Math.Max(0, filter.Offset),
        };
        return database.QueryMany(organisation, sql, parameters, async results =>
        {
            var groups = (await results.ReadAsync<GroupRecord>()).ToImmutableDictionary(row => GroupOf(row.Group_Name), row => row.Count);
            var rows = (await results.ReadAsync<RowRecord>()).ToImmutableArray();
            var total = pageFirst ? filter.Group is { } only ? groups.GetValueOrDefault(only) : groups.Values.Sum() : rows.FirstOrDefault()?.Total ?? 0;
            return new PartnerPage([.. rows.Select(row => row.ToRow())], total, groups);
        }, cancellation);
    }

    /// <summary>Null when there is no such partner.</summary>
    public async Task<PartnerRow?> Find(string organisation, string id, CancellationToken cancellation = default) =>
        (await List(organisation, new PartnerFilter(Archived: true, Ids: [id], Limit: 1), cancellation)).Rows.FirstOrDefault();

    /// <summary>Every session that a partner is told of: on sale first, then by their start.</summary>
    public async Task<ImmutableArray<ToldSession>> SessionsOf(string organisation, string partnerId, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT s.id, h.title, s.place, s.local_start, s.zone, s.status, s.sold, s.tally_version, s.tally_at, s.series_id, r.name AS series_name,
                   one.session_id IS NOT NULL AS direct, every.series_id IS NOT NULL AS by_series, told.version AS reported_version, told.at AS reported_at
            FROM sessions s
            JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
            LEFT JOIN series r ON r.organisation = s.organisation AND r.id = s.series_id
            LEFT JOIN partner_sessions one ON one.organisation = s.organisation AND one.partner_id = @partnerId AND one.session_id = s.id
            LEFT JOIN partner_series every ON every.organisation = s.organisation AND every.partner_id = @partnerId AND every.series_id = s.series_id
            LEFT JOIN partner_reported told ON told.organisation = s.organisation AND told.partner_id = @partnerId AND told.session_id = s.id
            WHERE s.organisation = @organisation AND (one.session_id IS NOT NULL OR every.series_id IS NOT NULL)
            ORDER BY s.status <> 'onSale', s.start_at, s.id
            """;
        var rows = await database.Query<ToldRecord>(organisation, sql, new { organisation, partnerId }, cancellation);
        return [.. rows.Select(row => row.ToSession())];
    }

    public async Task<ImmutableArray<ToldSeries>> SeriesOf(string organisation, string partnerId, CancellationToken cancellation = default)
    {
        const string sql = $"""
            SELECT r.id, r.name, h.title AS show_title, count(s.id)::integer AS sessions, (count(s.id) FILTER (WHERE s.status = 'onSale'))::integer AS on_sale
            FROM partner_series a
            JOIN series r ON r.organisation = a.organisation AND r.id = a.series_id
            JOIN shows h ON h.organisation = a.organisation AND h.id = r.show_id
            LEFT JOIN sessions s ON s.organisation = a.organisation AND s.series_id = r.id
            WHERE a.organisation = @organisation AND a.partner_id = @partnerId
            GROUP BY r.id, r.name, h.title ORDER BY h.title {Alphabetical.Order}, r.name {Alphabetical.Order}, r.id
            """;
        var rows = await database.Query<SeriesRecord>(organisation, sql, new { organisation, partnerId }, cancellation);
        return [.. rows.Select(row => new ToldSeries(row.Id, row.Name, row.Show_Title, row.Sessions, row.On_Sale))];
    }

    /// <summary>Partners to pick, archived ones left out.</summary>
    public Task<ImmutableArray<Choice>> PartnersToPick(string organisation, string? search, int limit, CancellationToken cancellation = default) => Pick(
        organisation,
        $"""
        SELECT id, name, array_to_string(emails, ', ') AS note, NULL::text AS local_start, group_name FROM partners
        WHERE organisation = @organisation AND name IS NOT NULL AND NOT archived AND (cardinality(@words) = 0 OR search LIKE ALL (@words))
        ORDER BY name {Alphabetical.Order}, id LIMIT @limit
        """,
        search, limit, cancellation);

    /// <summary>Sessions to pick, neither over nor cancelled, the next one first.</summary>
    public Task<ImmutableArray<Choice>> SessionsToPick(string organisation, string? search, int limit, CancellationToken cancellation = default) => Pick(
        organisation,
        """
        SELECT s.id, h.title AS name, s.place AS note, s.local_start, NULL::text AS group_name FROM sessions s
        JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
        WHERE s.organisation = @organisation AND s.status IN ('draft', 'onSale') AND (cardinality(@words) = 0 OR h.search || ' ' || folded(s.place) LIKE ALL (@words))
        ORDER BY s.start_at, s.id LIMIT @limit
        """,
        search, limit, cancellation);

    public Task<ImmutableArray<Choice>> SeriesToPick(string organisation, string? search, int limit, CancellationToken cancellation = default) => Pick(
        organisation,
        $"""
        SELECT r.id, r.name, h.title AS note, NULL::text AS local_start, NULL::text AS group_name FROM series r
        JOIN shows h ON h.organisation = r.organisation AND h.id = r.show_id
        WHERE r.organisation = @organisation AND NOT h.archived AND (cardinality(@words) = 0 OR h.search || ' ' || folded(r.name) LIKE ALL (@words))
        ORDER BY r.name {Alphabetical.Order}, r.id LIMIT @limit
        """,
        search, limit, cancellation);

    private async Task<ImmutableArray<Choice>> Pick(string organisation, string sql, string? search, int limit, CancellationToken cancellation)
    {
        var rows = await database.Query<ChoiceRecord>(organisation, sql, new { organisation, words = SearchWords.Patterns(search), limit }, cancellation);
        return [.. rows.Select(row => new Choice(
            row.Id, row.Name, row.Note, row.Local_Start is { } start ? Columns.Local(start) : null, row.Group_Name is { } group ? GroupOf(group) : null))];
    }

    /// <summary>All, archived ones too.</summary>
    internal async Task<ImmutableArray<KnownPartner>> Known(string organisation, CancellationToken cancellation)
    {
        const string sql = """
            SELECT id, (state ->> 'revision')::bigint AS revision, (state -> 'details')::text AS details FROM partners
            WHERE organisation = @organisation AND name IS NOT NULL ORDER BY id
            """;
        var rows = await database.Query<KnownRecord>(organisation, sql, new { organisation }, cancellation);
        return [.. rows.Select(row => new KnownPartner(row.Id, row.Revision, Json.Read<PartnerDetails>(row.Details)))];
    }

    public Task<PartnerFacts> Unknown(string organisation, ImmutableArray<string> sessions, ImmutableArray<string> series)
    {
        // What can't be an id needs no looking up, and couldn't always be.
        var (oneByOne, whole) = (sessions.IsDefault ? [] : sessions, series.IsDefault ? [] : series);
        const string sql = """
            SELECT id FROM sessions WHERE organisation = @organisation AND id = ANY (@sessions) AND show_id IS NOT NULL;
            SELECT id FROM series WHERE organisation = @organisation AND id = ANY (@series) AND show_id IS NOT NULL
            """;
        return database.QueryMany(organisation, sql, new { organisation, sessions = oneByOne.Where(IsPlain).ToArray(), series = whole.Where(IsPlain).ToArray() }, async results =>
        {
            var (knownSessions, knownSeries) = ((await results.ReadAsync<string>()).ToHashSet(), (await results.ReadAsync<string>()).ToHashSet());
            return PartnerFacts.None with
            {
                UnknownSessions = [.. oneByOne.Where(id => id is null || !knownSessions.Contains(id))],
                UnknownSeries = [.. whole.Where(id => id is null || !knownSeries.Contains(id))],
            };
        });
    }

    public async Task<DateOnly> Today(string organisation, DateTimeOffset now)
    {
        var zone = await database.QueryFirst<string>(organisation, "SELECT state -> 'details' ->> 'zone' FROM organisations WHERE organisation = @organisation", new { organisation });
        var local = Instant.FromDateTimeOffset(now).InZone(DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone ?? "") ?? DateTimeZone.Utc);
        return local.Date.ToDateOnly();
    }

    private static bool IsPlain(string? id) => id is { Length: > 0 and <= 64 } && !id.AsSpan().ContainsAnyExcept("0123456789abcdefghijklmnopqrstuvwxyz-");

    private static string OrderOf(PartnerFilter filter)
    {
        var direction = filter.Descending ? "DESC" : "ASC";
        var name = $"c.name {Alphabetical.Order}";
        return filter.Sort switch
        {
            PartnerSort.Group => $"array_position(ARRAY['partners', 'agents', 'venues'], c.group_name) {direction}, {name}, c.id",
            PartnerSort.Envelope => $"{StateOfEnvelope} {direction}, coalesce(e.behind, 0) {direction}, {name}, c.id",
            PartnerSort.OnSale => $"coalesce(e.on_sale, 0) {direction}, {name}, c.id",
            PartnerSort.ReportedAt => $"e.reported_at {direction} NULLS LAST, {name}, c.id",
            _ => $"{name} {direction}, c.id",
        };
    }

    internal static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static PartnerGroup GroupOf(string name) => Enum.Parse<PartnerGroup>(name, ignoreCase: true);

    private sealed record GroupRecord(string Group_Name, int Count);

    private sealed record KnownRecord(string Id, long Revision, string Details);

    private sealed record ChoiceRecord(string Id, string Name, string? Note, string? Local_Start, string? Group_Name);

    private sealed record SeriesRecord(string Id, string Name, string Show_Title, int Sessions, int On_Sale);

    private sealed record ToldRecord(
        string Id, string Title, string Place, string Local_Start, string Zone, string Status, int Sold, int Tally_Version, DateTime? Tally_At, string? Series_Id,
        string? Series_Name, bool Direct, bool By_Series, int? Reported_Version, DateTime? Reported_At)
    {
        public ToldSession ToSession() => new(
            Id, Title, Place, Columns.Local(Local_Start), Zone, Enum.Parse<SessionStatus>(Status, ignoreCase: true), Sold, Tally_Version,
            Tally_At is { } tallied ? Columns.Utc(tallied) : null, Series_Id, Series_Name, Direct, By_Series, Reported_Version,
            Reported_At is { } told ? Columns.Utc(told) : null);
    }

    internal sealed class RowRecord
    {
        public string Id { get; init; } = "";
        public long Revision { get; init; }
        public string Details { get; init; } = "";
        public bool Archived { get; init; }
        public string? Pause { get; init; }
        public int On_Sale { get; init; }
        public int Behind { get; init; }
        public int Highest_Version { get; init; }
        public DateTime? Reported_At { get; init; }
        public int Envelope { get; init; }

        /// <summary>Null where the last report reached somebody.</summary>
        public bool? Bounced { get; init; }
        public string? Failure { get; init; }
        public int Sessions { get; init; }
        public int Series { get; init; }
        public bool Direct { get; init; }
        public string? Session_Ids { get; init; }
        public string? Series_Ids { get; init; }
        public int Total { get; init; }

        public PartnerRow ToRow() => new(
            Id, Revision, Json.Read<PartnerDetails>(Details), Archived, Pause is null ? null : Json.Read<PartnerPause>(Pause), Sessions, Series,
            new Envelope((EnvelopeState)Envelope, ReasonOf(), On_Sale, Behind, Reported_At is { } at ? Columns.Utc(at) : null, Failure), Direct);

        private EnvelopeReason ReasonOf() => this switch
        {
            { Archived: true } => EnvelopeReason.Archived,
            { Sessions: 0, Series: 0 } => EnvelopeReason.NothingAssociated,
            { On_Sale: 0 } => EnvelopeReason.NothingOnSale,
            { Bounced: true } => EnvelopeReason.LastBounced,
            { Bounced: false } => EnvelopeReason.LastRefused,
            { Behind: > 0, Reported_At: null } => EnvelopeReason.NeverReported,
            { Behind: > 0 } => EnvelopeReason.NewFigures,
            { Highest_Version: 0 } => EnvelopeReason.NothingValidated,
            _ => EnvelopeReason.UpToDate,
        };
    }
}
