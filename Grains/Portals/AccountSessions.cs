using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Organisations;

namespace Guichet.Portals;

/// <summary>Whom a browser's cookie lets into a space.</summary>
/// <param name="SessionId">Names the session to its contact; it opens nothing.</param>
/// <param name="Zone">The organisation's, as the currency.</param>
/// <param name="Name">As it reads: <c>Chantal Dupont</c>.</param>
public sealed record SignedInContact(
    string SessionId, string Organisation, string OrganisationName, string Zone, string Currency, string ContactId, string Name,
    ImmutableArray<ContactType> Types, Language Language)
{
    /// <summary>As the journal has who acts.</summary>
    public Actor Actor => new(Organisation, ContactId, ActorKind.Contact, Name, Role.Reader);
}

/// <summary>Contacts' browsers.</summary>
public sealed class AccountSessions(Database database, TimeProvider time) : StoredSessions(SignInTables.Contacts, database, time)
{
    /// <summary>Of a contact <c>c</c>: it has an account that lets in.</summary>
    internal const string MaySignIn = "c.account IS NOT NULL AND NOT c.archived AND NOT (c.state -> 'account' ->> 'suspended')::boolean";

    private protected override Task Started(Database database, string organisation, string holder, DateTimeOffset now, CancellationToken cancellation) => database.Execute(
        organisation, "UPDATE contact_passwords SET signed_in_at = @now WHERE organisation = @organisation AND contact_id = @holder", new { organisation, holder, now }, cancellation);

    /// <summary>Null when it has ended, or its contact may no longer sign in.</summary>
    public async Task<SignedInContact?> Find(byte[] hash, CancellationToken cancellation)
    {
        var found = await Find<Found>(hash, Select, row => (row.Organisation, row.SeenAt), cancellation);
        return found is null ? null : new SignedInContact(
            found.Id, found.Organisation, found.OrganisationName, found.Zone, found.Currency, found.ContactId, AccountHolder.NameOf(found.Name, found.FirstName),
            [.. found.Types.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ContactQueries.Read<ContactType>)], ContactQueries.Read<Language>(found.Language));
    }

    private sealed record Found(
        string Id, string Organisation, string OrganisationName, string Zone, string Currency, string ContactId, string Name, string? FirstName,
        string Types, string Language, DateTime SeenAt);

    private const string Select = $"""
        SELECT s.id, s.organisation, o.name AS organisation_name, o.state -> 'details' ->> 'zone' AS zone, o.state -> 'details' ->> 'currency' AS currency,
               c.id AS contact_id, c.name, c.first_name, array_to_string(c.types, ',') AS types, c.state -> 'details' ->> 'language' AS language, s.seen_at
        FROM contact_sessions s
        JOIN organisations o ON o.organisation = s.organisation
        JOIN contacts c ON c.organisation = s.organisation AND c.id = s.contact_id
        WHERE s.hash = @hash AND s.seen_at > @idle AND s.created_at > @oldest AND {MaySignIn}
        """;
}
