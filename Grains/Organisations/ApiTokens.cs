using Guichet.Journal;

namespace Guichet.Organisations;

/// <summary>The program that a presented token stands for.</summary>
public sealed record TokenBearer(string Organisation, string OrganisationName, string Zone, string Currency, ApiToken Token);

public sealed class ApiTokens(Database database, TimeProvider time)
{
    /// <summary>How exactly it is known when a token was last used.</summary>
    public static readonly TimeSpan UsedEvery = TimeSpan.FromMinutes(5);

    /// <summary>Null for one that never was, was revoked, or has expired.</summary>
    public async Task<TokenBearer?> Find(byte[] hash, CancellationToken cancellation)
    {
        var found = await database.QueryFirst<Found>(Database.Everyone, Select, new { hash }, cancellation);
        if (found is null) return null;
        var now = time.GetUtcNow();
        var token = Json.Read<ApiToken>(found.Token);
        if (!OrganisationCore.Works(token, now)) return null;
        if (found.UsedAt is not { } used || now - Instant(used) > UsedEvery)
            await database.Execute(found.Organisation, "UPDATE api_token_hashes SET used_at = @now WHERE hash = @hash", new { hash, now }, cancellation);
        return new TokenBearer(found.Organisation, found.OrganisationName, found.Zone, found.Currency, token);
    }

    /// <summary>When each of an organisation's tokens was last used; those never used are left out.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> LastUses(string organisation, CancellationToken cancellation)
    {
        var uses = await database.Query<Use>(
            organisation, "SELECT token_id, used_at FROM api_token_hashes WHERE organisation = @organisation AND used_at IS NOT NULL", new { organisation }, cancellation);
        return uses.ToDictionary(use => use.TokenId, use => Instant(use.UsedAt));
    }

    private static DateTimeOffset Instant(DateTime stored) => new(DateTime.SpecifyKind(stored, DateTimeKind.Utc));

    private sealed record Found(string Organisation, string OrganisationName, string Zone, string Currency, string Token, DateTime? UsedAt);

    private sealed record Use(string TokenId, DateTime UsedAt);

    private const string Select = """
        SELECT organisations.organisation, organisations.name AS organisation_name,
               state -> 'details' ->> 'zone' AS zone, state -> 'details' ->> 'currency' AS currency, token::text AS token, hashes.used_at
        FROM api_token_hashes AS hashes
        JOIN organisations ON organisations.organisation = hashes.organisation
        CROSS JOIN LATERAL jsonb_array_elements(state -> 'tokens') AS token
        WHERE hashes.hash = @hash AND token ->> 'id' = hashes.token_id
        """;
}
