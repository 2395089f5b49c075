using System.Diagnostics;
using Guichet.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>A disk of 200 MB that something else fills while rows are written.</summary>
public sealed class DiskFullTests : IAsyncLifetime
{
    private readonly string folder = TestFolder.Create();
    private SmallDisk? disk;

    [RootFact]
    public async Task A_full_disk_refuses_in_words_and_loses_nothing_that_was_acknowledged()
    {
        await using var server = await LocalPostgres.StartAsync(new LocalPostgresOptions(folder), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var data = NpgsqlDataSource.Create(server.ConnectionString());
        await ExecuteAsync(data, "create table written (number integer primary key, filling text)");
        await disk!.Fill(leaving: 2_000_000);

        var acknowledged = 0;
        NpgsqlException refusal;
        while (true)
            try
            {
                await ExecuteAsync(data, $"insert into written select {acknowledged + 1}, string_agg(md5(i::text), '') from generate_series(1, 1000) i");
                acknowledged++;
            }
            catch (NpgsqlException full)
            {
                refusal = full;
                break;
            }

        // Either the table can't grow, which is said, or the log can't, and the server goes down to come back when there is room.
        Assert.True(refusal is PostgresException { SqlState: PostgresErrorCodes.DiskFull } or not PostgresException or PostgresException { SqlState: "57P02" or "57P03" }, refusal.Message);
        Assert.True(acknowledged > 0);
        disk.MakeRoom();
        await AnswersAgainAsync(data);
        Assert.Equal(acknowledged, await CountAsync(data, acknowledged));
        await ExecuteAsync(data, $"insert into written values ({acknowledged + 2}, 'room again')");
    }

    [RootFact]
    public async Task A_first_start_without_room_says_so_and_leaves_nothing_half_made()
    {
        await disk!.Fill(leaving: 20_000_000);

        var refusal = await Assert.ThrowsAsync<DatabaseUnavailableException>(() =>
            LocalPostgres.StartAsync(new LocalPostgresOptions(folder), TimeProvider.System, NullLogger.Instance, CancellationToken.None));

        Assert.Contains("Check free disk space", refusal.Message, StringComparison.Ordinal);
        disk.MakeRoom();
        await using var server = await LocalPostgres.StartAsync(new LocalPostgresOptions(folder), TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        await using var data = NpgsqlDataSource.Create(server.ConnectionString());
        await ExecuteAsync(data, "create table written (number integer)");
    }

    public async Task InitializeAsync()
    {
        if (SmallDisk.Possible) disk = await SmallDisk.Mount(folder, megabytes: 200);
    }

    public async Task DisposeAsync()
    {
        if (disk is not null) await disk.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task AnswersAgainAsync(NpgsqlDataSource data)
    {
        var since = Stopwatch.StartNew();
        while (true)
            try
            {
                await CountAsync(data, 0);
                return;
            }
            catch (NpgsqlException) when (since.Elapsed < TimeSpan.FromSeconds(60))
            {
                await Task.Yield();
            }
    }

    private static async Task<long> CountAsync(NpgsqlDataSource data, int upTo)
    {
        await using var count = data.CreateCommand($"select count(*) from written where number <= {upTo}");
        return (long)(await count.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource data, string sql)
    {
        await using var command = data.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
