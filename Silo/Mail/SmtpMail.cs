using System.Net;
using System.Net.Mail;

namespace Guichet.Mail;

/// <summary>Hands mail to an SMTP server, each over a connection of its own: a bad one spoils no other.</summary>
internal sealed class SmtpMail(MailSettings settings) : IMailTransport
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    public async Task Send(OutgoingMail mail, CancellationToken cancellation)
    {
        if (!mail.To[..mail.To.LastIndexOf('@')].All(char.IsAscii))
            throw new MailRefusedException("An address with letters beyond ASCII before its @ can't be reached.");

        using var client = new SmtpClient(settings.Host, settings.Port)
        {
            EnableSsl = settings.StartTls,
            Credentials = settings.User is null ? null : new NetworkCredential(settings.User, settings.Password),
        };
        using var message = MimeMessage.Of(mail, settings.From, settings.FromName);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(patience);
        try
        {
            // The client looks at the token between its steps only; a server may hang within one.
            await client.SendMailAsync(message, limited.Token).WaitAsync(limited.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"{settings.Host} did not take the mail within {patience.TotalSeconds} s.");
        }
        catch (SmtpException refused) when (IsForGood(refused))
        {
            throw new MailRefusedException(refused.Message, refused);
        }
    }

    /// <summary>
    /// A recipient refused with a 5xx, or a mail larger than the server takes, stays refused. All else may be the server's
    /// trouble or a setting of ours, to be mended within the day that the outbox tries.
    /// </summary>
    private static bool IsForGood(SmtpException refused) =>
        refused is SmtpFailedRecipientException { StatusCode: >= (SmtpStatusCode)500 } || refused.StatusCode == SmtpStatusCode.ExceededStorageAllocation;
}
