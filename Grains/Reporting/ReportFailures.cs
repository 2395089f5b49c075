using Guichet.Journal;
using Guichet.Notifications;

namespace Guichet.Reporting;

/// <summary>
/// Reports that reached nobody: they turn a partner's envelope red, and operators are told when there are several in a row. Whatever changes what
/// became of a partner's mails takes <see cref="Lock"/> first and adds <see cref="Again"/> or <see cref="Arrived"/>, in one transaction.
/// </summary>
public sealed class ReportFailures(IReportDeliveries deliveries, EffectQueue queue)
{
    /// <summary>Deliveries in a row that reached nobody, after which operators are told.</summary>
    public const int FailuresToTell = 3;

    /// <summary>Two mails of a partner that fail at the same moment: the later sees what became of the other.</summary>
    internal const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws('/', 'reports', @organisation::text, @partner::text), 0))";

    /// <summary>The partner's deliveries, newest first: which reached somebody (or may have), and which nobody. Some are neither yet.</summary>
    internal const string Lately = """
        lately AS (
          SELECT d.organisation, d.partner_id, d.run_id, d.made_at, s.reached, s.lost
          FROM report_deliveries d CROSS JOIN LATERAL (
            SELECT bool_or(r.state IN ('handedOver', 'inDoubt')) AS reached, bool_and(r.state IN ('gaveUp', 'bounced')) AS lost
            FROM report_recipients r WHERE r.organisation = d.organisation AND r.partner_id = d.partner_id AND r.run_id = d.run_id) s
          WHERE d.organisation = @organisation AND d.partner_id = @partner AND NOT d.test AND d.skipped IS NULL ORDER BY d.made_at DESC, d.run_id DESC LIMIT 50)
        """;

    /// <summary>Works out anew whether the partner's last report, of those whose end is known, reached nobody.</summary>
    internal const string Again = $"""
        DELETE FROM partner_failures WHERE organisation = @organisation AND partner_id = @partner;
        WITH {Lately},
        last AS (SELECT * FROM lately WHERE reached OR lost ORDER BY made_at DESC, run_id DESC LIMIT 1)
        INSERT INTO partner_failures (organisation, partner_id, run_id, made_at, bounced, reason, at)
        SELECT l.organisation, l.partner_id, l.run_id, l.made_at, r.state = 'bounced', r.reply, r.moved_at
        FROM last l CROSS JOIN LATERAL (
          SELECT r.state, r.reply, r.moved_at FROM report_recipients r
          WHERE r.organisation = l.organisation AND r.partner_id = l.partner_id AND r.run_id = l.run_id ORDER BY r.position LIMIT 1) r
        WHERE l.lost
        """;

    /// <summary>A mail of this run arrived: an earlier failure is over.</summary>
    internal const string Arrived = """
        DELETE FROM partner_failures f USING report_deliveries d
        WHERE f.organisation = @organisation AND f.partner_id = @partner AND d.organisation = @organisation AND d.partner_id = @partner AND d.run_id = @run AND NOT d.test
          AND f.made_at <= d.made_at
          AND EXISTS (SELECT FROM report_recipients r WHERE r.organisation = @organisation AND r.partner_id = @partner AND r.run_id = @run AND r.state = 'handedOver')
        """;

    /// <summary>A mail of a run failed for good: the alert comes with the failure that makes the number full, once, in whatever order they become known.</summary>
    /// <param name="arrivedBefore">It counted as arrived until now; else it was still under way.</param>
    public async Task Happened(string organisation, string partner, string name, string run, string reason, bool arrivedBefore)
    {
        if (!await deliveries.MakesFailures(FailuresToTell, organisation, partner, run, arrivedBefore)) return;
        await queue.Add(
            organisation, CommandIds.From("reports-failing", organisation, partner, run),
            [("notify", new Notify(organisation, "reports-failing", [name, reason], $"/partners/{partner}/reporting"))], CancellationToken.None);
    }
}
