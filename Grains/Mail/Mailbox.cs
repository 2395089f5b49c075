using System.Collections.Immutable;
using System.Text;
using MimeKit;

namespace Guichet.Mail;

/// <param name="Id">The mail's own.</param>
/// <param name="To">As it stands in the header: a name and an address.</param>
public sealed record MailSummary(Guid Id, DateTimeOffset At, string From, string To, string Subject);

/// <param name="Html">What a mail program would show instead of the text, its pictures within it; not to be trusted. Null when there is none.</param>
/// <param name="DeliveredTo">The one address that this copy goes to.</param>
/// <param name="ReturnPath">Where it would come back to.</param>
public sealed record ReadMail(
    MailSummary Summary, string Text, string? Html, ImmutableArray<ReadAttachment> Attachments, string DeliveredTo, string ReturnPath);

/// <param name="Name">As the mail says; a file's name, or empty.</param>
public sealed record ReadAttachment(string Name, string MediaType, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// The mail that went into a folder instead of to a server: what it says, for who tries the product or develops it. The
/// host has none when mail really leaves.
/// </summary>
public sealed class Mailbox(string folder)
{
    /// <summary>Anybody may put a file there: parts within parts end somewhere.</summary>
    private static readonly ParserOptions options = new() { MaxMimeDepth = 8 };

    /// <summary>The newest first.</summary>
    public IReadOnlyList<MailSummary> List(int most) => !Directory.Exists(folder) ? [] :
    [
        .. new DirectoryInfo(folder).EnumerateFiles("*.eml")
            .OrderByDescending(file => file.LastWriteTimeUtc).Take(most)
            .Select(file => Read(file, Summary)).OfType<MailSummary>(),
    ];

    public ReadMail? Find(Guid id) => Read(new FileInfo(Path.Combine(folder, $"{id:N}.eml")), Whole);

    private static TRead? Read<TRead>(FileInfo file, Func<FileInfo, Guid, MimeMessage, TRead> read) where TRead : class
    {
        if (!Guid.TryParseExact(Path.GetFileNameWithoutExtension(file.Name), "N", out var id))
            return null;
        try
        {
            using var content = file.OpenRead();
            using var message = Parsed(content);
            return read(file, id, message);
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>What isn't a mail at all is shown as the text that it is.</summary>
    private static MimeMessage Parsed(Stream content)
    {
        try
        {
            return MimeMessage.Load(options, content);
        }
        catch (FormatException)
        {
            content.Position = 0;
            using var text = new StreamReader(content, Encoding.UTF8, leaveOpen: true);
            return new MimeMessage { Body = new TextPart("plain") { Text = text.ReadToEnd() } };
        }
    }

    private static MailSummary Summary(FileInfo file, Guid id, MimeMessage message) => new(
        id, message.Headers.Contains(HeaderId.Date) && message.Date != default ? message.Date : new DateTimeOffset(file.LastWriteTimeUtc),
        message.From.ToString(), message.To.ToString(), message.Subject ?? "");

    private static ReadMail Whole(FileInfo file, Guid id, MimeMessage message) => new(
        Summary(file, id, message), Lines(message.TextBody) ?? "", Lines(WithPictures(message)),
        [.. message.Attachments.OfType<MimePart>().Select(Attachment)],
        message.Headers["Delivered-To"] ?? "", message.Headers[HeaderId.ReturnPath]?.Trim('<', '>') ?? "");

    private static string? Lines(string? text) => text?.ReplaceLineEndings("\n");

    private static ReadAttachment Attachment(MimePart part) =>
        new(Path.GetFileName(part.FileName?.Replace('\\', '/') ?? ""), part.ContentType.MimeType, Bytes(part));

    private static string? WithPictures(MimeMessage message) => message.HtmlBody is not { } html ? null : message.BodyParts.OfType<MimePart>()
        .Where(part => part.ContentId is { Length: > 0 } && part.ContentType.IsMimeType("image", "*"))
        .Aggregate(html, (shown, part) => shown.Replace(
            $"cid:{part.ContentId}", $"data:{part.ContentType.MimeType};base64,{Convert.ToBase64String(Bytes(part))}", StringComparison.Ordinal));

    private static byte[] Bytes(MimePart part)
    {
        using var bytes = new MemoryStream();
        part.Content?.DecodeTo(bytes);
        return bytes.ToArray();
    }
}
