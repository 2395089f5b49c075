using Guichet.Feed;
using Guichet.Journal;
using Guichet.Partners;
using Orleans.Streams;

namespace Guichet.Reporting;

/// <summary>
/// Takes a run apart into one delivery for each partner and one mail for each of its addresses: one statement, all or nothing, however
/// many partners there are. A delivery that is there already is left alone, so that a second time changes nothing.
/// </summary>
public sealed class ExpandRunHandler(Database database, PartnerQueries partners, OutboxSignal signal, IClusterClient cluster, TimeProvider time) : IEffectHandler<ExpandRun>
{
    public async Task Do(ExpandRun effect, EffectContext context, CancellationToken cancellation)
    {
        var organisation = context.Organisation;
        var written = await database.QueryFirst<string>(
            organisation, "SELECT state::text FROM report_sendings WHERE organisation = @organisation AND id = @run", new { organisation, run = effect.RunId }, cancellation)
            ?? throw new EffectImpossibleException("There is no such run.");
        var run = Json.Read<ReportRunState>(written).Details!;
        await database.Execute(organisation, Expand, new
        {
            organisation,
            run = effect.RunId,
            at = run.At.UtcDateTime,
            now = time.GetUtcNow().UtcDateTime,
            today = (await partners.Today(organisation, run.At)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            partners = run.Scope.Partners.ToArray(),
            group = run.Scope.Group is { } group ? PartnerQueries.Name(group) : null,
            except = run.Scope.Except.ToArray(),
            sessions = run.Scope.Sessions.ToArray(),
            series = run.Scope.Series,
            onlyIfChanged = run.Scope.OnlyIfChanged,
            byCalendar = run.Kind == ReportRunKind.Calendar,
            test = run.Kind == ReportRunKind.Test,
            testTo = run.TestTo,
        }, cancellation);
        signal.Wake();
        await cluster.GetStreamProvider(LiveStreams.Provider).Feed(organisation).OnNextAsync(new ReportRunMoved(organisation, time.GetUtcNow(), effect.RunId));
    }

    private static readonly string Expand = $"""
        WITH chosen AS MATERIALIZED (
          SELECT p.id, p.state FROM partners p
          WHERE p.organisation = @organisation AND p.name IS NOT NULL AND NOT p.archived AND p.id <> ALL (@except)
            AND (p.id = ANY (@partners) OR cardinality(@partners) = 0 AND p.group_name = @group)),
        {ReportQueries.Effective},
        summed AS (
          SELECT partner_id, array_agg(session_id ORDER BY start_at, session_id) AS sessions, array_agg(version ORDER BY start_at, session_id) AS versions,
                 array_agg(told_version ORDER BY start_at, session_id) AS told_versions, bool_or(version > told_version) AS changed
          FROM effective GROUP BY partner_id),
        made AS (
          INSERT INTO report_deliveries (organisation, run_id, partner_id, at, made_at, test, skipped, sessions, versions, told_versions)
          SELECT @organisation, @run, c.id, @at, @now, @test,
                 CASE WHEN @byCalendar AND c.state ? 'pause' AND coalesce(c.state -> 'pause' ->> 'until', '9999') > @today THEN 'paused'
                      WHEN s.partner_id IS NULL THEN 'no-session'
                      WHEN @onlyIfChanged AND NOT s.changed THEN 'unchanged' END,
                 coalesce(s.sessions, ARRAY[]::text[]), coalesce(s.versions, ARRAY[]::integer[]), coalesce(s.told_versions, ARRAY[]::integer[])
          FROM chosen c LEFT JOIN summed s ON s.partner_id = c.id
          ON CONFLICT DO NOTHING RETURNING partner_id, skipped),
        addressed AS (
          INSERT INTO report_recipients (organisation, run_id, partner_id, position, email, name, recipient_kind, mail_id, state, moved_at)
          SELECT @organisation, @run, m.partner_id, a.position, a.email, a.name, a.kind,
                 md5(concat_ws('/', 'report', @organisation, @run, m.partner_id, a.position::text))::uuid, 'queued', @now
          FROM made m JOIN chosen c ON c.id = m.partner_id
          CROSS JOIN LATERAL (
            SELECT a.position::integer AS position, a.address ->> 'email' AS email, a.address ->> 'name' AS name, a.address ->> 'kind' AS kind
            FROM jsonb_array_elements(c.state -> 'details' -> 'addresses') WITH ORDINALITY AS a (address, position) WHERE NOT @test
            UNION ALL SELECT 1, @testTo, NULL, 'to' WHERE @test) a
          WHERE m.skipped IS NULL
          RETURNING partner_id, position, round)
        {Queue("addressed")}
        """;

    /// <summary>The effects of the mails in <paramref name="source"/>, each with an id of its own for each round.</summary>
    internal static string Queue(string source) => $"""
        INSERT INTO outbox (id, organisation, kind, payload, created_at, due_at, first_due_at)
        SELECT md5(concat_ws('/', 'send-report', @organisation, @run, partner_id, position::text, round::text))::uuid, @organisation, 'send-report',
               jsonb_build_object('runId', @run::text, 'partnerId', partner_id, 'position', position, 'round', round)::text, @now, @now, @now
        FROM {source} ON CONFLICT DO NOTHING
        """;
}

/// <summary>Queues again those whom a run didn't reach, and nobody whom it did.</summary>
public sealed class ResendRunHandler(Database database, OutboxSignal signal, IClusterClient cluster, TimeProvider time) : IEffectHandler<ResendRun>
{
    public async Task Do(ResendRun effect, EffectContext context, CancellationToken cancellation)
    {
        var organisation = context.Organisation;
        await database.Execute(organisation, $"""
            WITH again AS (
              UPDATE report_recipients SET state = 'queued', round = round + 1, resending = @number, moved_at = @now
              WHERE organisation = @organisation AND run_id = @run AND resending < @number AND (@partner::text IS NULL OR partner_id = @partner)
                AND (state IN ('gaveUp', 'bounced') OR @inDoubt AND state = 'inDoubt')
              RETURNING partner_id, position, round)
            {ExpandRunHandler.Queue("again")}
            """, new { organisation, run = effect.RunId, number = effect.Number, partner = effect.Partner, inDoubt = effect.InDoubt, now = time.GetUtcNow().UtcDateTime }, cancellation);
        signal.Wake();
        await cluster.GetStreamProvider(LiveStreams.Provider).Feed(organisation).OnNextAsync(new ReportRunMoved(organisation, time.GetUtcNow(), effect.RunId));
    }
}
