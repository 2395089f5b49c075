using Guichet.Journal;

namespace Guichet.Organisations;

/// <summary>Who a browser's cookie says is there.</summary>
/// <param name="SessionId">Names the session to its operator; it opens nothing.</param>
/// <param name="Zone">The organisation's.</param>
/// <param name="Currency">The organisation's.</param>
public sealed record SignedInOperator(
    string SessionId, string Organisation, string OrganisationName, string Zone, string Currency,
    Operator Operator, bool AdministersInstallation, DateTimeOffset CreatedAt, DateTimeOffset SeenAt);

/// <summary>A browser that is signed in, as its operator or contact sees it.</summary>
/// <param name="Browser">What it says of itself, in a few words.</param>
public sealed record WebSession(string Id, string Browser, DateTimeOffset CreatedAt, DateTimeOffset SeenAt);

/// <summary>Operators' browsers.</summary>
public sealed class WebSessions(Database database, TimeProvider time) : StoredSessions(SignInTables.Operators, database, time)
{
    public Task<string?> Start(Membership membership, string browser, CancellationToken cancellation) =>
        Start(membership.Organisation, membership.OperatorId, membership.Proof, browser, cancellation);

    /// <summary>Null when it has ended, or its operator may no longer sign in.</summary>
    public async Task<SignedInOperator?> Find(byte[] hash, CancellationToken cancellation)
    {
        var found = await Find<Found>(hash, Select, row => row.Operator.State == OperatorState.Active ? (row.Organisation, row.SeenAt) : null, cancellation);
        return found is null ? null : new SignedInOperator(
            found.Id, found.Organisation, found.OrganisationName, found.Zone, found.Currency, found.Operator, found.AdministersInstallation,
            Instant(found.CreatedAt), Instant(found.SeenAt));
    }

    private sealed record Found(
        string Id, string Organisation, string OrganisationName, string Zone, string Currency, string Entry, bool AdministersInstallation,
        DateTime CreatedAt, DateTime SeenAt)
    {
        public Operator Operator { get; } = Json.Read<OperatorEntry>(Entry).Profile;
    }

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
}
