using System.Net.Sockets;
using MailKit.Net.Smtp;
using MailKit.Security;

namespace Guichet.Mail;

/// <summary>A connection that is signed in and ready for mails.</summary>
internal sealed class SmtpConnection(SmtpClient client)
{
    public SmtpClient Client { get; } = client;

    /// <summary>Mails that went over it.</summary>
    public int Mails { get; set; }

    /// <summary>By the pool's clock; while it is idle.</summary>
    public long IdleSince { get; set; }
}

/// <summary>
/// Connections to one server, no more at once than are configured; one that worked is used again, until it has carried its share or has
/// been idle for a while.
/// </summary>
internal sealed class SmtpConnections : IAsyncDisposable
{
    /// <summary>From the first packet to being signed in.</summary>
    public static readonly TimeSpan Connecting = TimeSpan.FromSeconds(15);

    /// <summary>Servers hang up after some minutes; leaving first is kinder to both.</summary>
    public static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Leaving = TimeSpan.FromSeconds(2);

    private readonly MailSettings settings;
    private readonly TimeProvider time;
    private readonly SemaphoreSlim places;
    private readonly Lock gate = new();
    private readonly Stack<SmtpConnection> idle = new();
    private readonly ITimer sweep;
    private bool stopped;

    public SmtpConnections(MailSettings settings, TimeProvider time)
    {
        (this.settings, this.time) = (settings, time);
        places = new SemaphoreSlim(settings.Connections);
        sweep = time.CreateTimer(_ => LeaveIdle(IdleFor), null, IdleFor, IdleFor);
    }

    /// <summary>Waits for a place, no longer than that; who gets one gives it back by <see cref="Free"/>.</summary>
    /// <exception cref="MailDeferredException">None was free in time.</exception>
    public async Task Take(TimeSpan longest, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(longest, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await places.WaitAsync(limited.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new MailDeferredException($"Every connection to {settings.Host} is taken: it is slow to answer.");
        }
    }

    public void Free() => places.Release();

    /// <summary>One that another mail left, if there is one. The server may have hung up meanwhile.</summary>
    public SmtpConnection? Idle()
    {
        lock (gate)
            return idle.TryPop(out var connection) ? connection : null;
    }

    /// <exception cref="MailDeferredException">It can't be reached, isn't what it should be, or doesn't let us in.</exception>
    public async Task<SmtpConnection> Open(CancellationToken cancellation)
    {
        // Asking whether a certificate was revoked takes a third party that may be out of reach.
        var client = new SmtpClient { CheckCertificateRevocation = false };
        using var patience = new CancellationTokenSource(Connecting, time);
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        // The end of a mail is a few bytes: without this it waits, some 40 ms each time, for the server to acknowledge what came before.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(settings.Host, settings.Port, limited.Token);
            await client.ConnectAsync(socket, settings.Host, settings.Port, settings.Security, limited.Token);
            if (settings.User is not null) await client.AuthenticateAsync(settings.User, settings.Password ?? "", limited.Token);
            return new SmtpConnection(client);
        }
        catch (Exception failure)
        {
            client.Dispose();
            socket.Dispose();
            if (cancellation.IsCancellationRequested) throw;
            throw new MailDeferredException($"{settings.Host}:{settings.Port}: {Reason(failure)}", failure);
        }
    }

    /// <summary>It worked: the next mail may have it.</summary>
    public void Keep(SmtpConnection connection)
    {
        connection.IdleSince = time.GetTimestamp();
        if (connection.Client.IsConnected && ++connection.Mails < settings.MailsPerConnection)
            lock (gate)
                if (!stopped)
                {
                    idle.Push(connection);
                    return;
                }
        _ = Leave(connection);
    }

    /// <summary>Leaves those that nobody has used for that long.</summary>
    public void LeaveIdle(TimeSpan since)
    {
        foreach (var connection in TakeIdle(since)) _ = Leave(connection);
    }

    public async ValueTask DisposeAsync()
    {
        await sweep.DisposeAsync();
        lock (gate)
            stopped = true;
        await Task.WhenAll(TakeIdle(TimeSpan.Zero).Select(Leave));
    }

    private List<SmtpConnection> TakeIdle(TimeSpan since)
    {
        lock (gate)
        {
            var left = idle.Where(connection => time.GetElapsedTime(connection.IdleSince) >= since).ToList();
            var kept = idle.Except(left).Reverse().ToList();
            idle.Clear();
            kept.ForEach(idle.Push);
            return left;
        }
    }

    /// <summary>Says goodbye, without insisting.</summary>
    private async Task Leave(SmtpConnection connection)
    {
        using (connection.Client)
            try
            {
                using var limited = new CancellationTokenSource(Leaving, time);
                await connection.Client.DisconnectAsync(quit: true, limited.Token);
            }
            catch (Exception)
            {
                // Whatever it answers or doesn't, every mail over it has had its answer.
            }
    }

    private static string Reason(Exception failure) => failure switch
    {
        SmtpCommandException refused => Smtp.Reply(refused),
        OperationCanceledException => $"no greeting within {Connecting.TotalSeconds} s.",
        SslHandshakeException => "its certificate is not to be trusted, or it doesn't speak TLS on this port.",
        NotSupportedException => "it doesn't offer what Guichet:Mail:Security asks for.",
        _ => Smtp.OneLine(failure.Message),
    };
}
