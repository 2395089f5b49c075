using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Operations;

/// <summary>What waits in the outbox, in the whole installation.</summary>
/// <param name="OldestDue">Since when the oldest effect that is due waits; null when none does.</param>
public sealed record OutboxFigures(int Waiting, int Due, int Failed, DateTimeOffset? OldestDue);

/// <param name="LastError">As the effect's handler said it.</param>
public sealed record TroubledEffect(Guid Id, string Organisation, string Kind, int Attempts, DateTimeOffset Due, bool GivenUp, string LastError);

/// <param name="LinksBehind">Receiving sessions on a live link whose sender has a newer version.</param>
/// <param name="RemindersDue">Reminders whose next tick is in the past.</param>
public sealed record InstallationFigures(OutboxFigures Outbox, int LinksBehind, int Reminders, int RemindersDue, long DatabaseBytes, long JournalLines, int Organisations);

/// <param name="UnderWay">Erased, and something may still name them.</param>
/// <param name="Again">Erased again, after a restored backup had brought them back; the last at <paramref name="LastAgain"/>.</param>
public sealed record ErasureFigures(int Erased, int UnderWay, int Again, DateTimeOffset? LastAgain);

/// <summary>For administrators of the installation: counts over all organisations, and nothing of what they hold.</summary>
public sealed class OperationsQueries(Database database, TimeProvider time)
{
    public async Task<InstallationFigures> Figures(CancellationToken cancellation)
    {
        const string sql = """
            SELECT count(*) FILTER (WHERE failed_at IS NULL)::integer AS waiting,
                   count(*) FILTER (WHERE failed_at IS NULL AND due_at <= @now)::integer AS due,
                   count(*) FILTER (WHERE failed_at IS NOT NULL)::integer AS failed,
                   min(first_due_at) FILTER (WHERE failed_at IS NULL AND due_at <= @now) AS oldest,
                   (SELECT count(*)::integer FROM sessions r
                    JOIN sessions s ON s.organisation = r.state -> 'incoming' ->> 'senderOrganisation' AND s.id = r.state -> 'incoming' ->> 'senderSession'
                    WHERE r.incoming_link IS NOT NULL AND r.incoming_state = 'live' AND r.incoming_version < s.tally_version) AS links_behind,
                   (SELECT count(*)::integer FROM orleansreminderstable) AS reminders,
                   (SELECT count(*)::integer FROM orleansreminderstable WHERE starttime <= @now) AS reminders_due,
                   pg_database_size(current_database()) AS database_bytes,
                   (SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'journal'::regclass) AS journal_lines,
                   (SELECT count(*)::integer FROM organisations) AS organisations
            FROM outbox WHERE done_at IS NULL
            """;
        var found = (await database.QueryFirst<Found>(Database.Everyone, sql, new { now = time.GetUtcNow() }, cancellation))!;
        return new InstallationFigures(
            new OutboxFigures(found.Waiting, found.Due, found.Failed, found.Oldest is { } oldest ? Instant(oldest) : null),
            found.Links_Behind, found.Reminders, found.Reminders_Due, found.Database_Bytes, found.Journal_Lines, found.Organisations);
    }

    public async Task<ErasureFigures> Erasures(CancellationToken cancellation)
    {
        const string sql = """
            SELECT count(*)::integer AS erased, count(*) FILTER (WHERE done_at IS NULL)::integer AS under_way, count(again)::integer AS again, max(again) AS last_again FROM contact_erasures
            """;
        var found = (await database.QueryFirst<FoundErasures>(Database.Everyone, sql, null, cancellation))!;
        return new ErasureFigures(found.Erased, found.Under_Way, found.Again, found.Last_Again is { } last ? Instant(last) : null);
    }

    /// <summary>Effects that failed at least once and are not done, the latest first, at most <paramref name="limit"/>.</summary>
    public async Task<ImmutableArray<TroubledEffect>> Troubled(int limit, CancellationToken cancellation)
    {
        const string sql = """
            SELECT id, organisation, kind, attempts, due_at AS due, failed_at IS NOT NULL AS given_up, last_error
            FROM outbox WHERE done_at IS NULL AND last_error IS NOT NULL
            ORDER BY coalesce(failed_at, due_at) DESC LIMIT @limit
            """;
        var rows = await database.Query<TroubledRow>(Database.Everyone, sql, new { limit }, cancellation);
        return [.. rows.Select(row => new TroubledEffect(row.Id, row.Organisation, row.Kind, row.Attempts, Instant(row.Due), row.Given_Up, row.Last_Error))];
    }

    /// <summary>Puts an effect that was given up back on its way.</summary>
    /// <returns>Whether there was such an effect.</returns>
    public async Task<bool> TryAgain(Guid id, CancellationToken cancellation) => await database.Execute(
        Database.Everyone,
        "UPDATE outbox SET failed_at = NULL, due_at = @now, first_due_at = @now WHERE id = @id AND failed_at IS NOT NULL",
        new { id, now = time.GetUtcNow() }, cancellation) > 0;

    private static DateTimeOffset Instant(DateTime stored) => new(DateTime.SpecifyKind(stored, DateTimeKind.Utc));

    private sealed record Found(
        int Waiting, int Due, int Failed, DateTime? Oldest, int Links_Behind, int Reminders, int Reminders_Due, long Database_Bytes, long Journal_Lines, int Organisations);

    private sealed record FoundErasures(int Erased, int Under_Way, int Again, DateTime? Last_Again);

    private sealed record TroubledRow(Guid Id, string Organisation, string Kind, int Attempts, DateTime Due, bool Given_Up, string Last_Error);
}
