using System.Diagnostics;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>The database that a node works on: the one named to it, or its own; reached, and brought to the program's schema.</summary>
public sealed class NodeDatabase : IAsyncDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);
    private readonly LocalPostgres? local;
    private NpgsqlConnection? engineLock;

    private NodeDatabase(string connectionString, LocalPostgres? local)
    {
        this.local = local;
        ConnectionString = connectionString;
        Owner = Connections.AsOwner(connectionString);
        Product = Connections.AsProduct(connectionString);
    }

    /// <summary>The owner's, password included.</summary>
    public string ConnectionString { get; }

    /// <summary>Past row-level security: migrations, backup, verification.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>What the product works with.</summary>
    public NpgsqlDataSource Product { get; }

    /// <summary>For the node: starts its own PostgreSQL if none was named, sees that nobody works on it who mustn't beside this one, and migrates.</summary>
    /// <param name="use">How the node's engine will use the database; null for who only wants its schema.</param>
    /// <exception cref="DatabaseUnavailableException">The message says why, and what to do.</exception>
    internal static async Task<NodeDatabase> OpenAsync(string? named, string folder, TimeProvider time, ILogger logger, CancellationToken cancel, EngineUse? use = null)
    {
        var local = named is null ? await LocalPostgres.StartAsync(new LocalPostgresOptions(folder), time, logger, cancel) : null;
        var database = new NodeDatabase(named ?? local!.ConnectionString(), local);
        try
        {
            await database.ReachAsync(time, logger, cancel);
            if (use is { } engine)
                database.engineLock = await EngineLock.RequireAsync(database, engine, time, cancel);
            foreach (var migration in await Migrator.MigrateAsync(database.Owner, Migration.All, cancel))
                logger.LogInformation("Migration {Migration} applied", migration);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>For a command beside a node that may be running: its PostgreSQL is used if it runs, else started meanwhile. Nothing is migrated.</summary>
    public static async Task<NodeDatabase> VisitAsync(string? named, string folder, TimeProvider time, ILogger logger, CancellationToken cancel)
    {
        if ((named ?? LocalPostgres.OfRunningNode(folder)) is { } reachable)
            return new NodeDatabase(reachable, local: null);
        var local = await LocalPostgres.StartAsync(new LocalPostgresOptions(folder), time, logger, cancel);
        return new NodeDatabase(local.ConnectionString(), local);
    }

    /// <summary>The lock that was taken on opening, now its caller's to keep; null when there is none, or it is somebody's already.</summary>
    internal NpgsqlConnection? LetGoOfLock() => Interlocked.Exchange(ref engineLock, null);

    public async ValueTask DisposeAsync()
    {
        if (LetGoOfLock() is { } unused)
            await unused.DisposeAsync();
        await Product.DisposeAsync();
        await Owner.DisposeAsync();
        if (local is not null)
            await local.DisposeAsync();
    }

    /// <summary>A server that was named may come up later than the node does.</summary>
    private async Task ReachAsync(TimeProvider time, ILogger logger, CancellationToken cancel)
    {
        var address = new NpgsqlConnectionStringBuilder(Owner.ConnectionString);
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = await Owner.OpenConnectionAsync(cancel);
                if (connection.PostgreSqlVersion.Major < 15)
                    throw new DatabaseUnavailableException($"{address.Host} is PostgreSQL {connection.PostgreSqlVersion}. Version 15 or later is needed.");
                return;
            }
            catch (PostgresException refused) when (refused.SqlState != PostgresErrorCodes.CannotConnectNow)
            {
                throw new DatabaseUnavailableException($"{address.Host} refuses {address.Username} on database {address.Database}: {refused.MessageText}. Look at GUICHET_DATABASE.", refused);
            }
            catch (NpgsqlException away) when (since.Elapsed < patience)
            {
                logger.LogWarning("{Host} doesn't answer yet: {Reason}", address.Host, away.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancel);
            }
            catch (NpgsqlException away)
            {
                throw new DatabaseUnavailableException($"{address.Host}:{address.Port} doesn't answer: {away.Message}. Look at GUICHET_DATABASE, or leave it out for a PostgreSQL of the node's own.", away);
            }
        }
    }
}
