using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guichet.Hosting;

public sealed class LocalPostgresTests : IDisposable
{
    private readonly string folder = Path.Combine(Path.GetTempPath(), $"guichet-local-{Guid.NewGuid():N}");

    [Fact]
    public async Task What_was_committed_is_there_after_a_restart()
    {
        await using (var first = await StartAsync())
            await ExecuteAsync(first.ConnectionString(), "create table kept as select 'séance' as word");

        await using var second = await StartAsync();

        Assert.Equal("séance", await ReadAsync(second.ConnectionString(), "select word from kept"));
    }

    [Fact]
    public async Task Two_servers_at_once_do_not_clash()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync($"{folder}-other");

        await ExecuteAsync(one.ConnectionString(), "create table mine ()");

        Assert.Null(await ReadAsync(other.ConnectionString(), "select tablename from pg_tables where tablename = 'mine'"));
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_and_its_server_can_be_reached()
    {
        Assert.Null(LocalPostgres.OfRunningNode(folder));
        await using (var running = await StartAsync())
        {
            await Assert.ThrowsAsync<DataFolderInUseException>(() => StartAsync());

            Assert.Equal(running.ConnectionString(), LocalPostgres.OfRunningNode(folder));
        }
        Assert.Null(LocalPostgres.OfRunningNode(folder));
    }

    [Fact]
    public async Task A_folder_that_was_moved_goes_on()
    {
        await using (var first = await StartAsync())
            await ExecuteAsync(first.ConnectionString(), "create table kept as select 'here' as word");
        Directory.Move(folder, $"{folder}-other");

        await using var moved = await StartAsync($"{folder}-other");

        Assert.Equal("here", await ReadAsync(moved.ConnectionString(), "select word from kept"));
    }

    [Fact]
    public async Task A_folder_too_deep_for_a_socket_works()
    {
        var deep = Path.Combine(folder, new string('d', 60), new string('e', 60));

        await using var server = await StartAsync(deep);

        Assert.Equal("1", await ReadAsync(server.ConnectionString(), "select '1'"));
    }

    /// <summary>After a reboot the number in the process file may be anybody's.</summary>
    [Fact]
    public async Task A_process_file_left_by_a_crash_is_no_obstacle()
    {
        await using (await StartAsync())
        {
        }
        File.WriteAllText(Path.Combine(folder, "postgres", "postmaster.pid"), $"{Environment.ProcessId}\n{folder}/postgres\n1\n5432\n");

        await using var server = await StartAsync();

        Assert.Equal("1", await ReadAsync(server.ConnectionString(), "select '1'"));
    }

    [Fact]
    public async Task An_interrupted_first_start_is_started_over()
    {
        Directory.CreateDirectory(Path.Combine(folder, "postgres.new", "base"));

        await using var server = await StartAsync();

        Assert.Equal("1", await ReadAsync(server.ConnectionString(), "select '1'"));
    }

    [Fact]
    public async Task A_cluster_of_another_major_version_is_refused()
    {
        await using (await StartAsync())
        {
        }
        File.WriteAllText(Path.Combine(folder, "postgres", "PG_VERSION"), "12\n");

        var refusal = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => StartAsync());

        Assert.Contains("PostgreSQL 12", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_server_asks_for_the_password()
    {
        await using var server = await StartAsync();
        var guess = new NpgsqlConnectionStringBuilder(server.ConnectionString()) { Password = "guess", Pooling = false };

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => ReadAsync(guess.ConnectionString, "select '1'"));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
    }

    /// <summary>Killed while eight writers commit: each row whose commit was acknowledged is there when it is back, by itself.</summary>
    [Fact]
    public async Task Killed_under_load_it_comes_back_with_all_that_was_acknowledged()
    {
        await using var server = await StartAsync();
        await ExecuteAsync(server.ConnectionString(), "create table written (writer integer, number integer, primary key (writer, number))");
        await using var data = NpgsqlDataSource.Create(server.ConnectionString());
        var acknowledged = new int[8];

        var writers = Enumerable.Range(0, 8).Select(writer => WriteUntilCutAsync(data, writer, acknowledged)).ToList();
        while (acknowledged.Sum() < 400)
            await Task.Yield();
        Process.GetProcessById(server.ProcessId).Kill();
        await Task.WhenAll(writers);

        await AnswersAgainAsync(data);
        for (var writer = 0; writer < 8; writer++)
        {
            await using var count = data.CreateCommand($"select count(*) from written where writer = {writer} and number <= {acknowledged[writer]}");
            Assert.Equal((long)acknowledged[writer], await count.ExecuteScalarAsync());
        }
    }

    public void Dispose()
    {
        foreach (var made in new[] { folder, $"{folder}-other" })
            if (Directory.Exists(made))
                Directory.Delete(made, recursive: true);
    }

    private Task<LocalPostgres> StartAsync(string? other = null) =>
        LocalPostgres.StartAsync(new LocalPostgresOptions(other ?? folder), TimeProvider.System, NullLogger.Instance, CancellationToken.None);

    private static async Task WriteUntilCutAsync(NpgsqlDataSource data, int writer, int[] acknowledged)
    {
        try
        {
            for (var number = 1; ; number++)
            {
                await using var insert = data.CreateCommand($"insert into written values ({writer}, {number})");
                await insert.ExecuteNonQueryAsync();
                Volatile.Write(ref acknowledged[writer], number);
            }
        }
        catch (NpgsqlException)
        {
            // The server was killed.
        }
    }

    private static async Task AnswersAgainAsync(NpgsqlDataSource data)
    {
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var ask = data.CreateCommand("select 1");
                await ask.ExecuteScalarAsync();
                return;
            }
            catch (NpgsqlException) when (since.Elapsed < TimeSpan.FromSeconds(30))
            {
                await Task.Yield();
            }
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var data = NpgsqlDataSource.Create(connectionString);
        await using var command = data.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string?> ReadAsync(string connectionString, string sql)
    {
        await using var data = NpgsqlDataSource.Create(connectionString);
        await using var command = data.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as string;
    }
}
