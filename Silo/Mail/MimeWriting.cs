using System.Globalization;
using MimeKit;

namespace Guichet.Mail;

/// <summary>A mail as it goes on the wire: text first and HTML after it, for readers that prefer one or the other, then its files.</summary>
internal static class MimeWriting
{
    private const int LongestName = 250;
    private const int LongestSubject = 900;

    private static readonly IdnMapping domains = new() { UseStd3AsciiRules = true };

    /// <summary>Opens the mail's files; they are closed with the message.</summary>
    /// <param name="from">The address that mail comes from.</param>
    /// <param name="international">The server carries letters beyond ASCII in addresses (RFC 6531), and this mail needs it to.</param>
    public static async Task<MimeMessage> Message(OutgoingMail mail, string from, string fromName, bool international, CancellationToken cancellation)
    {
        var message = new MimeMessage();
        try
        {
            message.From.Add(Mailbox(from, mail.FromName ?? fromName));
            if (mail.ReplyTo is { } answers) message.ReplyTo.Add(Shown(answers, international));
            foreach (var one in mail.ShownTo) message.To.Add(Shown(one, international));
            foreach (var one in mail.ShownCc) message.Cc.Add(Shown(one, international));
            message.Subject = Plain(mail.Subject, LongestSubject);
            if (mail.Date is { } date) message.Date = date;
            // The same at every attempt: a server or a reader that gets it twice can tell.
            message.MessageId = $"{mail.Id:N}@{Ascii(from[(from.LastIndexOf('@') + 1)..])}";
            // No holiday notice answers a machine (RFC 3834).
            message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
            foreach (var (name, value) in mail.ListHeaders) message.Headers.Add(name, value);
            message.Body = await Body(mail, cancellation);
            return message;
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    /// <summary>An address as the envelope names it: its domain in the form that every server knows (RFC 5890).</summary>
    /// <exception cref="MailRefusedException">It looks like an address, and can't be one on the wire.</exception>
    public static MailboxAddress Mailbox(string address, string? name = null)
    {
        var at = address.LastIndexOf('@');
        try
        {
            return new MailboxAddress(name is null ? null : Plain(name, LongestName), $"{address[..at]}@{Ascii(address[(at + 1)..])}");
        }
        catch (Exception wrong) when (wrong is ParseException or ArgumentException)
        {
            throw new MailRefusedException($"{address} is not an address: {wrong.Message}", wrong);
        }
    }

    /// <summary>Letters beyond ASCII before the @, which only some servers carry.</summary>
    public static bool IsInternational(string address) => !address[..address.LastIndexOf('@')].All(char.IsAscii);

    /// <summary>
    /// What is written in the form of RFC 2047 by its author would be decoded by readers; and a line has an end (RFC 5322, 2.1.1).
    /// </summary>
    private static string Plain(string text, int longest)
    {
        var plain = text.Replace("=?", "= ?", StringComparison.Ordinal);
        if (plain.Length <= longest) return plain;
        return plain[..(char.IsHighSurrogate(plain[longest - 2]) ? longest - 2 : longest - 1)] + "…";
    }

    private static string Ascii(string domain) => domain.All(char.IsAscii) ? domain : domains.GetAscii(domain);

    /// <summary>Where an address can't stand in a header as it is, it stands there as a name (RFC 6857): nobody is hidden from the others.</summary>
    private static InternetAddress Shown(MailName who, bool international) => IsInternational(who.Address) && !international
        ? new GroupAddress(Plain($"{who.Name} {who.Address}".TrimStart(), LongestName))
        : Mailbox(who.Address, who.Name);

    private static async Task<MimeEntity> Body(OutgoingMail mail, CancellationToken cancellation)
    {
        MimeEntity body = Text("plain", mail.Text);
        if (mail.Html is { } html)
        {
            MimeEntity shown = Text("html", html);
            var pictures = mail.Attachments.Where(file => file.ContentId is not null).ToList();
            if (pictures.Count > 0)
                shown = await With(new MultipartRelated { Root = shown }, pictures, cancellation);
            body = new MultipartAlternative { body, shown };
        }
        var files = mail.Attachments.Where(file => file.ContentId is null || mail.Html is null).ToList();
        return files.Count == 0 ? body : await With(new Multipart("mixed") { body }, files, cancellation);
    }

    private static TextPart Text(string kind, string text)
    {
        var part = new TextPart(kind) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(System.Text.Encoding.UTF8, text);
        return part;
    }

    private static async Task<Multipart> With(Multipart whole, List<MailAttachment> files, CancellationToken cancellation)
    {
        foreach (var file in files)
        {
            var type = file.MediaType.Split('/');
            whole.Add(new MimePart(type[0], type[1])
            {
                Content = new MimeContent(await Seekable(await file.Open(cancellation), cancellation)),
                ContentDisposition = new ContentDisposition(file.ContentId is null ? ContentDisposition.Attachment : ContentDisposition.Inline),
                ContentTransferEncoding = ContentEncoding.Base64,
                ContentId = file.ContentId,
                FileName = Plain(file.Name, MailAttachment.LongestName),
            });
        }
        return whole;
    }

    /// <summary>A message is read twice: measured, then written.</summary>
    private static async Task<Stream> Seekable(Stream stream, CancellationToken cancellation)
    {
        if (stream.CanSeek) return stream;
        await using (stream)
        {
            var kept = new MemoryStream();
            await stream.CopyToAsync(kept, cancellation);
            kept.Position = 0;
            return kept;
        }
    }
}
