using System.Text;

namespace Guichet.Mail;

/// <summary>Hands a mail over to whatever carries it: an SMTP server, or a folder where none is configured.</summary>
public interface IMailTransport
{
    /// <summary>Returns when the next hop has taken charge of it; throws when it may not have.</summary>
    /// <exception cref="MailRefusedException">The next hop will never take it: a wrong address.</exception>
    Task Send(OutgoingMail mail, CancellationToken cancellation);
}

/// <summary>The next hop refused the mail for good; the message is its reply.</summary>
public sealed class MailRefusedException(string reply, Exception? inner = null) : Exception(reply, inner);

/// <summary>
/// One mail to one address. Made only of what can't break out of a header: CR, LF and other control characters are refused.
/// </summary>
public sealed record OutgoingMail
{
    /// <param name="id">The same at every attempt to send the same mail: its Message-ID is made of it.</param>
    /// <param name="text">The body for readers without HTML; lines end in LF.</param>
    /// <param name="html">A whole document; null for a mail of text only.</param>
    /// <exception cref="ArgumentException">A header would hold a control character, or the address is none.</exception>
    public OutgoingMail(Guid id, string to, string? toName, string subject, string text, string? html)
    {
        if (!EmailAddress.IsValid(to)) throw new ArgumentException("The address is not one.", nameof(to));
        if (toName?.Any(char.IsControl) == true) throw new ArgumentException("The name holds a control character.", nameof(toName));
        if (subject.Any(char.IsControl)) throw new ArgumentException("The subject holds a control character.", nameof(subject));
        (Id, To, ToName, Subject, Text, Html) = (id, to, toName, subject, text, html);
    }

    public Guid Id { get; }
    public string To { get; }
    public string? ToName { get; }
    public string Subject { get; }
    public string Text { get; }
    public string? Html { get; }

    /// <summary>Not the body: it may hold a link that signs its reader in.</summary>
    private bool PrintMembers(StringBuilder text)
    {
        text.Append("Id = ").Append(Id).Append(", To = ").Append(To).Append(", Subject = ").Append(Subject);
        return true;
    }
}
