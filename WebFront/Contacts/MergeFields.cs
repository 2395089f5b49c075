using System.Collections.Immutable;
using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>One line of records side by side.</summary>
/// <param name="Name">As the form names it.</param>
/// <param name="Text">A contact's own, in the reader's words; empty for none.</param>
internal sealed record MergeField(string Name, Func<Reader, string> Label, Func<ContactDetails, Reader, string> Text);

/// <summary>All that two records may say differently, in the order of the record's own form.</summary>
internal static class MergeFields
{
    public static readonly ImmutableArray<MergeField> All =
    [
        new("title", reader => reader.T("Civilité", "Title"), (details, _) => details.Title ?? ""),
        new("name", reader => reader.T("Nom", "Name"), (details, _) => details.Name),
        new("firstName", reader => reader.T("Prénom", "First name"), (details, _) => details.FirstName ?? ""),
        new("birthDate", reader => reader.T("Date de naissance", "Date of birth"), (details, reader) => details.BirthDate is { } born ? reader.Formats.DateShort(born) : ""),
        new("function", reader => reader.T("Fonction", "Function"), (details, _) => details.Function ?? ""),
        new("administrativeNumber", reader => reader.T("Numéro administratif", "Administrative number"), (details, _) => details.AdministrativeNumber ?? ""),
        new("nature", reader => reader.T("Nature", "Nature"), (details, _) => details.Nature ?? ""),
        new("language", reader => reader.T("Langue", "Language"), (details, reader) => details.Language == Organisations.Language.English ? reader.T("anglais", "English") : reader.T("français", "French")),
        new("emails", reader => reader.T("E-mails", "E-mails"), (details, _) => string.Join(", ", details.Emails)),
        new("mobile", reader => reader.T("Portable", "Mobile"), (details, _) => PhoneOf(details.Mobile)),
        new("phone", reader => reader.T("Téléphone", "Phone"), (details, _) => PhoneOf(details.Phone)),
        new("fax", reader => reader.T("Fax", "Fax"), (details, _) => PhoneOf(details.Fax)),
        new("addresses", reader => reader.T("Adresses", "Addresses"), (details, reader) => string.Join(" ; ", details.Addresses.Select(address => LineOf(address, reader)))),
        new("types", reader => reader.T("Types", "Types"), (details, reader) => string.Join(", ", details.Types.Select(reader.Word))),
        new("iban", reader => "IBAN", (details, _) => details.Iban ?? ""),
        new("referenceCode", reader => reader.T("Code référence", "Reference code"), (details, _) => details.ReferenceCode ?? ""),
        new("ambassador", reader => reader.T("Ambassadeur", "Ambassador"), (details, reader) => YesOrNo(details.Ambassador, reader)),
        new("notValid", reader => reader.T("Non valide", "Not valid"), (details, reader) => YesOrNo(details.NotValid, reader)),
    ];


    private static string PhoneOf(string? e164) => e164 is null ? "" : RecordWords.Phone(e164);

    private static string YesOrNo(bool yes, Reader reader) => yes ? reader.T("oui", "yes") : "";

    private static string LineOf(ContactAddress address, Reader reader)
    {
        var lines = new[] { address.Line1, address.Line2, address.Line3, $"{address.Postcode} {address.City}".Trim(), address.Country == "FR" ? null : reader.Country(address.Country) };
        return string.Join(", ", lines.Where(line => line is { Length: > 0 }));
    }
}
