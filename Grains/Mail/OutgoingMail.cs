using System.Collections.Immutable;
using System.Net.Mime;
using System.Text;

namespace Guichet.Mail;

/// <summary>A name and an address as a header shows them.</summary>
/// <exception cref="ArgumentException">It could break out of a header, or the address is none.</exception>
public sealed record MailName
{
    public MailName(string address, string? name = null)
    {
        if (!EmailAddress.IsValid(address)) throw new ArgumentException("The address is not one.", nameof(address));
        if (name?.Any(char.IsControl) == true) throw new ArgumentException("The name holds a control character.", nameof(name));
        (Address, Name) = (address, name);
    }

    public string Address { get; }
    public string? Name { get; }
}

/// <summary>A file that goes with a mail.</summary>
public sealed record MailAttachment
{
    /// <summary>As long as file systems take, in UTF-16 units.</summary>
    public const int LongestName = 200;

    /// <param name="name">A file's name, accents and all, without a folder: 1 to <see cref="LongestName"/>.</param>
    /// <param name="mediaType"><c>application/pdf</c> and the like.</param>
    /// <param name="open">Gives its bytes, from the first, at each attempt; called when a connection is there to carry them, and disposed of.</param>
    /// <exception cref="ArgumentException">The name is none, or the media type is.</exception>
    public MailAttachment(string name, string mediaType, Func<CancellationToken, Task<Stream>> open)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl) || name.AsSpan().IndexOfAny('/', '\\') >= 0)
            throw new ArgumentException("The attachment's name is not a file's.", nameof(name));
        if (mediaType.Any(char.IsControl) || !ContentTypeIs(mediaType))
            throw new ArgumentException("The attachment's media type is not one.", nameof(mediaType));
        (Name, MediaType, Open) = (name, mediaType, open);
    }

    public MailAttachment(string name, string mediaType, ReadOnlyMemory<byte> bytes)
        : this(name, mediaType, _ => Task.FromResult<Stream>(new MemoryStream(bytes.ToArray(), writable: false)))
    {
    }

    public string Name { get; }
    public string MediaType { get; }
    public Func<CancellationToken, Task<Stream>> Open { get; }

    /// <summary>For a picture in the mail's HTML, which shows it as <c>cid:…</c>: ASCII letters, digits, dots and hyphens, 1 to 60.</summary>
    public string? ContentId
    {
        get;
        init => field = value is null || value.Length is > 0 and <= 60 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-')
            ? value
            : throw new ArgumentException("The content id is not one.", nameof(value));
    }

    private static bool ContentTypeIs(string mediaType)
    {
        try
        {
            // No parameters: a reader needs none of a file.
            return new ContentType(mediaType) is { Parameters.Count: 0 } && !mediaType.Contains(';', StringComparison.Ordinal);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}

/// <summary>
/// One mail to one address. Made only of what can't break out of a header: CR, LF and other control characters are refused.
/// </summary>
public sealed record OutgoingMail
{
    /// <summary>RFC 5322, 2.1.1: a line's limit.</summary>
    private const int LongestHeader = 998;

    /// <param name="id">The same at every attempt to send the same mail: its Message-ID is made of it.</param>
    /// <param name="to">Who gets it, and who the mail says that it is to, unless <see cref="ShownTo"/> says otherwise.</param>
    /// <param name="text">The body for readers without HTML; lines end in LF.</param>
    /// <param name="html">A whole document; null for a mail of text only.</param>
    /// <exception cref="ArgumentException">A header would hold a control character, or the address is none.</exception>
    public OutgoingMail(Guid id, string to, string? toName, string subject, string text, string? html)
    {
        ShownTo = [new MailName(to, toName)];
        if (subject.Any(char.IsControl)) throw new ArgumentException("The subject holds a control character.", nameof(subject));
        (Id, To, Subject, Text, Html) = (id, to, subject, text, html);
    }

    public Guid Id { get; }

    /// <summary>The one address that the server is asked to bring it to.</summary>
    public string To { get; }

    public string Subject { get; }
    public string Text { get; }
    public string? Html { get; }

    /// <summary>Whom the mail says that it is to: all who get one like it.</summary>
    public ImmutableArray<MailName> ShownTo { get; init; }

    public ImmutableArray<MailName> ShownCc { get; init; } = [];

    /// <summary>The name beside the installation's own address; null for the installation's name.</summary>
    public string? FromName
    {
        get;
        init => field = value?.Any(char.IsControl) == true ? throw new ArgumentException("The sender's name holds a control character.", nameof(value)) : value;
    }

    /// <summary>Where answers go; null for the address that it comes from.</summary>
    public MailName? ReplyTo { get; init; }

    /// <summary>Where it comes back to when it can't be delivered (VERP); null for the address that it comes from.</summary>
    public string? EnvelopeSender
    {
        get;
        init => field = value is null || EmailAddress.IsValid(value) ? value : throw new ArgumentException("The envelope's sender is no address.", nameof(value));
    }

    /// <summary>The instant of what it tells; null for that of the attempt.</summary>
    public DateTimeOffset? Date { get; init; }

    public ImmutableArray<MailAttachment> Attachments { get; init; } = [];

    /// <summary>Headers of mailing lists (RFC 2369, 2919, 8058) by name: <c>List-Unsubscribe</c> and the like; printable ASCII.</summary>
    public ImmutableSortedDictionary<string, string> ListHeaders
    {
        get;
        init => field = value.All(header =>
                header.Key.StartsWith("List-", StringComparison.Ordinal) && header.Key.All(letter => char.IsAsciiLetter(letter) || letter == '-')
                && header.Value is { Length: > 0 and <= LongestHeader } && header.Value.All(letter => letter is >= ' ' and <= '~'))
            ? value
            : throw new ArgumentException("A header is none of a mailing list's, or holds what a header can't.", nameof(value));
    } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Not the body: it may hold a link that signs its reader in.</summary>
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Id = ").Append(Id).Append(", To = ").Append(To).Append(", Subject = ").Append(Subject);
        return true;
    }
}
