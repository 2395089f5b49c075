using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Mail;

namespace Guichet.Organisations;

/// <summary>One way in: an operator of one organisation, whose password was shown to be known.</summary>
/// <param name="Proof">Of which password it was: it lets nobody in any more once another is set.</param>
public sealed record Membership(string Organisation, string OrganisationName, string OperatorId, string Proof)
{
    /// <summary>For whoever has just set this password.</summary>
    public static string ProofOf(SecretHash password) => Convert.ToHexStringLower(Secrets.Hash(password.Value));
}

/// <summary>Looks for whom an address and a password let in. What doesn't is answered alike, and takes alike long, whatever the reason.</summary>
public sealed class SignIns(Database database, Passwords passwords)
{
    /// <summary>The active operators with that address whose password it is: of several organisations when the address is in several.</summary>
    public async Task<ImmutableArray<Membership>> Fitting(string? email, string? password, CancellationToken cancellation)
    {
        var candidates = await database.Query<Candidate>(Database.Everyone, SelectByEmail, new { email = EmailAddress.Normalized(email) }, cancellation);
        if (candidates.Count == 0)
        {
            await passwords.Fits(null, password ?? "", cancellation);
            return [];
        }
        var fits = await Task.WhenAll(candidates.Select(candidate => passwords.Fits(candidate.Hash, password ?? "", cancellation)));
        return [.. candidates.Where((_, i) => fits[i]).Select(candidate => new Membership(
            candidate.Organisation, candidate.OrganisationName, candidate.OperatorId, Membership.ProofOf(new SecretHash(candidate.Hash))))];
    }

    /// <summary>Whether it is this operator's present password.</summary>
    public async Task<bool> IsPassword(string organisation, string operatorId, string? password, CancellationToken cancellation)
    {
        var hash = await database.QueryFirst<string>(
            organisation, "SELECT hash FROM operator_passwords WHERE organisation = @organisation AND operator_id = @operatorId",
            new { organisation, operatorId }, cancellation);
        return await passwords.Fits(hash, password ?? "", cancellation);
    }

    /// <summary>The operators with that address, of every organisation, for the mail that lets them choose a new password.</summary>
    internal async Task<ImmutableArray<(string Organisation, string OrganisationName, OperatorEntry Entry)>> WithEmail(string email, CancellationToken cancellation)
    {
        var found = await database.Query<Found>(Database.Everyone, SelectEntries, new { email = EmailAddress.Normalized(email) }, cancellation);
        return [.. found.Select(one => (one.Organisation, one.OrganisationName, Json.Read<OperatorEntry>(one.Entry)))];
    }

    /// <summary>One operator as the organisation's state has it; null when there is none.</summary>
    public async Task<(string OrganisationName, OperatorEntry Entry)?> Operator(string organisation, string operatorId, CancellationToken cancellation)
    {
        var found = await database.QueryFirst<Found>(organisation, SelectEntry, new { organisation, operatorId }, cancellation);
        return found is null ? null : (found.OrganisationName, Json.Read<OperatorEntry>(found.Entry));
    }

    private sealed record Candidate(string Organisation, string OrganisationName, string OperatorId, string Hash);

    private sealed record Found(string Organisation, string OrganisationName, string Entry);

    private const string SelectByEmail = $"""
        SELECT organisations.organisation, organisations.name AS organisation_name, entry -> 'profile' ->> 'id' AS operator_id, passwords.hash
        FROM organisations
        CROSS JOIN LATERAL jsonb_array_elements(state -> 'operators') AS entry
        JOIN operator_passwords AS passwords
          ON passwords.organisation = organisations.organisation AND passwords.operator_id = entry -> 'profile' ->> 'id'
        WHERE emails @> ARRAY[@email] AND entry -> 'profile' ->> 'email' = @email AND entry -> 'profile' ->> 'state' = 'active'
        ORDER BY organisations.name {Alphabetical.Order}, organisations.organisation
        """;

    private const string SelectEntries = $"""
        SELECT organisations.organisation, organisations.name AS organisation_name, entry::text AS entry
        FROM organisations CROSS JOIN LATERAL jsonb_array_elements(state -> 'operators') AS entry
        WHERE emails @> ARRAY[@email] AND entry -> 'profile' ->> 'email' = @email
        ORDER BY organisations.name {Alphabetical.Order}, organisations.organisation
        """;

    private const string SelectEntry = """
        SELECT organisations.organisation, organisations.name AS organisation_name, entry::text AS entry
        FROM organisations CROSS JOIN LATERAL jsonb_array_elements(state -> 'operators') AS entry
        WHERE organisation = @organisation AND entry -> 'profile' ->> 'id' = @operatorId
        """;
}
