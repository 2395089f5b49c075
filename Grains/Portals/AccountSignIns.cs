using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Organisations;

namespace Guichet.Portals;

/// <summary>A contact with an account, for what is written to it.</summary>
/// <param name="Email">The main one; null where it has none.</param>
/// <param name="Number">Of the account: what links are made for.</param>
/// <param name="MaySignIn">Neither suspended nor archived.</param>
public sealed record AccountHolder(
    string Organisation, string OrganisationName, string ContactId, string Name, string? Email, Language Language, string Identifier, int Number, bool MaySignIn)
{
    /// <summary>First name and name, as people read it.</summary>
    internal static string NameOf(string name, string? firstName) => firstName is null ? name : $"{firstName} {name}";
}

/// <summary>A house whose contacts may have a space.</summary>
public sealed record SpaceHouse(string Id, string Name, string Zone);

/// <summary>Looks for whom an identifier and a password let into a house's space. What doesn't is answered alike, and takes alike long, whatever the reason.</summary>
public sealed class AccountSignIns(Database database, Passwords passwords)
{
    /// <summary>Null for what is no organisation's id.</summary>
    public Task<SpaceHouse?> House(string id, CancellationToken cancellation) => database.QueryFirst<SpaceHouse>(
        Database.Everyone, "SELECT organisation AS id, name, state -> 'details' ->> 'zone' AS zone FROM organisations WHERE organisation = @id AND name IS NOT NULL",
        new { id = id.Replace("\0", "", StringComparison.Ordinal) }, cancellation);

    /// <summary>The contact with that identifier, whose password it is, and the proof of it; null for nobody.</summary>
    public async Task<(string ContactId, string Proof)?> Fitting(string organisation, string? identifier, string? password, CancellationToken cancellation)
    {
        const string sql = $"""
            SELECT p.contact_id, p.hash FROM contact_accounts a
            JOIN contact_passwords p ON p.organisation = a.organisation AND p.contact_id = a.contact_id
            JOIN contacts c ON c.organisation = a.organisation AND c.id = a.contact_id
            WHERE a.organisation = @organisation AND a.identifier_key = @key AND {AccountSessions.MaySignIn}
            """;
        var found = await database.QueryFirst<Candidate>(organisation, sql, new { organisation, key = Searched(identifier) }, cancellation);
        return await passwords.Fits(found?.Hash, password ?? "", cancellation) ? (found!.ContactId, Membership.ProofOf(new SecretHash(found.Hash))) : null;
    }

    /// <summary>Whether it is this contact's present password.</summary>
    public async Task<bool> IsPassword(string organisation, string contactId, string? password, CancellationToken cancellation)
    {
        var hash = await database.QueryFirst<string>(
            organisation, "SELECT hash FROM contact_passwords WHERE organisation = @organisation AND contact_id = @contactId", new { organisation, contactId }, cancellation);
        return await passwords.Fits(hash, password ?? "", cancellation);
    }

    /// <summary>Who has that identifier or that e-mail and an account: of one address, all that share it.</summary>
    internal async Task<ImmutableArray<AccountHolder>> Holders(string organisation, string typed, CancellationToken cancellation) =>
        [.. await database.Query<AccountHolder>(organisation, $"""
            {Select} WHERE c.organisation = @organisation AND c.account IS NOT NULL AND c.id IN (
              SELECT a.contact_id FROM contact_accounts a WHERE a.organisation = @organisation AND a.identifier_key = @key
              UNION SELECT r.contact_id FROM contact_reaches r WHERE r.organisation = @organisation AND r.email = @key AND r.email IS NOT NULL)
            ORDER BY c.id LIMIT 20
            """, new { organisation, key = Searched(typed) }, cancellation)];

    /// <summary>Which other contact has that identifier; null where it is free.</summary>
    public async Task<IdentifierHolder?> HolderOf(string organisation, string exceptId, string? identifier, CancellationToken cancellation = default)
    {
        const string sql = """
            SELECT c.id, c.number, c.name, c.first_name FROM contact_accounts a JOIN contacts c ON c.organisation = a.organisation AND c.id = a.contact_id
            WHERE a.organisation = @organisation AND a.identifier_key = @key AND a.contact_id <> @exceptId
            """;
        var found = await database.QueryFirst<HolderRecord>(organisation, sql, new { organisation, exceptId, key = Searched(identifier) }, cancellation);
        return found is null ? null : new IdentifierHolder(found.Id, found.Number, ContactRow.NameOf(found.Name, found.FirstName));
    }

    /// <summary>Null for a contact without account.</summary>
    public Task<AccountHolder?> Holder(string organisation, string contactId, CancellationToken cancellation) => database.QueryFirst<AccountHolder>(
        organisation, $"{Select} WHERE c.organisation = @organisation AND c.id = @contactId AND c.account IS NOT NULL", new { organisation, contactId }, cancellation);

    /// <summary>
    /// The client with an account that is meant by a whole e-mail, identifier or contact number, for the support; null for nobody, and where several
    /// have that e-mail.
    /// </summary>
    public async Task<string?> Client(string organisation, string? whom, CancellationToken cancellation)
    {
        const string sql = """
            SELECT DISTINCT c.id FROM contacts c
            WHERE c.organisation = @organisation AND c.account IS NOT NULL AND NOT c.archived AND c.id IN (
              SELECT a.contact_id FROM contact_accounts a WHERE a.organisation = @organisation AND a.identifier_key = @key
              UNION SELECT r.contact_id FROM contact_reaches r WHERE r.organisation = @organisation AND r.email = @key AND r.email IS NOT NULL
              UNION SELECT n.id FROM contacts n WHERE n.organisation = @organisation AND n.number_key = @key)
            LIMIT 2
            """;
        return await database.Query<string>(organisation, sql, new { organisation, key = Searched(whom) }, cancellation) is [var only] ? only : null;
    }

    /// <summary>What no identifier holds is looked for as nothing.</summary>
    private static string Searched(string? typed)
    {
        var key = ContactAccountCore.KeyOf(typed);
        return key.Length > EmailAddress.Longest || key.Any(char.IsControl) || !ContactRules.IsWhole(key) ? "" : key;
    }

    private sealed record HolderRecord(string Id, long Number, string Name, string? FirstName);

    private sealed record Candidate(string ContactId, string Hash);

    private const string Select = """
        SELECT c.organisation, o.name AS organisation_name, c.id AS contact_id, coalesce(c.first_name || ' ', '') || c.name AS name, c.email,
               CASE c.state -> 'details' ->> 'language' WHEN 'english' THEN 2 ELSE 1 END AS language, c.account AS identifier,
               (c.state ->> 'accountNumber')::integer AS number, NOT c.archived AND NOT (c.state -> 'account' ->> 'suspended')::boolean AS may_sign_in
        FROM contacts c JOIN organisations o ON o.organisation = c.organisation
        """;
}
