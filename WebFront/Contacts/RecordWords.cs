using System.Globalization;
using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>The words of a contact's record, in the reader's language; those that lists have too are in <see cref="ContactWords"/>.</summary>
internal static class RecordWords
{
    /// <summary>As one calls it in a sentence or a heading: <c>Monsieur Michel SHAPIRA</c>, <c>Collège Jean-Moulin</c>.</summary>
    public static string FullName(this ContactDetails details) => details.Kind == ContactKind.Structure
        ? details.Name
        : string.Join(' ', new[] { details.Title, details.FirstName, details.Name.ToUpperInvariant() }.Where(part => part is not null));

    public static string FullName(this ContactRow row) => row.Kind == ContactKind.Structure
        ? row.Name
        : string.Join(' ', new[] { row.Title, row.FirstName, row.Name.ToUpperInvariant() }.Where(part => part is not null));

    /// <summary>What a type opens, in one line.</summary>
    public static string Note(this Reader reader, ContactType type) => type switch
    {
        ContactType.Guide => reader.T("Proposé comme guide d’une séance.", "Offered as guide of a session."),
        ContactType.Supplier => reader.T("Proposé comme fournisseur de la boutique.", "Offered as supplier of the shop."),
        ContactType.Partner => reader.T("Vend par contrat avec vous.", "Sells by contract with you."),
        ContactType.Producer => reader.T("Produit des spectacles, et peut en voir les ventes.", "Produces shows, and may see their sales."),
        _ => reader.T("Peut ouvrir l’espace d’un client pour l’aider.", "May open a client’s space to help."),
    };

    public static string Word(this Reader reader, AddressKind kind) => kind switch
    {
        AddressKind.Delivery => reader.T("Livraison", "Delivery"),
        AddressKind.Billing => reader.T("Facturation", "Billing"),
        _ => reader.T("Principale", "Main"),
    };

    public static string Word(this Reader reader, ConsentChannel channel) => channel switch
    {
        ConsentChannel.Sms => reader.T("SMS", "SMS"),
        ConsentChannel.Phone => reader.T("Téléphone", "Telephone"),
        ConsentChannel.Post => reader.T("Courrier", "Post"),
        _ => reader.T("E-mail", "E-mail"),
    };

    /// <summary>What the contact is to the other (upward), or the other to it.</summary>
    public static string Word(this Reader reader, RelationKind kind, bool upward) => (kind, upward) switch
    {
        (RelationKind.Child, true) => reader.T("enfant de", "child of"),
        (RelationKind.Child, false) => reader.T("parent de", "parent of"),
        (RelationKind.Relay, true) => reader.T("relais de", "relay of"),
        (RelationKind.Relay, false) => reader.T("a pour relais", "has as relay"),
        (RelationKind.Member, true) => reader.T("membre de", "member of"),
        (RelationKind.Member, false) => reader.T("a pour membre", "has as member"),
        (RelationKind.Subsidiary, true) => reader.T("filiale de", "subsidiary of"),
        _ => reader.T("structure mère de", "mother of"),
    };

    /// <summary>The dates of a relation as a phrase; null for always.</summary>
    public static string? During(this Reader reader, DateOnly? from, DateOnly? until) => (from, until) switch
    {
        (null, null) => null,
        ({ } since, null) => reader.T($"depuis le {reader.Formats.DateNumeric(since)}", $"since {reader.Formats.DateNumeric(since)}"),
        (null, { } til) => reader.T($"jusqu’au {reader.Formats.DateNumeric(til)}", $"until {reader.Formats.DateNumeric(til)}"),
        ({ } since, { } til) => reader.T($"du {reader.Formats.DateNumeric(since)} au {reader.Formats.DateNumeric(til)}", $"from {reader.Formats.DateNumeric(since)} to {reader.Formats.DateNumeric(til)}"),
    };

    /// <summary>A criterion's label; its code where it isn't defined any more.</summary>
    public static string Label(this Reader reader, CriterionDefinition? definition, string code) => definition is null ? code : reader.T(definition.French, definition.English);

    /// <summary>Of one of its values, likewise.</summary>
    public static string Label(this Reader reader, CriterionDefinition? definition, string criterion, string value) =>
        definition?.Values.FirstOrDefault(known => known.Code == value) is { } known ? reader.T(known.French, known.English) : value;

    /// <summary>As it is dialled at home for French numbers (<c>06 12 34 56 78</c>), else in E.164.</summary>
    public static string Phone(string e164) => PhoneText.Shown(e164);

    public static string Iso(this DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
