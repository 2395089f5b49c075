using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Sessions;

/// <summary>A command of a session that changed something, as its journal keeps it.</summary>
public sealed record SessionMoment(long Sequence, DateTimeOffset At, string By, ActorKind ByKind, ImmutableArray<SessionEvent> Events);

/// <summary>Who did what to a session.</summary>
public sealed class SessionHistory(Database database)
{
    /// <summary>Newest first, below the sequence <paramref name="below"/> when it is given; commands that changed nothing are left out.</summary>
    public async Task<ImmutableArray<SessionMoment>> Of(string organisation, string sessionId, long? below, int limit, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT sequence, at, actor_name, actor_kind, events FROM journal
            WHERE organisation = @organisation AND kind = 'sessions' AND id = @sessionId AND events <> '[]' AND (@below::bigint IS NULL OR sequence < @below)
            ORDER BY sequence DESC LIMIT @limit
            """;
        var rows = await database.Query<Record>(organisation, sql, new { organisation, sessionId, below, limit }, cancellation);
        return [.. rows.Select(row => new SessionMoment(
            row.Sequence, Columns.Utc(row.At), row.Actor_Name, (ActorKind)row.Actor_Kind, Json.Read<ImmutableArray<SessionEvent>>(row.Events)))];
    }

    private sealed record Record(long Sequence, DateTime At, string Actor_Name, short Actor_Kind, string Events);
}
