using System.Net.Mail;
using System.Net.Mime;
using System.Text;

namespace Guichet.Mail;

/// <summary>A mail as it goes on the wire: text first and HTML after it, for readers that prefer one or the other.</summary>
internal static class MimeMessage
{
    public static MailMessage Of(OutgoingMail mail, string from, string fromName)
    {
        var message = new MailMessage(new MailAddress(from, fromName, Encoding.UTF8), new MailAddress(mail.To, mail.ToName, Encoding.UTF8))
        {
            Subject = mail.Subject,
            SubjectEncoding = Encoding.UTF8,
            HeadersEncoding = Encoding.UTF8,
            Body = mail.Text,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };
        // The same at every attempt: a server or a reader that gets it twice can tell.
        message.Headers.Add("Message-ID", $"<{mail.Id:N}@{from[(from.LastIndexOf('@') + 1)..]}>");
        // No holiday notice answers a machine (RFC 3834).
        message.Headers.Add("Auto-Submitted", "auto-generated");
        if (mail.Html is { } html)
        {
            var view = AlternateView.CreateAlternateViewFromString(html, Encoding.UTF8, MediaTypeNames.Text.Html);
            view.TransferEncoding = TransferEncoding.QuotedPrintable;
            message.AlternateViews.Add(view);
        }
        return message;
    }
}
