using Npgsql;

namespace Guichet.Hosting;

/// <summary>
/// Who may work on the database at the same time: one node of the embedded engine, or any number of one cluster on Orleans, and never
/// both; else two nodes would each have the same grains, and neither would show what the other was told. So a node holds a lock for as
/// long as it runs, the embedded engine alone, the others together; who comes against that is refused. (The commits of both would still
/// be checked against one another: see the journal's version check.)
/// </summary>
internal sealed class EngineLock(NodeDatabase database, EngineUse use, IHostApplicationLifetime node, TimeProvider time, ILogger<EngineLock> logger) : BackgroundService
{
    // Any constant that the migrations' lock is not: "node" in ASCII.
    private const long Lock = 0x6E6F6465;
    private const string Alone = "guichet node alone ";
    private const string Together = "guichet node in cluster ";

    /// <summary>The server may take this long to notice that a node was killed.</summary>
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan pause = TimeSpan.FromMilliseconds(250);

    private NpgsqlConnection? held;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        held = database.LetGoOfLock() ?? await RequireAsync(database, use, time, cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Takes the lock: before the schema is touched, so that a program that may not work here has changed nothing.</summary>
    /// <exception cref="DatabaseUnavailableException">Somebody else's; the message says whose, and what to do.</exception>
    public static async Task<NpgsqlConnection> RequireAsync(NodeDatabase database, EngineUse use, TimeProvider time, CancellationToken cancel) =>
        await TakeAsync(database, use, time, cancel) ?? throw new DatabaseUnavailableException(await WhyNotAsync(database, use, cancel));

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
                return await TakeAsync(database, use, time, cancel);
            }
            catch (NpgsqlException)
            {
                await Task.Delay(pause, time, cancel);
            }
    }

    /// <summary>Null if another node holds it and goes on holding it.</summary>
    private static async Task<NpgsqlConnection?> TakeAsync(NodeDatabase database, EngineUse use, TimeProvider time, CancellationToken cancel)
    {
        var since = time.GetTimestamp();
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString)
        {
            Pooling = false,
            // Who is refused is told this machine's name by it.
            ApplicationName = $"{(use == EngineUse.Alone ? Alone : Together)}{Environment.MachineName}",
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            await using var take = new NpgsqlCommand(
                use == EngineUse.Alone ? $"select pg_try_advisory_lock({Lock})" : $"select pg_try_advisory_lock_shared({Lock})", connection);
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

    /// <summary>What holds the database, and what to do about it, in both languages: whoever starts a node hasn't said yet which is theirs.</summary>
    private static async Task<string> WhyNotAsync(NodeDatabase database, EngineUse use, CancellationToken cancel)
    {
        await using var ask = database.Owner.CreateCommand($"""
            select distinct coalesce(activity.application_name, ''), coalesce(host(activity.client_addr), ''), activity.backend_start at time zone 'UTC'
            from pg_locks as lock join pg_stat_activity as activity using (pid)
            where lock.locktype = 'advisory' and lock.granted and lock.classid = {Lock >> 32} and lock.objid = {(uint)Lock} and lock.objsubid = 1
              and lock.database = (select oid from pg_database where datname = current_database())
            order by 3
            """);
        var (names, alone) = (new List<string>(), false);
        await using (var reader = await ask.ExecuteReaderAsync(cancel))
            while (await reader.ReadAsync(cancel))
            {
                var (name, address) = (reader.GetString(0), reader.GetString(1));
                alone |= name.StartsWith(Alone, StringComparison.Ordinal);
                var machine = name.StartsWith(Alone, StringComparison.Ordinal) ? name[Alone.Length..] : name.StartsWith(Together, StringComparison.Ordinal) ? name[Together.Length..] : name;
                names.Add($"{machine}{(address.Length > 0 ? $" ({address})" : "")}, {(reader.IsDBNull(2) ? "?" : reader.GetDateTime(2).ToString("yyyy-MM-dd HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture))}");
            }
        var who = names.Count > 0 ? string.Join(" ; ", names) : "?";
        return (use, alone || names.Count == 0) switch
        {
            (EngineUse.Alone, true) => $"""
                Un autre nœud travaille sur cette base : {who}. Ce moteur y travaille seul : arrêtez d’abord l’autre nœud ; pour plusieurs nœuds sur une base, compilez avec -p:GrainEngine=Orleans (docs/cluster.md).
                Another node works on this database: {who}. This engine works alone on it: stop the other node first; for several nodes on one database, build with -p:GrainEngine=Orleans (docs/cluster.md).
                """,
            (EngineUse.Alone, false) => $"""
                Une grappe Orleans travaille sur cette base : {who}. Le moteur embarqué y travaille seul : arrêtez d’abord tous ces nœuds, ou joignez-vous à eux avec un nœud compilé avec -p:GrainEngine=Orleans (docs/cluster.md).
                A cluster on Orleans works on this database: {who}. The embedded engine works alone on it: stop all those nodes first, or join them with a node built with -p:GrainEngine=Orleans (docs/cluster.md).
                """,
            _ => $"""
                Un nœud au moteur embarqué travaille sur cette base : {who}. Il y travaille seul : arrêtez-le, puis démarrez la grappe Orleans ; il n’y a rien à migrer (docs/cluster.md).
                A node of the embedded engine works on this database: {who}. It works alone on it: stop it, then start the cluster on Orleans; there is nothing to migrate (docs/cluster.md).
                """,
        };
    }
}

/// <summary>How an engine uses a database.</summary>
internal enum EngineUse
{
    /// <summary>One node and no other, of either engine: the embedded one.</summary>
    Alone = 0,

    /// <summary>With the other nodes of its cluster: Orleans.</summary>
    Together = 1,
}
