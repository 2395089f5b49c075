using System.Collections.Immutable;

namespace Guichet.Journal;

/// <summary>The outbox on PostgreSQL. What another node claims at the same moment is skipped, not waited for.</summary>
public sealed class PostgresOutbox(Database database) : IOutbox
{
    public async Task<IReadOnlyList<ClaimedEffect>> Claim(
        DateTimeOffset now, DateTimeOffset until, int limit, string[] busy, CancellationToken cancellation)
    {
        var rows = await database.Query<Claimed>(Database.Everyone, Sql.Claim, new { now, until, limit, busy }, cancellation);
        return [.. rows.Select(row => new ClaimedEffect(
            row.Id, row.Organisation, row.Kind, row.Payload, row.Attempts, new DateTimeOffset(DateTime.SpecifyKind(row.Due, DateTimeKind.Utc))))];
    }

    public Task Finish(Guid id, DateTimeOffset at) => Record(Sql.Finish, id, null, at);

    public Task Release(Guid id, DateTimeOffset at) => Record(Sql.Release, id, null, at);

    public Task Postpone(Guid id, string error, DateTimeOffset until) => Record(Sql.Postpone, id, error, until);

    public Task GiveUp(Guid id, string error, DateTimeOffset at) => Record(Sql.GiveUp, id, error, at);

    public Task Add(string organisation, ImmutableArray<OutboxEffect> effects, DateTimeOffset now, CancellationToken cancellation) =>
        database.Execute(organisation, Sql.Add, new
        {
            organisation,
            ids = effects.Select(effect => effect.Id).ToArray(),
            kinds = effects.Select(effect => effect.Kind).ToArray(),
            payloads = effects.Select(effect => effect.Payload).ToArray(),
            dues = effects.Select(effect => effect.DueAt.UtcDateTime).ToArray(),
            now,
        }, cancellation);

    private Task Record(string sql, Guid id, string? error, DateTimeOffset at) =>
        database.Execute(Database.Everyone, sql, new { id, error, at }, CancellationToken.None);

    private sealed record Claimed(Guid Id, string Organisation, string Kind, string Payload, int Attempts, DateTime Due);

    private static class Sql
    {
        public const string Claim = """
            UPDATE outbox SET claimed_until = @until, attempts = attempts + 1
            WHERE id IN (
              SELECT id FROM outbox
              WHERE done_at IS NULL AND failed_at IS NULL AND due_at <= @now AND organisation <> ALL (@busy) AND (claimed_until IS NULL OR claimed_until <= @now)
              ORDER BY due_at LIMIT @limit FOR UPDATE SKIP LOCKED)
            RETURNING id, organisation, kind, payload, attempts, first_due_at AS due
            """;

        public const string Finish = "UPDATE outbox SET done_at = @at, claimed_until = NULL, last_error = @error WHERE id = @id";
        public const string Release = "UPDATE outbox SET claimed_until = NULL, attempts = attempts - 1, last_error = @error, due_at = LEAST(due_at, @at) WHERE id = @id";
        public const string Postpone = "UPDATE outbox SET due_at = @at, claimed_until = NULL, last_error = @error WHERE id = @id";
        public const string GiveUp = "UPDATE outbox SET failed_at = @at, claimed_until = NULL, last_error = @error WHERE id = @id";

        public const string Add = """
            INSERT INTO outbox (id, organisation, kind, payload, due_at, first_due_at, created_at)
            SELECT id, @organisation, kind, payload, due_at, due_at, @now
            FROM unnest(@ids, @kinds, @payloads, @dues) AS effect (id, kind, payload, due_at)
            ON CONFLICT (id) DO NOTHING
            """;
    }
}
