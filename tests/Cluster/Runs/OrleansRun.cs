using Guichet.Hosting;
using Guichet.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guichet.Tests.Cluster;

/// <summary>Three nodes on one PostgreSQL behind a load balancer, each of the ways in which a node or the database goes away, and the reckoning.</summary>
internal static class OrleansRun
{
    private const int Nodes = 3;

    /// <summary>A node is given up after two seconds of silence.</summary>
    private static readonly TimeSpan PastTheLease = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<string>> Run(string program, int seed, TextWriter output)
    {
        var folder = TestFolder.Create();
        try
        {
            return await In(folder, program, seed, output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<IReadOnlyList<string>> In(string folder, string program, int seed, TextWriter output)
    {
        string[] data = [.. Enumerable.Range(0, Nodes + 1).Select(number => Path.Combine(folder, $"node{number}"))];
        string[] mails = [.. data.Select(one => Path.Combine(one, "mail"))];
        var (ledger, evidence) = (new Ledger(), new Evidence());
        await using var server = await LocalPostgres.StartAsync(new LocalPostgresOptions(Path.Combine(folder, "database")), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var database = await NodeDatabase.OpenAsync(server.ConnectionString(), folder, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        var offices = await Scene.Set(database.Product, mails[0], evidence, feeds: 6, expiring: 16, TimeSpan.FromSeconds(130));

        await using var balancer = new Balancer();
        await using var webhooks = await WebhookSink.Start(evidence);
        await using var fleet = new Fleet(program, number => data[number], _ => OrleansNodes.Settings(server.ConnectionString()), balancer);
        for (var number = 1; number <= Nodes; number++) await fleet.Start(number);
        await output.WriteLineAsync($"{Nodes} nodes work.");
        await using var workload = new Workload(balancer.Address, offices, webhooks.Address, ledger, evidence, seed);
        var drive = new Drive(workload, ledger, evidence, [.. offices.Select(office => office.House)], output);
        workload.Start();
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System);
        await drive.WriteHead();
        await drive.Through("nothing", () => Task.CompletedTask, TimeSpan.FromSeconds(8), withoutFailure: true);
        await drive.Through("kill -9 of a node", () => fleet.Kill(1), TimeSpan.FromSeconds(10));
        await drive.Through("it is started again", () => fleet.Start(1), TimeSpan.FromSeconds(4), withoutFailure: true);
        await drive.Through("a node is stopped in order", () => Stop(fleet, evidence, 2), TimeSpan.FromSeconds(4), withoutFailure: true);
        await drive.Through("it is started again", () => fleet.Start(2), TimeSpan.FromSeconds(4), withoutFailure: true);
        await drive.Through("all are restarted in order, one after the other", () => Roll(fleet, evidence), TimeSpan.FromSeconds(3), withoutFailure: true);
        await drive.Through($"a node is paused for {PastTheLease.TotalSeconds:0} s (SIGSTOP), and goes on", () => Pause(fleet, 1), TimeSpan.FromSeconds(8));
        await drive.Through("PostgreSQL is restarted", () => Processes.Signal(server.ProcessId, "INT"), TimeSpan.FromSeconds(10));
        await drive.Through("kill -9 of all of PostgreSQL", () => KillAll(server.ProcessId), TimeSpan.FromSeconds(10));
        var broken = await drive.Settle(database.Owner, mails, longest: TimeSpan.FromSeconds(110));
        foreach (var restart in fleet.Restarts) await output.WriteLineAsync($"  {restart}");
        return broken;
    }

    private static async Task Stop(Fleet fleet, Evidence evidence, int number)
    {
        if (await fleet.Stop(number) is var code and not 0) evidence.Broken($"a node that was stopped in order ended with {code}");
    }

    private static async Task Roll(Fleet fleet, Evidence evidence)
    {
        for (var number = 1; number <= Nodes; number++)
        {
            await Stop(fleet, evidence, number);
            await fleet.Start(number);
        }
    }

    private static async Task Pause(Fleet fleet, int number)
    {
        await fleet.Signal(number, "STOP");
        await Task.Delay(PastTheLease, TimeProvider.System);
        await fleet.Signal(number, "CONT");
    }

    private static async Task KillAll(int server)
    {
        int[] all = [server, .. Processes.Children(server)];
        foreach (var one in all) await Processes.Signal(one, "KILL");
    }
}
