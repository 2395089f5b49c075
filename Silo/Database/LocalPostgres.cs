using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>How a private PostgreSQL is run.</summary>
/// <param name="Folder">Where everything of it is kept; made if missing. One node at a time.</param>
public sealed record LocalPostgresOptions(string Folder)
{
    /// <summary>Connections in all. The node's own pools stay far below.</summary>
    public int MaxConnections { get; init; } = 100;

    /// <summary>What was committed survives a power cut. Only tests do without.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>The folder is deleted with the server, even when the process is killed.</summary>
    public bool Scratch { get; init; }
}

/// <summary>
/// A real PostgreSQL server of the node's own, for when nobody named one: no installation, no port to choose, no password
/// to know. It is started with the node, restarted when it dies, and stopped with the node.
/// </summary>
/// <remarks>
/// The folder holds <c>postgres/</c> (the cluster), <c>postgres.json</c> (how to reach it, readable by the node's account
/// only) and <c>postgres.lock</c> (held by the node that runs it). Where the server runs as another account, which can't
/// enter the folder, the cluster and its lock are under <c>/var/lib/guichet</c> instead. The server listens on a socket in a folder closed to
/// others, on Windows on a free port of the loopback address, and asks for a password either way.
/// </remarks>
public sealed class LocalPostgres : IAsyncDisposable
{
    private const string Owner = "guichet";
    /// <summary>Longer than a server gives its processes to end after one of them has crashed (five seconds), before it recovers.</summary>
    private static readonly TimeSpan longestIdle = TimeSpan.FromSeconds(12);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OthersPass = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>What must be known to reach the cluster, kept beside it.</summary>
    private sealed record Access(string Account, string Password, string Host, int Port, string Cluster);

    private readonly LocalPostgresOptions options;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly FileStream held;
    private readonly CancellationTokenSource stopping = new();
    private readonly ServerAccount account;
    private readonly PostgresPackage package;
    private readonly OrphanGuard guard;
    private readonly Access access;
    private Task watching = Task.CompletedTask;
    private long? idleSince;
    private int disposed;

    private LocalPostgres(LocalPostgresOptions options, TimeProvider time, ILogger logger, FileStream held, ServerAccount account, PostgresPackage package, Access access)
    {
        (this.options, this.time, this.logger, this.held) = (options, time, logger, held);
        (this.account, this.package, this.access) = (account, package, access);
        guard = new OrphanGuard(access.Cluster, options.Scratch ? options.Folder : null);
    }

    /// <summary>The server's process, as long as it has not died.</summary>
    public int ProcessId { get; private set; }

    /// <summary>The connection string of the owner of everything. It stays the same for the server's life, restarts included.</summary>
    public string ConnectionString(string database = Owner) => ConnectionString(access, database);

    /// <summary>Starts the server on its folder, making the cluster and the database <c>guichet</c> first where there is none.</summary>
    /// <exception cref="DataFolderInUseException">Another running node holds the folder.</exception>
    /// <exception cref="DatabaseUnavailableException">It cannot be started; the message says why.</exception>
    public static async Task<LocalPostgres> StartAsync(LocalPostgresOptions options, TimeProvider time, ILogger logger, CancellationToken cancel)
    {
        options = options with { Folder = Path.GetFullPath(options.Folder) };
        MakeFolder(options.Folder);
        var known = ReadAccess(options.Folder);
        var account = await ServerAccount.ChooseAsync(known?.Account, cancel);
        if (options.Scratch && account.IsAnother)
            Open(options.Folder);
        var cluster = ClusterOf(options.Folder, known, account);
        MakeFolder(Path.GetDirectoryName(cluster)!);
        var held = Hold(cluster);
        LocalPostgres? server = null;
        try
        {
            var package = PostgresPackage.Find().UsableBy(account, account.IsAnother ? SharedFolder : options.Folder);
            var access = await PrepareAsync(options.Folder, cluster, known, account, package, cancel);
            if (!cluster.StartsWith(options.Folder, StringComparison.Ordinal))
                logger.LogInformation("{Folder} is closed to {Account}: the database is in {Cluster}", options.Folder, account.Name, cluster);
            server = new LocalPostgres(options, time, logger, held, account, package, access);
            await server.TakeOverAsync(cancel);
            await server.LaunchAsync();
            cancel.ThrowIfCancellationRequested();
            await server.EnsureDatabaseAsync(cancel);
            server.watching = server.WatchAsync();
            return server;
        }
        catch
        {
            if (server is not null)
                await server.DisposeAsync();
            await held.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whether a node has made its cluster from this folder.</summary>
    public static bool IsIn(string folder) => ReadAccess(folder) is { } access && Directory.Exists(access.Cluster);

    /// <summary>The owner's connection string to the server that a running node has on this folder, or null if none has.</summary>
    public static string? OfRunningNode(string folder)
    {
        if (ReadAccess(folder) is not { } access)
            return null;
        try
        {
            Hold(access.Cluster).Dispose();
            return null;
        }
        catch (DataFolderInUseException)
        {
            return ConnectionString(access, Owner);
        }
    }

    /// <summary>Makes one more database, empty or as a copy of <paramref name="template"/>, to which nobody may be connected.</summary>
    public async Task<string> CreateDatabaseAsync(string name, string? template, CancellationToken cancel)
    {
        await RunAsync($"""create database "{name}" template "{template ?? "template0"}" """, cancel);
        return ConnectionString(name);
    }

    /// <summary>Drops a database and ends the connections to it.</summary>
    public Task DropDatabaseAsync(string name, CancellationToken cancel) => RunAsync($"""drop database if exists "{name}" with (force)""", cancel);

    /// <summary>Stops the server: whoever is connected is cut off, what was committed is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1)
            return;
        await stopping.CancelAsync();
        await watching;
        if (File.Exists(PidFile) && !await StopAsync("fast", CancellationToken.None))
            await StopAsync("immediate", CancellationToken.None);
        await held.DisposeAsync();
        if (access.Host.StartsWith('/') && access.Host != access.Cluster)
            Directory.Delete(access.Host, recursive: true);
        if (options.Scratch)
            Directory.Delete(options.Folder, recursive: true);
        guard.Dispose();
        stopping.Dispose();
    }

    private string PidFile => Path.Combine(access.Cluster, "postmaster.pid");

    private string LogFile => Path.Combine(access.Cluster, "server.log");

    /// <summary>Where files are put that accounts other than root must reach. Only root makes files there.</summary>
    private static string SharedFolder => "/var/lib/guichet";

    /// <summary>Where the cluster is, or shall be made: in the folder, also after the folder was moved, if the account may go there.</summary>
    private static string ClusterOf(string folder, Access? known, ServerAccount account)
    {
        var cluster = Path.Combine(folder, "postgres");
        if (Directory.Exists(cluster) || account.CanReach(cluster))
            return cluster;
        if (known is not null && Directory.Exists(known.Cluster))
            return known.Cluster;
        return Path.Combine(SharedFolder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16], "postgres");
    }

    private static FileStream Hold(string cluster)
    {
        try
        {
            return new FileStream($"{cluster}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException held) when (held is not (DirectoryNotFoundException or PathTooLongException))
        {
            throw new DataFolderInUseException(cluster);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw Closed(cluster, refused);
        }
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                if (folder.StartsWith(SharedFolder, StringComparison.Ordinal))
                {
                    Open(SharedFolder);
                    Open(folder);
                }
            }
        }
        catch (UnauthorizedAccessException refused)
        {
            throw Closed(folder, refused);
        }
    }

    private static DatabaseUnavailableException Closed(string path, Exception refused) =>
        new($"{path} cannot be written by {Environment.UserName}. Give it to them, or name another folder in GUICHET_DATA.", refused);

    private static void Open(string folder)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, OthersPass);
    }

    private static async Task<Access> PrepareAsync(string folder, string cluster, Access? known, ServerAccount account, PostgresPackage package, CancellationToken cancel)
    {
        var made = Directory.Exists(cluster);
        if (made && known is null)
            throw new DatabaseUnavailableException($"{cluster} is there, but {Path.Combine(folder, "postgres.json")}, which says how to reach it, isn't. Restore that file, or move the cluster away.");
        if (made && (await File.ReadAllTextAsync(Path.Combine(cluster, "PG_VERSION"), cancel)).Trim() is var major && major != package.Major)
            throw new DatabaseUnavailableException(
                $"The database in {cluster} was made by PostgreSQL {major}, this program brings {package.Major}. Back it up with the program that made it, then restore it here into a fresh folder.");

        var password = made ? known!.Password : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        if (!made)
            await InitialiseAsync(cluster, password, account, package, cancel);
        var (host, port) = await AddressAsync(cluster, account, cancel);
        var access = new Access(account.Name, password, host, port, cluster);
        Write(folder, access);
        if (!made)
            Directory.Move($"{cluster}.new", cluster);
        return access;
    }

    /// <summary>Makes the cluster under a passing name: an interrupted attempt is started over.</summary>
    private static async Task InitialiseAsync(string cluster, string password, ServerAccount account, PostgresPackage package, CancellationToken cancel)
    {
        var making = $"{cluster}.new";
        if (Directory.Exists(making))
            Directory.Delete(making, recursive: true);
        CreateClosed(making);
        var secret = $"{cluster}.secret";
        try
        {
            await File.WriteAllTextAsync(secret, "", cancel);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(secret, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await File.WriteAllTextAsync(secret, password, cancel);
            await account.OwnAsync(secret, cancel);
            await account.OwnAsync(making, cancel);
            ServerAccount.Finished made = new(1, "");
            // Sorting by code point, the same everywhere and for ever; who shows a list names its collation. The character
            // classes must be Unicode's, or trigrams lose every accented letter: what the system calls such a locale varies.
            foreach (var locale in OperatingSystem.IsWindows() ? ["C"] : new[] { "C.UTF-8", "en_US.UTF-8", "C" })
            {
                made = await account.RunAsync(package.Program("initdb"),
                    ["-D", making, "-U", Owner, "--pwfile", secret, "-A", "scram-sha-256", "-E", "UTF8",
                     "--locale-provider=builtin", "--builtin-locale=C.UTF-8", $"--locale={locale}", "--lc-messages=C", "--no-instructions"], cancel);
                if (made.ExitCode == 0 || !made.Output.Contains("invalid locale name", StringComparison.Ordinal))
                    break;
            }
            if (made.ExitCode != 0)
            {
                var why = made.Output.Split('\n').Where(line => line.Contains("error:", StringComparison.Ordinal) || line.Contains("FATAL", StringComparison.Ordinal) || line.Contains("HINT", StringComparison.Ordinal));
                throw new DatabaseUnavailableException($"The database cannot be made in {cluster}:\n{string.Join('\n', why.DefaultIfEmpty(made.Output.Trim()))}");
            }
        }
        finally
        {
            File.Delete(secret);
        }
    }

    /// <summary>A socket in a folder closed to others where the system has such sockets and the path fits, else a free port.</summary>
    private static async Task<(string Host, int Port)> AddressAsync(string cluster, ServerAccount account, CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows())
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            return ("127.0.0.1", ((IPEndPoint)probe.LocalEndpoint).Port);
        }
        // The system's limit is 103 bytes on macOS, 107 on Linux; the file's name takes 16 of them.
        if (Encoding.UTF8.GetByteCount(cluster) <= 80)
            return (cluster, 5432);
        var folder = Directory.CreateTempSubdirectory("guichet-").FullName;
        await account.OwnAsync(folder, cancel);
        return (folder, 5432);
    }

    private static Access? ReadAccess(string folder)
    {
        var file = Path.Combine(folder, "postgres.json");
        return File.Exists(file) ? JsonSerializer.Deserialize<Access>(File.ReadAllBytes(file)) : null;
    }

    private static void Write(string folder, Access access)
    {
        var file = Path.Combine(folder, "postgres.json");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream($"{file}.new", options))
            JsonSerializer.Serialize(stream, access);
        File.Move($"{file}.new", file, overwrite: true);
    }

    private static void CreateClosed(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, OwnerOnly);
    }

    private static string ConnectionString(Access access, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = access.Host,
        Port = access.Port,
        Database = database,
        Username = Owner,
        Password = access.Password,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    }.ConnectionString;

    /// <summary>A crash may have left a server running, or the file that says so: the one is stopped, the other removed.</summary>
    private async Task TakeOverAsync(CancellationToken cancel)
    {
        if (!File.Exists(PidFile))
            return;
        if (!int.TryParse((await File.ReadAllLinesAsync(PidFile, cancel)).FirstOrDefault(), CultureInfo.InvariantCulture, out var left) || !IsServer(left))
        {
            ForgetDead();
            return;
        }
        logger.LogInformation("Taking over PostgreSQL (process {Process}), left running by a node that died", left);
        if (!await StopAsync("fast", cancel) && !await StopAsync("immediate", cancel))
            throw new DatabaseUnavailableException($"PostgreSQL (process {left}) was left running in {access.Cluster} and doesn't stop.");
    }

    /// <summary>
    /// Removes what says that a server runs. PostgreSQL would do so by itself, but not when the number in it now belongs to
    /// another process of its account, or to a dead one that nobody has collected. That no process of the dead server is
    /// left, it makes sure of by other means.
    /// </summary>
    private void ForgetDead()
    {
        File.Delete(PidFile);
        if (access.Host.StartsWith('/'))
            File.Delete(Path.Combine(access.Host, $".s.PGSQL.{access.Port}.lock"));
    }

    /// <summary>Whether a process is the server of this cluster, not just one that got its number since.</summary>
    private bool IsServer(int process)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                // The server's working directory is its cluster. A dead process that nobody has collected has none.
                return File.ReadAllText($"/proc/{process}/cwd/postmaster.pid") == File.ReadAllText(PidFile);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return found.ProcessName.Contains("postgres", StringComparison.Ordinal);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Not to be interrupted: a server that comes up after its node has looked for it would be left behind.</summary>
    private async Task LaunchAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(access.Cluster, "postgresql.conf"), Configuration());
        if (new FileInfo(LogFile) is { Exists: true, Length: > 10_000_000 })
            File.Move(LogFile, $"{LogFile}.old", overwrite: true);

        guard.Expect();
        var launched = await account.RunAsync(package.Program("pg_ctl"), ["start", "-s", "-w", "-t", "60", "-D", access.Cluster, "-l", LogFile], CancellationToken.None, leavesChild: true);
        if (launched.ExitCode != 0)
        {
            var lines = File.Exists(LogFile) ? File.ReadLines(LogFile).TakeLast(8) : [launched.Output];
            throw new DatabaseUnavailableException($"PostgreSQL does not start in {access.Cluster}. Its last words:\n{string.Join('\n', lines)}");
        }
        ProcessId = int.Parse((await File.ReadAllLinesAsync(PidFile))[0], CultureInfo.InvariantCulture);
        guard.Watch(ProcessId);
    }

    private string Configuration()
    {
        var socket = access.Host.StartsWith('/');
        var durable = options.Durable ? "on" : "off";
        return string.Create(CultureInfo.InvariantCulture, $"""
            # Written by the node at each start: what is changed here is lost.
            listen_addresses = '{(socket ? "" : access.Host)}'
            unix_socket_directories = '{(socket ? access.Host.Replace("'", "''", StringComparison.Ordinal) : "")}'
            unix_socket_permissions = 0700
            port = {access.Port}
            max_connections = {options.MaxConnections}
            shared_buffers = 128MB
            fsync = {durable}
            synchronous_commit = {durable}
            full_page_writes = {durable}
            max_wal_size = 1GB
            min_wal_size = 80MB
            # A statement and those that help it have a core each: more of them wait for one another.
            max_parallel_workers_per_gather = {Math.Clamp(Environment.ProcessorCount - 1, 0, 2)}
            password_encryption = 'scram-sha-256'
            timezone = 'UTC'
            log_timezone = 'UTC'
            datestyle = 'iso, dmy'
            # What is logged names no person: neither statements nor the values in an error's detail.
            log_min_error_statement = panic
            log_error_verbosity = terse

            """);
    }

    private async Task EnsureDatabaseAsync(CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancel);
        await using var exists = new NpgsqlCommand($"select 1 from pg_database where datname = '{Owner}'", connection);
        if (await exists.ExecuteScalarAsync(cancel) is null)
        {
            await using var create = new NpgsqlCommand($"create database {Owner}", connection);
            await create.ExecuteNonQueryAsync(cancel);
        }
    }

    private async Task RunAsync(string sql, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task<bool> StopAsync(string mode, CancellationToken cancel) =>
        (await account.RunAsync(package.Program("pg_ctl"), ["stop", "-s", "-w", "-t", "60", "-m", mode, "-D", access.Cluster], cancel)).ExitCode == 0
        || !File.Exists(PidFile);

    /// <summary>
    /// Waits at the end of a connection, which breaks the moment the server dies, and starts the server again, until the
    /// node stops. PostgreSQL itself recovers what was committed.
    /// </summary>
    private async Task WatchAsync()
    {
        var pause = TimeSpan.Zero;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Application Name=guichet watch");
                await connection.OpenAsync(stopping.Token);
                (pause, idleSince) = (TimeSpan.Zero, null);
                while (true)
                    await connection.WaitAsync(stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections)
            {
                // It is there, recovering from the death of one of its own processes, or full.
                // One that somebody stops takes its time to write everything down (its words are English: initdb said so).
                if (refused.SqlState == PostgresErrorCodes.CannotConnectNow && !refused.MessageText.Contains("shutting down", StringComparison.Ordinal) && IsIdle())
                    End();
                await PauseAsync(TimeSpan.FromMilliseconds(100));
            }
            catch (Exception broken) when (broken is NpgsqlException or IOException or SocketException or TimeoutException)
            {
                await PauseAsync(pause);
                pause = TimeSpan.FromMilliseconds(Math.Clamp(pause.TotalMilliseconds * 2, 100, 10_000));
                await RestartAsync();
            }
        }
    }

    /// <summary>
    /// A server that says it is recovering while nothing in it does: PostgreSQL 18 is left so for ever when its recovery is struck down in
    /// turn, as by a disk that fails twice. Where processes can't be looked at, no server is taken for one.
    /// </summary>
    private bool IsIdle()
    {
        if (Recovers())
        {
            idleSince = null;
            return false;
        }
        idleSince ??= time.GetTimestamp();
        return time.GetElapsedTime(idleSince.Value) > longestIdle;
    }

    private bool Recovers()
    {
        try
        {
            return File.ReadAllText($"/proc/{ProcessId}/task/{ProcessId}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Any(IsStartup);
        }
        catch (IOException)
        {
            return true;
        }

        static bool IsStartup(string child)
        {
            try
            {
                return File.ReadAllText($"/proc/{child}/cmdline").StartsWith("postgres: startup", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                // It has just ended.
                return false;
            }
        }
    }

    /// <summary>What is left of it ends with its first process; what was committed is on disk.</summary>
    private void End()
    {
        logger.LogError("PostgreSQL (process {Process}) has been recovering for {Seconds:0} s without doing anything; it is ended", ProcessId, longestIdle.TotalSeconds);
        idleSince = null;
        try
        {
            using var server = System.Diagnostics.Process.GetProcessById(ProcessId);
            server.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
        }
    }

    private async Task RestartAsync()
    {
        if (File.Exists(PidFile) && IsServer(ProcessId))
            return;
        logger.LogError("PostgreSQL died; it is being started again");
        try
        {
            ForgetDead();
            await LaunchAsync();
            logger.LogInformation("PostgreSQL runs again (process {Process})", ProcessId);
        }
        catch (DatabaseUnavailableException refused)
        {
            logger.LogError("{Reason}", refused.Message);
        }
    }

    private async Task PauseAsync(TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, time, stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop looks.
        }
    }
}
