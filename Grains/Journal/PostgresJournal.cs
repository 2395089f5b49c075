using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using Guichet.Operations;
using Npgsql;
using NpgsqlTypes;

namespace Guichet.Journal;

/// <summary>
/// The journal on PostgreSQL. Commits of different aggregates that wait at the same moment share a transaction (one flush, one round
/// trip); when such a transaction fails, each of its commits is tried alone, so that only the one at fault fails.
/// </summary>
public sealed class PostgresJournal : IJournalStore, IAsyncDisposable
{
    /// <summary>Connections that commit. More would only divide the same flushes and cores into smaller transactions.</summary>
    private const int Lanes = 4;
    private const int LargestTransaction = 64;
    private const int RecentAnswers = 64;

    /// <summary>Seconds that the server has for a commit: with those that a connection may take (15), a grain's caller is answered before it gives up (30 s).</summary>
    private const int LongestCommit = 14;

    private readonly NpgsqlDataSource source;
    private readonly OutboxSignal outbox;
    private readonly NodeFigures figures;
    private readonly TimeProvider time;
    private readonly Channel<Waiting> queue = Channel.CreateUnbounded<Waiting>();
    private readonly ConcurrentDictionary<string, (string Insert, string Update)> statements = new();
    private readonly Task[] lanes;

    public PostgresJournal(NpgsqlDataSource source, OutboxSignal outbox, NodeFigures figures, TimeProvider time)
    {
        this.source = source;
        this.outbox = outbox;
        this.figures = figures;
        this.time = time;
        lanes = [.. Enumerable.Range(0, Lanes).Select(_ => Task.Run(Lane))];
    }

    public async Task<Snapshot?> Load(AggregateId aggregate, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(ScopeTo(aggregate.Organisation));
            batch.BatchCommands.Add(CommandOf($"SELECT version, state::text FROM {Table(aggregate.Kind)} WHERE organisation = $1 AND id = $2", Text(aggregate.Organisation), Text(aggregate.Id)));
            batch.BatchCommands.Add(CommandOf(Sql.Recent, Text(aggregate.Organisation), Text(aggregate.Kind), Text(aggregate.Id), Integer(RecentAnswers)));
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            if (!await reader.ReadAsync(cancellation)) return null;
            var version = reader.GetInt64(0);
            var state = reader.GetString(1);
            await reader.NextResultAsync(cancellation);
            var recent = ImmutableArray.CreateBuilder<RecordedAnswer>();
            var last = HashChain.Start;
            while (await reader.ReadAsync(cancellation))
            {
                if (recent.Count == 0) last = [.. reader.GetFieldValue<byte[]>(3)];
                recent.Add(new RecordedAnswer(reader.GetGuid(0), [.. reader.GetFieldValue<byte[]>(1)], reader.GetString(2)));
            }
            return new Snapshot(version, state, last, recent.ToImmutable());
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            throw new TryAgainException($"{aggregate} can't be read: {failure.Message}");
        }
    }

    public async Task<long> VersionOf(AggregateId aggregate, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellation);
            await using var batch = new NpgsqlBatch(connection);
            batch.BatchCommands.Add(ScopeTo(aggregate.Organisation));
            batch.BatchCommands.Add(CommandOf($"SELECT version FROM {Table(aggregate.Kind)} WHERE organisation = $1 AND id = $2", Text(aggregate.Organisation), Text(aggregate.Id)));
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            return await reader.ReadAsync(cancellation) ? reader.GetInt64(0) : 0;
        }
        catch (Exception failure) when (failure is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            throw new TryAgainException($"{aggregate} can't be read: {failure.Message}");
        }
    }

    public Task Commit(Commit commit, CancellationToken cancellation)
    {
        var waiting = new Waiting(commit);
        return queue.Writer.TryWrite(waiting)
            ? waiting.Done.Task
            : Task.FromException(new StorageFailedException("The node is stopping."));
    }

    public async Task<ImmutableArray<RecordedAnswer>> Answers(AggregateId aggregate, ImmutableArray<Guid> commands, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(ScopeTo(aggregate.Organisation));
        batch.BatchCommands.Add(CommandOf(
            Sql.Answers, Text(aggregate.Organisation), Text(aggregate.Kind), Text(aggregate.Id),
            new NpgsqlParameter<Guid[]> { TypedValue = [.. commands], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid }));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var answers = ImmutableArray.CreateBuilder<RecordedAnswer>();
        while (await reader.ReadAsync(cancellation))
            answers.Add(new RecordedAnswer(reader.GetGuid(0), [.. reader.GetFieldValue<byte[]>(1)], reader.GetString(2)));
        return answers.ToImmutable();
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await Task.WhenAll(lanes);
    }

    private async Task Lane()
    {
        var together = new List<Waiting>(LargestTransaction);
        while (await queue.Reader.WaitToReadAsync())
        {
            together.Clear();
            while (together.Count < LargestTransaction && queue.Reader.TryRead(out var waiting)) together.Add(waiting);
            if (together.Count == 0) continue;

            // In one order everywhere, so that two transactions never wait for each other.
            together.Sort(static (left, right) => string.CompareOrdinal(left.Commit.Aggregate.ToString(), right.Commit.Aggregate.ToString()));
            if (together.Count == 1 || HasTwice(together) || !await TryTogether(together))
                foreach (var waiting in together) await Alone(waiting);
        }
    }

    /// <summary>Two activations of one aggregate committing here at once: each must meet its own fate.</summary>
    private static bool HasTwice(List<Waiting> sorted)
    {
        for (var i = 1; i < sorted.Count; i++)
            if (sorted[i].Commit.Aggregate == sorted[i - 1].Commit.Aggregate)
                return true;
        return false;
    }

    private async Task<bool> TryTogether(List<Waiting> together)
    {
        try
        {
            await Write(together);
        }
        catch (PostgresException)
        {
            // Rolled back for certain: each alone.
            return false;
        }
        catch (Exception failure)
        {
            foreach (var waiting in together) waiting.Done.TrySetException(Translated(waiting.Commit, failure));
            return true;
        }
        foreach (var waiting in together) waiting.Done.TrySetResult();
        return true;
    }

    private async Task Alone(Waiting waiting)
    {
        try
        {
            await Write([waiting]);
        }
        catch (Exception failure)
        {
            waiting.Done.TrySetException(Translated(waiting.Commit, failure));
            return;
        }
        waiting.Done.TrySetResult();
    }

    /// <summary>
    /// One batch with one Sync at its end is one transaction and one round trip. What its commits write to one table is one statement: a
    /// statement costs the server more than a row.
    /// </summary>
    private async Task Write(List<Waiting> together)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = new NpgsqlBatch(connection) { Timeout = LongestCommit };
        foreach (var organisation in together.Select(waiting => waiting.Commit).GroupBy(commit => commit.Aggregate.Organisation))
            await Add(batch, organisation.Key, [.. organisation]);
        var start = time.GetTimestamp();
        await batch.ExecuteNonQueryAsync();
        figures.Committed(together.Sum(waiting => waiting.Commit.Lines.Length), time.GetElapsedTime(start));
        if (together.Any(waiting => waiting.Commit.Effects.Length > 0)) outbox.Wake();
    }

    private async ValueTask Add(NpgsqlBatch batch, string organisation, Commit[] commits)
    {
        batch.BatchCommands.Add(ScopeTo(organisation));
        foreach (var kind in commits.GroupBy(commit => (commit.Aggregate.Kind, IsNew: commit.ExpectedVersion == 0)))
        {
            Commit[] same = [.. kind];
            var (insert, update) = await StatementsOf(kind.Key.Kind, batch.Connection!);
            var command = CommandOf(
                kind.Key.IsNew ? insert : update,
                Text(organisation),
                Array(same, commit => commit.Aggregate.Id, NpgsqlDbType.Text),
                Array(same, commit => commit.NewVersion, NpgsqlDbType.Bigint),
                Array(same, commit => commit.State, NpgsqlDbType.Jsonb),
                Array(same, commit => commit.Summary, NpgsqlDbType.Jsonb));
            if (!kind.Key.IsNew)
            {
                command.Parameters.Add(Array(same, commit => commit.ExpectedVersion, NpgsqlDbType.Bigint));
                command.Parameters.Add(Integer(same.Length));
            }
            batch.BatchCommands.Add(command);
        }
        (AggregateId Aggregate, JournalLine Line)[] lines = [.. commits.SelectMany(commit => commit.Lines, (commit, line) => (commit.Aggregate, line))];
        batch.BatchCommands.Add(CommandOf(
            Sql.Append,
            Text(organisation),
            Array(lines, line => line.Aggregate.Kind, NpgsqlDbType.Text),
            Array(lines, line => line.Aggregate.Id, NpgsqlDbType.Text),
            Array(lines, line => line.Line.Sequence, NpgsqlDbType.Bigint),
            Array(lines, line => line.Line.At.UtcDateTime, NpgsqlDbType.TimestampTz),
            Array(lines, line => line.Line.By.Organisation, NpgsqlDbType.Text),
            Array(lines, line => line.Line.By.Id, NpgsqlDbType.Text),
            Array(lines, line => (short)line.Line.By.Kind, NpgsqlDbType.Smallint),
            Array(lines, line => line.Line.By.Name, NpgsqlDbType.Text),
            Array(lines, line => line.Line.CommandId, NpgsqlDbType.Uuid),
            Array(lines, line => line.Line.CommandName, NpgsqlDbType.Text),
            Array(lines, line => line.Line.ContentHash.ToArray(), NpgsqlDbType.Bytea),
            Array(lines, line => line.Line.Events, NpgsqlDbType.Text),
            Array(lines, line => line.Line.Answer, NpgsqlDbType.Text),
            Array(lines, line => line.Line.Hash.ToArray(), NpgsqlDbType.Bytea)));
        OutboxEffect[] effects = [.. commits.SelectMany(commit => commit.Effects)];
        if (effects.Length > 0)
            batch.BatchCommands.Add(CommandOf(
                Sql.Enqueue,
                Array(effects, effect => effect.Id, NpgsqlDbType.Uuid),
                Array(effects, effect => effect.Organisation, NpgsqlDbType.Text),
                Array(effects, effect => effect.Kind, NpgsqlDbType.Text),
                Array(effects, effect => effect.Payload, NpgsqlDbType.Text),
                Array(effects, effect => effect.DueAt.UtcDateTime, NpgsqlDbType.TimestampTz)));
        foreach (var added in commits.SelectMany(commit => commit.Rows).OfType<AddedRow>().GroupBy(row => row.GetType()))
            batch.BatchCommands.Add(CommandOf(added.First().AddAll([.. added])));
        foreach (var row in commits.SelectMany(commit => commit.Rows))
            if (row is not AddedRow)
                batch.BatchCommands.Add(CommandOf(row.ToStatement()));
    }

    private static Exception Translated(Commit commit, Exception failure) => failure switch
    {
        PostgresException { SqlState: Sql.NotWritten } => new VersionConflictException("another activation was ahead"),
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "journal_command" } =>
            new AlreadyAnsweredException($"{commit.Aggregate}: a command was answered before."),
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } unique
            when unique.ConstraintName == "journal_pkey" || unique.ConstraintName == $"{commit.Aggregate.Kind}_pkey" =>
            new VersionConflictException("another activation was ahead"),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new StorageFailedException("the database's disk is full", failure),
        PostgresException postgres => new StorageFailedException($"{postgres.SqlState} {postgres.MessageText}", failure),
        _ => new StorageFailedException($"the database didn't answer ({failure.Message})", failure),
    };

    /// <summary>The kind's statements, with the plain columns that its table has beside the state: they take the summary's members by name.</summary>
    private async ValueTask<(string Insert, string Update)> StatementsOf(string kind, NpgsqlConnection connection)
    {
        if (statements.TryGetValue(kind, out var known)) return known;
        await using var command = new NpgsqlCommand(Sql.Columns, connection) { Parameters = { Text(Table(kind)) } };
        var columns = (string[])(await command.ExecuteScalarAsync())!;
        var written = columns.Length == 0 ? "" : ", " + string.Join(", ", columns);
        var taken = string.Concat(columns.Select(column => $", summary.{column}"));
        var set = string.Concat(columns.Select(column => $", {column} = summary.{column}"));
        var summaries = columns.Length == 0 ? "" : $" CROSS JOIN LATERAL jsonb_populate_record(NULL::{kind}, next.summary) AS summary";
        return statements[kind] = (
            $"""
            INSERT INTO {kind} (organisation, id, version, state{written})
            SELECT $1, next.id, next.version, next.state{taken} FROM unnest($2, $3, $4, $5) AS next (id, version, state, summary){summaries}
            """,
            $"""
            WITH written AS (
              UPDATE {kind} AS was SET version = next.version, state = next.state{set}
              FROM unnest($2, $3, $4, $5, $6) AS next (id, version, state, summary, expected){summaries}
              WHERE was.organisation = $1 AND was.id = ANY ($2) AND was.id = next.id AND was.version = next.expected
              RETURNING 1)
            SELECT require_written((SELECT count(*) FROM written), $7)
            """);
    }

    private static string Table(string kind) => kind.AsSpan().IndexOfAnyExcept("abcdefghijklmnopqrstuvwxyz_") >= 0
        ? throw new ArgumentException($"'{kind}' can't be a state table.", nameof(kind))
        : kind;

    private static NpgsqlBatchCommand ScopeTo(string organisation) => CommandOf(Sql.Scope, Text(organisation));

    private static NpgsqlBatchCommand CommandOf(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        return command;
    }

    private static NpgsqlBatchCommand CommandOf(Statement statement)
    {
        var command = new NpgsqlBatchCommand(statement.Sql);
        foreach (var parameter in statement.Parameters) command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        return command;
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<int> Integer(int value) => new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Integer };

    private static NpgsqlParameter<T[]> Array<TItem, T>(TItem[] items, Func<TItem, T> of, NpgsqlDbType type) =>
        new() { TypedValue = System.Array.ConvertAll(items, item => of(item)), NpgsqlDbType = NpgsqlDbType.Array | type };

    private sealed class Waiting(Commit commit)
    {
        public Commit Commit { get; } = commit;
        /// <summary>What follows runs on the lane: it brings the same aggregate's next commit, which is then written at once.</summary>
        public TaskCompletionSource Done { get; } = new();
    }

    private static class Sql
    {
        /// <summary>Raised by <c>require_written</c> (migration 010).</summary>
        public const string NotWritten = "GU001";

        /// <summary>
        /// What follows is prepared once for a connection's life, often while the tables are empty: its plan must be the one that is right
        /// at any size, rows found by their key and matched in one pass.
        /// </summary>
        public const string Scope = """
            SELECT set_config('guichet.organisation', $1, true), set_config('plan_cache_mode', 'force_generic_plan', true),
                   set_config('enable_seqscan', 'off', true), set_config('enable_nestloop', 'off', true)
            """;

        public const string Columns = """
            SELECT coalesce(array_agg(attname::text ORDER BY attnum), '{}') FROM pg_attribute
            WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname NOT IN ('organisation', 'id', 'version', 'state')
            """;

        public const string Recent = """
            SELECT command_id, content_hash, answer, hash FROM journal
            WHERE organisation = $1 AND kind = $2 AND id = $3 ORDER BY sequence DESC LIMIT $4
            """;

        public const string Answers = """
            SELECT command_id, content_hash, answer FROM journal
            WHERE organisation = $1 AND kind = $2 AND id = $3 AND command_id = ANY ($4)
            """;

        public const string Append = """
            INSERT INTO journal (organisation, kind, id, sequence, at, actor_organisation, actor_id, actor_kind, actor_name,
                                 command_id, command, content_hash, events, answer, hash)
            SELECT $1, line.* FROM unnest($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) AS line
            """;

        public const string Enqueue = """
            INSERT INTO outbox (id, organisation, kind, payload, due_at, first_due_at, created_at)
            SELECT id, organisation, kind, payload, due_at, due_at, now()
            FROM unnest($1, $2, $3, $4, $5) AS effect (id, organisation, kind, payload, due_at)
            ON CONFLICT (id) DO NOTHING
            """;
    }
}
