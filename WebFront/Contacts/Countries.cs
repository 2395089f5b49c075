using System.Collections.Frozen;
using System.Globalization;
using Guichet.Components;
using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>Countries as people call them, and how one dials them.</summary>
internal static class Countries
{
    private static readonly FrozenDictionary<string, string> French = Named("fr-FR");
    private static readonly FrozenDictionary<string, string> English = Named("en-GB");

    /// <summary>France first, then by name.</summary>
    public static IReadOnlyList<Option> Options(Reader reader) => reader.Language == Words.Language.French ? FrenchOptions : EnglishOptions;

    /// <summary>As phone fields offer them: <c>+33 (FR)</c>, France first.</summary>
    public static IReadOnlyList<Option> Dialled { get; } =
        [.. PhoneText.Dialled.OrderBy(one => one.Country != PhoneText.DefaultCountry).ThenBy(one => one.Country, StringComparer.Ordinal).Select(one => new Option(one.Country, $"+{one.Code.ToString(CultureInfo.InvariantCulture)} ({one.Country})"))];

    private static readonly IReadOnlyList<Option> FrenchOptions = Ordered(French, "fr-FR");
    private static readonly IReadOnlyList<Option> EnglishOptions = Ordered(English, "en-GB");

    public static string Word(this Reader reader, string country) => (reader.Language == Words.Language.French ? French : English).GetValueOrDefault(country, country);

    private static FrozenDictionary<string, string> Named(string culture)
    {
        var (before, language) = (CultureInfo.CurrentUICulture, CultureInfo.GetCultureInfo(culture));
        try
        {
            // The only way to ask for a country's name in a language is to be in it.
            CultureInfo.CurrentUICulture = language;
            return PhoneText.Countries.ToFrozenDictionary(code => code, code => new RegionInfo(code).DisplayName);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static Option[] Ordered(FrozenDictionary<string, string> names, string culture) =>
        [.. names.OrderBy(name => name.Key != PhoneText.DefaultCountry).ThenBy(name => name.Value, CultureInfo.GetCultureInfo(culture).CompareInfo.GetStringComparer(CompareOptions.None)).Select(name => new Option(name.Key, name.Value))];
}
