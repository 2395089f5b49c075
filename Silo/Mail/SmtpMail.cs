using MailKit;
using MailKit.Net.Smtp;
using MimeKit;

namespace Guichet.Mail;

/// <summary>
/// Hands mail to an SMTP server, over connections that are kept for the next. Every step has an end: within a minute each mail is taken,
/// refused, put off or in doubt.
/// </summary>
internal sealed class SmtpMail(MailSettings settings, TimeProvider time) : IMailTransport, IAsyncDisposable
{
    /// <summary>For its turn, and then for a free connection.</summary>
    public static readonly TimeSpan Waiting = TimeSpan.FromSeconds(10);

    /// <summary>From the first command to the answer to the last byte.</summary>
    public static readonly TimeSpan Delivering = TimeSpan.FromSeconds(30);

    /// <summary>For an answer that may still come, when the caller wants no more: less doubt for little time.</summary>
    public static readonly TimeSpan LastAnswer = TimeSpan.FromSeconds(4);

    private static readonly FormatOptions plain = new() { NewLineFormat = NewLineFormat.Dos };
    private static readonly FormatOptions international = new() { NewLineFormat = NewLineFormat.Dos, International = true };

    private readonly MailPace pace = new(settings.PerMinute, time);
    private readonly SmtpConnections connections = new(settings, time);

    public Task<MailReceipt> Send(OutgoingMail mail, CancellationToken cancellation) => Send(mail, () => Task.CompletedTask, cancellation);

    public async Task<MailReceipt> Send(OutgoingMail mail, Func<Task> begin, CancellationToken cancellation)
    {
        await pace.Turn(Waiting, cancellation);
        await connections.Take(Waiting, cancellation);
        try
        {
            var begun = false;
            while (true)
            {
                var used = connections.Idle();
                var connection = used ?? await connections.Open(cancellation);
                if (!begun) await Begin(begin, connection);
                begun = true;
                try
                {
                    return await Deliver(connection, mail, cancellation);
                }
                catch (ConnectionLeftException) when (used is not null)
                {
                    // The server hung up between two mails, as it may. The other idle ones are no better.
                    connections.LeaveIdle(TimeSpan.Zero);
                }
                catch (ConnectionLeftException left)
                {
                    throw new MailDeferredException(left.Message, left.InnerException);
                }
            }
        }
        finally
        {
            connections.Free();
        }
    }

    public ValueTask DisposeAsync() => connections.DisposeAsync();

    /// <summary>A mail that isn't given after all leaves its connection to the next.</summary>
    private async Task Begin(Func<Task> begin, SmtpConnection connection)
    {
        try
        {
            await begin();
        }
        catch
        {
            connections.Keep(connection);
            throw;
        }
    }

    private async Task<MailReceipt> Deliver(SmtpConnection connection, OutgoingMail mail, CancellationToken cancellation)
    {
        var client = connection.Client;
        var given = new Given();
        try
        {
            var sender = MimeWriting.Mailbox(mail.EnvelopeSender ?? settings.From);
            var recipient = MimeWriting.Mailbox(mail.To);
            var beyondAscii = MimeWriting.IsInternational(mail.To) || MimeWriting.IsInternational(sender.Address);
            if (beyondAscii && !client.Capabilities.HasFlag(SmtpCapabilities.UTF8 | SmtpCapabilities.EightBitMime))
                throw new MailRefusedException($"{settings.Host} can't reach an address with letters beyond ASCII before its @: it doesn't offer SMTPUTF8.");

            using var message = await MimeWriting.Message(mail, settings.From, settings.FromName, beyondAscii, cancellation);
            using var limited = new CancellationTokenSource(Delivering, time);
            await using var asked = cancellation.Register(() => { if (given.Whole) limited.CancelAfter(LastAnswer); else limited.Cancel(); });
            var reply = await client.SendAsync(beyondAscii ? international : plain, message, sender, [recipient], limited.Token, given);
            return new MailReceipt(Smtp.OneLine($"250 {reply}"));
        }
        catch (Exception failure) when (failure is SmtpCommandException or ServiceNotAuthenticatedException)
        {
            throw Answered(failure);
        }
        catch (Exception failure) when (given.Whole)
        {
            throw new MailInDoubtException($"{settings.Host} was given the whole mail, and its answer never came: {Reason(failure)}", failure);
        }
        catch (Exception failure) when (failure is IOException or SmtpProtocolException or ServiceNotConnectedException or TimeoutException)
        {
            throw new ConnectionLeftException($"{settings.Host} hung up: {Reason(failure)}", failure);
        }
        catch (OperationCanceledException failure) when (!cancellation.IsCancellationRequested)
        {
            throw new MailDeferredException($"{settings.Host}: {Reason(failure)}", failure);
        }
        finally
        {
            connections.Keep(connection);
        }
    }

    /// <summary>
    /// A 5xx about this recipient or this mail is for good (RFC 5321, 4.2.1). One about us, or before either, may be a setting of ours
    /// or the server's trouble, to be mended within the day that the outbox tries.
    /// </summary>
    private Exception Answered(Exception failure) => failure switch
    {
        SmtpCommandException { StatusCode: SmtpStatusCode.ServiceNotAvailable } left => new ConnectionLeftException(Smtp.Reply(left), left),
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted, StatusCode: >= (SmtpStatusCode)500 } refused =>
            new MailRefusedException(Smtp.Reply(refused), refused),
        // Said at once by a server that was told the mail's size (RFC 1870).
        SmtpCommandException { StatusCode: SmtpStatusCode.ExceededStorageAllocation } large => new MailRefusedException(Smtp.Reply(large), large),
        SmtpCommandException other => new MailDeferredException(Smtp.Reply(other), other),
        _ => new MailDeferredException($"{settings.Host} wants to know who sends: set Guichet:Mail:User. It said: {Smtp.OneLine(failure.Message)}", failure),
    };

    private static string Reason(Exception failure) =>
        failure is OperationCanceledException ? $"no answer within {Delivering.TotalSeconds} s." : Smtp.OneLine(failure.Message);

    /// <summary>The server ended the connection without having taken the mail.</summary>
    private sealed class ConnectionLeftException(string reason, Exception inner) : Exception(reason, inner);

    /// <summary>Knows when nothing of the mail is left but the line that ends it.</summary>
    private sealed class Given : ITransferProgress
    {
        public bool Whole { get; private set; }

        public void Report(long bytesTransferred, long totalSize) => Whole |= bytesTransferred >= totalSize;

        public void Report(long bytesTransferred)
        {
        }
    }
}
