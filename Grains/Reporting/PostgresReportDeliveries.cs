using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Papers;
using Guichet.Partners;

namespace Guichet.Reporting;

/// <summary>On PostgreSQL: each method is one statement, or several in one round trip and one transaction.</summary>
public sealed class PostgresReportDeliveries(Database database, ReportQueries reports, IPartnerLookups partners, TimeProvider time) : IReportDeliveries
{
    private const int LongestReply = 500;

    /// <summary>So few that the mails of the first leave while the others are prepared, and that none holds up what else is written.</summary>
    private const int PartSize = 250;

    public async Task<ImmutableArray<string>> Apart(string organisation, CancellationToken cancellation) => [.. await database.Query<string>(
        organisation, "SELECT substr(id, 9) FROM report_calendars WHERE organisation = @organisation AND id LIKE 'partner-%' AND state ? 'details'", new { organisation }, cancellation)];

    public Task NoteExpanded(string organisation, string runId, CancellationToken cancellation) => database.Execute(
        organisation, "UPDATE report_runs SET expanded_at = @now WHERE organisation = @organisation AND id = @runId AND expanded_at IS NULL",
        new { organisation, runId, now = Now }, cancellation);

    public async Task Expand(string organisation, string runId, CancellationToken cancellation)
    {
        var run = await RunOf(organisation, runId, cancellation);
        await database.Execute(organisation, ExpandStatement, new
        {
            organisation,
            run = runId,
            at = run.At.UtcDateTime,
            now = Now,
            partners = run.Scope.Partners.ToArray(),
            group = run.Scope.Group is { } group ? PartnerQueries.Name(group) : null,
            except = run.Scope.Except.ToArray(),
            test = run.Kind == ReportRunKind.Test,
        }, cancellation);
    }

    public async Task Prepare(string organisation, PrepareReports part, CancellationToken cancellation)
    {
        var run = await RunOf(organisation, part.RunId, cancellation);
        await database.Execute(organisation, PrepareStatement, new
        {
            organisation,
            run = part.RunId,
            first = part.First,
            last = part.Last,
            at = run.At.UtcDateTime,
            now = Now,
            today = (await partners.Today(organisation, run.At)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            sessions = run.Scope.Sessions.ToArray(),
            series = run.Scope.Series,
            onlyIfChanged = run.Scope.OnlyIfChanged,
            byCalendar = run.Kind == ReportRunKind.Calendar,
            test = run.Kind == ReportRunKind.Test,
            testTo = run.TestTo,
        }, cancellation);
    }

    private async Task<ReportRunDetails> RunOf(string organisation, string runId, CancellationToken cancellation)
    {
        var written = await database.QueryFirst<string>(
            organisation, "SELECT state::text FROM report_sendings WHERE organisation = @organisation AND id = @run", new { organisation, run = runId }, cancellation)
            ?? throw new EffectImpossibleException("There is no such run.");
        return Json.Read<ReportRunState>(written).Details!;
    }

    public Task Resend(string organisation, ResendRun resend, CancellationToken cancellation) => database.Execute(organisation, $"""
        WITH again AS (
          UPDATE report_recipients SET state = 'queued', round = round + 1, resending = @number, moved_at = @now
          WHERE organisation = @organisation AND run_id = @run AND resending < @number AND (@partner::text IS NULL OR partner_id = @partner)
            AND (state IN ('gaveUp', 'bounced') OR @inDoubt AND state = 'inDoubt')
          RETURNING partner_id, position, round)
        {Queue("again")}
        """, new { organisation, run = resend.RunId, number = resend.Number, partner = resend.Partner, inDoubt = resend.InDoubt, now = Now }, cancellation);

    public Task<DeliveredReport?> Delivered(string organisation, string runId, string partnerId, CancellationToken cancellation) =>
        reports.Delivered(organisation, runId, partnerId, cancellation);

    public Task<(PaperImage Image, Logo Logo, byte[] Bytes)?> LogoOf(string organisation, Logo? logo, CancellationToken cancellation) =>
        reports.LogoOf(organisation, logo, cancellation);

    public async Task<bool> Begin(ReportMail mail, ReportMailState from, ReportMailSecrets secrets, int page) => await database.QueryFirst<int>(mail.Organisation, $"""
        WITH begun AS (
          UPDATE report_recipients SET state = 'sending', attempts = @attempt, moved_at = @now WHERE {ThisOne} AND state = @from AND attempts = @attempt - 1 RETURNING 1),
        linked AS (
          INSERT INTO partner_links (hash, organisation, partner_id, number, made_at)
          SELECT @link::bytea, @organisation, @partner, @page, @now FROM begun WHERE @link::bytea IS NOT NULL),
        addressed AS (
          INSERT INTO report_envelopes (hash, organisation, run_id, partner_id, position, round)
          SELECT @envelope::bytea, @organisation, @run, @partner, @position, @round FROM begun WHERE @envelope::bytea IS NOT NULL),
        worthless AS (
          DELETE FROM partner_links WHERE organisation = @organisation AND partner_id = @partner AND made_at < @now - interval '{PartnerPageAccess.LongestDays} days')
        SELECT count(*)::integer FROM begun
        """, new
    {
        organisation = mail.Organisation,
        run = mail.Of.RunId,
        partner = mail.Of.PartnerId,
        position = mail.Of.Position,
        round = mail.Of.Round,
        attempt = mail.Attempt,
        from = Written(from),
        page,
        link = secrets.Link is { } link ? Secrets.Hash(link) : null,
        envelope = secrets.Envelope is { } token ? Secrets.Hash(token) : null,
        now = Now,
    }) == 1;

    public Task HandOver(ReportMail mail, string reply) => database.Execute(mail.Organisation, $"""
        {ReportFailures.Lock};
        UPDATE report_recipients SET state = @to, reply = @reply, moved_at = @now WHERE {ThisOne} AND state IN ('sending', 'inDoubt') AND attempts = @attempt;
        INSERT INTO partner_reported (organisation, partner_id, session_id, version, at)
        SELECT d.organisation, d.partner_id, told.session_id, told.version, @now
        FROM report_deliveries d CROSS JOIN LATERAL unnest(d.sessions, d.versions) AS told (session_id, version)
        WHERE d.organisation = @organisation AND d.run_id = @run AND d.partner_id = @partner AND NOT d.test AND told.version > 0
        ON CONFLICT (organisation, partner_id, session_id) DO UPDATE
        SET version = greatest(partner_reported.version, excluded.version), at = greatest(partner_reported.at, excluded.at);
        {ReportFailures.Arrived}
        """, Parameters(mail, ReportMailState.HandedOver, reply));

    public Task Move(ReportMail mail, bool begun, ReportMailState to, string? reason)
    {
        var still = begun ? "state = 'sending' AND attempts = @attempt" : "state IN ('queued', 'failed') AND attempts = @attempt - 1";
        return database.Execute(mail.Organisation, $"""
            {ReportFailures.Lock};
            UPDATE report_recipients SET state = @to, attempts = @attempt, reply = coalesce(@reply, reply), moved_at = @now WHERE {ThisOne} AND {still}{(to == ReportMailState.GaveUp ? $";\n{ReportFailures.Again}" : "")}
            """, Parameters(mail, to, reason));
    }

    public Task Skip(ReportMail mail, string why) => database.Execute(mail.Organisation, """
        UPDATE report_deliveries SET skipped = @why WHERE organisation = @organisation AND run_id = @run AND partner_id = @partner;
        UPDATE report_recipients SET state = 'skipped', moved_at = @now
        WHERE organisation = @organisation AND run_id = @run AND partner_id = @partner AND state IN ('queued', 'failed')
        """, new { organisation = mail.Organisation, run = mail.Of.RunId, partner = mail.Of.PartnerId, why, now = Now });

    public async Task<bool> MakesFailures(int number, string organisation, string partnerId, string runId, bool arrivedBefore)
    {
        const string sql = $"""
            WITH {ReportFailures.Lately}
            SELECT (count(*) FILTER (WHERE lost AND made_at > coalesce((SELECT max(made_at) FROM lately WHERE reached), '-infinity')))::integer AS now,
                   (count(*) FILTER (WHERE lost AND run_id <> @run AND made_at > coalesce((SELECT max(made_at) FROM lately WHERE reached OR @arrivedBefore AND run_id = @run), '-infinity')))::integer AS before
            FROM lately
            """;
        var failures = await database.QueryFirst<Counted>(organisation, sql, new { organisation, partner = partnerId, run = runId, arrivedBefore });
        return failures is not null && failures.Now >= number && failures.Before < number;
    }

    private sealed record Counted(int Now, int Before);

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private const string ThisOne = "organisation = @organisation AND run_id = @run AND partner_id = @partner AND position = @position AND round = @round";

    private object Parameters(ReportMail mail, ReportMailState to, string? reply) => new
    {
        organisation = mail.Organisation,
        run = mail.Of.RunId,
        partner = mail.Of.PartnerId,
        position = mail.Of.Position,
        round = mail.Of.Round,
        attempt = mail.Attempt,
        to = Written(to),
        reply = reply is { Length: > LongestReply } ? reply[..(char.IsHighSurrogate(reply[LongestReply - 1]) ? LongestReply - 1 : LongestReply)] : reply,
        now = Now,
    };

    private static string Written(ReportMailState state) => JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    /// <summary>
    /// The id of a part's effect has its first and last partner in it: of two that expand a run at the same moment, the later may add partners
    /// that came to the group meanwhile, among those of a part that is prepared already.
    /// </summary>
    private static readonly string ExpandStatement = $"""
        WITH chosen AS (
          SELECT p.id FROM partners p
          WHERE p.organisation = @organisation AND p.name IS NOT NULL AND NOT p.archived AND p.id <> ALL (@except)
            AND (p.id = ANY (@partners) OR cardinality(@partners) = 0 AND p.group_name = @group)
            AND NOT EXISTS (SELECT FROM report_deliveries d WHERE d.organisation = @organisation AND d.run_id = @run)),
        made AS (
          INSERT INTO report_deliveries (organisation, run_id, partner_id, at, made_at, test)
          SELECT @organisation, @run, id, @at, @now, @test FROM chosen ON CONFLICT DO NOTHING RETURNING partner_id),
        parts AS (
          SELECT min(partner_id) AS first, max(partner_id) AS last
          FROM (SELECT partner_id, (row_number() OVER (ORDER BY partner_id) - 1) / {PartSize} AS part FROM made) AS numbered GROUP BY part)
        INSERT INTO outbox (id, organisation, kind, payload, created_at, due_at, first_due_at)
        SELECT md5(concat_ws('/', 'prepare-reports', @organisation, @run, first, last))::uuid, @organisation, 'prepare-reports',
               jsonb_build_object('runId', @run::text, 'first', first, 'last', last)::text, @now, @now, @now
        FROM parts ON CONFLICT DO NOTHING
        """;

    /// <summary>The range is said of the row that is written, too: the planner, who takes the parts for small, would go through the whole run for each.</summary>
    private static readonly string PrepareStatement = $"""
        WITH chosen AS MATERIALIZED (
          SELECT p.id, p.state FROM report_deliveries d JOIN partners p ON p.organisation = @organisation AND p.id = d.partner_id
          WHERE d.organisation = @organisation AND d.run_id = @run AND d.partner_id BETWEEN @first AND @last AND d.sessions IS NULL),
        {ReportQueries.Effective},
        summed AS MATERIALIZED (
          SELECT partner_id, array_agg(session_id) AS sessions, array_agg(version) AS versions, array_agg(told_version) AS told_versions,
                 bool_or(version > told_version) AS changed
          FROM effective GROUP BY partner_id),
        prepared AS (
          UPDATE report_deliveries d SET
            skipped = CASE WHEN @byCalendar AND c.state ? 'pause' AND coalesce(c.state -> 'pause' ->> 'until', '9999') > @today THEN 'paused'
                           WHEN s.partner_id IS NULL THEN 'no-session'
                           WHEN @onlyIfChanged AND NOT s.changed THEN 'unchanged' END,
            sessions = coalesce(s.sessions, ARRAY[]::text[]), versions = coalesce(s.versions, ARRAY[]::integer[]), told_versions = coalesce(s.told_versions, ARRAY[]::integer[])
          FROM chosen c LEFT JOIN summed s ON s.partner_id = c.id
          WHERE d.organisation = @organisation AND d.run_id = @run AND d.partner_id BETWEEN @first AND @last AND d.partner_id = c.id AND d.sessions IS NULL
          RETURNING d.partner_id, d.skipped),
        addressed AS (
          INSERT INTO report_recipients (organisation, run_id, partner_id, position, email, name, recipient_kind, mail_id, state, moved_at)
          SELECT @organisation, @run, m.partner_id, a.position, a.email, a.name, a.kind,
                 md5(concat_ws('/', 'report', @organisation, @run, m.partner_id, a.position::text))::uuid, 'queued', @now
          FROM prepared m JOIN chosen c ON c.id = m.partner_id
          CROSS JOIN LATERAL (
            SELECT a.position::integer AS position, a.address ->> 'email' AS email, a.address ->> 'name' AS name, a.address ->> 'kind' AS kind
            FROM jsonb_array_elements(c.state -> 'details' -> 'addresses') WITH ORDINALITY AS a (address, position) WHERE NOT @test
            UNION ALL SELECT 1, @testTo, NULL, 'to' WHERE @test) a
          WHERE m.skipped IS NULL
          RETURNING partner_id, position, round)
        {Queue("addressed")}
        """;

    /// <summary>The effects of the mails in <paramref name="source"/>, each with an id of its own for each round.</summary>
    private static string Queue(string source) => $"""
        INSERT INTO outbox (id, organisation, kind, payload, created_at, due_at, first_due_at)
        SELECT md5(concat_ws('/', 'send-report', @organisation, @run, partner_id, position::text, round::text))::uuid, @organisation, 'send-report',
               jsonb_build_object('runId', @run::text, 'partnerId', partner_id, 'position', position, 'round', round)::text, @now, @now, @now
        FROM {source} ON CONFLICT DO NOTHING
        """;
}
