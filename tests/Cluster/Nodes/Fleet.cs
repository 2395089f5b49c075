using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Guichet.Support;

namespace Guichet.Tests.Cluster;

/// <summary>
/// The installation's nodes as processes, with what a service manager does for them: one that ends without having been asked to is started
/// again.
/// </summary>
internal sealed class Fleet : IAsyncDisposable
{
    /// <summary>What the line says in which a process tells why it ended.</summary>
    private static readonly string[] Why = ["FATAL", "Process terminated", "Unhandled exception", "I have been told I am dead", "crit:"];

    private readonly string program;
    private readonly Func<int, string> dataOf;
    private readonly Func<int, (string, string)[]> settingsOf;
    private readonly Balancer balancer;
    private readonly ConcurrentDictionary<int, NodeProcess> nodes = new();
    private readonly ConcurrentDictionary<NodeProcess, bool> asked = new();
    private readonly ConcurrentQueue<string> told = new();
    private readonly ConcurrentQueue<Task> supervised = new();
    private volatile bool ended;

    /// <param name="program">The build's <c>guichet.dll</c>.</param>
    /// <param name="dataOf">Each node's data folder.</param>
    public Fleet(string program, Func<int, string> dataOf, Func<int, (string, string)[]> settingsOf, Balancer balancer)
    {
        (this.program, this.dataOf, this.settingsOf, this.balancer) = (program, dataOf, settingsOf, balancer);
        AppDomain.CurrentDomain.ProcessExit += KillAll;
    }

    /// <summary>Nodes that ended by themselves and were started again.</summary>
    public IReadOnlyCollection<string> Restarts => told;

    public NodeProcess this[int number] => nodes[number];

    /// <summary>Completes when it is ready.</summary>
    public async Task Start(int number)
    {
        // What is left behind of a node or a server that was killed may be in the way for a moment.
        for (var attempt = 1; ; attempt++)
            try
            {
                nodes[number] = await NodeProcess.StartAsync(
                    program, dataOf(number), [("Logging:LogLevel:Default", "Warning"), ("Guichet:Webhooks:Loopback", "true"), .. settingsOf(number)]);
                break;
            }
            catch (InvalidOperationException) when (attempt < 5)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            }
        var node = nodes[number];
        if (ended)
        {
            await node.DisposeAsync();
            return;
        }
        balancer.Add(Name(number), node.Address);
        supervised.Enqueue(Supervise(number, node));
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await balancer.Ready(Name(number), patience.Token);
    }

    /// <summary>It is there, and says that it is ready.</summary>
    public bool IsReady(int number) => balancer.IsReady(Name(number));

    public async Task Kill(int number)
    {
        asked[nodes[number]] = true;
        await nodes[number].KillAsync();
    }

    /// <summary>As a service manager stops it; its exit code.</summary>
    public Task<int> Stop(int number)
    {
        asked[nodes[number]] = true;
        return nodes[number].StopAsync();
    }

    public Task Signal(int number, string name) => Processes.Signal(nodes[number].ProcessId, name);

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillAll;
        ended = true;
        foreach (var node in nodes.Values) asked[node] = true;
        foreach (var node in nodes.Values) await node.DisposeAsync();
        // One that was just being started again is the last to go.
        await Task.WhenAny(Task.WhenAll(supervised), Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System));
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>No node outlives a run that is interrupted.</summary>
    private void KillAll(object? sender, EventArgs ended)
    {
        foreach (var node in nodes.Values) node.KillAsync().Wait(TimeSpan.FromSeconds(2));
    }

    private static string Name(int number) => $"node {number}";

    private async Task Supervise(int number, NodeProcess node)
    {
        await node.Ended;
        if (ended || asked.ContainsKey(node)) return;
        told.Enqueue($"{Name(number)} ended by itself and was started again: {node.Output.Split('\n').LastOrDefault(line => Why.Any(word => line.Contains(word, StringComparison.Ordinal))) ?? "it didn't say why"}");
        await Start(number);
    }
}
