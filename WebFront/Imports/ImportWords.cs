using System.Collections.Immutable;
using System.Globalization;
using Guichet.Words;

namespace Guichet.Imports;

/// <summary>The words of imports: fields, kinds, and refusals as sentences.</summary>
internal static class ImportWords
{
    private static readonly ImportRefusalTexts Refusals = new();

    private static readonly Dictionary<string, (string French, string English)> Fields = new(StringComparer.Ordinal)
    {
        [ImportFields.Session] = ("Identifiant de séance", "Session identifier"),
        [ImportFields.Show] = ("Spectacle", "Show"),
        [ImportFields.Subtitle] = ("Sous-titre", "Subtitle"),
        [ImportFields.Producer] = ("Producteur", "Producer"),
        [ImportFields.Genre] = ("Genre", "Genre"),
        [ImportFields.Series] = ("Série", "Series"),
        [ImportFields.Date] = ("Date", "Date"),
        [ImportFields.Time] = ("Heure", "Time"),
        [ImportFields.Place] = ("Lieu", "Place"),
        [ImportFields.Category] = ("Catégorie", "Category"),
        [ImportFields.Capacity] = ("Jauge", "Capacity"),
        [ImportFields.Tariff] = ("Tarif", "Tariff"),
        [ImportFields.Price] = ("Prix", "Price"),
        [ImportFields.Channel] = ("Réseau", "Channel"),
        [ImportFields.Sold] = ("Vendus", "Sold"),
        [ImportFields.Reserved] = ("Options", "Reserved"),
        [ImportFields.Free] = ("Invitations", "Free"),
        [ImportFields.Gross] = ("Recette TTC", "Gross revenue"),
        [ImportFields.Partner] = ("Nom", "Name"),
        [ImportFields.Email] = ("E-mail", "E-mail"),
        [ImportFields.Cc] = ("Copie", "Cc"),
        [ImportFields.Contact] = ("Contact", "Contact"),
        [ImportFields.Group] = ("Groupe", "Group"),
        [ImportFields.Language] = ("Langue", "Language"),
        [ImportFields.Note] = ("Note", "Note"),
        [ContactFields.Number] = ("Numéro de contact", "Contact number"),
        [ContactFields.Kind] = ("Individuel ou structure", "Individual or structure"),
        [ContactFields.Types] = ("Types", "Types"),
        [ContactFields.Name] = ("Nom", "Name"),
        [ContactFields.Title] = ("Civilité", "Title"),
        [ContactFields.FirstName] = ("Prénom", "First name"),
        [ContactFields.BirthDate] = ("Date de naissance", "Date of birth"),
        [ContactFields.Function] = ("Fonction", "Function"),
        [ContactFields.AdministrativeNumber] = ("Numéro administratif", "Administrative number"),
        [ContactFields.Nature] = ("Nature", "Nature"),
        [ContactFields.Mobile] = ("Téléphone portable", "Mobile"),
        [ContactFields.Phone] = ("Téléphone", "Telephone"),
        [ContactFields.Fax] = ("Fax", "Fax"),
        [ContactFields.Iban] = ("IBAN", "IBAN"),
        [ContactFields.ReferenceCode] = ("Code référence", "Reference code"),
        [ContactFields.Ambassador] = ("Ambassadeur", "Ambassador"),
        [ContactFields.NotValid] = ("Non valide", "Not valid"),
        [ContactFields.Tags] = ("Étiquettes", "Tags"),
        [ContactFields.Criteria] = ("Critère", "Criterion"),
        [ContactFields.Structure] = ("Structure", "Structure"),
        [ContactFields.Relation] = ("Relation (relais, membre)", "Relation (relay, member)"),
        [ContactFields.ConsentEmail] = ("Consent aux e-mails", "Consents to e-mails"),
        [ContactFields.ConsentSms] = ("Consent aux SMS", "Consents to texts"),
        [ContactFields.ConsentPhone] = ("Consent aux appels", "Consents to calls"),
        [ContactFields.ConsentPost] = ("Consent aux courriers", "Consents to letters"),
        [ContactFields.ConsentCategory] = ("Objet du consentement", "What the consent is for"),
        [ContactFields.ConsentAt] = ("Date du consentement", "Date of the consent"),
        [ContactFields.ConsentWhere] = ("Où le consentement fut donné", "Where the consent was given"),
        [ContactFields.ConsentWording] = ("Texte du consentement", "Wording of the consent"),
        ["line1"] = ("Adresse", "Address"),
        ["line2"] = ("Adresse, ligne 2", "Address, line 2"),
        ["line3"] = ("Adresse, ligne 3", "Address, line 3"),
        ["postcode"] = ("Code postal", "Postcode"),
        ["city"] = ("Ville", "City"),
        ["department"] = ("Département", "Department"),
        ["region"] = ("Région", "Region"),
        ["country"] = ("Pays", "Country"),
        ["deliveryLine1"] = ("Livraison, adresse", "Delivery, address"),
        ["deliveryLine2"] = ("Livraison, ligne 2", "Delivery, line 2"),
        ["deliveryLine3"] = ("Livraison, ligne 3", "Delivery, line 3"),
        ["deliveryPostcode"] = ("Livraison, code postal", "Delivery, postcode"),
        ["deliveryCity"] = ("Livraison, ville", "Delivery, city"),
        ["deliveryDepartment"] = ("Livraison, département", "Delivery, department"),
        ["deliveryRegion"] = ("Livraison, région", "Delivery, region"),
        ["deliveryCountry"] = ("Livraison, pays", "Delivery, country"),
        ["billingLine1"] = ("Facturation, adresse", "Billing, address"),
        ["billingLine2"] = ("Facturation, ligne 2", "Billing, line 2"),
        ["billingLine3"] = ("Facturation, ligne 3", "Billing, line 3"),
        ["billingPostcode"] = ("Facturation, code postal", "Billing, postcode"),
        ["billingCity"] = ("Facturation, ville", "Billing, city"),
        ["billingDepartment"] = ("Facturation, département", "Billing, department"),
        ["billingRegion"] = ("Facturation, région", "Billing, region"),
        ["billingCountry"] = ("Facturation, pays", "Billing, country"),
    };

    /// <summary>A field's word; anything else as it is.</summary>
    public static string Field(this Reader reader, string name) => Fields.TryGetValue(name, out var pair) ? reader.T(pair.French, pair.English) : name;

    public static string Kind(this Reader reader, ImportKind kind) => kind switch
    {
        ImportKind.Season => reader.T("Saison", "Season"),
        ImportKind.Tallies => reader.T("Pointages", "Tallies"),
        ImportKind.Contacts => reader.T("Contacts", "Contacts"),
        _ => reader.T("Partenaires", "Partners"),
    };

    /// <summary>A kind as addresses and forms name it.</summary>
    public static string NameOf(ImportKind kind) => kind switch { ImportKind.Season => "season", ImportKind.Tallies => "tallies", ImportKind.Contacts => "contacts", _ => "partners" };

    /// <summary>The kind of that name; a season for anything else.</summary>
    public static ImportKind KindOf(string? name) => name switch { "tallies" => ImportKind.Tallies, "partners" => ImportKind.Partners, "contacts" => ImportKind.Contacts, _ => ImportKind.Season };

    public static ImportDefaults Defaults(this Reader reader) =>
        new(reader.T("Placement libre", "General admission"), reader.T("Normal", "Standard"), reader.T("Guichet", "Box office"), reader.T("Partenaires", "Partners"));

    /// <summary>What is wrong and how to mend it.</summary>
    public static string Sentence(this Reader reader, ImportRefusal refusal)
    {
        // Without candidates there are none to name.
        if (refusal is { Code: ImportCodes.SessionUnknown, Arguments.IsEmpty: true })
            return reader.T("Aucune séance ne correspond.", "No session matches.");
        var arguments = refusal.Arguments.Select(argument => Worded(reader, refusal.Code, argument)).ToImmutableArray();
        return Refusals.Sentence(refusal.Code, arguments, reader.Formats) ?? RefusalSentences.Of(refusal.Code, refusal.Arguments, reader.Formats);
    }

    /// <summary>A session named <c>title | 2026-11-24T20:30 | place</c>, as a person reads it; anything else as it is.</summary>
    public static string SessionName(this Reader reader, string named)
    {
        var parts = named.Split(" | ");
        for (var i = 0; i < parts.Length; i++)
        {
            if (DateTime.TryParseExact(parts[i], ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                parts[i] = date.TimeOfDay == TimeSpan.Zero ? reader.Formats.DateShort(DateOnly.FromDateTime(date)) : reader.Formats.DateTimeShort(date);
        }
        return string.Join(", ", parts);
    }

    private static string Worded(Reader reader, string code, string argument) => code switch
    {
        ImportCodes.FileNotTabular => Format(reader, argument),
        ImportCodes.FieldUnmapped or ImportCodes.ColumnMissing or ImportCodes.FieldMappedTwice or ImportCodes.FieldEmpty or ImportCodes.LinesDisagree or ImportCodes.ConsentUnproven => reader.Field(argument),
        ImportCodes.DateNotThatWeekday => int.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var day)
            ? reader.Formats.Culture.DateTimeFormat.GetDayName((DayOfWeek)(day % 7)) : argument,
        ImportCodes.SessionUnknown or ImportCodes.SessionAmbiguous or ImportCodes.TimeSkipped => reader.SessionName(argument),
        ImportCodes.NumberAmbiguous or ImportCodes.NumberTooLarge => decimal.TryParse(argument, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
            ? reader.Number(number) : argument,
        _ => argument,
    };

    /// <summary>A number with the decimals that it has.</summary>
    public static string Number(this Reader reader, decimal number) => reader.Formats.Number(number, (decimal.GetBits(number)[3] >> 16) & 0x7F);

    private static string Format(Reader reader, string kind) => kind switch
    {
        "pdf" => "PDF",
        "xls" => reader.T("classeur Excel d’avant 2007", "Excel workbook from before 2007"),
        "xlsb" => reader.T("classeur Excel binaire", "binary Excel workbook"),
        "ods" => reader.T("classeur OpenDocument", "OpenDocument workbook"),
        "html" => reader.T("page web ou XML", "web page or XML"),
        "image" => "image",
        "zip" => reader.T("archive", "archive"),
        _ => kind,
    };
}
