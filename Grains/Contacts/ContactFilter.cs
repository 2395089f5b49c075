using System.Collections.Immutable;

namespace Guichet.Contacts;

/// <summary>What contacts are searched by. All that is given must hold; texts are blind to case and accents, and take <c>*</c>.</summary>
/// <param name="Text">The search box: a name, a first name, <c>Name, First</c>, a number, an e-mail or a phone, or their beginning.</param>
/// <param name="Types">Any of them; empty for all.</param>
/// <param name="Relay">Name (or <c>Name, First</c>) of a relay of the structure.</param>
/// <param name="Phone">In any writing; its beginning.</param>
/// <param name="Country">ISO 3166-1 alpha-2, of the main address, as the next two.</param>
/// <param name="Criterion">A criterion's code that the contact has a value of.</param>
/// <param name="CriterionValue">With it: this value.</param>
/// <param name="Iban">The whole, with or without blanks.</param>
/// <param name="ConnectedAs">Is that to another; null with <paramref name="ConnectedWith"/> for any tie, in either direction.</param>
/// <param name="ConnectedWith">That other's id.</param>
/// <param name="WithNotValid">Those that aren't to be used, too.</param>
/// <param name="WithArchived">The archived ones too.</param>
/// <param name="WithRelays">False leaves out those who are a structure's relay today.</param>
/// <param name="WithProspects">False leaves out those who never bought, a structure's people while they are that counted with it.</param>
/// <param name="Limit">1 to 1,000.</param>
public sealed record ContactFilter(
    string? Text = null, ContactKind? Kind = null, ImmutableArray<ContactType> Types = default, string? Name = null, string? FirstName = null,
    string? Number = null, string? Relay = null, string? Nature = null, string? Phone = null, string? Email = null, string? Country = null,
    string? Postcode = null, string? City = null, string? AdministrativeNumber = null, string? Criterion = null, string? CriterionValue = null,
    string? Iban = null, string? ReferenceCode = null, RelationKind? ConnectedAs = null, string? ConnectedWith = null, bool AmbassadorsOnly = false,
    bool WithNotValid = false, bool WithArchived = false, bool WithRelays = true, bool WithProspects = true, int Offset = 0, int Limit = 50)
{
    /// <summary>Labels, all of which the contact must have; compared by their keys.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>What it is today, by its relations.</summary>
    public ContactRole? Role { get; init; }

    /// <summary>ISO 3166-1 alpha-2: <see cref="Phone"/> is read as dialled there, unless it says its own country.</summary>
    public string? PhoneCountry { get; init; }

    /// <summary>With an internet account (true), without (false).</summary>
    public bool? Account { get; init; }

    public ContactSort Sort { get; init; }

    public bool Descending { get; init; }

    /// <summary>With <see cref="ContactSort.Number"/>: only those with a greater number, which is where the next page begins.</summary>
    public long? AfterNumber { get; init; }
}

public enum ContactSort
{
    /// <summary>As <see cref="ContactQueries.Search"/> says: the likeliest meant first.</summary>
    Likeliest = 0,
    Number = 1,
    Name = 2,
    City = 3,
    Postcode = 4,
}

/// <summary>A contact in a list.</summary>
/// <param name="Address">The main address's lines.</param>
/// <param name="Roles">Today's.</param>
/// <param name="Relay">Of a structure: the first of its relays by name, <c>DUPONT, Chantal</c>.</param>
public sealed record ContactRow(
    string Id, long Number, ContactKind Kind, ImmutableArray<ContactType> Types, string? Title, string Name, string? FirstName, DateOnly? BirthDate,
    string? Email, string? Phone, string? Country, string? Postcode, string? City, string? Address, ImmutableArray<ContactRole> Roles, string? Relay,
    bool NotValid, bool Archived)
{
    /// <summary>It has bought, itself or (a structure) through its people; else it is a prospect.</summary>
    public bool Client { get; init; }

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>What it signs in to its space with; null without an internet account.</summary>
    public string? Account { get; init; }

    /// <summary>As searches show it: <c>DUPONT, Chantal | FR-75012 [7611]</c>; a hyphen stands for what isn't known.</summary>
    public string Line => $"{NameOf(Name, FirstName)} | {Country ?? "-"}-{Postcode ?? "-"} [{Number}]";

    /// <summary>Surname in capitals, first name after a comma where there is one.</summary>
    public static string NameOf(string name, string? firstName) => firstName is null ? name.ToUpperInvariant() : $"{name.ToUpperInvariant()}, {firstName}";
}

/// <param name="More">There are more after these.</param>
public sealed record ContactPage(ImmutableArray<ContactRow> Rows, bool More);

/// <summary>A contact with all that it is, as it leaves for other programs.</summary>
public sealed record WholeContact(string Id, long Number, ContactDetails Details, ImmutableArray<string> Tags, DateTimeOffset ChangedAt);

/// <summary>One value that narrows a list, and how many of those found have it.</summary>
/// <param name="Value">As a search's field takes it.</param>
public sealed record FacetValue(string Value, int Count);

/// <param name="Name">The search's field: <c>kind</c>, <c>type</c>, <c>country</c>, <c>postcode</c> (a French department), <c>role</c>, <c>criterion</c> (<c>code:value</c>), <c>tag</c>.</param>
/// <param name="Values">The most frequent first; of tags and criteria, countries and departments at most 30.</param>
public sealed record Facet(string Name, ImmutableArray<FacetValue> Values);

/// <param name="Total">How many are found.</param>
/// <param name="AtLeast">They are only counted to <see cref="Total"/>, as are those of each value: there are more.</param>
public sealed record ContactFacets(int Total, bool AtLeast, ImmutableArray<Facet> Facets);
