using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Organisations;

namespace Guichet.Demo;

/// <param name="RelayOf">The name of a structure before it in the list.</param>
/// <param name="HasAccount">It signs in to its space with its e-mail.</param>
/// <param name="Produces">The titles of the shows that it produces.</param>
internal sealed record DemoContact(ContactDetails Details, ImmutableArray<string> Tags = default, string? RelayOf = null, bool HasAccount = false, ImmutableArray<string> Produces = default);

/// <summary>The theatre's contact file: people and structures as a box office has them.</summary>
internal static class DemoContacts
{
    /// <summary>Its relay follows the sales of its shows.</summary>
    public const string Producer = "Astérie Productions";

    public static readonly ImmutableArray<DemoContact> OfTheHouse =
    [
        Structure("Lycée de l’Harteloire", "Établissement scolaire", "29200", "Brest", "Rue du Général-Paulet", tags: ["Scolaire"]),
        Structure("Comité social du port", "Comité social et économique", "29200", "Brest", "2, rue de la Porte", tags: ["Groupes"]),
        Structure(Producer, null, "35000", "Rennes", "18, rue Saint-Malo", ContactType.Producer) with { Produces = DemoShows.Touring },
        Structure("Imprimerie du Ponant", null, "29490", "Guipavas", "Zone de Prat-Pip", ContactType.Supplier),
        Person("Madame", "Dupont", "Chantal", "75012", "Paris", "06 12 34 56 78", ["Abonnés"]) with { HasAccount = true },
        Person("Madame", "Dupont", "Chrysoline", "75006", "Paris"),
        Person("Monsieur", "Dupont", "Frédéric", "67600", "Sélestat"),
        Person("Madame", "Dupont", "Isabelle", "93500", "Pantin", tags: ["Presse"]),
        Person("Monsieur", "Dupont", "Manuel", "61100", "Flers"),
        Person("Madame", "Dupont", "Marie", "92160", "Antony"),
        Person("Monsieur", "Dupont", "Nicolas", "51100", "Reims"),
        Person("Madame", "Dupont", "Orlane", "75015", "Paris"),
        Person("Madame", "Dupont Sadier", "Michèle", "94230", "Cachan"),
        Person("Monsieur", "Dupont-Rougier", "Vincent", "92700", "Colombes"),
        Person("Madame", "Le Bras", "Anaïs", "29200", "Brest", "06 98 76 54 32", ["Abonnés"]),
        Person("Monsieur", "Kerbrat", "Yann", "29200", "Brest", "06 98 44 10 10", ["Abonnés", "Ambassadeurs"]),
        Person("Madame", "L’Hostis", "Céline", "29280", "Plouzané", tags: ["Scolaire"]) with { RelayOf = "Lycée de l’Harteloire" },
        Person("Monsieur", "Tanguy", "Loïc", "29200", "Brest") with { RelayOf = "Comité social du port" },
        Person("Madame", "Œuvrard", "Lætitia", "29850", "Gouesnou"),
        Person("Monsieur", "O’Connell", "Seán", "29200", "Brest"),
        Person("Madame", "Benali", "Nadia", "35000", "Rennes") with { RelayOf = Producer, HasAccount = true },
        OfType(ContactType.Support, Person("Monsieur", "Morvan", "Gwenn", "29200", "Brest")) with { HasAccount = true },
    ];

    private static DemoContact Person(string title, string name, string first, string postcode, string city, string? phone = null, ImmutableArray<string> tags = default) => new(
        new ContactDetails(
            ContactKind.Individual, [], name, title, first, null, null, Language.French, null, null, [$"{Mailbox(first)}.{Mailbox(name)}@courriel.example"], phone, null, null,
            [new ContactAddress(AddressKind.Main, "FR", postcode, city, null, null, null, null, null, false)], null, null, false, false),
        tags);

    private static DemoContact Structure(string name, string? nature, string postcode, string city, string line, ContactType? type = null, ImmutableArray<string> tags = default) => new(
        new ContactDetails(
            ContactKind.Structure, type is { } one ? [one] : [], name, null, null, null, null, Language.French, null, nature, [], null, null, null,
            [new ContactAddress(AddressKind.Main, "FR", postcode, city, line, null, null, null, null, false)], null, null, false, false),
        tags);

    private static DemoContact OfType(ContactType type, DemoContact contact) => contact with { Details = contact.Details with { Types = [type] } };

    private static string Mailbox(string name) => SearchKey.Of(name).Replace(' ', '-');
}
