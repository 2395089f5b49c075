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
    IReportDeliveries deliveries, IMailTransport transport, EffectQueue queue, IClusterClient cluster, TimeProvider time) : IEffectHandler<SendReport>
{
    /// <summary>Deliveries in a row that reached nobody, after which operators are told.</summary>
    public const int FailuresToTell = 3;

    public async Task Do(SendReport effect, EffectContext context, CancellationToken cancellation)
    {
        var organisation = context.Organisation;
        var delivered = await deliveries.Delivered(organisation, effect.RunId, effect.PartnerId, cancellation);
        var recipient = delivered?.Recipients.FirstOrDefault(each => each.Position == effect.Position);
        // Gone, or queued again by a person meanwhile: that is another effect's.
        if (delivered is null || recipient is null || recipient.Round != effect.Round) return;
        var mail = new ReportMail(organisation, effect, recipient.Attempts + 1);
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

    private async Task Send(ReportMail mail, DeliveredReport delivered, ReportRecipient recipient, EffectContext context, CancellationToken cancellation)
    {
        if (delivered.Report.IsEmpty)
        {
            await Skip(mail, delivered.Report.Unchanged > 0 ? ReportSkips.Unchanged : delivered.Report.Over > 0 ? ReportSkips.Over : ReportSkips.NoSession);
            return;
        }
        OutgoingMail outgoing;
        try
        {
            outgoing = ReportPost.Mail(delivered, recipient, await deliveries.LogoOf(mail.Organisation, delivered.Report.Letterhead.Logo, cancellation));
        }
        catch (Exception wrong) when (wrong is ArgumentException || IsTooLate(context))
        {
            await GiveUp(mail, recipient.State, wrong.Message, delivered);
            return;
        }
        // An attempt that was taken for failed may have begun after all, and have ended with its node: what became of it is looked at again.
        if (!await deliveries.Begin(mail, recipient.State)) throw new TryAgainException("Another attempt has begun.");
        MailReceipt receipt;
        try
        {
            receipt = await transport.Send(outgoing, cancellation);
        }
        catch (MailRefusedException refused)
        {
            await GiveUp(mail, ReportMailState.Sending, refused.Message, delivered);
            return;
        }
        catch (MailInDoubtException doubt)
        {
            await Move(mail, ReportMailState.Sending, ReportMailState.InDoubt, doubt.Message);
            return;
        }
        catch (Exception failure)
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
        // Where this can't be written down, the next attempt finds a mail that was being sent: it is in doubt, and not sent again.
        await deliveries.HandOver(mail, receipt.Reply);
        await Tell(mail);
    }

    /// <summary>A little before the outbox itself gives up, so that none is left that nobody tries again.</summary>
    private bool IsTooLate(EffectContext context) => time.GetUtcNow() - context.FirstDue > OutboxDispatcher.GiveUpAfter - TimeSpan.FromMinutes(1);

    private async Task GiveUp(ReportMail mail, ReportMailState from, string reason, DeliveredReport delivered)
    {
        await Move(mail, from, ReportMailState.GaveUp, reason);
        if (delivered.Run.Kind == ReportRunKind.Test) return;
        // The alert comes with the failure that makes the number full, once: the run and the partner name it.
        if (await deliveries.Failures(mail.Organisation, mail.Of.PartnerId, FailuresToTell + 1) != FailuresToTell) return;
        await queue.Add(
            mail.Organisation, CommandIds.From("reports-failing", mail.Organisation, mail.Of.PartnerId, mail.Of.RunId),
            [("notify", new Notify(mail.Organisation, "reports-failing", [delivered.Report.Partner, reason], $"/partners/{mail.Of.PartnerId}/reporting"))], CancellationToken.None);
    }

    private async Task Skip(ReportMail mail, string why)
    {
        await deliveries.Skip(mail, why);
        await Tell(mail);
    }

    /// <summary>To be written whatever became of the attempt: not cancelled with it.</summary>
    private async Task Move(ReportMail mail, ReportMailState from, ReportMailState to, string? reason)
    {
        await deliveries.Move(mail, from, to, reason);
        await Tell(mail);
    }

    private async Task Tell(ReportMail mail)
    {
        var feed = cluster.GetStreamProvider(LiveStreams.Provider).Feed(mail.Organisation);
        var now = time.GetUtcNow();
        await feed.OnNextAsync(new ReportRunMoved(mail.Organisation, now, mail.Of.RunId));
        await feed.OnNextAsync(new PartnerChanged(mail.Organisation, now, mail.Of.PartnerId));
    }
}
