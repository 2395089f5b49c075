using Guichet.Hosting;
using Npgsql;

namespace Guichet.Support;

/// <summary>One more database on the test run's server, for one test: empty, or a copy of another to which nobody is connected.</summary>
public sealed class SideDatabase : IAsyncDisposable
{
    private SideDatabase(string name, string connectionString)
    {
        Name = name;
        ConnectionString = connectionString;
        Owner = Connections.AsOwner(connectionString);
    }

    public string Name { get; }

    public string ConnectionString { get; }

    public NpgsqlDataSource Owner { get; }

    public static async Task<SideDatabase> CreateAsync(string? template = null)
    {
        var name = $"side_{Guid.NewGuid():N}";
        return new SideDatabase(name, await TestServer.CreateDatabaseAsync(name, template));
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<string?> ReadAsync(string sql)
    {
        await using var command = Owner.CreateCommand(sql);
        return await command.ExecuteScalarAsync() as string;
    }

    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await TestServer.DropDatabaseAsync(Name);
    }
}
