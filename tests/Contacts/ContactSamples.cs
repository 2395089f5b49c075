using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Organisations;

namespace Guichet.Tests.Contacts;

internal static class ContactSamples
{
    public static readonly ContactDetails Person = new(
        ContactKind.Individual, [], "Dupont", "Madame", "Chantal", new DateOnly(1970, 5, 17), null, Language.French, null, null,
        ["chantal@dupont.example"], null, null, null, [], null, null, false, false);

    public static readonly ContactDetails House = new(
        ContactKind.Structure, [], "Collège Jean-Moulin", null, null, null, null, Language.French, "190 123 45", "Établissement scolaire",
        [], null, null, null, [], null, null, false, false);

    public static ContactAddress At(string? postcode, string? city, string country = "FR", AddressKind kind = AddressKind.Main) =>
        new(kind, country, postcode, city, "12, rue de la Gaîté", null, null, null, null, false);

    public static ContactDetails Named(string name, string? first = null) => Person with { Name = name, FirstName = first, Emails = [], BirthDate = null, Title = null };
}
