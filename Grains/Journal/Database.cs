using System.Data;
using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;

namespace Guichet.Journal;

/// <summary>
/// Reading (and the few writings that are nobody's aggregate), always in the name of one organisation: row-level security shows that
/// one's rows and no others, whatever the SQL says. The setting lives for one transaction, in the same round trip as the statement.
/// </summary>
public sealed class Database(NpgsqlDataSource source)
{
    /// <summary>The product's own work over every organisation: the outbox, sweeps, sign-in before anyone is known.</summary>
    public const string Everyone = "*";

    private const string Scope = "SELECT set_config('guichet.organisation', @guichet_scope, true);\n";

    /// <summary>Columns are named with underscores, what they are read into is not.</summary>
    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    public NpgsqlDataSource Source => source;

    public async Task<IReadOnlyList<T>> Query<T>(string organisation, string sql, object? parameters = null, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var results = await connection.QueryMultipleAsync(Command(organisation, sql, parameters, cancellation));
        await results.ReadAsync<string>();
        return (await results.ReadAsync<T>()).AsList();
    }

    public async Task<T?> QueryFirst<T>(string organisation, string sql, object? parameters = null, CancellationToken cancellation = default)
    {
        var rows = await Query<T>(organisation, sql, parameters, cancellation);
        return rows.Count > 0 ? rows[0] : default;
    }

    /// <summary>Row by row as they come, of any number in the memory of a few; a connection is held until the last one.</summary>
    public async IAsyncEnumerable<T> Stream<T>(string organisation, string sql, object? parameters, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await connection.ExecuteAsync(new CommandDefinition(Scope, new { guichet_scope = organisation }, transaction, cancellationToken: cancellation));
        await foreach (var row in connection.QueryUnbufferedAsync<T>(sql, parameters, transaction).WithCancellation(cancellation)) yield return row;
    }

    /// <summary>Several result sets in one round trip; <paramref name="read"/> reads them in order.</summary>
    public async Task<T> QueryMany<T>(string organisation, string sql, object? parameters, Func<SqlMapper.GridReader, Task<T>> read, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var results = await connection.QueryMultipleAsync(Command(organisation, sql, parameters, cancellation));
        await results.ReadAsync<string>();
        return await read(results);
    }

    /// <summary>The number of rows that the statements wrote, in one transaction.</summary>
    public async Task<int> Execute(string organisation, string sql, object? parameters = null, CancellationToken cancellation = default)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(Command(organisation, sql, parameters, cancellation));
    }

    /// <summary>A transaction of several steps. Commit it; disposing without does not.</summary>
    public async Task<NpgsqlTransaction> Begin(string organisation, CancellationToken cancellation = default)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await connection.ExecuteAsync(new CommandDefinition(Scope, new { guichet_scope = organisation }, transaction, cancellationToken: cancellation));
        return transaction;
    }

    private static CommandDefinition Command(string organisation, string sql, object? parameters, CancellationToken cancellation)
    {
        var all = new DynamicParameters(parameters);
        all.Add("guichet_scope", organisation);
        return new CommandDefinition(Scope + sql, all, cancellationToken: cancellation);
    }
}
