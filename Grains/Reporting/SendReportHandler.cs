using Guichet.Feed;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Organisations;
using Guichet.Partners;
using Orleans.Streams;

namespace Guichet.Reporting;

/// <summary>
/// Hands one mail over, at most once in effect. That it is being sent is written down before it is, with the connection in hand, so that after a
/// crash nobody takes it for unsent: it is in doubt then, and stays so until a person decides.
/// </summary>
public sealed class SendReportHandler(
    Database database, ReportQueries reports, ReportFailures failures, IMailTransport transport, PublicAddress address, BounceAddress bounces, IClusterClient cluster, TimeProvider time)
    : IEffectHandler<SendReport>
{
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
                await Move(mail with { Attempt = recipient.Attempts }, begun: true, ReportMailState.InDoubt, null);
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
        var secrets = new MailSecrets(delivered.Report.LinksToPage ? Secrets.NewShort() : null, bounces.Address is null ? null : Secrets.NewShort());
        OutgoingMail outgoing;
        try
        {
            outgoing = ReportPost.Mail(
                delivered, recipient, await reports.LogoOf(mail.Organisation, delivered.Report.Letterhead.Logo, cancellation),
                secrets.Link is { } link ? new Uri(address.Root, PartnerLinks.PathOf(link)) : null, secrets.Envelope is { } token ? bounces.For(token) : null);
        }
        catch (Exception wrong) when (wrong is ArgumentException || IsTooLate(context))
        {
            await GiveUp(mail, begun: false, wrong.Message, delivered);
            return;
        }
        var begun = false;
        try
        {
            var receipt = await transport.Send(outgoing, async () =>
            {
                if (!await Begin(mail, recipient.State, secrets, delivered.Report.Page.Number)) throw new OvertakenException();
                begun = true;
            }, cancellation);
            await HandOver(mail, receipt.Reply);
        }
        catch (OvertakenException)
        {
            // Another attempt has it.
        }
        catch (MailRefusedException refused)
        {
            await GiveUp(mail, begun, refused.Message, delivered);
        }
        catch (MailInDoubtException doubt)
        {
            await Move(mail, begun, ReportMailState.InDoubt, doubt.Message);
        }
        catch (Exception failure) when (failure is not Npgsql.NpgsqlException)
        {
            // Whatever it was, the mail did not leave (IMailTransport): it is tried again, unless it was for a day.
            if (IsTooLate(context))
            {
                await GiveUp(mail, begun, failure.Message, delivered);
                return;
            }
            await Move(mail, begun, ReportMailState.Failed, failure is OperationCanceledException ? null : failure.Message);
            throw;
        }
    }

    /// <summary>A little before the outbox itself gives up, so that none is left that nobody tries again.</summary>
    private bool IsTooLate(EffectContext context) => time.GetUtcNow() - context.FirstDue > OutboxDispatcher.GiveUpAfter - TimeSpan.FromMinutes(1);

    /// <summary>That it is being given, with what its secrets are found by. False when another attempt was quicker.</summary>
    private async Task<bool> Begin(Mailing mail, ReportMailState from, MailSecrets secrets, int page) => await database.QueryFirst<int>(mail.Organisation, $"""
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
        now = time.GetUtcNow().UtcDateTime,
    }) == 1;

    /// <summary>The mail's state, and that the partner was told, in one transaction. What the partner was told of never goes back.</summary>
    private async Task HandOver(Mailing mail, string reply)
    {
        // In doubt: another node found it being sent, while it was.
        await database.Execute(mail.Organisation, $"""
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
        await Tell(mail);
    }

    private async Task GiveUp(Mailing mail, bool begun, string reason, DeliveredReport delivered)
    {
        await Move(mail, begun, ReportMailState.GaveUp, reason);
        if (delivered.Run.Kind != ReportRunKind.Test) await failures.Happened(mail.Organisation, mail.Of.PartnerId, delivered.Report.Partner, mail.Of.RunId, reason, arrivedBefore: false);
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
    /// <param name="begun">It was written down that it is being given; else it still waits, and this was an attempt all the same.</param>
    private async Task Move(Mailing mail, bool begun, ReportMailState to, string? reason)
    {
        var still = begun ? "state = 'sending' AND attempts = @attempt" : "state IN ('queued', 'failed') AND attempts = @attempt - 1";
        await database.Execute(mail.Organisation, $"""
            {ReportFailures.Lock};
            UPDATE report_recipients SET state = @to, attempts = @attempt, reply = coalesce(@reply, reply), moved_at = @now WHERE {ThisOne} AND {still}{(to == ReportMailState.GaveUp ? $";\n{ReportFailures.Again}" : "")}
            """, Parameters(mail, to, reason));
        await Tell(mail);
    }

    private async Task Tell(Mailing mail)
    {
        var feed = cluster.GetStreamProvider(LiveStreams.Provider).Feed(mail.Organisation);
        var now = time.GetUtcNow();
        await feed.OnNextAsync(new ReportRunMoved(mail.Organisation, now, mail.Of.RunId));
        await feed.OnNextAsync(new Feed.PartnerChanged(mail.Organisation, now, mail.Of.PartnerId));
    }

    private const string ThisOne = "organisation = @organisation AND run_id = @run AND partner_id = @partner AND position = @position AND round = @round";

    private object Parameters(Mailing mail, ReportMailState to, string? reply) => new
    {
        organisation = mail.Organisation,
        run = mail.Of.RunId,
        partner = mail.Of.PartnerId,
        position = mail.Of.Position,
        round = mail.Of.Round,
        attempt = mail.Attempt,
        to = Written(to),
        reply = reply is { Length: > LongestReply } ? reply[..(char.IsHighSurrogate(reply[LongestReply - 1]) ? LongestReply - 1 : LongestReply)] : reply,
        now = time.GetUtcNow().UtcDateTime,
    };

    private static string Written(ReportMailState state) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(state.ToString());

    private sealed record Mailing(string Organisation, SendReport Of, int Attempt);

    /// <summary>What only the mail itself says: the link to the partner's page, and where it comes back to. Null for none.</summary>
    private sealed record MailSecrets(string? Link, string? Envelope)
    {
        public override string ToString() => "…";
    }

    private sealed class OvertakenException : Exception;
}
