using System.Diagnostics;
using Guichet.Hosting;
using Guichet.Sessions;
using Guichet.Tallies;
using Microsoft.AspNetCore.Builder;
using Npgsql;

namespace Guichet.Benchmarks;

/// <summary>What the measurements share: a real node on a private, durable PostgreSQL in a folder of its own; a sample session; quantiles.</summary>
internal static class Sheet
{
    public static readonly Actor Operator = new("bench", "operator", ActorKind.Operator, "Bench", Role.Administrator);

    public static readonly SessionDetails Details = new(
        "show", null, "Place", new DateTime(2027, 1, 15, 20, 30, 0), "Europe/Paris", "EUR",
        [new Category("a", "A", 500), new Category("b", "B", 500)], [new Tariff("full", "Full", 3000), new Tariff("reduced", "Reduced", 2000)], [],
        [new Channel("desk", "Desk"), new Channel("web", "Web")]);

    /// <summary>A started node that logs nothing.</summary>
    public static async Task WithNode(Func<WebApplication, NodeDatabase, Task> use, params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("guichet-benchmark-");
        OpenToTheServer(folder.FullName);
        try
        {
            await Node.WithAsync(
                ["--urls=http://127.0.0.1:0", $"--Guichet:Data={Path.Combine(folder.FullName, "data")}", "--Guichet:Logs=json", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft=None", "--Logging:LogLevel:Guichet=None", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=None", .. settings],
                async (app, database) =>
                {
                    await app.StartAsync();
                    await use(app, database);
                    await app.StopAsync();
                    return 0;
                });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The database's server runs as another user where this is root: it must be able to walk through.</summary>
    public static void OpenToTheServer(string folder)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
    }

    public static ValidateTally Tally(int sold) => new(
        [new TallyLine("a", "full", "desk", sold % 400, 2, 1, 30_000), new TallyLine("b", "reduced", "web", sold % 300, 0, 0, 20_000)],
        TallySource.Typed, null, null, null, DropConfirmed: true, OverCapacityConfirmed: true)
    {
        Id = Guid.NewGuid(),
        By = Operator,
    };

    public static async Task<ISessionGrain> Session(IGrainFactory grains, string id, Actor? by = null)
    {
        by ??= Operator;
        var session = grains.GetGrain<ISessionGrain>(GrainKey.Of(by.Organisation, id));
        _ = (await session.Create(new CreateSession(Details, OnSale: true) { Id = Guid.NewGuid(), By = by })).Accepted;
        return session;
    }

    /// <summary>How many a second <paramref name="callers"/> loops did in <paramref name="lasting"/>, once warm.</summary>
    public static async Task<double> Rate(int callers, TimeSpan lasting, Func<int, Task> once)
    {
        var done = 0L;
        using var stop = new CancellationTokenSource();
        var loops = Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await once(caller);
                Interlocked.Increment(ref done);
            }
        })).ToArray();
        // The compiler's second tier works beside the first seconds of anything new, on the same cores.
        await Task.Delay(lasting, TimeProvider.System);
        var before = Interlocked.Read(ref done);
        var start = Stopwatch.GetTimestamp();
        await Task.Delay(lasting, TimeProvider.System);
        var rate = (Interlocked.Read(ref done) - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await stop.CancelAsync();
        await Task.WhenAll(loops);
        return rate;
    }

    public static double Quantile(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];

    public static async Task Execute(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public static void Print(string figure, string value, string limit, double ratio) => Console.WriteLine($"{figure,-62} {value,18}   {limit,-46} {ratio,6:0.00}×");
}
