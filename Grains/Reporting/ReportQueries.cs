using System.Collections.Immutable;
using System.Globalization;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Papers;
using Guichet.Partners;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Reporting;

/// <summary>What a report is of, as the sender asks for it.</summary>
/// <param name="Scope">Its partners are named; a group is for runs.</param>
/// <param name="Template">Instead of the partners' own and their groups': one that is being edited. Null for those.</param>
/// <param name="Letterhead">Likewise.</param>
/// <param name="ShowsUnchanged">Sessions of which nothing is new too, whatever the template says: a page shows the whole picture.</param>
public sealed record ReportQuestion(
    ReportScope Scope, DateTimeOffset At, ReportText? French = null, ReportText? English = null, ReportTemplate? Template = null, LetterheadState? Letterhead = null,
    bool ShowsUnchanged = false);

/// <summary>Reads what reports are made of, for one partner or for many at once: three statements, however many there are.</summary>
public sealed class ReportQueries(Database database)
{
    /// <summary>
    /// <c>effective</c>: the sessions that each partner in <c>chosen</c> is told of, by itself or by its series, on sale or closed, each once,
    /// with the highest of the versions validated up to the instant (after a clock was set back a later one has an earlier time) and the last
    /// that the partner was told of (0 for none). One that started longer ago than any template lets it stay (366 days) isn't among them.
    /// </summary>
    /// <remarks>
    /// What a partner was told is joined where the planner still knows figures of the tables; of a CTE it knows none, and would look each up
    /// by itself; nor of how many sessions there are, which are asked for as an array for that. A session has one series, so that only one that is associated by itself as well could come twice.
    /// </remarks>
    internal const string Effective = """
        associated AS MATERIALIZED (
          SELECT a.partner_id, a.session_id, coalesce(r.version, 0) AS told_version
          FROM chosen c JOIN partner_sessions a ON a.organisation = @organisation AND a.partner_id = c.id
          LEFT JOIN partner_reported r ON r.organisation = @organisation AND r.partner_id = a.partner_id AND r.session_id = a.session_id
          UNION ALL
          SELECT a.partner_id, s.id, coalesce((
            SELECT r.version FROM partner_reported r WHERE r.organisation = @organisation AND r.partner_id = a.partner_id AND r.session_id = s.id), 0)
          FROM chosen c JOIN partner_series a ON a.organisation = @organisation AND a.partner_id = c.id
          JOIN sessions s ON s.organisation = @organisation AND s.series_id = a.series_id
          WHERE NOT EXISTS (SELECT FROM partner_sessions d WHERE d.organisation = @organisation AND d.partner_id = a.partner_id AND d.session_id = s.id)),
        standing AS MATERIALIZED (
          SELECT s.id, s.start_at, coalesce(v.version, 0) AS version FROM sessions s
          LEFT JOIN LATERAL (
            SELECT t.version FROM tallies t WHERE t.organisation = @organisation AND t.session_id = s.id AND t.at <= @at
            ORDER BY t.version DESC LIMIT 1) v ON true
          WHERE s.organisation = @organisation AND s.status IN ('onSale', 'closed') AND s.start_at > @at - interval '366 days'
            AND (cardinality(@sessions) = 0 OR s.id = ANY (@sessions)) AND (@series::text IS NULL OR s.series_id = @series)
            AND s.id = ANY (ARRAY(SELECT DISTINCT session_id FROM associated))),
        effective AS (
          SELECT a.partner_id, a.session_id, s.start_at, s.version, a.told_version FROM associated a JOIN standing s ON s.id = a.session_id)
        """;

    /// <summary>The reports of those of the partners that there are, in the order in which they were asked for; archived ones have none.</summary>
    public async Task<ImmutableArray<Report>> Read(string organisation, ReportQuestion question, CancellationToken cancellation = default)
    {
        var scope = question.Scope;
        const string sql = $"""
            {House};
            {Partners};
            WITH chosen AS MATERIALIZED (SELECT id FROM partners WHERE organisation = @organisation AND id = ANY (@partners) AND name IS NOT NULL AND NOT archived),
            {Effective}
            SELECT partner_id, session_id, version, told_version FROM effective ORDER BY partner_id, start_at, session_id
            """;
        var (house, partners, told) = await database.QueryMany(organisation, sql, new
        {
            organisation,
            at = question.At.UtcDateTime,
            partners = scope.Partners.ToArray(),
            sessions = scope.Sessions.IsDefault ? [] : scope.Sessions.ToArray(),
            series = scope.Series,
        }, async results => (
            await results.ReadSingleAsync<HouseRecord>(), (await results.ReadAsync<PartnerRecord>()).ToDictionary(row => row.Id, StringComparer.Ordinal),
            (await results.ReadAsync<ToldRecord>()).ToLookup(row => row.Partner_Id, StringComparer.Ordinal)), cancellation);
        var found = scope.Partners.Distinct(StringComparer.Ordinal).Where(id => partners.TryGetValue(id, out var partner) && !partner.Archived).ToList();
        var wantsCurves = found.Any(id => TemplateOf(partners[id], question).Curve);
        var sessions = await Sessions(organisation, [.. found.SelectMany(id => told[id])], question.At, wantsCurves, house.Zone, cancellation);
        return [.. found.Select(id => Report.Of(SourceOf(house, partners[id], question, [.. told[id].Select(row => sessions[(row.Session_Id, row.Version, row.Told_Version)])])))];
    }

    /// <summary>The report of one delivery: of the sessions and versions that were fixed when it was prepared. Null when there is no such, or it isn't yet.</summary>
    internal async Task<DeliveredReport?> Delivered(string organisation, string runId, string partnerId, CancellationToken cancellation)
    {
        const string sql = $"""
            {House};
            {Partners};
            SELECT d.sessions, d.versions, d.told_versions, r.state::text AS run FROM report_deliveries d
            JOIN report_sendings r ON r.organisation = d.organisation AND r.id = d.run_id
            WHERE d.organisation = @organisation AND d.run_id = @runId AND d.partner_id = ANY (@partners) AND d.sessions IS NOT NULL;
            SELECT position, email, name, recipient_kind, mail_id, state, round, attempts FROM report_recipients
            WHERE organisation = @organisation AND run_id = @runId AND partner_id = ANY (@partners) ORDER BY position
            """;
        var read = await database.QueryMany(organisation, sql, new { organisation, runId, partners = new[] { partnerId } }, async results => (
            House: await results.ReadSingleAsync<HouseRecord>(), Partner: (await results.ReadAsync<PartnerRecord>()).FirstOrDefault(),
            Delivery: (await results.ReadAsync<DeliveryRecord>()).FirstOrDefault(), Recipients: (await results.ReadAsync<RecipientRecord>()).ToImmutableArray()), cancellation);
        if (read is not { Partner: { } partner, Delivery: { } delivery }) return null;
        var run = Json.Read<ReportRunState>(delivery.Run).Details!;
        var question = new ReportQuestion(run.Scope, run.At, run.French, run.English);
        ImmutableArray<ToldRecord> told = [.. delivery.Sessions.Select((id, at) => new ToldRecord(partnerId, id, delivery.Versions[at], delivery.Told_Versions[at]))];
        var sessions = await Sessions(organisation, told, run.At, TemplateOf(partner, question) is { Curve: true } template && template.Attachments.Contains(ReportAttachment.Pdf), read.House.Zone, cancellation);
        var report = Report.Of(SourceOf(read.House, partner, question, [.. told
            .Where(row => sessions.ContainsKey((row.Session_Id, row.Version, row.Told_Version)))
            .Select(row => sessions[(row.Session_Id, row.Version, row.Told_Version)])
            .OrderBy(session => session.Start).ThenBy(session => session.Id, StringComparer.Ordinal)]));
        return new DeliveredReport(report, run, [.. read.Recipients.Select(row => row.ToRecipient())]);
    }

    /// <summary>The picture of a letterhead, ready to be drawn, and as it was given; null for none.</summary>
    public async Task<(PaperImage Image, Logo Logo, byte[] Bytes)?> LogoOf(string organisation, Logo? logo, CancellationToken cancellation)
    {
        if (logo is null) return null;
        var bytes = await database.QueryFirst<byte[]>(organisation, "SELECT bytes FROM letterhead_logos WHERE organisation = @organisation AND id = @id", new { organisation, id = logo.Id }, cancellation);
        return bytes is not null && PaperImage.TryRead(bytes, out var image, out _) ? (image, logo, bytes) : null;
    }

    /// <summary>The template that a group or a partner has now, its group's and the default where it has none of its own.</summary>
    public static ReportTemplate TemplateOf(ReportTemplate? own, ReportTemplate? ofGroup) => own ?? ofGroup ?? ReportTemplate.Default;

    private static ReportTemplate TemplateOf(PartnerRecord partner, ReportQuestion question) =>
        question.Template ?? TemplateOf(StateOf(partner.Own_Template), StateOf(partner.Group_Template));

    private static ReportTemplate? StateOf(string? written) => written is null ? null : Json.Read<ReportTemplateState>(written).Template;

    private static ReportSource SourceOf(HouseRecord house, PartnerRecord partner, ReportQuestion question, ImmutableArray<ReportedSession> sessions)
    {
        var details = Json.Read<PartnerDetails>(partner.Details);
        var template = TemplateOf(partner, question);
        return new ReportSource(
            partner.Id, details.Name, details.Language == Language.English ? Words.Language.English : Words.Language.French, house.Name, house.Zone,
            question.ShowsUnchanged ? template with { ShowsUnchanged = true } : template,
            question.Letterhead ?? (house.Letterhead is null ? LetterheadState.Empty : Json.Read<LetterheadState>(house.Letterhead)), question.French, question.English,
            question.At, question.Scope.NamesSessions, sessions, partner.Page is null ? null : Json.Read<PartnerPageAccess>(partner.Page));
    }

    /// <summary>Each session once for each pair of versions that someone is told of.</summary>
    private async Task<Dictionary<(string, int, int), ReportedSession>> Sessions(
        string organisation, ImmutableArray<ToldRecord> told, DateTimeOffset at, bool curves, string zone, CancellationToken cancellation)
    {
        const string sql = """
            SELECT s.id, h.title, (s.state -> 'details')::text AS details, s.start_at, s.status
            FROM sessions s JOIN shows h ON h.organisation = s.organisation AND h.id = s.show_id
            WHERE s.organisation = @organisation AND s.id = ANY (@sessions);
            SELECT t.session_id, t.version, t.at, t.sold, t.reserved, t.free, t.gross_minor, t.sold_unpriced, t.lines::text AS lines
            FROM unnest(@tallied, @versions) AS wanted (session_id, version)
            JOIN tallies t ON t.organisation = @organisation AND t.session_id = wanted.session_id AND t.version = wanted.version;
            SELECT DISTINCT ON (session_id, day) session_id, (at AT TIME ZONE @zone)::date::text AS day, sold FROM tallies
            WHERE organisation = @organisation AND session_id = ANY (CASE WHEN @curves THEN @sessions ELSE ARRAY[]::text[] END) AND at <= @at
            ORDER BY session_id, day, version DESC
            """;
        var result = new Dictionary<(string, int, int), ReportedSession>();
        if (told.IsEmpty) return result;
        var pairs = told.SelectMany(row => new[] { (row.Session_Id, Version: row.Version), (row.Session_Id, Version: row.Told_Version) }).Where(pair => pair.Version > 0).Distinct().ToArray();
        var (details, tallies, days) = await database.QueryMany(organisation, sql, new
        {
            organisation,
            at = at.UtcDateTime,
            zone,
            curves,
            sessions = told.Select(row => row.Session_Id).Distinct().ToArray(),
            tallied = Array.ConvertAll(pairs, pair => pair.Session_Id),
            versions = Array.ConvertAll(pairs, pair => pair.Version),
        }, async results => (
            (await results.ReadAsync<SessionRecord>()).ToDictionary(row => row.Id, StringComparer.Ordinal),
            (await results.ReadAsync<TallyRecord>()).ToDictionary(row => (row.Session_Id, row.Version), row => row.ToTally()),
            (await results.ReadAsync<DayRecord>()).ToLookup(row => row.Session_Id, row => new ReportedDay(DateOnly.ParseExact(row.Day, "yyyy-MM-dd", CultureInfo.InvariantCulture), row.Sold), StringComparer.Ordinal)), cancellation);
        foreach (var row in told)
            if (details.TryGetValue(row.Session_Id, out var session))
                result[(row.Session_Id, row.Version, row.Told_Version)] = new ReportedSession(
                    session.Id, session.Title, Json.Read<SessionDetails>(session.Details), Columns.Utc(session.Start_At), Enum.Parse<SessionStatus>(session.Status, ignoreCase: true),
                    tallies.GetValueOrDefault((row.Session_Id, row.Version)), tallies.GetValueOrDefault((row.Session_Id, row.Told_Version)), [.. days[row.Session_Id]]);
        return result;
    }

    private const string House = """
        SELECT o.state -> 'details' ->> 'name' AS name, o.state -> 'details' ->> 'zone' AS zone,
               (SELECT l.state::text FROM letterheads l WHERE l.organisation = @organisation) AS letterhead
        FROM organisations o WHERE o.organisation = @organisation
        """;

    private const string Partners = """
        SELECT p.id, p.archived, (p.state -> 'details')::text AS details, (p.state -> 'page')::text AS page, own.state::text AS own_template, of_group.state::text AS group_template
        FROM partners p
        LEFT JOIN report_templates own ON own.organisation = p.organisation AND own.id = 'partner-' || p.id
        LEFT JOIN report_templates of_group ON of_group.organisation = p.organisation AND of_group.id = 'group-' || p.group_name
        WHERE p.organisation = @organisation AND p.id = ANY (@partners) AND p.name IS NOT NULL
        """;

    private sealed record HouseRecord(string Name, string Zone, string? Letterhead);

    private sealed record PartnerRecord(string Id, bool Archived, string Details, string? Page, string? Own_Template, string? Group_Template);

    private sealed record ToldRecord(string Partner_Id, string Session_Id, int Version, int Told_Version);

    private sealed class DeliveryRecord
    {
        public string[] Sessions { get; init; } = [];
        public int[] Versions { get; init; } = [];
        public int[] Told_Versions { get; init; } = [];
        public string Run { get; init; } = "";
    }

    private sealed record RecipientRecord(int Position, string Email, string? Name, string Recipient_Kind, Guid Mail_Id, string State, int Round, int Attempts)
    {
        public ReportRecipient ToRecipient() => new(
            Position, Email, Name, Enum.Parse<RecipientKind>(Recipient_Kind, ignoreCase: true), Mail_Id, Enum.Parse<ReportMailState>(State, ignoreCase: true), Round, Attempts);
    }

    private sealed record SessionRecord(string Id, string Title, string Details, DateTime Start_At, string Status);

    private sealed record TallyRecord(string Session_Id, int Version, DateTime At, int Sold, int Reserved, int Free, long? Gross_Minor, int Sold_Unpriced, string Lines)
    {
        public ReportedTally ToTally() => new(
            Version, Columns.Utc(At), new TallyFigures(Sold, Reserved, Free, Gross_Minor, Sold_Unpriced), Json.Read<ImmutableArray<TallyLine>>(Lines));
    }

    private sealed record DayRecord(string Session_Id, string Day, int Sold);
}
