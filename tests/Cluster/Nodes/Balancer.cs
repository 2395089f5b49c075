using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Guichet.Tests.Cluster;

/// <summary>
/// A load balancer of connections on the loopback address: each goes to the next node that says it is ready. A node that says it isn't gets no
/// new ones and keeps those it has; one that doesn't answer loses them.
/// </summary>
internal sealed class Balancer : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestCheck = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(1);

    /// <summary>A connection waits this long for a node to be ready.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    /// <summary>So many checks without an answer, and the node is taken for gone.</summary>
    private const int MissedChecks = 3;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<string, Backend> backends = new();
    private readonly HttpClient checks = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = LongestCheck };
    private readonly Task accepting;
    private int next;

    public Balancer()
    {
        listener.Start();
        Address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
        accepting = Accept();
    }

    public Uri Address { get; }

    public void Add(string name, Uri node)
    {
        var backend = new Backend(node);
        backends[name] = backend;
        backend.Checking = Check(name, backend);
    }

    /// <summary>Completes when the node has said that it is ready.</summary>
    public async Task Ready(string name, CancellationToken cancellation)
    {
        while (!(backends.TryGetValue(name, out var backend) && backend.Ready)) await Task.Delay(Period, TimeProvider.System, cancellation);
    }

    public bool IsReady(string name) => backends.TryGetValue(name, out var backend) && backend.Ready;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        foreach (var backend in backends.Values)
        {
            backend.Cut();
            await backend.Checking;
        }
        checks.Dispose();
    }

    private async Task Check(string name, Backend backend)
    {
        for (var missed = 0; !stopping.IsCancellationRequested && backends.GetValueOrDefault(name) == backend;)
        {
            try
            {
                using var answer = await checks.GetAsync(new Uri(backend.Node, "/readyz"), stopping.Token);
                (backend.Ready, missed) = (answer.IsSuccessStatusCode, 0);
            }
            catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
            {
                // Refused is sure; no answer in time may be a busy machine.
                if (++missed >= MissedChecks || silent is HttpRequestException) backend.Ready = false;
                if (missed >= MissedChecks) backend.Cut();
            }
            try
            {
                await Task.Delay(Period, TimeProvider.System, stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Accept()
    {
        while (true)
            try
            {
                _ = Serve(await listener.AcceptSocketAsync(stopping.Token));
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
    }

    private async Task Serve(Socket client)
    {
        using var near = client;
        near.NoDelay = true;
        var since = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(since) < LongestWait && !stopping.IsCancellationRequested)
        {
            Backend[] ready = [.. backends.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => one.Value).Where(one => one.Ready)];
            if (ready.Length > 0)
            {
                var backend = ready[(int)((uint)Interlocked.Increment(ref next) % (uint)ready.Length)];
                using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                try
                {
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
                    limit.CancelAfter(LongestConnect);
                    await far.ConnectAsync(IPAddress.Loopback, backend.Node.Port, limit.Token);
                }
                catch (Exception refused) when (refused is SocketException or OperationCanceledException)
                {
                    backend.Ready = false;
                    continue;
                }
                await backend.Carry(near, far, stopping.Token);
                return;
            }
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private sealed class Backend(Uri node)
    {
        private readonly Lock gate = new();
        private readonly HashSet<(Socket Near, Socket Far)> carried = [];

        public Uri Node => node;

        public volatile bool Ready;

        public Task Checking { get; set; } = Task.CompletedTask;

        public async Task Carry(Socket near, Socket far, CancellationToken stopped)
        {
            lock (gate) carried.Add((near, far));
            try
            {
                await Task.WhenAll(Pass(near, far, stopped), Pass(far, near, stopped));
            }
            finally
            {
                lock (gate) carried.Remove((near, far));
            }
        }

        public void Cut()
        {
            lock (gate)
                foreach (var (near, far) in carried)
                {
                    near.Close(0);
                    far.Close(0);
                }
        }

        private static async Task Pass(Socket from, Socket to, CancellationToken stopped)
        {
            var buffer = new byte[16 * 1024];
            try
            {
                int read;
                while ((read = await from.ReceiveAsync(buffer, stopped)) > 0)
                    for (var sent = 0; sent < read;)
                        sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), stopped);
                to.Shutdown(SocketShutdown.Send);
            }
            catch (Exception broken) when (broken is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // What breaks on one side breaks on the other.
                from.Close(0);
                to.Close(0);
            }
        }
    }
}
