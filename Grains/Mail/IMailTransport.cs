namespace Guichet.Mail;

/// <summary>
/// Hands a mail over to whatever carries it: an SMTP server, or a folder where none is configured. What it throws tells apart what a
/// caller must know; whatever else it throws, the mail did not leave.
/// </summary>
public interface IMailTransport
{
    /// <summary>Returns when the next hop has taken charge of it, once and for all.</summary>
    /// <param name="cancellation">Ends the attempt; one that is past its last byte is then in doubt.</param>
    /// <exception cref="MailRefusedException">The next hop will never take it: a wrong address, a mail too large.</exception>
    /// <exception cref="MailDeferredException">Not now, and certainly not taken: another try may succeed.</exception>
    /// <exception cref="MailInDoubtException">It may have been taken, or not: another try may send it twice.</exception>
    Task<MailReceipt> Send(OutgoingMail mail, CancellationToken cancellation);

    /// <summary>
    /// The same, for who must write down that a mail is being given before it is: <paramref name="begin"/> is done once, when a connection is in hand
    /// and before anything of the mail is given. What it throws ends the attempt, and is thrown as it is.
    /// </summary>
    async Task<MailReceipt> Send(OutgoingMail mail, Func<Task> begin, CancellationToken cancellation)
    {
        await begin();
        return await Send(mail, cancellation);
    }
}

/// <param name="Reply">What the next hop said when it took the mail, on one line of at most 500 characters; often its own name for the mail.</param>
public sealed record MailReceipt(string Reply);

/// <summary>The next hop refused the mail for good; the message is its reply.</summary>
public sealed class MailRefusedException(string reply, Exception? inner = null) : Exception(reply, inner);

/// <summary>The next hop didn't take the mail: it is busy, can't be reached, or a setting is wrong. The message is its reply, or what happened.</summary>
public sealed class MailDeferredException(string reason, Exception? inner = null) : Exception(reason, inner);

/// <summary>The whole mail was given to the next hop, and its answer never came.</summary>
public sealed class MailInDoubtException(string reason, Exception? inner = null) : Exception(reason, inner);
