using System.Diagnostics;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Guichet.Tests.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>A disk that takes what is written and then says that it couldn't keep it: the kernel's EIO to the database's flushes.</summary>
public sealed class FlushErrorTests : IDisposable
{
    private static readonly Actor Claire = new("theatre", "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);
    private readonly string folder = TestFolder.Create();

    [StraceFact]
    public async Task A_flush_that_fails_acknowledges_nothing_and_the_node_goes_on_when_the_disk_does()
    {
        await using var database = await NodeDatabase.OpenAsync(null, folder, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var silo = await TestSilo.Start(database.Product, TimeProvider.System);
        using var caller = Caller.As(Claire);
        var session = silo.Session(Claire.Organisation, "s");
        _ = (await session.Create(new CreateSession(Sample.Details, OnSale: true) { Id = Guid.NewGuid(), By = Claire })).Accepted;
        for (var sold = 1; sold <= 20; sold++) Assert.Equal(sold, (await session.Validate(Tally(sold))).Accepted.Version);

        var unsure = Tally(21);
        await using (await FailingFlushes.Begin(Path.Combine(folder, "postgres")))
            await Assert.ThrowsAsync<TryAgainException>(() => session.Validate(unsure));

        // The server was struck down by it and comes back by itself; the same command, sent again, is done once.
        var receipt = await UntilAnswered(() => session.Validate(unsure));
        Assert.Equal(21, receipt.Version);
        Assert.Equal(22, (await session.Validate(Tally(22))).Accepted.Version);
        database.Owner.Clear();
        await using var kept = database.Owner.CreateCommand("SELECT string_agg(version::text, ' ' ORDER BY version) FROM tallies");
        Assert.Equal(string.Join(' ', Enumerable.Range(1, 22)), await kept.ExecuteScalarAsync());
        Assert.Empty((await Guichet.Journal.JournalVerification.Run(database.Owner, GuichetGrains.StateTables, CancellationToken.None)).Faults);
    }

    /// <summary>PostgreSQL 18 itself then says for ever that it recovers, and doesn't.</summary>
    [StraceFact]
    public async Task A_server_whose_recovery_fails_in_turn_is_started_anew()
    {
        await using var server = await LocalPostgres.StartAsync(new LocalPostgresOptions(folder), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var data = NpgsqlDataSource.Create(server.ConnectionString());
        await Execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)");
        var (first, cluster) = (server.ProcessId, Path.Combine(folder, "postgres"));

        await using (await FailingFlushes.Begin(cluster))
        {
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => Execute("INSERT INTO kept VALUES (2)"));
            for (var since = Stopwatch.StartNew(); !RecoveryFailed(); await Task.Yield())
                Assert.True(since.Elapsed < TimeSpan.FromSeconds(60), "It recovered all the same.");
        }

        for (var since = Stopwatch.StartNew(); ;)
            try
            {
                await Execute("INSERT INTO kept VALUES (3)");
                break;
            }
            catch (NpgsqlException) when (since.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Yield();
            }
        Assert.NotEqual(first, Processes.ServerOf(cluster));
        await using var kept = data.CreateCommand("SELECT count(*) FROM kept WHERE n IN (1, 3)");
        Assert.Equal(2L, await kept.ExecuteScalarAsync());

        bool RecoveryFailed() => File.ReadLines(Path.Combine(cluster, "server.log"))
            .SkipWhile(line => !line.Contains("recovery in progress", StringComparison.Ordinal)).Any(line => line.Contains("PANIC", StringComparison.Ordinal));

        async Task Execute(string sql)
        {
            await using var command = data.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static ValidateTally Tally(int sold) =>
        new([Sample.Line(sold)], TallySource.Typed, null, null, null, OverCapacityConfirmed: true) { Id = Guid.NewGuid(), By = Claire };

    private static async Task<TallyReceipt> UntilAnswered(Func<Task<Outcome<TallyReceipt>>> validate)
    {
        for (var since = Stopwatch.StartNew(); ;)
        {
            try
            {
                return (await TimeProvider.System.Send(validate)).Accepted;
            }
            catch (TryAgainException) when (since.Elapsed < TimeSpan.FromSeconds(60))
            {
            }
        }
    }
}
