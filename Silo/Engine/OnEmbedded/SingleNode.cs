using Npgsql;

namespace Guichet.Hosting;

/// <summary>
/// The embedded engine is one process for ever: two nodes on one database would each have the same grains, and neither would
/// show what the other was told. So a node holds a lock for as long as it runs; the second is refused. (The commits of both
/// would still be checked against one another: see the journal's version check.)
/// </summary>
internal sealed class SingleNode(NodeDatabase database, IHostApplicationLifetime node, TimeProvider time, ILogger<SingleNode> logger) : BackgroundService
{
    // Any constant that the migrations' lock is not: "node" in ASCII.
    private const long Lock = 0x6E6F6465;

    /// <summary>The server may take this long to notice that a node was killed.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(250);

    private NpgsqlConnection? held;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        held = await TakeAsync(cancellationToken) ?? throw new DatabaseUnavailableException(
            "Another node works on this database. Stop it first; for several nodes on one database, build with -p:GrainEngine=Orleans.");
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (held is not null)
                try
                {
                    await held.WaitAsync(stoppingToken);
                }
                catch (Exception broken) when (broken is NpgsqlException or InvalidOperationException)
                {
                    await held.DisposeAsync();
                    held = await AgainAsync(stoppingToken);
                }
            logger.LogCritical("Another node has taken this database over while it couldn't be reached: this one stops");
            node.StopApplication();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            if (held is not null)
                await held.DisposeAsync();
        }
    }

    /// <summary>The lock ended with the connection that held it, most likely because the database was started anew.</summary>
    private async Task<NpgsqlConnection?> AgainAsync(CancellationToken cancel)
    {
        while (true)
            try
            {
                return await TakeAsync(cancel);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(pause, time, cancel);
            }
    }

    /// <summary>Null if another node holds it and goes on holding it.</summary>
    private async Task<NpgsqlConnection?> TakeAsync(CancellationToken cancel)
    {
        var since = time.GetTimestamp();
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Pooling = false,
            ApplicationName = "guichet node",
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            await using var take = new NpgsqlCommand($"select pg_try_advisory_lock({Lock})", connection);
            while (await take.ExecuteScalarAsync(cancel) is not true)
            {
                if (time.GetElapsedTime(since) > patience)
                {
                    await connection.DisposeAsync();
                    return null;
                }
                await Task.Delay(pause, time, cancel);
            }
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
