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
    bool WithNotValid = false, bool WithArchived = false, bool WithRelays = true, bool WithProspects = true, int Offset = 0, int Limit = 50);

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

    /// <summary>As searches show it: <c>DUPONT, Chantal | FR-75012 [7611]</c>; a hyphen stands for what isn't known.</summary>
    public string Line => $"{NameOf(Name, FirstName)} | {Country ?? "-"}-{Postcode ?? "-"} [{Number}]";

    /// <summary>Surname in capitals, first name after a comma where there is one.</summary>
    public static string NameOf(string name, string? firstName) => firstName is null ? name.ToUpperInvariant() : $"{name.ToUpperInvariant()}, {firstName}";
}

/// <param name="More">There are more after these.</param>
public sealed record ContactPage(ImmutableArray<ContactRow> Rows, bool More);
