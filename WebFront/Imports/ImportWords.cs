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
    };

    /// <summary>A field's word; anything else as it is.</summary>
    public static string Field(this Reader reader, string name) => Fields.TryGetValue(name, out var pair) ? reader.T(pair.French, pair.English) : name;

    public static string Kind(this Reader reader, ImportKind kind) => kind switch
    {
        ImportKind.Season => reader.T("Saison", "Season"),
        ImportKind.Tallies => reader.T("Pointages", "Tallies"),
        _ => reader.T("Partenaires", "Partners"),
    };

    /// <summary>A kind as addresses and forms name it.</summary>
    public static string NameOf(ImportKind kind) => kind switch { ImportKind.Season => "season", ImportKind.Tallies => "tallies", _ => "partners" };

    /// <summary>The kind of that name; a season for anything else.</summary>
    public static ImportKind KindOf(string? name) => name switch { "tallies" => ImportKind.Tallies, "partners" => ImportKind.Partners, _ => ImportKind.Season };

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
        ImportCodes.FieldUnmapped or ImportCodes.ColumnMissing or ImportCodes.FieldMappedTwice or ImportCodes.FieldEmpty or ImportCodes.LinesDisagree => reader.Field(argument),
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
