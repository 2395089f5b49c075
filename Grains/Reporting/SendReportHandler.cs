using Guichet.Feed;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Notifications;
using Orleans.Streams;

namespace Guichet.Reporting;

/// <summary>
/// Hands one mail over, at most once in effect. That it is being sent is written down before it is, so that after a crash nobody takes it for
/// unsent: it is in doubt then, and stays so until a person decides.
/// </summary>
public sealed class SendReportHandler(
    Database database, ReportQueries reports, IMailTransport transport, EffectQueue queue, IClusterClient cluster, TimeProvider time) : IEffectHandler<SendReport>
{
    /// <summary>Deliveries in a row that reached nobody, after which operators are told.</summary>
    public const int FailuresToTell = 3;

    private const int LongestReply = 500;

    public async Task Do(SendReport effect, EffectContext context, CancellationToken cancellation)
    {
        var organisation = context.Organisation;
        var delivered = await reports.Delivered(organisation, effect.RunId, effect.PartnerId, cancellation);
        var recipient = delivered?.Recipients.FirstOrDefault(each => each.Position == effect.Position);
        // Gone, or queued again by a person meanwhile: that is another effect's.
        if (delivered is null || recipient is null || recipient.Round != effect.Round) return;
        var mail = new Mailing(organisation, effect, recipient.Attempts + 1);
        switch (recipient.State)
        {
            case ReportMailState.Queued or ReportMailState.Failed:
                await Send(mail, delivered, recipient, context, cancellation);
                break;
            case ReportMailState.Sending:
                // An attempt that nobody knows the end of: the node died in it.
                await Move(mail with { Attempt = recipient.Attempts }, ReportMailState.Sending, ReportMailState.InDoubt, null);
                break;
        }
    }

    private async Task Send(Mailing mail, DeliveredReport delivered, ReportRecipient recipient, EffectContext context, CancellationToken cancellation)
    {
        if (delivered.Report.IsEmpty)
        {
            await Skip(mail, delivered.Report.Unchanged > 0 ? ReportSkips.Unchanged : delivered.Report.Over > 0 ? ReportSkips.Over : ReportSkips.NoSession);
            return;
        }
        OutgoingMail outgoing;
        try
        {
            outgoing = ReportPost.Mail(delivered, recipient, await reports.LogoOf(mail.Organisation, delivered.Report.Letterhead.Logo, cancellation));
        }
        catch (Exception wrong) when (wrong is ArgumentException || IsTooLate(context))
        {
            await GiveUp(mail, recipient.State, wrong.Message, delivered);
            return;
        }
        if (!await Begin(mail, recipient.State)) return;
        try
        {
            var receipt = await transport.Send(outgoing, cancellation);
            await HandOver(mail, receipt.Reply);
        }
        catch (MailRefusedException refused)
        {
            await GiveUp(mail, ReportMailState.Sending, refused.Message, delivered);
        }
        catch (MailInDoubtException doubt)
        {
            await Move(mail, ReportMailState.Sending, ReportMailState.InDoubt, doubt.Message);
        }
        catch (Exception failure) when (failure is not Npgsql.NpgsqlException)
        {
            // Whatever it was, the mail did not leave (IMailTransport): it is tried again, unless it was for a day.
            if (IsTooLate(context))
            {
                await GiveUp(mail, ReportMailState.Sending, failure.Message, delivered);
                return;
            }
            await Move(mail, ReportMailState.Sending, ReportMailState.Failed, failure is OperationCanceledException ? null : failure.Message);
            throw;
        }
    }

    /// <summary>A little before the outbox itself gives up, so that none is left that nobody tries again.</summary>
    private bool IsTooLate(EffectContext context) => time.GetUtcNow() - context.FirstDue > OutboxDispatcher.GiveUpAfter - TimeSpan.FromMinutes(1);

    /// <summary>False when another attempt was quicker.</summary>
    private async Task<bool> Begin(Mailing mail, ReportMailState from) => await database.Execute(mail.Organisation, $"""
        UPDATE report_recipients SET state = 'sending', attempts = @attempt, moved_at = @now WHERE {ThisOne} AND state = @from AND attempts = @attempt - 1
        """, Parameters(mail, from)) == 1;

    /// <summary>The mail's state, and that the partner was told, in one transaction. What the partner was told of never goes back.</summary>
    private async Task HandOver(Mailing mail, string reply)
    {
        // In doubt: another node found it being sent, while it was.
        await database.Execute(mail.Organisation, $"""
            UPDATE report_recipients SET state = @to, reply = @reply, moved_at = @now WHERE {ThisOne} AND state IN ('sending', 'inDoubt') AND attempts = @attempt;
            INSERT INTO partner_reported (organisation, partner_id, session_id, version, at)
            SELECT d.organisation, d.partner_id, told.session_id, told.version, @now
            FROM report_deliveries d CROSS JOIN LATERAL unnest(d.sessions, d.versions) AS told (session_id, version)
            WHERE d.organisation = @organisation AND d.run_id = @run AND d.partner_id = @partner AND NOT d.test AND told.version > 0
            ON CONFLICT (organisation, partner_id, session_id) DO UPDATE
            SET version = greatest(partner_reported.version, excluded.version), at = greatest(partner_reported.at, excluded.at)
            """, Parameters(mail, ReportMailState.Sending, ReportMailState.HandedOver, reply));
        await Tell(mail);
    }

    private async Task GiveUp(Mailing mail, ReportMailState from, string reason, DeliveredReport delivered)
    {
        await Move(mail, from, ReportMailState.GaveUp, reason);
        if (delivered.Run.Kind == ReportRunKind.Test) return;
        // The alert comes with the failure that makes the number full, once: the run and the partner name it.
        var failures = await database.QueryFirst<int>(mail.Organisation, """
            WITH lately AS (
              SELECT d.run_id, d.made_at,
                     EXISTS (SELECT FROM report_recipients r WHERE r.organisation = d.organisation AND r.partner_id = d.partner_id AND r.run_id = d.run_id AND r.state NOT IN ('gaveUp', 'bounced')) AS reached
              FROM report_deliveries d
              WHERE d.organisation = @organisation AND d.partner_id = @partner AND NOT d.test AND d.skipped IS NULL ORDER BY d.made_at DESC LIMIT @most)
            SELECT count(*)::integer FROM lately WHERE made_at > coalesce((SELECT max(made_at) FROM lately WHERE reached), '-infinity')
            """, new { organisation = mail.Organisation, partner = mail.Of.PartnerId, most = FailuresToTell + 1 });
        if (failures != FailuresToTell) return;
        await queue.Add(
            mail.Organisation, CommandIds.From("reports-failing", mail.Organisation, mail.Of.PartnerId, mail.Of.RunId),
            [("notify", new Notify(mail.Organisation, "reports-failing", [delivered.Report.Partner, reason], $"/partners/{mail.Of.PartnerId}/reporting"))], CancellationToken.None);
    }

    private async Task Skip(Mailing mail, string why)
    {
        await database.Execute(mail.Organisation, """
            UPDATE report_deliveries SET skipped = @why WHERE organisation = @organisation AND run_id = @run AND partner_id = @partner;
            UPDATE report_recipients SET state = 'skipped', moved_at = @now
            WHERE organisation = @organisation AND run_id = @run AND partner_id = @partner AND state IN ('queued', 'failed')
            """, new { organisation = mail.Organisation, run = mail.Of.RunId, partner = mail.Of.PartnerId, why, now = time.GetUtcNow().UtcDateTime });
        await Tell(mail);
    }

    /// <summary>To be written whatever became of the attempt: not cancelled with it.</summary>
    private async Task Move(Mailing mail, ReportMailState from, ReportMailState to, string? reason)
    {
        await database.Execute(mail.Organisation, $"""
            UPDATE report_recipients SET state = @to, reply = coalesce(@reply, reply), moved_at = @now WHERE {ThisOne} AND state = @from AND attempts = greatest(@attempt - CASE WHEN @from IN ('queued', 'failed') THEN 1 ELSE 0 END, 0)
            """, Parameters(mail, from, to, reason));
        await Tell(mail);
    }

    private async Task Tell(Mailing mail)
    {
        var feed = cluster.GetStreamProvider(LiveStreams.Provider).Feed(mail.Organisation);
        var now = time.GetUtcNow();
        await feed.OnNextAsync(new ReportRunMoved(mail.Organisation, now, mail.Of.RunId));
        await feed.OnNextAsync(new PartnerChanged(mail.Organisation, now, mail.Of.PartnerId));
    }

    private const string ThisOne = "organisation = @organisation AND run_id = @run AND partner_id = @partner AND position = @position AND round = @round";

    private object Parameters(Mailing mail, ReportMailState from, ReportMailState to = default, string? reply = null) => new
    {
        organisation = mail.Organisation,
        run = mail.Of.RunId,
        partner = mail.Of.PartnerId,
        position = mail.Of.Position,
        round = mail.Of.Round,
        attempt = mail.Attempt,
        from = Written(from),
        to = Written(to),
        reply = reply is { Length: > LongestReply } ? reply[..(char.IsHighSurrogate(reply[LongestReply - 1]) ? LongestReply - 1 : LongestReply)] : reply,
        now = time.GetUtcNow().UtcDateTime,
    };

    private static string Written(ReportMailState state) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    private sealed record Mailing(string Organisation, SendReport Of, int Attempt);
}
