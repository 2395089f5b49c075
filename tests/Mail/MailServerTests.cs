using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Guichet.Support;
using MailKit.Security;
using MimeKit;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace Guichet.Mail;

/// <summary>A server that others wrote, with all that a server offers.</summary>
public sealed class MailServerTests : IAsyncLifetime
{
    private readonly ConcurrentDictionary<string, int> taken = new();
    private readonly int port = FreePort();
    private readonly CancellationTokenSource stopping = new();
    private Task serving = Task.CompletedTask;
    private int sessions;
    private int open;
    private int mostOpen;

    public Task InitializeAsync()
    {
        var options = new SmtpServerOptionsBuilder().ServerName("localhost")
            .Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port))).Build();
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add(new Keeping(taken));
        services.Add(new Choosing());
        var server = new SmtpServer.SmtpServer(options, services);
        server.SessionCreated += (_, _) =>
        {
            Interlocked.Increment(ref sessions);
            var now = Interlocked.Increment(ref open);
            int seen;
            while (now > (seen = mostOpen) && Interlocked.CompareExchange(ref mostOpen, now, seen) != seen)
            {
            }
        };
        server.SessionCompleted += (_, _) => Interlocked.Decrement(ref open);
        serving = server.StartAsync(stopping.Token);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await stopping.CancelAsync();
        await serving;
        stopping.Dispose();
    }

    [Fact]
    public async Task A_thousand_mails_go_over_a_few_connections_each_once()
    {
        await using (var transport = new SmtpMail(Settings(), new ManualTime()))
            await Parallel.ForEachAsync(Enumerable.Range(0, 1000), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (number, cancellation) =>
                await transport.Send(Mail($"partner{number}@promo.example"), cancellation));

        Assert.Equal(1000, taken.Count);
        Assert.All(taken.Values, times => Assert.Equal(1, times));
        Assert.InRange(sessions, 10, 14);
        // The server may see one leave after it has seen the next arrive.
        Assert.InRange(mostOpen, 1, 8);
    }

    [Fact]
    public async Task One_wrong_address_stops_none_of_the_others()
    {
        await using var transport = new SmtpMail(Settings(), new ManualTime());

        await transport.Send(Mail("ana@promo.example"), default);
        var refused = await Assert.ThrowsAsync<MailRefusedException>(() => transport.Send(Mail("nobody@promo.example"), default));
        var later = await Assert.ThrowsAsync<MailDeferredException>(() => transport.Send(Mail("later@promo.example"), default));
        await transport.Send(Mail("bob@promo.example"), default);

        Assert.StartsWith("550", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("451", later.Message, StringComparison.Ordinal);
        Assert.Equal(["ana@promo.example", "bob@promo.example"], taken.Keys.Order());
        Assert.Equal(1, sessions);
    }

    private MailSettings Settings() => new("127.0.0.1", port, SecureSocketOptions.None, null, null, "billetterie@theatre.example", "Théâtre de l’Étoile");

    private static OutgoingMail Mail(string to) => new(Guid.NewGuid(), to, null, "Vos ventes", "Bonjour,\n.\nvoici vos ventes.\n", "<p>Vos ventes</p>")
    {
        EnvelopeSender = "bounces+x@theatre.example",
        Attachments = [new MailAttachment("Relevé.pdf", "application/pdf", new byte[10_000])],
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class Keeping(ConcurrentDictionary<string, int> taken) : MessageStore
    {
        public override Task<SmtpResponse> SaveAsync(ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            var message = MimeMessage.Load(new MemoryStream(buffer.ToArray()), cancellationToken);
            var whole = message.TextBody!.ReplaceLineEndings("\n") == "Bonjour,\n.\nvoici vos ventes.\n" && ((MimePart)message.Attachments.Single()).FileName == "Relevé.pdf";
            if (!whole) return Task.FromResult(SmtpResponse.TransactionFailed);
            foreach (var to in transaction.To) taken.AddOrUpdate(to.AsAddress(), 1, (_, times) => times + 1);
            return Task.FromResult(SmtpResponse.Ok);
        }
    }

    private sealed class Choosing : MailboxFilter
    {
        public override Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) => to.User switch
        {
            "nobody" => Task.FromResult(false),
            "later" => throw new SmtpResponseException(new SmtpResponse((SmtpReplyCode)451, "come back later")),
            _ => Task.FromResult(from.User == "bounces+x"),
        };
    }
}
