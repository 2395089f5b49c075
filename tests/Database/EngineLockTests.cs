using Guichet.Support;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guichet.Hosting;

public sealed class EngineLockTests : IAsyncLifetime
{
    private readonly ApplicationLifetime first = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly ApplicationLifetime second = new(NullLogger<ApplicationLifetime>.Instance);
    private SideDatabase side = null!;
    private NodeDatabase database = null!;

    [Fact]
    public async Task A_second_node_waits_for_the_first_to_be_gone_then_is_refused()
    {
        using var one = Node(first, TimeProvider.System);
        await one.StartAsync(default);
        using var other = Node(second, TimeProvider.System);

        await RefusedAsync(EngineUse.Alone);
        await one.StopAsync(default);
        await other.StartAsync(default);
        await other.StopAsync(default);
    }

    [Theory]
    [InlineData((int)EngineUse.Alone, (int)EngineUse.Alone, "Un autre nœud travaille", "Another node works", "stop the other node first")]
    [InlineData((int)EngineUse.Alone, (int)EngineUse.Together, "Un nœud au moteur embarqué travaille", "A node of the embedded engine works", "then start the cluster")]
    [InlineData((int)EngineUse.Together, (int)EngineUse.Alone, "Une grappe Orleans travaille", "A cluster on Orleans works", "stop all those nodes first")]
    public async Task Who_may_not_join_is_told_by_whom_the_database_is_held_and_what_to_do(int holds, int comes, string french, string english, string mend)
    {
        using var one = Node(first, TimeProvider.System, (EngineUse)holds);
        await one.StartAsync(default);

        var said = await RefusedAsync((EngineUse)comes);

        Assert.Contains(french, said, StringComparison.Ordinal);
        Assert.Contains(english, said, StringComparison.Ordinal);
        Assert.Contains(mend, said, StringComparison.Ordinal);
        Assert.Contains(Environment.MachineName, said, StringComparison.Ordinal);
        await one.StopAsync(default);
    }

    [Fact]
    public async Task Nodes_of_a_cluster_work_together()
    {
        using var one = Node(first, TimeProvider.System, EngineUse.Together);
        using var other = Node(second, TimeProvider.System, EngineUse.Together);

        await one.StartAsync(default);
        await other.StartAsync(default);

        await one.StopAsync(default);
        Assert.Contains("A cluster on Orleans works", await RefusedAsync(EngineUse.Alone), StringComparison.Ordinal);
        await other.StopAsync(default);
    }

    [Fact]
    public async Task A_node_that_lost_its_lock_with_its_connection_takes_it_again()
    {
        using var one = Node(first, TimeProvider.System);
        await one.StartAsync(default);
        var before = await HolderAsync();

        await side.ExecuteAsync($"select pg_terminate_backend({before})");
        while (await HolderAsync() is null || await HolderAsync() == before)
            await Task.Yield();

        Assert.False(first.ApplicationStopping.IsCancellationRequested);
        await one.StopAsync(default);
    }

    [Fact]
    public async Task A_node_whose_database_was_taken_over_stops()
    {
        var time = new ManualTime();
        using var one = Node(first, time);
        await one.StartAsync(default);
        // Another waits for the lock, as a node does, and gets it the moment it is free.
        await using var other = new NpgsqlConnection($"{side.ConnectionString};Pooling=false");
        await other.OpenAsync();
        await using var take = new NpgsqlCommand($"select pg_advisory_lock({0x6E6F6465})", other);
        var taken = take.ExecuteNonQueryAsync();

        await side.ExecuteAsync($"select pg_terminate_backend({await HolderAsync()})");
        await taken;
        while (!first.ApplicationStopping.IsCancellationRequested)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await one.StopAsync(default);
    }

    public async Task InitializeAsync()
    {
        side = await SideDatabase.CreateAsync();
        database = await NodeDatabase.VisitAsync(side.ConnectionString, "", TimeProvider.System, NullLogger.Instance, default);
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        await side.DisposeAsync();
    }

    [Fact]
    public async Task A_program_that_may_not_work_on_the_database_has_not_touched_its_schema()
    {
        using var cluster = Node(first, TimeProvider.System, EngineUse.Together);
        await cluster.StartAsync(default);
        await RefusedAsync(time => NodeDatabase.OpenAsync(side.ConnectionString, "", time, NullLogger.Instance, default, EngineUse.Alone));
        Assert.Null(await side.ReadAsync("select 'migrated' from pg_class where relname = 'journal'"));
        await cluster.StopAsync(default);

        await using var alone = await NodeDatabase.OpenAsync(side.ConnectionString, "", TimeProvider.System, NullLogger.Instance, default, EngineUse.Alone);
        Assert.Equal("migrated", await side.ReadAsync("select 'migrated' from pg_class where relname = 'journal'"));
        Assert.Contains("Another node works", await RefusedAsync(EngineUse.Alone), StringComparison.Ordinal);
    }

    /// <summary>The one starts, with the other at work; patience runs out at once.</summary>
    private Task<string> RefusedAsync(EngineUse use) => RefusedAsync(async time =>
    {
        using var other = Node(second, time, use);
        await other.StartAsync(default);
    });

    private static async Task<string> RefusedAsync(Func<ManualTime, Task> start)
    {
        var time = new ManualTime();
        var refused = start(time);
        while (!refused.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        return (await Assert.ThrowsAsync<DatabaseUnavailableException>(() => refused)).Message;
    }

    private EngineLock Node(ApplicationLifetime lifetime, TimeProvider time, EngineUse use = EngineUse.Alone) =>
        new(database, use, lifetime, time, NullLogger<EngineLock>.Instance);

    private Task<string?> HolderAsync() => side.ReadAsync(
        "select pid::text from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())");
}
