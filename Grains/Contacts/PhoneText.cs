using System.Collections.Frozen;
using System.Collections.Immutable;
using PhoneNumbers;

namespace Guichet.Contacts;

/// <summary>Telephone numbers as people write them, and as they are kept (E.164: <c>+33612345678</c>).</summary>
public static class PhoneText
{
    public const string DefaultCountry = "FR";
    private const int Longest = 40;

    /// <summary>ISO 3166-1 alpha-2 codes that an address may have: those that telephone, and the seven that don't.</summary>
    public static readonly FrozenSet<string> Countries =
        PhoneNumberUtil.GetInstance().GetSupportedRegions().Concat(["AQ", "BV", "GS", "HM", "PN", "TF", "UM"]).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Every country that telephones, and the code that it is dialled by from abroad.</summary>
    public static IEnumerable<(string Country, int Code)> Dialled =>
        PhoneNumberUtil.GetInstance().GetSupportedRegions().Select(country => (country, PhoneNumberUtil.GetInstance().GetCountryCodeForRegion(country)));

    /// <summary>Its country, and how it is written there; null for a number of no country.</summary>
    public static (string Country, string National)? Parted(string e164)
    {
        var phones = PhoneNumberUtil.GetInstance();
        try
        {
            var number = phones.Parse(e164, null);
            return phones.GetRegionCodeForNumber(number) is { } country && Countries.Contains(country) ? (country, phones.Format(number, PhoneNumberFormat.NATIONAL)) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    /// <summary>In E.164; null when it can't be read. It need not be in service: numbering plans change sooner than this library.</summary>
    /// <param name="country">Where it is dialled, when it doesn't say its own.</param>
    public static string? Read(string written, string country)
    {
        if (written.Length > Longest) return null;
        var phones = PhoneNumberUtil.GetInstance();
        try
        {
            var number = phones.Parse(written, country);
            // An extension has no place in E.164: better refused than dropped unseen.
            return phones.IsPossibleNumber(number) && !number.HasExtension ? phones.Format(number, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    /// <summary>As people read it: at home for a French number (<c>06 12 34 56 78</c>), else as dialled from abroad; as it is where it can't be read.</summary>
    public static string Shown(string e164)
    {
        var phones = PhoneNumberUtil.GetInstance();
        try
        {
            var number = phones.Parse(e164, null);
            return phones.Format(number, number.CountryCode == 33 ? PhoneNumberFormat.NATIONAL : PhoneNumberFormat.INTERNATIONAL);
        }
        catch (NumberParseException)
        {
            return e164;
        }
    }

    /// <summary>The digits that find it: as dialled from abroad, and at home.</summary>
    public static ImmutableArray<string> Keys(string e164)
    {
        var phones = PhoneNumberUtil.GetInstance();
        try
        {
            var national = Digits(phones.Format(phones.Parse(e164, null), PhoneNumberFormat.NATIONAL));
            return [.. new[] { e164[1..], national }.Distinct(StringComparer.Ordinal)];
        }
        catch (NumberParseException)
        {
            return [Digits(e164)];
        }
    }

    /// <summary>What a search box's text, in any writing, has in common with <see cref="Keys"/>; null when it isn't the beginning of a number.</summary>
    public static string? Searched(string text)
    {
        var written = text.Replace("(0)", "", StringComparison.Ordinal);
        foreach (var letter in written)
            if (!char.IsAsciiDigit(letter) && !char.IsWhiteSpace(letter) && letter is not ('+' or '(' or ')' or '.' or '-' or '/' or '\u2010' or '\u2011' or '\u2013'))
                return null;
        var digits = Digits(written);
        if (digits.StartsWith("00", StringComparison.Ordinal)) digits = digits[2..];
        return digits.Length is >= 3 and <= 20 ? digits : null;
    }

    /// <summary>The same, as it is dialled in a country where it doesn't begin with another's code: <c>06 12</c> in FR is <c>33612</c>.</summary>
    /// <param name="country">ISO 3166-1 alpha-2; null where any will do.</param>
    public static string? Searched(string text, string? country)
    {
        if (Searched(text) is not { } digits) return null;
        var phones = PhoneNumberUtil.GetInstance();
        if (country is null || text.TrimStart() is ['+', ..] or ['0', '0', ..] || phones.GetCountryCodeForRegion(country) is not (> 0 and var code)) return digits;
        var trunk = phones.GetNddPrefixForRegion(country, stripNonDigits: true);
        var own = !string.IsNullOrEmpty(trunk) && digits.StartsWith(trunk, StringComparison.Ordinal) ? digits[trunk.Length..] : digits;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{code}{own}");
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
