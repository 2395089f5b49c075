using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>One numbered step of the schema, from <c>Database/Migrations/NNN-name.sql</c>.</summary>
public sealed partial record Migration(int Number, string Name, string Sql)
{
    /// <summary>SHA-256 of the text, whatever its line ends.</summary>
    public string Checksum => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Sql)));

    /// <summary>The program's migrations, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Order(Embedded());

    /// <exception cref="InvalidOperationException">Two migrations have the same number.</exception>
    internal static IReadOnlyList<Migration> Order(IEnumerable<Migration> migrations)
    {
        var ordered = migrations.OrderBy(migration => migration.Number).ToList();
        var twice = ordered.GroupBy(migration => migration.Number).FirstOrDefault(same => same.Count() > 1);
        return twice is null
            ? ordered
            : throw new InvalidOperationException($"Migrations {string.Join(" and ", twice.Select(migration => migration.Name))} have the same number.");
    }

    private static IEnumerable<Migration> Embedded()
    {
        var assembly = typeof(Migration).Assembly;
        foreach (var resource in assembly.GetManifestResourceNames())
            if (FileName().Match(resource) is { Success: true } match)
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
                yield return new Migration(
                    int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture),
                    match.Groups["name"].Value,
                    reader.ReadToEnd().ReplaceLineEndings("\n"));
            }
    }

    [GeneratedRegex(@"^Migrations/(?<name>(?<number>\d{3})-[a-z0-9-]+)\.sql$")]
    private static partial Regex FileName();
}

/// <summary>
/// Brings a database to the program's schema, at each start. Nodes that start together wait for one another; each
/// migration is whole or not at all; one that has been applied must never change.
/// </summary>
public static class Migrator
{
    // Any constant, as long as nothing else on the database takes it: "guichet" in ASCII, cut to 32 bits.
    private const long Lock = 0x67756963;

    /// <returns>The names of the migrations that were applied now.</returns>
    /// <exception cref="DatabaseUnavailableException">The database's history isn't a beginning of the program's.</exception>
    public static async Task<IReadOnlyList<string>> MigrateAsync(NpgsqlDataSource owner, IReadOnlyList<Migration> migrations, CancellationToken cancel)
    {
        await using var connection = await owner.OpenConnectionAsync(cancel);
        await ExecuteAsync(connection, $"select pg_advisory_lock({Lock})", cancel);
        try
        {
            await ExecuteAsync(connection, """
                create table if not exists migrations (
                  number integer primary key,
                  name text not null,
                  checksum text not null,
                  applied_at timestamptz not null default now()
                )
                """, cancel);
            var applied = await AppliedAsync(connection, cancel);
            Refuse(applied, migrations);

            var now = migrations.Where(migration => !applied.ContainsKey(migration.Number)).ToList();
            foreach (var migration in now)
                await ApplyAsync(connection, migration, cancel);
            return [.. now.Select(migration => migration.Name)];
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({Lock})", CancellationToken.None);
        }
    }

    private static void Refuse(Dictionary<int, (string Name, string Checksum)> applied, IReadOnlyList<Migration> migrations)
    {
        var known = migrations.ToDictionary(migration => migration.Number);
        foreach (var (number, (name, checksum)) in applied)
        {
            if (!known.TryGetValue(number, out var migration))
                throw new DatabaseUnavailableException($"The database has migration {name}, which this program doesn't know: it was used by a newer one. Start that one, or restore a backup made before it.");
            if (migration.Checksum != checksum)
                throw new DatabaseUnavailableException($"Migration {migration.Name} was changed after it was applied to this database. Put its text back and write a new migration for the change.");
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        try
        {
            await ExecuteAsync(connection, migration.Sql, cancel);
        }
        catch (PostgresException refused)
        {
            throw new DatabaseUnavailableException($"Migration {migration.Name} fails: {refused.MessageText} ({refused.SqlState}, position {refused.Position})", refused);
        }
        await using var record = new NpgsqlCommand("insert into migrations (number, name, checksum) values ($1, $2, $3)", connection, transaction);
        record.Parameters.Add(new() { Value = migration.Number });
        record.Parameters.Add(new() { Value = migration.Name });
        record.Parameters.Add(new() { Value = migration.Checksum });
        await record.ExecuteNonQueryAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private static async Task<Dictionary<int, (string, string)>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("select number, name, checksum from migrations order by number", connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var applied = new Dictionary<int, (string, string)>();
        while (await reader.ReadAsync(cancel))
            applied.Add(reader.GetInt32(0), (reader.GetString(1), reader.GetString(2)));
        return applied;
    }

    // A migration, and the wait for another node's, may take as long as they need.
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancel);
    }
}
