using System.Collections.Immutable;
using System.Text.Json;
using Guichet.Components;
using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>Contacts, and their addresses, that two people changed at the same time.</summary>
internal static class ContactMerge
{
    public static readonly ImmutableArray<MergePart<ContactDetails, string>> Parts =
    [
        new("types", (one, other) => one.Types.Order().SequenceEqual(other.Types.Order()), (contact, from) => contact with { Types = from.Types }),
        MergePart<ContactDetails, string>.Of("title", contact => contact.Title, (contact, title) => contact with { Title = title }),
        MergePart<ContactDetails, string>.Of("name", contact => contact.Name, (contact, name) => contact with { Name = name }),
        MergePart<ContactDetails, string>.Of("firstName", contact => contact.FirstName, (contact, name) => contact with { FirstName = name }),
        MergePart<ContactDetails, string>.Of("birthDate", contact => contact.BirthDate, (contact, birth) => contact with { BirthDate = birth }),
        MergePart<ContactDetails, string>.Of("function", contact => contact.Function, (contact, function) => contact with { Function = function }),
        MergePart<ContactDetails, string>.Of("language", contact => contact.Language, (contact, language) => contact with { Language = language }),
        MergePart<ContactDetails, string>.Of("administrativeNumber", contact => contact.AdministrativeNumber, (contact, number) => contact with { AdministrativeNumber = number }),
        MergePart<ContactDetails, string>.Of("nature", contact => contact.Nature, (contact, nature) => contact with { Nature = nature }),
        new("emails", (one, other) => one.Emails.SequenceEqual(other.Emails), (contact, from) => contact with { Emails = from.Emails }),
        MergePart<ContactDetails, string>.Of("mobile", contact => contact.Mobile, (contact, phone) => contact with { Mobile = phone }),
        MergePart<ContactDetails, string>.Of("phone", contact => contact.Phone, (contact, phone) => contact with { Phone = phone }),
        MergePart<ContactDetails, string>.Of("fax", contact => contact.Fax, (contact, fax) => contact with { Fax = fax }),
        new("addresses", (one, other) => one.Addresses.SequenceEqual(other.Addresses), (contact, from) => contact with { Addresses = from.Addresses }),
        MergePart<ContactDetails, string>.Of("iban", contact => contact.Iban, (contact, iban) => contact with { Iban = iban }),
        MergePart<ContactDetails, string>.Of("referenceCode", contact => contact.ReferenceCode, (contact, code) => contact with { ReferenceCode = code }),
        MergePart<ContactDetails, string>.Of("ambassador", contact => contact.Ambassador, (contact, yes) => contact with { Ambassador = yes }),
        MergePart<ContactDetails, string>.Of("notValid", contact => contact.NotValid, (contact, yes) => contact with { NotValid = yes }),
    ];

    public static readonly ImmutableArray<MergePart<ContactAddress, string>> AddressParts =
    [
        MergePart<ContactAddress, string>.Of("kind", address => address.Kind, (address, kind) => address with { Kind = kind }),
        MergePart<ContactAddress, string>.Of("country", address => address.Country, (address, country) => address with { Country = country }),
        MergePart<ContactAddress, string>.Of("postcode", address => address.Postcode, (address, postcode) => address with { Postcode = postcode }),
        MergePart<ContactAddress, string>.Of("city", address => address.City, (address, city) => address with { City = city }),
        MergePart<ContactAddress, string>.Of("line1", address => (address.Line1, address.Line2, address.Line3), (address, lines) => address with { Line1 = lines.Line1, Line2 = lines.Line2, Line3 = lines.Line3 }),
        MergePart<ContactAddress, string>.Of("department", address => address.Department, (address, department) => address with { Department = department }),
        MergePart<ContactAddress, string>.Of("region", address => address.Region, (address, region) => address with { Region = region }),
        MergePart<ContactAddress, string>.Of("notValid", address => address.NotValid, (address, yes) => address with { NotValid = yes }),
    ];

    /// <summary>What a form carries of what it was filled from.</summary>
    public static string Write<T>(T seen) => JsonSerializer.Serialize(seen);

    /// <summary>Null for what isn't that.</summary>
    public static ContactDetails? ReadDetails(string carried) => Read<ContactDetails>(carried) is { Types.IsDefault: false, Emails.IsDefault: false, Addresses.IsDefault: false, Name: not null } details ? details : null;

    public static ContactAddress? ReadAddress(string carried) => Read<ContactAddress>(carried);

    public static ImmutableArray<PreferredSeat> ReadSeats(string carried) => Read<PreferredSeat[]>(carried) is { } seats ? [.. seats.Where(seat => seat?.Place is not null)] : [];

    /// <summary>The rows of what to show: before, theirs, and where both changed it, yours.</summary>
    public static IReadOnlyList<ChangedMeanwhile.Row> Rows<T>(ThreeWayMerge<T, string> merge, T seen, T typed, T current, Func<string, string> label, Func<string, T, string> shown) =>
    [
        .. merge.Both.Select(part => new ChangedMeanwhile.Row(part, label(part), shown(part, seen), shown(part, current), shown(part, typed))),
        .. merge.Taken.Select(part => new ChangedMeanwhile.Row(part, label(part), shown(part, seen), shown(part, current), null)),
    ];

    /// <summary>Where nobody can tell any more what the form was filled from: all that differs is to be chosen.</summary>
    public static IReadOnlyList<ChangedMeanwhile.Row> Rows<T>(IEnumerable<MergePart<T, string>> parts, T typed, T current, Func<string, string> label, Func<string, T, string> shown) =>
        [.. parts.Where(part => !part.Same(typed, current)).Select(part => new ChangedMeanwhile.Row(part.Key, label(part.Key), "?", shown(part.Key, current), shown(part.Key, typed)))];

    public static string Label(this Reader reader, string part) => part switch
    {
        "types" => reader.T("Types", "Types"),
        "title" => reader.T("Civilité", "Title"),
        "name" => reader.T("Nom", "Name"),
        "firstName" => reader.T("Prénom", "First name"),
        "birthDate" => reader.T("Date de naissance", "Date of birth"),
        "function" => reader.T("Fonction", "Function"),
        "language" => reader.T("Langue de communication", "Language to write in"),
        "administrativeNumber" => reader.T("Numéro administratif", "Administrative number"),
        "nature" => reader.T("Nature", "Nature"),
        "emails" => reader.T("Adresses e-mail", "E-mail addresses"),
        "mobile" => reader.T("Téléphone portable", "Mobile"),
        "phone" => reader.T("Téléphone", "Telephone"),
        "fax" => reader.T("Fax", "Fax"),
        "addresses" => reader.T("Adresses", "Addresses"),
        "iban" => reader.T("IBAN", "IBAN"),
        "referenceCode" => reader.T("Code référence", "Reference code"),
        "ambassador" => reader.T("Ambassadeur", "Ambassador"),
        "notValid" => reader.T("Non valide", "Not valid"),
        "kind" => reader.T("Type d’adresse", "Kind of address"),
        "country" => reader.T("Pays", "Country"),
        "postcode" => reader.T("Code postal", "Postcode"),
        "city" => reader.T("Ville", "City"),
        "line1" => reader.T("Adresse", "Address"),
        "department" => reader.T("Département", "Department"),
        _ => reader.T("Région", "Region"),
    };

    public static string Shown(this Reader reader, string part, ContactDetails contact) => part switch
    {
        "types" => reader.Formats.List([.. contact.Types.Select(type => reader.Word(type))]),
        "title" => contact.Title ?? "",
        "name" => contact.Name,
        "firstName" => contact.FirstName ?? "",
        "birthDate" => contact.BirthDate is { } born ? reader.Formats.DateNumeric(born) : "",
        "function" => contact.Function ?? "",
        "language" => contact.Language == Organisations.Language.English ? reader.T("anglais", "English") : reader.T("français", "French"),
        "administrativeNumber" => contact.AdministrativeNumber ?? "",
        "nature" => contact.Nature ?? "",
        "emails" => string.Join(", ", contact.Emails),
        "mobile" => Phone(contact.Mobile),
        "phone" => Phone(contact.Phone),
        "fax" => Phone(contact.Fax),
        "addresses" => string.Join(" ; ", contact.Addresses.Select(address => $"{reader.Word(address.Kind)} {address.Line1} {address.Postcode} {address.City}")),
        "iban" => contact.Iban ?? "",
        "referenceCode" => contact.ReferenceCode ?? "",
        "ambassador" => Yes(reader, contact.Ambassador),
        _ => Yes(reader, contact.NotValid),
    };

    public static string Shown(this Reader reader, string part, ContactAddress address) => part switch
    {
        "kind" => reader.Word(address.Kind),
        "country" => reader.Country(address.Country),
        "postcode" => address.Postcode ?? "",
        "city" => address.City ?? "",
        "line1" => string.Join(", ", new[] { address.Line1, address.Line2, address.Line3 }.Where(line => line is not null)),
        "department" => address.Department ?? "",
        "region" => address.Region ?? "",
        _ => Yes(reader, address.NotValid),
    };

    private static T? Read<T>(string carried) where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(carried);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Phone(string? number) => number is null ? "" : RecordWords.Phone(number);

    private static string Yes(Reader reader, bool yes) => yes ? reader.T("oui", "yes") : reader.T("non", "no");
}
