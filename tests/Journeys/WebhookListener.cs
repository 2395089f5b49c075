using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace Guichet.Tests.Journeys;

/// <summary>A partner's server on this machine: keeps what is posted to it, and answers as it is told.</summary>
internal sealed class WebhookListener : IDisposable
{
    /// <param name="At">When it arrived.</param>
    public sealed record Post(string Path, string Signature, string Version, string Body, DateTimeOffset At, int Answered);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly Channel<Post> posts = Channel.CreateUnbounded<Post>();
    private readonly HttpListener listener;
    private readonly Task served;

    public WebhookListener()
    {
        listener = Listen(out var port);
        Address = $"http://127.0.0.1:{port}/";
        served = Serve();
    }

    public string Address { get; }

    /// <summary>The status that it answers with from now on.</summary>
    public int Answer { get; set; } = 204;

    /// <summary>The next post that it answered so.</summary>
    public async Task<Post> Next(int answered = 204)
    {
        using var patience = new CancellationTokenSource(Longest);
        while (true)
            if (await posts.Reader.ReadAsync(patience.Token) is var post && post.Answered == answered)
                return post;
    }

    public void Dispose()
    {
        listener.Close();
        served.Wait(Longest);
    }

    private async Task Serve()
    {
        while (true)
        {
            HttpListenerContext call;
            try
            {
                call = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var reader = new StreamReader(call.Request.InputStream, Encoding.UTF8);
            var post = new Post(
                call.Request.Url!.AbsolutePath, call.Request.Headers["Guichet-Signature"] ?? "", call.Request.Headers["Guichet-Version"] ?? "",
                await reader.ReadToEndAsync(), TimeProvider.System.GetUtcNow(), Answer);
            call.Response.StatusCode = post.Answered;
            call.Response.Close();
            posts.Writer.TryWrite(post);
        }
    }

    /// <summary>The listener takes no port 0: one that was free a moment ago is tried, then another.</summary>
    private static HttpListener Listen(out int port)
    {
        for (var tries = 0; ; tries++)
        {
            using (var probe = new TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                port = ((IPEndPoint)probe.LocalEndpoint).Port;
            }
            var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (tries < 10)
            {
                listener.Close();
            }
        }
    }
}
