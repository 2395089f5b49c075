using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Guichet.Benchmarks;
using Guichet.Hosting;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Mail;
using Guichet.Sessions;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Guichet.Tests.Cluster;

/// <summary>
/// How fast the default build and one, two and three nodes on Orleans are, from outside over HTTP, on one PostgreSQL and in one run; beside
/// each figure the limit: the same server's single-row commits, measured between.
/// </summary>
internal static class Figures
{
    private const int Callers = 64;
    private const int SessionsOfEach = 25;
    private const int FeedsOfEach = 45;
    private const int PerSecond = 50;
    private const int Seconds = 10;
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(6);

    private sealed record Row(string Engine, int Nodes, double Tallies, double OneRow, double SeenP50, double SeenP99, double TwoCommitsP50, double TwoCommitsP99);

    public static async Task<int> Run(TextWriter output)
    {
        var (orleans, missing) = await OrleansNodes.Build(output);
        if (orleans is null) await output.WriteLineAsync($"Without Orleans, whose packages can't be restored here. {missing}");
        var embedded = typeof(NodeDatabase).Assembly.Location;
        var folder = TestFolder.Create();
        try
        {
            await using var server = await LocalPostgres.StartAsync(new LocalPostgresOptions(Path.Combine(folder, "database")) { MaxConnections = 200 }, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
            List<Row> rows = [await Measure(server, folder, embedded, "Embedded", 1)];
            if (orleans is not null)
                for (var nodes = 1; nodes <= 3; nodes++)
                    rows.Add(await Measure(server, folder, orleans, "Orleans", nodes));
            await output.WriteLineAsync($"""

                {Environment.ProcessorCount} cores, {TimeProvider.System.GetUtcNow():yyyy-MM-dd}; nodes, PostgreSQL and clients on one machine.

                | engine | nodes | tallies a second over {4 * SessionsOfEach} sessions, {Callers} callers | limit: updates of one row a second | ratio | tally → another node's page, p50 | limit: two single-row commits, p50 | ratio | the same, p99 | limit, p99 |
                |---|---|---|---|---|---|---|---|---|---|
                """);
            foreach (var row in rows)
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"| {row.Engine} | {row.Nodes} | {row.Tallies:N0}/s | {row.OneRow:N0}/s | {row.Tallies / row.OneRow:0.00}× | {row.SeenP50:0.0} ms | {row.TwoCommitsP50:0.0} ms | {row.SeenP50 / row.TwoCommitsP50:0.00}× | {row.SeenP99:0.0} ms | {row.TwoCommitsP99:0.0} ms |"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Row> Measure(LocalPostgres server, string folder, string program, string engine, int nodes)
    {
        var name = $"{engine.ToLowerInvariant()}{nodes}";
        var connection = await server.CreateDatabaseAsync(name, template: null, CancellationToken.None);
        await using var database = await NodeDatabase.OpenAsync(connection, folder, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        var (offices, sessions, link) = await Set(database, Path.Combine(folder, "mail"));
        await Sheet.Execute(database.Owner, "CREATE TABLE bench_one (id int PRIMARY KEY, n bigint); INSERT INTO bench_one VALUES (1, 0), (2, 0); GRANT ALL ON bench_one TO guichet_app");
        var oneRow = 0d;
        foreach (var connections in new[] { 1, 4, 16 })
            oneRow = Math.Max(oneRow, await Sheet.Rate(connections, Lasting / 3, _ => Sheet.Execute(database.Product, "UPDATE bench_one SET n = n + 1 WHERE id = 1")));

        await using var balancer = new Balancer();
        await using var fleet = new Fleet(
            program, number => Path.Combine(folder, $"{name}-{number}"),
            _ => engine == "Orleans" ? OrleansNodes.Settings(connection) : [("Guichet:Database", connection)], balancer);
        for (var number = 1; number <= nodes; number++) await fleet.Start(number);
        Uri[] addresses = [.. Enumerable.Range(1, nodes).Select(number => fleet[number].Address)];
        var tallies = await Rate(addresses, offices, sessions);
        var (seen, commits) = await Seen(addresses[0], addresses[^1], offices, link, database);
        return new Row(engine, nodes, tallies, oneRow, Sheet.Quantile(seen, 0.5), Sheet.Quantile(seen, 0.99), Sheet.Quantile(commits, 0.5), Sheet.Quantile(commits, 0.99));
    }

    /// <summary>Organisations, sessions of each, and one more whose tallies the second organisation receives from the first.</summary>
    private static async Task<(ImmutableArray<Office> Offices, ImmutableArray<(Office Office, string Session)> Sessions, (string Sends, string Receives) Link)> Set(NodeDatabase database, string mails)
    {
        await using var node = await TestNode.Start(database.Product, configure: services => services.AddSingleton<IMailTransport>(new MailFolder(mails)));
        var offices = ImmutableArray.CreateBuilder<Office>();
        var sessions = ImmutableArray.CreateBuilder<(Office, string)>();
        foreach (var name in (string[])["Port", "Large", "Festival", "Tour"])
        {
            var office = await Office.Found(node, name, FeedsOfEach);
            offices.Add(office);
            for (var i = 0; i < SessionsOfEach; i++) sessions.Add((office, (await office.Tenant.Play(node, $"Phèdre {i}")).Session));
        }
        var (sender, receiver) = (offices[0].Tenant, offices[1].Tenant);
        var (sends, receives) = ((await sender.Play(node, "Tartuffe")).Session, Ids.New(TimeProvider.System));
        var link = node.Grains.GetGrain<ILinkGrain>(GrainKey.Of(sender.Id, Ids.New(TimeProvider.System)));
        using (Caller.As(sender.Administrator))
            _ = (await link.Request(new RequestLink(LinkSide.Sender, receiver.Id, null, sends, null, null, LinkTerms.AllDetail, null, null) { Id = Guid.NewGuid(), By = sender.Administrator })).Accepted;
        using (Caller.As(receiver.Administrator))
            _ = (await link.Accept(new AcceptLink(new Receiving(receives, Create: true), null, null) { Id = Guid.NewGuid(), By = receiver.Administrator })).Accepted;
        while (await node.Services.GetRequiredService<OutboxDispatcher>().Turn(CancellationToken.None) > 0)
        {
        }
        return (offices.ToImmutable(), sessions.ToImmutable(), (sends, receives));
    }

    private static async Task<double> Rate(Uri[] addresses, ImmutableArray<Office> offices, ImmutableArray<(Office Office, string Session)> sessions)
    {
        var evidence = new Evidence();
        Client[] clients = [.. addresses.Select(address => new Client(address, new Ledger(), evidence))];
        var next = -1;
        var rate = await Sheet.Rate(Callers, Lasting, async caller =>
        {
            var i = Interlocked.Increment(ref next);
            var (office, session) = sessions[i % sessions.Length];
            var feed = office.Feeds[i / sessions.Length % office.Feeds.Length];
            await Validate(clients[caller % clients.Length], feed, session, i % 90);
        });
        foreach (var client in clients) client.Dispose();
        return rate;
    }

    private static async Task<(List<double> Seen, List<double> Commits)> Seen(Uri asked, Uri shown, ImmutableArray<Office> offices, (string Sends, string Receives) link, NodeDatabase database)
    {
        var (evidence, ledger) = (new Evidence(), new Ledger());
        using var client = new Client(asked, ledger, evidence);
        using var browser = new Browser(shown, offices[1], ledger, evidence);
        using var closed = new CancellationTokenSource();
        var arrived = new ConcurrentDictionary<string, long>();
        var page = LivePage.Open(browser, offices[1].House.Id, link.Receives, ledger, evidence, closed.Token, sold => arrived.TryAdd(sold, Stopwatch.GetTimestamp()));
        // Until the page hears what happens: a figure of its own, sent until it is there.
        for (var i = 0; !arrived.ContainsKey("999999") && i < 200; i++)
        {
            if (i % 20 == 0) await Validate(client, offices[0].Feeds[0], link.Sends, 999_999);
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
        var sent = new ConcurrentDictionary<string, long>();
        var commits = new List<double>();
        var pending = new List<Task>();
        var clock = Stopwatch.StartNew();
        for (var i = 1; i <= PerSecond * Seconds; i++)
        {
            var due = TimeSpan.FromSeconds((double)i / PerSecond);
            if (due > clock.Elapsed) await Task.Delay(due - clock.Elapsed, TimeProvider.System);
            sent[i.ToString(CultureInfo.InvariantCulture)] = Stopwatch.GetTimestamp();
            pending.Add(Validate(client, offices[0].Feeds[i % FeedsOfEach], link.Sends, i));
            if (i % 5 != 0) continue;
            var start = Stopwatch.GetTimestamp();
            await Sheet.Execute(database.Product, "UPDATE bench_one SET n = n + 1 WHERE id = 1");
            await Sheet.Execute(database.Product, "UPDATE bench_one SET n = n + 1 WHERE id = 2");
            commits.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        await Task.WhenAll(pending);
        for (var i = 0; !arrived.ContainsKey($"{PerSecond * Seconds}") && i < 200; i++) await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        await closed.CancelAsync();
        await page.Ended;
        List<double> seen = [.. sent.Where(one => arrived.ContainsKey(one.Key)).Select(one => Stopwatch.GetElapsedTime(one.Value, arrived[one.Key]).TotalMilliseconds).Order()];
        commits.Sort();
        return seen.Count == 0 ? throw new InvalidOperationException($"Nothing reached the page. {string.Join("; ", evidence.SeenBroken)}") : (seen, commits);
    }

    private static async Task Validate(Client client, Feed feed, string session, int sold)
    {
        var body = new
        {
            lines = new[] { new { category = "or", tariff = "plein", channel = "guichet", sold, reserved = 2, free = 1, gross = Workload.Euros(30_000) } },
            confirmDrop = true,
            confirmOverCapacity = true,
        };
        var reply = await client.Send(HttpMethod.Post, $"/api/v1/sessions/{session}/tallies", feed.Secret, body, Guid.NewGuid().ToString("N"));
        if (reply is not { IsDone: true }) throw new InvalidOperationException($"A tally was not taken: {reply?.Text}");
    }
}
