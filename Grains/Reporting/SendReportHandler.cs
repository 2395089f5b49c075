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
    IReportDeliveries deliveries, ReportFailures failures, IMailTransport transport, PublicAddress address, BounceAddress bounces, IClusterClient cluster, TimeProvider time)
    : IEffectHandler<SendReport>
{
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
                await Move(mail with { Attempt = recipient.Attempts }, begun: true, ReportMailState.InDoubt, null);
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
        var secrets = new ReportMailSecrets(delivered.Report.LinksToPage ? Secrets.NewShort() : null, bounces.Address is null ? null : Secrets.NewShort());
        OutgoingMail outgoing;
        try
        {
            outgoing = ReportPost.Mail(
                delivered, recipient, await deliveries.LogoOf(mail.Organisation, delivered.Report.Letterhead.Logo, cancellation),
                secrets.Link is { } link ? new Uri(address.Root, PartnerLinks.PathOf(link)) : null, secrets.Envelope is { } token ? bounces.For(token) : null);
        }
        catch (Exception wrong) when (wrong is ArgumentException || IsTooLate(context))
        {
            await GiveUp(mail, begun: false, wrong.Message, delivered);
            return;
        }
        var begun = false;
        Exception? notBegun = null;
        MailReceipt receipt;
        try
        {
            receipt = await transport.Send(outgoing, Begin, cancellation);
        }
        catch (Exception unsure) when (ReferenceEquals(unsure, notBegun))
        {
            throw;
        }
        catch (MailRefusedException refused)
        {
            await GiveUp(mail, begun, refused.Message, delivered);
            return;
        }
        catch (MailInDoubtException doubt)
        {
            await Move(mail, begun, ReportMailState.InDoubt, doubt.Message);
            return;
        }
        catch (Exception failure)
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
        // Where this can't be written down, the next attempt finds a mail that was being sent: it is in doubt, and not sent again.
        await deliveries.HandOver(mail, receipt.Reply);
        await Tell(mail);

        async Task Begin()
        {
            try
            {
                // An attempt that was taken for failed may have begun after all, and have ended with its node: what became of it is looked at again.
                if (!await deliveries.Begin(mail, recipient.State, secrets, delivered.Report.Page.Number)) throw new TryAgainException("Another attempt has begun.");
            }
            catch (Exception failure)
            {
                notBegun = failure;
                throw;
            }
            begun = true;
        }
    }

    /// <summary>A little before the outbox itself gives up, so that none is left that nobody tries again.</summary>
    private bool IsTooLate(EffectContext context) => time.GetUtcNow() - context.FirstDue > OutboxDispatcher.GiveUpAfter - TimeSpan.FromMinutes(1);

    private async Task GiveUp(ReportMail mail, bool begun, string reason, DeliveredReport delivered)
    {
        await Move(mail, begun, ReportMailState.GaveUp, reason);
        if (delivered.Run.Kind != ReportRunKind.Test) await failures.Happened(mail.Organisation, mail.Of.PartnerId, delivered.Report.Partner, mail.Of.RunId, reason, arrivedBefore: false);
    }

    private async Task Skip(ReportMail mail, string why)
    {
        await deliveries.Skip(mail, why);
        await Tell(mail);
    }

    /// <summary>To be written whatever became of the attempt: not cancelled with it.</summary>
    private async Task Move(ReportMail mail, bool begun, ReportMailState to, string? reason)
    {
        await deliveries.Move(mail, begun, to, reason);
        await Tell(mail);
    }

    private async Task Tell(ReportMail mail)
    {
        var feed = cluster.GetStreamProvider(LiveStreams.Provider).Feed(mail.Organisation);
        var now = time.GetUtcNow();
        await feed.OnNextAsync(new ReportRunMoved(mail.Organisation, now, mail.Of.RunId));
        await feed.OnNextAsync(new Feed.PartnerChanged(mail.Organisation, now, mail.Of.PartnerId));
    }
}
