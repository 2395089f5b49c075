using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using MimeKit;
using SmtpServer;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Guichet.Tests.Journeys;

/// <summary>A mail server that others wrote, on this machine: keeps what it takes, and refuses whoever is called <c>nobody</c>.</summary>
internal sealed class MailPeer : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private readonly Channel<(string To, MimeMessage Mail)> mails = Channel.CreateUnbounded<(string, MimeMessage)>();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task serving;

    public MailPeer()
    {
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(new Keeping(mails.Writer));
        services.Add(new Choosing());
        serving = new SmtpServer.SmtpServer(
            new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port))).Build(), services).StartAsync(stopping.Token);
    }

    public int Port { get; }

    /// <summary>What a node is told so that its mail comes here.</summary>
    public string[] Settings =>
    [
        "--Guichet:Mail:Host=127.0.0.1", $"--Guichet:Mail:Port={Port}", "--Guichet:Mail:Security=none", "--Guichet:Mail:From=guichet@theatre-du-port.example",
    ];

    /// <summary>The next report that comes; the demo sends mails of its own, which carry no files.</summary>
    public async Task<(string To, MimeMessage Mail)> Report()
    {
        using var patience = new CancellationTokenSource(Longest);
        while (true)
            if (await mails.Reader.ReadAsync(patience.Token) is var next && next.Mail.Attachments.Any()) return next;
    }

    /// <summary>The next report that comes to this address; what comes to others meanwhile is let go.</summary>
    public async Task<MimeMessage> ReportTo(string address)
    {
        while (true)
            if (await Report() is var (to, mail) && to == address) return mail;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await serving;
        stopping.Dispose();
    }

    private sealed class Keeping(ChannelWriter<(string, MimeMessage)> kept) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            var message = MimeMessage.Load(new MemoryStream(buffer.ToArray()), cancellationToken);
            // As a mailbox's server notes it (RFC 5321, 4.4).
            message.Headers.Insert(0, HeaderId.ReturnPath, $"<{transaction.From.AsAddress()}>");
            foreach (var to in transaction.To) kept.TryWrite((to.AsAddress(), message));
            return Task.FromResult(SmtpResponse.Ok);
        }
    }

    private sealed class Choosing : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) => Task.FromResult(to.User != "nobody");
    }
}
