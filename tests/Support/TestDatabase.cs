using Guichet.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Guichet.Support;

/// <summary>
/// A migrated database of a test class's own: <c>class MyTests(TestDatabase database) : IClassFixture&lt;TestDatabase&gt;</c>.
/// </summary>
public sealed class TestDatabase : IAsyncLifetime
{
    private readonly string name = $"test_{Guid.NewGuid():N}";

    /// <summary>Connected as the owner, past row-level security: to set a scene and to look at what was written.</summary>
    public NpgsqlDataSource Owner { get; private set; } = null!;

    /// <summary>Connected as the product is: what the code under test gets.</summary>
    public NpgsqlDataSource Product { get; private set; } = null!;

    /// <summary>For a node that shall run on this database as a process.</summary>
    public string ConnectionString { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        ConnectionString = await TestServer.CreateDatabaseAsync(name, TestServer.Template);
        Owner = Connections.AsOwner(ConnectionString);
        Product = Connections.AsProduct(ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await Product.DisposeAsync();
        await Owner.DisposeAsync();
        await TestServer.DropDatabaseAsync(name);
    }
}

/// <summary>
/// The one PostgreSQL of a test run, started when first asked for. It ends with the process, killed or not, and leaves
/// nothing behind.
/// </summary>
public static class TestServer
{
    /// <summary>The migrated one that test databases are copies of.</summary>
    public const string Template = "guichet_template";

    private static readonly Lazy<Task<LocalPostgres>> server = new(StartAsync);

    /// <param name="name">Its name.</param>
    /// <param name="template">Which it is a copy of; null makes it empty.</param>
    public static async Task<string> CreateDatabaseAsync(string name, string? template) =>
        await (await server.Value).CreateDatabaseAsync(name, template, CancellationToken.None);

    public static async Task DropDatabaseAsync(string name) =>
        await (await server.Value).DropDatabaseAsync(name, CancellationToken.None);

    private static async Task<LocalPostgres> StartAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"guichet-tests-{Guid.NewGuid():N}");
        var options = new LocalPostgresOptions(folder) { Scratch = true, Durable = false, MaxConnections = 300 };
        var started = await LocalPostgres.StartAsync(options, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => started.DisposeAsync().AsTask().GetAwaiter().GetResult();

        var template = await started.CreateDatabaseAsync(Template, template: null, CancellationToken.None);
        await using (var owner = Connections.AsOwner($"{template};Pooling=false"))
            await Migrator.MigrateAsync(owner, Migration.All, CancellationToken.None);
        return started;
    }
}
