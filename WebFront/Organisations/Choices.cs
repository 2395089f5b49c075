using System.Globalization;
using Guichet.Components;
using Guichet.Words;
using NodaTime.TimeZones;

namespace Guichet.Organisations;

/// <summary>The answers that forms about organisations and people offer.</summary>
internal static class Choices
{
    private static readonly string[] Zones =
    [
        .. TzdbDateTimeZoneSource.Default.ZoneLocations!.Select(location => location.ZoneId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static readonly (string Code, string French, string English)[] KnownCurrencies =
    [
        ("EUR", "euro", "euro"), ("CHF", "franc suisse", "Swiss franc"), ("GBP", "livre sterling", "pound sterling"), ("USD", "dollar américain", "US dollar"),
        ("CAD", "dollar canadien", "Canadian dollar"), ("XPF", "franc pacifique", "CFP franc"), ("MAD", "dirham marocain", "Moroccan dirham"),
        ("TND", "dinar tunisien", "Tunisian dinar"), ("DZD", "dinar algérien", "Algerian dinar"), ("XOF", "franc CFA (BCEAO)", "West African CFA franc"),
        ("XAF", "franc CFA (BEAC)", "Central African CFA franc"), ("MUR", "roupie mauricienne", "Mauritian rupee"), ("JPY", "yen", "yen"),
        ("SEK", "couronne suédoise", "Swedish krona"), ("NOK", "couronne norvégienne", "Norwegian krone"), ("DKK", "couronne danoise", "Danish krone"),
        ("PLN", "zloty", "zloty"), ("CZK", "couronne tchèque", "Czech koruna"), ("AUD", "dollar australien", "Australian dollar"),
    ];

    /// <summary>IANA zones; the present one is offered even where it is an old name.</summary>
    public static IReadOnlyList<Option> TimeZones(string? present) =>
        [.. Zones.Append(present).Where(zone => !string.IsNullOrEmpty(zone)).Distinct(StringComparer.Ordinal).Select(zone => new Option(zone!, zone!.Replace('_', ' ')))];

    public static IReadOnlyList<Option> Currencies(Reader reader, string? present) =>
    [
        .. KnownCurrencies.Select(currency => new Option(currency.Code, $"{currency.Code} – {reader.T(currency.French, currency.English)}")),
        .. KnownCurrencies.Any(currency => currency.Code == present) || string.IsNullOrEmpty(present) ? [] : new[] { new Option(present, present) },
    ];

    /// <summary>January to December, by their numbers.</summary>
    public static IReadOnlyList<Option> Months(Formats formats) =>
        [.. Enumerable.Range(1, 12).Select(month => new Option(month.ToString(CultureInfo.InvariantCulture), new DateOnly(2026, month, 1).ToString("MMMM", formats.Culture)))];

    public static IReadOnlyList<Option> Roles(Reader reader) =>
    [
        new(nameof(Role.Reader), reader.Word(Role.Reader), reader.T("voit tout, ne change rien", "sees everything, changes nothing")),
        new(nameof(Role.BoxOffice), reader.Word(Role.BoxOffice), reader.T("tient les séances, les pointages, les liaisons et les imports", "keeps sessions, tallies, links and imports")),
        new(nameof(Role.Administrator), reader.Word(Role.Administrator), reader.T("gère aussi les opérateurs, les jetons et les réglages", "also manages operators, tokens and settings")),
    ];

    public static IReadOnlyList<Option> Languages(Reader reader) =>
    [
        new(nameof(Language.Browser), reader.T("Celle du navigateur", "The browser’s")),
        new(nameof(Language.French), "Français"),
        new(nameof(Language.English), "English"),
    ];

    public static string Word(this Reader reader, Role role) => role switch
    {
        Role.Reader => reader.T("Lecture", "Reader"),
        Role.BoxOffice => reader.T("Billetterie", "Box office"),
        Role.Administrator => reader.T("Administration", "Administrator"),
        _ => role.ToString(),
    };

    /// <summary>The role of that name; nothing that is not one (numbers too).</summary>
    public static Role? RoleOf(string? name) => Enum.GetNames<Role>().Contains(name) ? Enum.Parse<Role>(name!) : null;

    public static Language LanguageOf(string? name) => Enum.GetNames<Language>().Contains(name) ? Enum.Parse<Language>(name!) : Language.Browser;
}
