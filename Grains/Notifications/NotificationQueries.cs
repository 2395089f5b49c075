using System.Collections.Immutable;
using Guichet.Feed;
using Guichet.Journal;

namespace Guichet.Notifications;

/// <summary>What an organisation was told. Read by one of its operators is read for all: they share the work.</summary>
public sealed class NotificationQueries(Database database, IClusterClient cluster, TimeProvider time)
{
    /// <summary>Newest first.</summary>
    /// <param name="before">The last one of the page before; null for the first page.</param>
    public async Task<IReadOnlyList<Notification>> List(string organisation, string? before, int limit, CancellationToken cancellation)
    {
        var rows = await database.Query<Stored>(organisation, Page, new { organisation, before, limit }, cancellation);
        return [.. rows.Select(row => row.Read(organisation))];
    }

    public async Task<int> Unread(string organisation, CancellationToken cancellation) =>
        await database.QueryFirst<int>(organisation, CountUnread, new { organisation }, cancellation);

    /// <summary>Marks one as read, or all of them (null); says whether there was anything to mark. Open pages' bells follow.</summary>
    public async Task<bool> MarkRead(string organisation, string? id, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var marked = await database.Execute(organisation, Mark, new { organisation, id, now }, cancellation);
        if (marked <= 0) return false;
        await cluster.GetStreamProvider(LiveStreams.Provider).Feed(organisation)
            .OnNextAsync(new NotificationsRead(organisation, now, await Unread(organisation, cancellation)));
        return true;
    }

    /// <summary>Marks one as read and says where it leads; null when there is no such.</summary>
    public async Task<string?> Open(string organisation, string id, CancellationToken cancellation)
    {
        var path = await database.QueryFirst<string>(
            organisation, "SELECT path FROM notifications WHERE organisation = @organisation AND id = @id", new { organisation, id }, cancellation);
        if (path is not null) await MarkRead(organisation, id, cancellation);
        return path;
    }

    private sealed record Stored(string Id, DateTime At, string Code, string Arguments, string Path, DateTime? ReadAt)
    {
        public Notification Read(string organisation) => new(
            Id, organisation, new DateTimeOffset(DateTime.SpecifyKind(At, DateTimeKind.Utc)), Code,
            Json.Read<ImmutableArray<string>>(Arguments), Path,
            ReadAt is { } read ? new DateTimeOffset(DateTime.SpecifyKind(read, DateTimeKind.Utc)) : null);
    }

    internal const string CountUnread = "SELECT count(*)::integer FROM notifications WHERE organisation = @organisation AND read_at IS NULL";

    private const string Page = """
        SELECT id, at, code, arguments::text AS arguments, path, read_at AS "readAt" FROM notifications
        WHERE organisation = @organisation AND (@before::text IS NULL OR id < @before)
        ORDER BY id DESC LIMIT @limit
        """;

    private const string Mark = """
        UPDATE notifications SET read_at = @now
        WHERE organisation = @organisation AND read_at IS NULL AND (@id::text IS NULL OR id = @id)
        """;
}
