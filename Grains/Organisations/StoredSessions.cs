using Guichet.Journal;

namespace Guichet.Organisations;

/// <summary>
/// Browsers that people of one kind are signed in with. A session ends 12 hours after it was last used, 30 days after it began, and at once
/// when it is ended: by signing out, by a new password, by whoever may.
/// </summary>
public abstract class StoredSessions(SignInTables tables, Database database, TimeProvider time)
{
    public static readonly TimeSpan IdleFor = TimeSpan.FromHours(12);
    public static readonly TimeSpan AtMost = TimeSpan.FromDays(30);

    /// <summary>How exactly it is known when a session was last used: what a write is saved by.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    public const int LongestBrowser = 80;

    /// <summary>Starts a session, with a secret that nothing had before.</summary>
    /// <param name="proof">Of which password was shown to be known (<see cref="Membership.ProofOf"/>).</param>
    /// <returns>The secret, for the cookie; null when the password was changed meanwhile.</returns>
    public async Task<string?> Start(string organisation, string holder, string proof, string browser, CancellationToken cancellation)
    {
        var secret = Secrets.New();
        var now = time.GetUtcNow();
        await database.Execute(organisation, $"DELETE FROM {tables.Sessions} WHERE organisation = @organisation AND seen_at < @idle", new { organisation, idle = now - IdleFor }, cancellation);
        // The lock makes a password that is being set wait: either it sees this session and ends it, or this sees the new password and starts none.
        var started = await database.Execute(
            organisation,
            $"""
            INSERT INTO {tables.Sessions} (hash, id, organisation, {tables.Holder}, browser, created_at, seen_at)
            SELECT @hash, @id, organisation, {tables.Holder}, @browser, @now, @now FROM {tables.Passwords}
            WHERE organisation = @organisation AND {tables.Holder} = @holder AND encode(sha256(convert_to(hash, 'UTF8')), 'hex') = @proof
            FOR SHARE
            """,
            new { hash = Secrets.Hash(secret), id = Ids.New(time), organisation, holder, proof, browser = browser.Length > LongestBrowser ? browser[..LongestBrowser] : browser, now },
            cancellation);
        if (started != 1) return null;
        await Started(database, organisation, holder, now, cancellation);
        return secret;
    }

    /// <summary>Somebody signed in.</summary>
    private protected virtual Task Started(Database database, string organisation, string holder, DateTimeOffset now, CancellationToken cancellation) => Task.CompletedTask;

    public Task End(byte[] hash, CancellationToken cancellation) =>
        database.Execute(Database.Everyone, $"DELETE FROM {tables.Sessions} WHERE hash = @hash", new { hash }, cancellation);

    /// <summary>Ends one of somebody's own; says whether there was one.</summary>
    public async Task<bool> End(string organisation, string holder, string id, CancellationToken cancellation) =>
        await database.Execute(
            organisation, $"DELETE FROM {tables.Sessions} WHERE organisation = @organisation AND {tables.Holder} = @holder AND id = @id",
            new { organisation, holder, id }, cancellation) > 0;

    /// <summary>Those that have not ended, the one used last first.</summary>
    public async Task<IReadOnlyList<WebSession>> Of(string organisation, string holder, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await database.Query<Listed>(
            organisation,
            $"""
            SELECT id, browser, created_at, seen_at FROM {tables.Sessions}
            WHERE organisation = @organisation AND {tables.Holder} = @holder AND seen_at > @idle AND created_at > @oldest
            ORDER BY seen_at DESC, id DESC
            """,
            new { organisation, holder, idle = now - IdleFor, oldest = now - AtMost }, cancellation);
        return [.. rows.Select(row => new WebSession(row.Id, row.Browser, Instant(row.CreatedAt), Instant(row.SeenAt)))];
    }

    /// <summary>What <paramref name="select"/> finds by the hash of a session that has not ended (<c>@hash</c>, <c>@idle</c>, <c>@oldest</c>), noting that it was used.</summary>
    private protected async Task<T?> Find<T>(byte[] hash, string select, Func<T, (string Organisation, DateTime SeenAt)?> alive, CancellationToken cancellation) where T : class
    {
        var now = time.GetUtcNow();
        var found = await database.QueryFirst<T>(Database.Everyone, select, new { hash, idle = now - IdleFor, oldest = now - AtMost }, cancellation);
        if (found is null || alive(found) is not { } session) return null;
        if (now - Instant(session.SeenAt) > SeenEvery)
            await database.Execute(session.Organisation, $"UPDATE {tables.Sessions} SET seen_at = @now WHERE hash = @hash AND seen_at < @now", new { hash, now }, cancellation);
        return found;
    }

    private protected static DateTimeOffset Instant(DateTime stored) => new(DateTime.SpecifyKind(stored, DateTimeKind.Utc));

    private sealed record Listed(string Id, string Browser, DateTime CreatedAt, DateTime SeenAt);
}
