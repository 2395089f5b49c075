using System.Collections.Immutable;
using System.Globalization;
using Guichet.Components;
using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>The words of contacts, in the reader's language.</summary>
internal static class ContactWords
{
    private static readonly ImmutableDictionary<Language, ImmutableArray<Option>> CountryNames =
        Enum.GetValues<Language>().ToImmutableDictionary(language => language, NamesIn);

    public static string Word(this Reader reader, ContactKind kind) => kind == ContactKind.Structure ? reader.T("Structure", "Structure") : reader.T("Individuel", "Individual");

    public static string Many(this Reader reader, ContactKind kind) => kind == ContactKind.Structure ? reader.T("Structures", "Structures") : reader.T("Individuels", "Individuals");

    public static string Word(this Reader reader, ErasureGround ground) => ground switch
    {
        ErasureGround.Request => reader.T("à la demande de la personne", "at the person’s request"),
        ErasureGround.Retention => reader.T("durée de conservation échue", "kept for as long as was needed"),
        ErasureGround.Mistake => reader.T("fiche créée par erreur", "record made by mistake"),
        ErasureGround.Unlawful => reader.T("données recueillies sans droit", "collected without a right to it"),
        _ => reader.T("obligation légale", "legal obligation"),
    };

    public static string Word(this Reader reader, ContactType type) => type switch
    {
        ContactType.Guide => reader.T("Guide", "Guide"),
        ContactType.Supplier => reader.T("Fournisseur", "Supplier"),
        ContactType.Partner => reader.T("Partenaire", "Partner"),
        ContactType.Producer => reader.T("Producteur", "Producer"),
        _ => reader.T("Support", "Support"),
    };

    public static string Many(this Reader reader, ContactType type) => type switch
    {
        ContactType.Guide => reader.T("Guides", "Guides"),
        ContactType.Supplier => reader.T("Fournisseurs", "Suppliers"),
        ContactType.Partner => reader.T("Partenaires", "Partners"),
        ContactType.Producer => reader.T("Producteurs", "Producers"),
        _ => reader.T("Support", "Support"),
    };

    public static string Word(this Reader reader, ContactRole role) => role switch
    {
        ContactRole.Child => reader.T("Enfant", "Child"),
        ContactRole.Relay => reader.T("Relais", "Relay"),
        ContactRole.Member => reader.T("Membre", "Member"),
        ContactRole.Subsidiary => reader.T("Filiale", "Subsidiary"),
        ContactRole.PublicStructure => reader.T("Structure publique", "Public structure"),
        _ => reader.T("Public", "Public"),
    };

    /// <summary>What a contact is to another: "enfant de…".</summary>
    public static string Word(this Reader reader, RelationKind kind) => kind switch
    {
        RelationKind.Child => reader.T("Enfant de", "Child of"),
        RelationKind.Relay => reader.T("Relais de", "Relay of"),
        RelationKind.Member => reader.T("Membre de", "Member of"),
        _ => reader.T("Filiale de", "Subsidiary of"),
    };

    /// <summary>The country of a code, or the code where it has no name.</summary>
    public static string Country(this Reader reader, string code) => CountryNames[reader.Language].FirstOrDefault(country => country.Value == code)?.Text ?? code;

    /// <summary>Every country that an address may have, by its name; France, of most, first.</summary>
    public static IReadOnlyList<Option> Countries(this Reader reader) => CountryNames[reader.Language];

    /// <summary>What tells one field of a search from another, as saved searches list it.</summary>
    public static string Field(this Reader reader, string name) => name switch
    {
        "q" => reader.T("Recherche", "Search"),
        "kind" => reader.T("Nature du contact", "Kind"),
        "type" => reader.T("Type", "Type"),
        "role" => reader.T("Rôle", "Role"),
        "name" => reader.T("Nom", "Name"),
        "firstName" => reader.T("Prénom", "First name"),
        "number" => reader.T("Numéro", "Number"),
        "relay" => reader.T("Relais", "Relay"),
        "nature" => reader.T("Nature", "Nature"),
        "phone" => reader.T("Téléphone", "Phone"),
        "phoneCountry" => reader.T("Pays du téléphone", "Phone’s country"),
        "email" => reader.T("E-mail", "E-mail"),
        "country" => reader.T("Pays", "Country"),
        "postcode" => reader.T("Code postal", "Postcode"),
        "city" => reader.T("Ville", "City"),
        "administrativeNumber" => reader.T("Numéro administratif", "Administrative number"),
        "criterion" => reader.T("Critère", "Criterion"),
        "criterionValue" => reader.T("Valeur du critère", "Criterion’s value"),
        "iban" => "IBAN",
        "referenceCode" => reader.T("Code référence", "Reference code"),
        "connectedAs" => reader.T("Connexion de type", "Connection of type"),
        "connectedWith" => reader.T("Avec le contact", "With contact"),
        "ambassadors" => reader.T("Seuls les ambassadeurs", "Ambassadors only"),
        "notValid" => reader.T("Avec les non valides", "With those not valid"),
        "archived" => reader.T("Avec les archivés", "With the archived"),
        "relays" => reader.T("Avec les contacts relais", "With relay contacts"),
        "prospects" => reader.T("Avec les prospects", "With prospects"),
        "tag" => reader.T("Étiquette", "Tag"),
        "account" => reader.T("Compte internet", "Internet account"),
        _ => name,
    };

    /// <summary>A field's value as it reads: words for codes.</summary>
    public static string Value(this Reader reader, string name, string value) => name switch
    {
        "kind" when ContactsScreens.Read<ContactKind>(value) is { } kind => reader.Word(kind),
        "type" when ContactsScreens.Read<ContactType>(value) is { } type => reader.Word(type),
        "role" when ContactsScreens.Read<ContactRole>(value) is { } role => reader.Word(role),
        "connectedAs" when ContactsScreens.Read<RelationKind>(value) is { } relation => reader.Word(relation),
        "country" or "phoneCountry" => reader.Country(value),
        "ambassadors" or "notValid" or "archived" or "relays" or "prospects" or "account" => value == "true" ? reader.T("oui", "yes") : reader.T("non", "no"),
        "criterion" => value.Replace(":", reader.T(" : ", ": "), StringComparison.Ordinal),
        _ => value,
    };

    private static ImmutableArray<Option> NamesIn(Language language)
    {
        var before = CultureInfo.CurrentUICulture;
        var culture = CultureInfo.GetCultureInfo(language == Language.French ? "fr-FR" : "en-GB");
        try
        {
            // A region names itself in the culture of the thread.
            CultureInfo.CurrentUICulture = culture;
            return [.. PhoneText.Countries.Select(code => new Option(code, NameOf(code))).OrderBy(country => country.Value != PhoneText.DefaultCountry).ThenBy(country => country.Text, StringComparer.Create(culture, ignoreCase: true))];
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static string NameOf(string code)
    {
        try
        {
            return new RegionInfo(code).DisplayName;
        }
        catch (ArgumentException)
        {
            return code;
        }
    }
}
