using System.Collections.Immutable;
using Guichet.Organisations;

namespace Guichet.Contacts;

/// <summary>The two main types: a person, or a legal entity. It is what the contact is for good.</summary>
public enum ContactKind
{
    Individual = 0,
    Structure = 1,
}

/// <summary>Further types, for needs of the house; a contact may have several, or none.</summary>
public enum ContactType
{
    /// <summary>May be given as guide of a session.</summary>
    Guide = 0,

    /// <summary>Of the shop.</summary>
    Supplier = 1,

    /// <summary>Sells by contract.</summary>
    Partner = 2,

    /// <summary>Of shows, whose sales it may see.</summary>
    Producer = 3,

    /// <summary>May open a client's own space to help.</summary>
    Support = 4,
}

public enum AddressKind
{
    Main = 0,
    Delivery = 1,
    Billing = 2,
}

/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Postcode">Null where it isn't known; five digits in France. At most 16 characters.</param>
/// <param name="City">Null where it isn't known. At most 100 characters, as each line, department and region.</param>
/// <param name="NotValid">Mail to it comes back: kept, and not written to.</param>
[GenerateSerializer, Immutable, Alias("contact-address")]
public sealed record ContactAddress(
    AddressKind Kind, string Country, string? Postcode, string? City, string? Line1, string? Line2, string? Line3, string? Department, string? Region,
    bool NotValid);

/// <summary>What a contact is, as its form sends it whole.</summary>
/// <param name="Types">In any order, each once.</param>
/// <param name="Name">A person's surname or a structure's name: 1 to 200 characters, on one line, in any script.</param>
/// <param name="Title">Form of address, of individuals. At most 40 characters.</param>
/// <param name="FirstName">Of individuals; may be unknown. At most 100 characters.</param>
/// <param name="BirthDate">Of individuals; from 1850, and not to come.</param>
/// <param name="Function">Of individuals. At most 100 characters.</param>
/// <param name="Language">To write to it in; <see cref="Language.Browser"/> is taken for French.</param>
/// <param name="AdministrativeNumber">Of structures: SIRET, RNA, VAT number… At most 40 characters.</param>
/// <param name="Nature">Of structures: school, works council… At most 100 characters.</param>
/// <param name="Emails">0 to 5, each once; the first is the main one. Kept in lower case.</param>
/// <param name="Mobile">In any writing; without its country it is read in the main address's, else in France. Kept in E.164, as the next two.</param>
/// <param name="Addresses">0 to 10; where there is any, one and one only is <see cref="AddressKind.Main"/>.</param>
/// <param name="Iban">With or without blanks; checked by its key (ISO 13616).</param>
/// <param name="ReferenceCode">Of another system, or of the house's own. At most 40 characters.</param>
/// <param name="NotValid">The record isn't to be used: found only when asked for.</param>
[GenerateSerializer, Immutable, Alias("contact-details")]
public sealed record ContactDetails(
    ContactKind Kind, ImmutableArray<ContactType> Types, string Name, string? Title, string? FirstName, DateOnly? BirthDate, string? Function,
    Language Language, string? AdministrativeNumber, string? Nature, ImmutableArray<string> Emails, string? Mobile, string? Phone, string? Fax,
    ImmutableArray<ContactAddress> Addresses, string? Iban, string? ReferenceCode, bool Ambassador, bool NotValid);

/// <param name="Revision">1, 2, 3…</param>
/// <param name="By">Who wrote it last.</param>
/// <param name="At">When.</param>
[GenerateSerializer, Immutable, Alias("contact-note")]
public sealed record ContactNote(string Id, int Revision, string Text, string By, DateTimeOffset At);

/// <summary>A value or several of one of the organisation's criteria.</summary>
/// <param name="Criterion">The criterion's code: 1 to 64 of a–z, 0–9 and hyphen.</param>
/// <param name="Values">Codes alike, at least one.</param>
[GenerateSerializer, Immutable, Alias("contact-criterion")]
public sealed record ContactCriterion(string Criterion, ImmutableArray<string> Values);

/// <summary>Where the contact likes to sit. Each text at most 100 characters.</summary>
/// <param name="Place">The house or hall.</param>
[GenerateSerializer, Immutable, Alias("preferred-seat")]
public sealed record PreferredSeat(string Place, string? Block, string? Row, string? Seat, string? Note);

public enum ConsentChannel
{
    Email = 0,
    Sms = 1,
    Phone = 2,
    Post = 3,
}

/// <summary>What shows that it was given, or withdrawn (GDPR, article 7).</summary>
/// <param name="At">When the person said so; not to come.</param>
/// <param name="Where">The form, page, desk or letter. 1 to 200 characters.</param>
/// <param name="Wording">What the person was shown, word for word; may be empty for a withdrawal. At most 2,000 characters.</param>
[GenerateSerializer, Immutable, Alias("consent-proof")]
public sealed record ConsentProof(DateTimeOffset At, string Where, string? Wording);

/// <summary>One consent, from its giving to its withdrawal; what was withdrawn stays, and may be given anew.</summary>
/// <param name="Category">What it is for (newsletter, partners' offers…), in the organisation's own word. 1 to 64 characters.</param>
/// <param name="GivenBy">Who recorded it.</param>
/// <param name="Withdrawn">Null while it holds.</param>
[GenerateSerializer, Immutable, Alias("contact-consent")]
public sealed record ContactConsent(
    ConsentChannel Channel, string Category, ConsentProof Given, string GivenBy, ConsentProof? Withdrawn, string? WithdrawnBy);

/// <summary>That a record is to be kept: a dispute, a claim, an audit (GDPR, article 17, 3 e).</summary>
/// <param name="Reason">1 to 200 characters on one line.</param>
[GenerateSerializer, Immutable, Alias("contact-hold")]
public sealed record ContactHold(string Reason, string By, DateTimeOffset At);

/// <summary>What a contact is to another. Kept with the first of the two, read from both.</summary>
public enum RelationKind
{
    /// <summary>An individual, of its parent.</summary>
    Child = 0,

    /// <summary>An individual through whom a structure is reached.</summary>
    Relay = 1,

    /// <summary>An individual who is part of a structure.</summary>
    Member = 2,

    /// <summary>A structure, of its mother.</summary>
    Subsidiary = 3,
}

/// <param name="To">The id of the parent, the structure or the mother.</param>
/// <param name="From">The first day; null for always.</param>
/// <param name="Until">The last day; null for ever.</param>
[GenerateSerializer, Immutable, Alias("contact-relation")]
public sealed record ContactRelation(RelationKind Kind, string To, DateOnly? From, DateOnly? Until)
{
    public bool HoldsOn(DateOnly day) => (From is not { } from || from <= day) && (Until is not { } until || day <= until);
}

/// <summary>What a contact is to the organisation, by its relations; several at once.</summary>
public enum ContactRole
{
    PublicIndividual = 0,
    Child = 1,
    Relay = 2,
    Member = 3,
    PublicStructure = 4,
    Subsidiary = 5,
}

public static class ContactRoles
{
    /// <summary>On that day, in the order of <see cref="ContactRole"/>; a contact without relations is of the public.</summary>
    public static ImmutableArray<ContactRole> Of(ContactKind kind, IEnumerable<ContactRelation> relations, DateOnly day)
    {
        ImmutableArray<ContactRole> roles = [.. relations.Where(relation => relation.HoldsOn(day)).Select(relation => relation.Kind switch
        {
            RelationKind.Child => ContactRole.Child,
            RelationKind.Relay => ContactRole.Relay,
            RelationKind.Member => ContactRole.Member,
            _ => ContactRole.Subsidiary,
        }).Distinct().Order()];
        return !roles.IsEmpty ? roles : [kind == ContactKind.Individual ? ContactRole.PublicIndividual : ContactRole.PublicStructure];
    }
}

/// <param name="Number">Unique in the organisation, never given again.</param>
/// <param name="Revision">Grows with every change of the details, the preferred seats and the archive; forms send it back as <c>BasedOn</c>.</param>
/// <param name="Relations">In the order in which they were added.</param>
/// <param name="Consents">Likewise, withdrawn ones too.</param>
/// <param name="Tags">In alphabetical order, each once whatever its case and accents.</param>
[GenerateSerializer, Immutable, Alias("contact-view")]
public sealed record ContactView(
    string Organisation, string Id, long Number, long Revision, ContactDetails Details, bool Archived, ImmutableArray<ContactNote> Notes,
    ImmutableArray<ContactCriterion> Criteria, ImmutableArray<PreferredSeat> Seats, ImmutableArray<ContactConsent> Consents,
    ImmutableArray<ContactRelation> Relations, string CreatedBy, DateTimeOffset CreatedAt, string ChangedBy, DateTimeOffset ChangedAt, ImmutableArray<string> Tags)
{
    /// <summary>It has bought, itself (<c>ContactRow.Client</c> counts a structure's people too).</summary>
    [Id(0)] public bool Client { get; init; }

    /// <summary>The id of the contact that took it over; null while it is its own.</summary>
    [Id(1)] public string? MergedInto { get; init; }

    /// <summary>The merges that can be undone, the last at the end.</summary>
    [Id(2)] public ImmutableArray<RecordedMerge> Merges { get; init; } = [];

    /// <summary>
    /// Null while it isn't erased. An erased contact has its number, kind and dates, the amounts of its histories and what ties these to
    /// structures; its name is its number.
    /// </summary>
    [Id(3)] public RecordedErasure? Erasure { get; init; }

    /// <summary>Null unless it is to be kept whatever anybody asks or rules say.</summary>
    [Id(7)] public ContactHold? Hold { get; init; }

    /// <summary>Null while it has none.</summary>
    [Id(8)] public ContactAccount? Account { get; init; }
}
