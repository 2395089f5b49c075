using Guichet.Journal;

namespace Guichet.Organisations;

/// <summary>Who a browser's cookie says is there.</summary>
/// <param name="SessionId">Names the session to its operator; it opens nothing.</param>
/// <param name="Zone">The organisation's.</param>
/// <param name="Currency">The organisation's.</param>
public sealed record SignedInOperator(
    string SessionId, string Organisation, string OrganisationName, string Zone, string Currency,
    Operator Operator, bool AdministersInstallation, DateTimeOffset CreatedAt, DateTimeOffset SeenAt);

/// <summary>A browser that is signed in, as its operator sees it.</summary>
/// <param name="Browser">What it says of itself, in a few words.</param>
public sealed record WebSession(string Id, string Browser, DateTimeOffset CreatedAt, DateTimeOffset SeenAt);

/// <summary>
/// Browsers that are signed in. A session ends 12 hours after it was last used, 30 days after it began, and at once when it is ended:
/// by signing out, by a new password, by an administrator.
/// </summary>
public sealed class WebSessions(Database database, TimeProvider time)
{
    public static readonly TimeSpan IdleFor = TimeSpan.FromHours(12);
    public static readonly TimeSpan AtMost = TimeSpan.FromDays(30);

    /// <summary>How exactly it is known when a session was last used: what a write is saved by.</summary>
    public static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(5);

    public const int LongestBrowser = 80;

    /// <summary>Starts a session, with a secret that nothing had before.</summary>
    /// <returns>The secret, for the cookie; null when the password was changed meanwhile.</returns>
    public async Task<string?> Start(Membership membership, string browser, CancellationToken cancellation)
    {
        var secret = Secrets.New();
        var now = time.GetUtcNow();
        await database.Execute(membership.Organisation, Tidy, new { membership.Organisation, idle = now - IdleFor }, cancellation);
        var started = await database.Execute(membership.Organisation, Insert, new
        {
            hash = Secrets.Hash(secret),
            id = Ids.New(time),
            membership.Organisation,
            membership.OperatorId,
            membership.Proof,
            browser = browser.Length > LongestBrowser ? browser[..LongestBrowser] : browser,
            now,
        }, cancellation);
        return started == 1 ? secret : null;
    }

    /// <summary>Null when it has ended, or its operator may no longer sign in.</summary>
    public async Task<SignedInOperator?> Find(byte[] hash, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var found = await database.QueryFirst<Found>(Database.Everyone, Select, new { hash, idle = now - IdleFor, oldest = now - AtMost }, cancellation);
        if (found is null || Json.Read<OperatorEntry>(found.Entry).Profile is not { State: OperatorState.Active } profile) return null;
        if (now - Instant(found.SeenAt) > SeenEvery) await database.Execute(found.Organisation, Touch, new { hash, now }, cancellation);
        return new SignedInOperator(
            found.Id, found.Organisation, found.OrganisationName, found.Zone, found.Currency, profile, found.AdministersInstallation,
            Instant(found.CreatedAt), Instant(found.SeenAt));
    }

    public Task End(byte[] hash, CancellationToken cancellation) =>
        database.Execute(Database.Everyone, "DELETE FROM web_sessions WHERE hash = @hash", new { hash }, cancellation);

    /// <summary>Ends one of an operator's own; says whether there was one.</summary>
    public async Task<bool> End(string organisation, string operatorId, string id, CancellationToken cancellation) =>
        await database.Execute(
            organisation, "DELETE FROM web_sessions WHERE organisation = @organisation AND operator_id = @operatorId AND id = @id",
            new { organisation, operatorId, id }, cancellation) > 0;

    /// <summary>Those that have not ended, the one used last first.</summary>
    public async Task<IReadOnlyList<WebSession>> Of(string organisation, string operatorId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var rows = await database.Query<Listed>(
            organisation, SelectOf, new { organisation, operatorId, idle = now - IdleFor, oldest = now - AtMost }, cancellation);
        return [.. rows.Select(row => new WebSession(row.Id, row.Browser, Instant(row.CreatedAt), Instant(row.SeenAt)))];
    }

    private static DateTimeOffset Instant(DateTime stored) => new(DateTime.SpecifyKind(stored, DateTimeKind.Utc));

    private sealed record Found(
        string Id, string Organisation, string OrganisationName, string Zone, string Currency, string Entry, bool AdministersInstallation,
        DateTime CreatedAt, DateTime SeenAt);

    private sealed record Listed(string Id, string Browser, DateTime CreatedAt, DateTime SeenAt);

    private const string Tidy = "DELETE FROM web_sessions WHERE organisation = @Organisation AND seen_at < @idle";

    /// <summary>
    /// The lock makes a password that is being set wait: either it sees this session and ends it, or this sees the new password and starts none.
    /// </summary>
    private const string Insert = """
        INSERT INTO web_sessions (hash, id, organisation, operator_id, browser, created_at, seen_at)
        SELECT @hash, @id, organisation, operator_id, @browser, @now, @now FROM operator_passwords
        WHERE organisation = @Organisation AND operator_id = @OperatorId AND encode(sha256(convert_to(hash, 'UTF8')), 'hex') = @Proof
        FOR SHARE
        """;

    private const string Select = """
        SELECT sessions.id, sessions.organisation, organisations.name AS organisation_name,
               state -> 'details' ->> 'zone' AS zone, state -> 'details' ->> 'currency' AS currency, entry::text AS entry,
               EXISTS (SELECT FROM installation_administrators AS them
                       WHERE them.organisation = sessions.organisation AND them.operator_id = sessions.operator_id) AS administers_installation,
               sessions.created_at, sessions.seen_at
        FROM web_sessions AS sessions
        JOIN organisations ON organisations.organisation = sessions.organisation
        CROSS JOIN LATERAL jsonb_array_elements(state -> 'operators') AS entry
        WHERE sessions.hash = @hash AND sessions.seen_at > @idle AND sessions.created_at > @oldest
          AND entry -> 'profile' ->> 'id' = sessions.operator_id
        """;

    private const string Touch = "UPDATE web_sessions SET seen_at = @now WHERE hash = @hash AND seen_at < @now";

    private const string SelectOf = """
        SELECT id, browser, created_at, seen_at FROM web_sessions
        WHERE organisation = @organisation AND operator_id = @operatorId AND seen_at > @idle AND created_at > @oldest
        ORDER BY seen_at DESC, id DESC
        """;
}
