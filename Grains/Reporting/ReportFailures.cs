using Guichet.Journal;
using Guichet.Notifications;

namespace Guichet.Reporting;

/// <summary>
/// Reports that reached nobody: they turn a partner's envelope red, and operators are told when there are several in a row. Whatever changes what
/// became of a partner's mails takes <see cref="Lock"/> first and adds <see cref="Again"/> or <see cref="Arrived"/>, in one transaction.
/// </summary>
public sealed class ReportFailures(Database database, EffectQueue queue)
{
    /// <summary>Deliveries in a row that reached nobody, after which operators are told.</summary>
    public const int FailuresToTell = 3;

    /// <summary>A run of failures that is longer was told long ago.</summary>
    private const int LongestRun = 50;

    /// <summary>Two mails of a partner that fail at the same moment: the later sees what became of the other.</summary>
    internal const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'reports', @organisation::text, @partner::text), 0))";

    /// <summary>Of the deliveries of <c>d</c>: it reached somebody, or may have, or still may.</summary>
    private const string Reaches = """
        EXISTS (SELECT FROM report_recipients r WHERE r.organisation = d.organisation AND r.partner_id = d.partner_id AND r.run_id = d.run_id AND r.state NOT IN ('gaveUp', 'bounced'))
        """;

    /// <summary>Works out anew whether the partner's last report, of those whose end is known, reached nobody.</summary>
    internal const string Again = $"""
        DELETE FROM partner_failures WHERE organisation = @organisation AND partner_id = @partner;
        WITH lately AS (
          SELECT d.organisation, d.partner_id, d.run_id, d.made_at, {Reaches} AS reaches,
                 EXISTS (SELECT FROM report_recipients r WHERE r.organisation = d.organisation AND r.partner_id = d.partner_id AND r.run_id = d.run_id AND r.state IN ('handedOver', 'inDoubt')) AS reached
          FROM report_deliveries d
          WHERE d.organisation = @organisation AND d.partner_id = @partner AND NOT d.test AND d.skipped IS NULL ORDER BY d.made_at DESC, d.run_id DESC LIMIT 20),
        last AS (SELECT * FROM lately WHERE reached OR NOT reaches ORDER BY made_at DESC, run_id DESC LIMIT 1)
        INSERT INTO partner_failures (organisation, partner_id, run_id, made_at, bounced, reason, at)
        SELECT l.organisation, l.partner_id, l.run_id, l.made_at, r.state = 'bounced', r.reply, r.moved_at
        FROM last l CROSS JOIN LATERAL (
          SELECT r.state, r.reply, r.moved_at FROM report_recipients r
          WHERE r.organisation = l.organisation AND r.partner_id = l.partner_id AND r.run_id = l.run_id ORDER BY r.position LIMIT 1) r
        WHERE NOT l.reaches
        """;

    /// <summary>A mail of this run arrived: an earlier failure is over.</summary>
    internal const string Arrived = """
        DELETE FROM partner_failures f USING report_deliveries d
        WHERE f.organisation = @organisation AND f.partner_id = @partner AND d.organisation = @organisation AND d.partner_id = @partner AND d.run_id = @run AND NOT d.test
          AND f.made_at <= d.made_at
          AND EXISTS (SELECT FROM report_recipients r WHERE r.organisation = @organisation AND r.partner_id = @partner AND r.run_id = @run AND r.state = 'handedOver')
        """;

    /// <summary>A mail of a run failed for good: the alert comes with the failure that makes the number full, once, in whatever order they become known.</summary>
    public async Task Happened(string organisation, string partnerId, string partner, string runId, string reason)
    {
        const string sql = $"""
            WITH lately AS (
              SELECT d.run_id, d.made_at, {Reaches} AS reaches FROM report_deliveries d
              WHERE d.organisation = @organisation AND d.partner_id = @partnerId AND NOT d.test AND d.skipped IS NULL ORDER BY d.made_at DESC, d.run_id DESC LIMIT @most)
            SELECT (count(*) FILTER (WHERE made_at > coalesce((SELECT max(made_at) FROM lately WHERE reaches), '-infinity')))::integer AS with_it,
                   (count(*) FILTER (WHERE made_at > coalesce((SELECT max(made_at) FROM lately WHERE reaches OR run_id = @runId), '-infinity')))::integer AS without_it
            FROM lately
            """;
        var run = await database.QueryFirst<Counted>(organisation, sql, new { organisation, partnerId, runId, most = LongestRun });
        if (run is not { With_It: >= FailuresToTell, Without_It: < FailuresToTell }) return;
        await queue.Add(
            organisation, CommandIds.From("reports-failing", organisation, partnerId, runId),
            [("notify", new Notify(organisation, "reports-failing", [partner, reason], $"/partners/{partnerId}/reporting"))], CancellationToken.None);
    }

    private sealed record Counted(int With_It, int Without_It);
}
