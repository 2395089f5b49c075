using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;
using SecureSocketOptions = MailKit.Security.SecureSocketOptions;

namespace Guichet.Mail;

/// <summary>
/// A real SMTP server, small: what it is given it keeps, and a test may have it refuse, hang or hang up at any of its lines.
/// </summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<TcpClient> clients = [];
    private readonly Task serving;

    public ScriptedServer()
    {
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Offered to clients for STARTTLS when there is one.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Encrypted from the first byte, with that certificate.</summary>
    public bool ImplicitTls { get; init; }

    /// <summary>What it says in its greeting that it can.</summary>
    public string[] Extensions { get; init; } = [];

    /// <summary>How often it was called.</summary>
    public int Calls { get; private set; }

    /// <summary>The reply to a line of the client; null for the usual one. <see cref="Silence"/> and <see cref="HangUp"/> are replies too.</summary>
    public Func<string, string?> Reply { get; init; } = _ => null;

    public const string Silence = "(silence)";
    public const string HangUp = "(hang up)";

    /// <summary>The mails that were accepted, as they came.</summary>
    public List<string> Accepted { get; } = [];

    /// <summary>Whom each of them was for, by their envelopes.</summary>
    public List<string> Reached { get; } = [];

    /// <summary>The only mail that was accepted, read.</summary>
    public MimeMessage Arrived => MimeMessage.Load(new MemoryStream(Encoding.UTF8.GetBytes(Assert.Single(Accepted))));

    /// <summary>Every line that came, those of mails excepted, with what it came over.</summary>
    public List<(string Line, bool Encrypted)> Lines { get; } = [];

    /// <summary>Hangs up on everybody who is there.</summary>
    public void HangUpOnAll()
    {
        lock (clients)
            clients.ForEach(client => client.Close());
    }

    public MailSettings Settings(SecureSocketOptions security = SecureSocketOptions.None, string? user = null, string? password = null) =>
        new("127.0.0.1", Port, security, user, password, "billetterie@theatre.example", "Théâtre de l’Étoile");

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await serving;
        stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
                sessions.Add(SessionAsync(await listener.AcceptTcpClientAsync(stopping.Token)));
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException || (ended is InvalidOperationException && stopping.IsCancellationRequested))
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task SessionAsync(TcpClient client)
    {
        lock (clients)
        {
            clients.Add(client);
            Calls++;
        }
        using (client)
            try
            {
                await TalkAsync(ImplicitTls ? await EncryptAsync(client.GetStream()) : client.GetStream());
            }
            catch (Exception left) when (left is IOException or OperationCanceledException or AuthenticationException or ObjectDisposedException)
            {
                // The client left, or was hung up on, or the test is over.
            }
    }

    private async Task TalkAsync(Stream stream)
    {
        var (encrypted, recipient) = (ImplicitTls, "");
        if (!await AnswerAsync(stream, "(connected)", "220 test ready"))
            return;
        while (await ReadLineAsync(stream) is { } line)
        {
            lock (Lines)
                Lines.Add((line, encrypted));
            var verb = line.Split(' ')[0].ToUpperInvariant();
            if (verb == "RCPT") recipient = line.Split('<', '>')[1];
            var usual = verb switch
            {
                "EHLO" => string.Join("\r\n", [
                    "250-test", .. Extensions.Select(extension => $"250-{extension}"), Certificate is null || encrypted ? "250 AUTH LOGIN" : "250 STARTTLS"]),
                "STARTTLS" => "220 go ahead",
                "AUTH" => "334 UGFzc3dvcmQ6",
                "DATA" => "354 go ahead",
                "QUIT" => "221 bye",
                "MAIL" or "RCPT" or "RSET" => "250 ok",
                _ => "235 signed in",
            };
            if (!await AnswerAsync(stream, line, usual))
                return;
            if (verb == "DATA" && Reply(line) is null)
            {
                var mail = new StringBuilder();
                while (await ReadLineAsync(stream) is { } part && part != ".")
                    mail.Append(part.StartsWith('.') ? part[1..] : part).Append("\r\n");
                var reply = Reply("(mail)");
                if (reply is null or HangUp || reply.StartsWith("250", StringComparison.Ordinal))
                    lock (Accepted)
                    {
                        Accepted.Add(mail.ToString());
                        Reached.Add(recipient);
                    }
                if (!await SayAsync(stream, reply ?? "250 kept"))
                    return;
            }
            else if (verb == "STARTTLS")
            {
                (stream, encrypted) = (await EncryptAsync(stream), true);
            }
        }
    }

    private async Task<Stream> EncryptAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate }, stopping.Token);
        return secure;
    }

    private Task<bool> AnswerAsync(Stream stream, string line, string usual) => SayAsync(stream, Reply(line) ?? usual);

    private async Task<bool> SayAsync(Stream stream, string reply)
    {
        if (reply == HangUp)
            return false;
        if (reply == Silence)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping.Token);
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"{reply}\r\n"), stopping.Token);
        return true;
    }

    private async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one, stopping.Token) == 1)
            if (one[0] == '\n')
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            else
                line.Add(one[0]);
        return null;
    }
}
