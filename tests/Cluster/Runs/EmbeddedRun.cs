using Guichet.Hosting;
using Guichet.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Guichet.Tests.Cluster;

/// <summary>One node of the default build on a PostgreSQL of its own, and what a machine can do to it, at instants drawn from a seed.</summary>
internal static class EmbeddedRun
{
    private const int Megabytes = 3_000;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LongestRecovery = TimeSpan.FromSeconds(60);

    /// <param name="lasting">Ordeals are begun for this long.</param>
    /// <param name="most">So many ordeals at most.</param>
    /// <param name="claimsEnd">An effect that a killed node had in hand is another's after ninety seconds; this ends the wait at once.</param>
    /// <returns>The promises that were broken, and what the installation left behind with the evidence.</returns>
    public static async Task<(IReadOnlyList<string> Broken, Remains Remains, Evidence Evidence, IReadOnlyList<Office> Offices)> Run(
        int seed, TimeSpan lasting, int most, bool claimsEnd, TextWriter output)
    {
        var folder = TestFolder.Create();
        var disk = SmallDisk.Possible ? await SmallDisk.Mount(folder, Megabytes) : null;
        try
        {
            return await In(folder, disk, seed, lasting, most, claimsEnd, output);
        }
        finally
        {
            if (disk is not null) await disk.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(IReadOnlyList<string>, Remains, Evidence, IReadOnlyList<Office>)> In(
        string folder, SmallDisk? disk, int seed, TimeSpan lasting, int most, bool claimsEnd, TextWriter output)
    {
        var data = Path.Combine(folder, "data");
        string[] mails = [Path.Combine(folder, "mail"), Path.Combine(data, "mail")];
        var (ledger, evidence) = (new Ledger(), new Evidence());
        IReadOnlyList<Office> offices;
        await using (var database = await NodeDatabase.OpenAsync(null, data, TimeProvider.System, NullLogger.Instance, CancellationToken.None))
            offices = await Scene.Set(database.Product, mails[0], evidence, feeds: 6, expiring: 6, lasting);

        await using var balancer = new Balancer();
        await using var webhooks = await WebhookSink.Start(evidence);
        await using var fleet = new Fleet(typeof(NodeDatabase).Assembly.Location, _ => data, _ => [], balancer);
        await fleet.Start(1);
        await using var workload = new Workload(balancer.Address, offices, webhooks.Address, ledger, evidence, seed);
        var drive = new Drive(workload, ledger, evidence, [.. offices.Select(office => office.House)], output);
        var chance = new Random(seed);
        workload.Start();
        await drive.WriteHead();
        var machine = new Machine(fleet, Path.Combine(data, "postgres"), data, disk);
        await drive.Through("nothing", () => Linked(workload, ledger), TimeSpan.FromSeconds(2));
        var began = ledger.Now;
        for (var i = 0; i < most && ledger.Now - began < lasting; i++)
        {
            var (what, act) = machine.Draw(i, chance);
            await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(200, 2_500)), TimeProvider.System);
            await drive.Through(what, async () =>
            {
                await act();
                await Again(fleet, ledger, Path.Combine(data, "postgres"));
            }, TimeSpan.FromSeconds(1));
        }
        await workload.Stop();
        await using var owner = Connections.AsOwner(LocalPostgres.OfRunningNode(data) ?? throw new InvalidOperationException("The node has no server."));
        if (claimsEnd) await Execute(owner, "UPDATE outbox SET claimed_until = now() WHERE claimed_until IS NOT NULL");
        var broken = await drive.Settle(owner, mails, longest: claimsEnd ? TimeSpan.FromSeconds(40) : TimeSpan.FromSeconds(150));
        foreach (var restart in fleet.Restarts) await output.WriteLineAsync($"  {restart}");
        return (broken, await Remains.Read(owner, mails), evidence, offices);
    }

    /// <summary>Completes when clients are answered again.</summary>
    private static async Task Again(Fleet fleet, Ledger ledger, string cluster)
    {
        var (since, before) = (ledger.Now, ledger.AnsweredSoFar);
        while (!fleet.IsReady(1) || ledger.AnsweredSoFar < before + 5)
        {
            if (ledger.Now - since > LongestRecovery) throw new TimeoutException($"Nothing is answered for {LongestRecovery.TotalSeconds:0} s after the fault ended.\n{LastWords(fleet[1].Output.Split('\n'))}\nPostgreSQL:\n{LastWords(File.ReadLines(Path.Combine(cluster, "server.log")).Where(line => !line.Contains("FATAL:  the database system is", StringComparison.Ordinal)))}\n{States(cluster)}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static string LastWords(IEnumerable<string> lines) => string.Join('\n', lines.TakeLast(12).Select(line => line.Length > 200 ? line[..200] : line));

    /// <summary>What the server's processes are doing.</summary>
    private static string States(string cluster)
    {
        if (!File.Exists(Path.Combine(cluster, "postmaster.pid"))) return "no server";
        var server = Processes.ServerOf(cluster);
        return string.Join('\n', new[] { server }.Concat(Processes.Children(server)).Where(Processes.IsAlive).Select(one => File.ReadAllText($"/proc/{one}/stat")));
    }

    /// <summary>Completes when tallies travel over a link: before that there is little to break.</summary>
    private static async Task Linked(Workload workload, Ledger ledger)
    {
        var since = ledger.Now;
        while (workload.Accepted == 0 && ledger.Now - since < LongestStart) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
    }

    private static async Task Execute(Npgsql.NpgsqlDataSource owner, string sql)
    {
        await using var command = owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The machine that the node runs on.</summary>
    private sealed class Machine(Fleet fleet, string cluster, string data, SmallDisk? disk)
    {
        /// <summary>Each kind once before any comes again, in an order of the seed's.</summary>
        private readonly Queue<(string, Func<Task>)> next = new();

        public (string What, Func<Task> Act) Draw(int number, Random chance)
        {
            if (next.Count == 0)
            {
                (string, Func<Task>)[] all =
                [
                    ("kill -9 of the node", KillNode),
                    ("kill -9 of the node and the guard of its server", KillNodeAndGuard),
                    ("kill -9 of the node, the guard and the server", KillAll),
                    ("kill -9 of PostgreSQL's first process", () => KillServer(children: false)),
                    ("kill -9 of all of PostgreSQL", () => KillServer(children: true)),
                    .. disk is null ? [] : (IEnumerable<(string, Func<Task>)>)[("the disk is full", () => FillDisk(TimeSpan.FromSeconds(2)))],
                    .. FailingFlushes.Possible ? (IEnumerable<(string, Func<Task>)>)[("flushes fail (EIO)", () => FailFlushes(TimeSpan.FromSeconds(1)))] : [],
                ];
                chance.Shuffle(all);
                foreach (var one in all) next.Enqueue(one);
            }
            return next.Dequeue();
        }

        private async Task KillNode()
        {
            await fleet.Kill(1);
            await fleet.Start(1);
        }

        private async Task KillNodeAndGuard()
        {
            Processes.GuardOf(data)?.Kill();
            await KillNode();
        }

        private async Task KillAll()
        {
            var server = Processes.ServerOf(cluster);
            int[] children = [.. Processes.Children(server)];
            Processes.GuardOf(data)?.Kill();
            await Processes.Signal(server, "KILL");
            foreach (var child in children) await Processes.Signal(child, "KILL");
            await KillNode();
        }

        private async Task KillServer(bool children)
        {
            var server = Processes.ServerOf(cluster);
            int[] all = children ? [server, .. Processes.Children(server)] : [server];
            foreach (var one in all) await Processes.Signal(one, "KILL");
        }

        private async Task FillDisk(TimeSpan lasting)
        {
            await disk!.Fill(leaving: 200_000);
            await Task.Delay(lasting, TimeProvider.System);
            disk.MakeRoom();
        }

        private async Task FailFlushes(TimeSpan lasting)
        {
            await using (await FailingFlushes.Begin(cluster))
                await Task.Delay(lasting, TimeProvider.System);
        }
    }
}
