using System.Globalization;

namespace Guichet.Mail;

/// <param name="Id">The mail's own.</param>
/// <param name="To">As it stands in the header: a name and an address.</param>
public sealed record MailSummary(Guid Id, DateTimeOffset At, string From, string To, string Subject);

/// <param name="Html">What a mail program would show instead of the text; not to be trusted. Null when there is none.</param>
public sealed record ReadMail(MailSummary Summary, string Text, string? Html);

/// <summary>
/// The mail that went into a folder instead of to a server: what it says, for who tries the product or develops it. The
/// host has none when mail really leaves.
/// </summary>
public sealed class Mailbox(string folder)
{
    /// <summary>The newest first.</summary>
    public IReadOnlyList<MailSummary> List(int most) => !Directory.Exists(folder) ? [] :
    [
        .. new DirectoryInfo(folder).EnumerateFiles("*.eml")
            .OrderByDescending(file => file.LastWriteTimeUtc).Take(most)
            .Select(file => Read(file)?.Summary).OfType<MailSummary>(),
    ];

    public ReadMail? Find(Guid id) => Read(new FileInfo(Path.Combine(folder, $"{id:N}.eml")));

    private static ReadMail? Read(FileInfo file)
    {
        if (!Guid.TryParseExact(Path.GetFileNameWithoutExtension(file.Name), "N", out var id))
            return null;
        string content;
        try
        {
            content = File.ReadAllText(file.FullName);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        var mail = MimePart.Parse(content);
        var at = DateTimeOffset.TryParse(mail.Header("Date"), CultureInfo.InvariantCulture, out var date)
            ? date
            : new DateTimeOffset(file.LastWriteTimeUtc);
        return new ReadMail(
            new MailSummary(id, at, mail.Header("From"), mail.Header("To"), mail.Header("Subject")),
            mail.Find("text/plain")?.Text ?? "", mail.Find("text/html")?.Text);
    }
}
