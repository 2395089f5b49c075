using System.Collections.Immutable;
using System.Text;
using MimeKit;

namespace Guichet.Mail;

/// <summary>What a server says became of a mail (RFC 3464, 2.3.3).</summary>
public enum DeliveryAction
{
    /// <summary>It gave up: the mail won't arrive.</summary>
    Failed = 0,

    /// <summary>Not yet: it goes on trying.</summary>
    Delayed = 1,

    /// <summary>It arrived, or left for where nobody reports from.</summary>
    Arrived = 2,
}

/// <summary>A mail that came back to us, read: a delivery status notification, or whatever else is sent to such an address.</summary>
/// <param name="Token">Of the address that it came to, which says of which mail it is; null where none is named.</param>
/// <param name="Action">Null where it reports nothing: a holiday notice, an answer.</param>
/// <param name="Reason">The server's words, on one line of at most 500 characters; null where it says none.</param>
public sealed record DeliveryReport(string? Token, DeliveryAction? Action, string? Reason)
{
    /// <summary>How much of it is looked at: what is reported stands before the mail that comes back with it.</summary>
    public const int MostBytes = 256 * 1024;

    private const int LongestReason = 500;

    private static readonly ParserOptions options = new() { MaxMimeDepth = 8 };

    /// <summary>Where servers note which address a mail was brought to; some write the envelope's in none but the first.</summary>
    private static readonly string[] broughtTo = ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To", "To"];

    /// <summary>Reads a raw message, or its first <see cref="MostBytes"/>. Null for what is none.</summary>
    /// <param name="recipient">The address that it was brought to, where the caller knows it.</param>
    public static DeliveryReport? Read(Stream raw, string? recipient)
    {
        MimeMessage message;
        try
        {
            message = MimeMessage.Load(options, raw);
        }
        catch (FormatException)
        {
            return null;
        }
        using (message)
        {
            // Anything can be read as a mail; one without a sender, a recipient or a date is none.
            if (!message.Headers.Contains(HeaderId.From) && !message.Headers.Contains(HeaderId.To) && !message.Headers.Contains(HeaderId.Date)) return null;
            var token = BounceAddress.TokenIn(recipient) ?? Named(message);
            if (message.Body is not MultipartReport { ReportType: var kind } || !"delivery-status".Equals(kind, StringComparison.OrdinalIgnoreCase)) return new DeliveryReport(token, null, null);
            var recipients = message.BodyParts.OfType<MessageDeliveryStatus>().SelectMany(Groups).Where(group => group["Action"] is not null).ToList();
            // One of our mails has one recipient; where it was passed on to several, one that failed is news.
            var told = recipients.MinBy(group => ActionOf(group["Action"]));
            return told is null ? new DeliveryReport(token, null, null) : new DeliveryReport(token, ActionOf(told["Action"]), ReasonIn(told));
        }
    }

    /// <summary>As it is shown: on one line, not too long.</summary>
    public static string? Plain(string? reason)
    {
        var line = string.Join(' ', string.Concat((reason ?? "").Select(letter => char.IsControl(letter) ? ' ' : letter)).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return line.Length == 0 ? null : line.Length <= LongestReason ? line : line[..(char.IsHighSurrogate(line[LongestReason - 1]) ? LongestReason - 1 : LongestReason)];
    }

    /// <summary>The first group is about the whole mail, and has no action.</summary>
    private static HeaderListCollection Groups(MessageDeliveryStatus status)
    {
        try
        {
            return status.StatusGroups;
        }
        catch (FormatException)
        {
            return [];
        }
    }

    private static DeliveryAction ActionOf(string? said) => said?.Trim().ToLowerInvariant() switch
    {
        "failed" => DeliveryAction.Failed,
        "delayed" => DeliveryAction.Delayed,
        _ => DeliveryAction.Arrived,
    };

    /// <summary>« smtp; 550 5.1.1 no such user » without its kind; else the status alone.</summary>
    private static string? ReasonIn(HeaderList group)
    {
        var said = group["Diagnostic-Code"];
        if (said is not null && said.IndexOf(';', StringComparison.Ordinal) is > 0 and var at && !said[..at].Contains(' ', StringComparison.Ordinal)) said = said[(at + 1)..];
        return Plain(said) ?? Plain(group["Status"]);
    }

    private static string? Named(MimeMessage message) =>
        broughtTo.SelectMany(name => message.Headers.Where(header => header.Field.Equals(name, StringComparison.OrdinalIgnoreCase)))
            .SelectMany(header => Addresses(header.Value)).Concat(ReturnPaths(message)).Select(BounceAddress.TokenIn).FirstOrDefault(token => token is not null);

    private static IEnumerable<string> Addresses(string header) =>
        InternetAddressList.TryParse(options, header, out var list) ? list.Mailboxes.Select(mailbox => mailbox.Address) : [header];

    /// <summary>Of the mail that came back with it, whole or its headers alone.</summary>
    private static IEnumerable<string?> ReturnPaths(MimeMessage message)
    {
        foreach (var part in message.BodyParts)
            if (part is MessagePart { Message: { } whole })
                yield return whole.Headers[HeaderId.ReturnPath];
            else if (part is TextPart text && text.ContentType.IsMimeType("text", "rfc822-headers"))
            {
                using var headers = new MemoryStream(Encoding.UTF8.GetBytes(text.Text ?? ""));
                yield return HeaderList.Load(options, headers)[HeaderId.ReturnPath];
            }
    }
}
