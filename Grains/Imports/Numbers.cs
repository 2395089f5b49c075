using System.Globalization;

namespace Guichet.Imports;

/// <param name="Value">A percentage as its ratio: <c>12,5 %</c> is 0.125.</param>
/// <param name="Currency">ISO 4217, empty when none is written.</param>
public readonly record struct NumberRead(decimal Value, bool IsPercent, string Currency);

/// <summary>
/// Numbers as people write them, exactly: nothing here is a binary fraction.
/// </summary>
public static class Numbers
{
    /// <summary>A decimal holds 28 digits; nothing in a box office needs more.</summary>
    private const int MostDigits = 28;

    private static readonly (string Sign, string Currency)[] Currencies =
        [("€", "EUR"), ("$", "USD"), ("£", "GBP"), ("EUR", "EUR"), ("USD", "USD"), ("GBP", "GBP"), ("CHF", "CHF"), ("CAD", "CAD"), ("JPY", "JPY"), ("XPF", "XPF")];

    /// <summary>Reads <c>1 234,56</c>, <c>-12</c>, <c>(12)</c>, <c>12,5 %</c>, <c>12,50 €</c> in one style. False for what isn't a number in it.</summary>
    public static bool TryRead(string text, NumberStyle style, out NumberRead number)
    {
        number = default;
        var rest = text.AsSpan().Trim();
        var isNegative = TakeParentheses(ref rest);
        var currency = TakeCurrency(ref rest);
        var isPercent = currency.Length == 0 && rest is [.., '%'];
        if (isPercent) rest = rest[..^1].TrimEnd();
        isNegative ^= TakeSign(ref rest);
        if (currency.Length == 0 && !isPercent) currency = TakeCurrency(ref rest);
        if (!TryReadUnsigned(rest, style, out var value)) return false;
        number = new NumberRead((isNegative ? -value : value) / (isPercent ? 100m : 1m), isPercent, currency);
        return true;
    }

    /// <summary>An amount in minor units, exactly. False when it has more decimals than its currency, or doesn't fit.</summary>
    /// <param name="decimals">The currency's, 0 to 4.</param>
    public static bool TryToMinor(decimal amount, int decimals, out long minor)
    {
        minor = 0;
        if (Math.Abs(amount) > long.MaxValue / 10_000m) return false;
        for (var left = decimals; left > 0; left--) amount *= 10;
        if (amount != decimal.Truncate(amount)) return false;
        minor = (long)amount;
        return true;
    }

    /// <summary>
    /// A workbook's number as its program shows it: to 15 significant digits. The file has the 17 of a binary fraction
    /// (4.0999999999999996 where 4.1 was typed).
    /// </summary>
    internal static decimal AsShown(decimal stored)
    {
        const int Significant = 15;
        var magnitude = Math.Abs(stored);
        var decimals = Significant;
        for (; magnitude >= 1 && decimals > 0; magnitude /= 10) decimals--;
        for (; magnitude is > 0 and < 0.1m && decimals < MostDigits; magnitude *= 10) decimals++;
        // Dividing takes off the zeros at the end: 4.10 and 4.1 are written alike.
        return Math.Round(stored, decimals, MidpointRounding.AwayFromZero) / 1.0000000000000000000000000000m;
    }

    private static bool TakeParentheses(ref ReadOnlySpan<char> text)
    {
        if (text is not ['(', _, .., ')']) return false;
        text = text[1..^1].Trim();
        return true;
    }

    private static bool TakeSign(ref ReadOnlySpan<char> text)
    {
        if (text is not ['-' or '\u2212' or '+', ..]) return false;
        var isNegative = text[0] != '+';
        text = text[1..].TrimStart();
        return isNegative;
    }

    private static string TakeCurrency(ref ReadOnlySpan<char> text)
    {
        foreach (var (sign, currency) in Currencies)
        {
            if (text.EndsWith(sign, StringComparison.OrdinalIgnoreCase)) text = text[..^sign.Length].TrimEnd();
            else if (text.StartsWith(sign, StringComparison.OrdinalIgnoreCase)) text = text[sign.Length..].TrimStart();
            else continue;
            return currency;
        }
        return "";
    }

    private static bool TryReadUnsigned(ReadOnlySpan<char> text, NumberStyle style, out decimal value)
    {
        value = 0;
        var point = text.IndexOf(style == NumberStyle.French ? ',' : '.');
        var fraction = point < 0 ? [] : text[(point + 1)..];
        Span<char> digits = stackalloc char[MostDigits + 1];
        var length = TakeGroups(point < 0 ? text : text[..point], style, digits);
        if (length < 0 || (point >= 0 && fraction.IsEmpty) || (length == 0 && point < 0)) return false;
        if (fraction.ContainsAnyExceptInRange('0', '9') || length + fraction.Length > MostDigits) return false;
        digits[length] = '.';
        Span<char> plain = stackalloc char[MostDigits + 1];
        digits[..(length + 1)].CopyTo(plain);
        fraction.CopyTo(plain[(length + 1)..]);
        return decimal.TryParse(plain[..(length + 1 + fraction.Length)], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>The digits before the decimal sign; groups are of three and all separated alike. -1 for anything else.</summary>
    private static int TakeGroups(ReadOnlySpan<char> text, NumberStyle style, Span<char> digits)
    {
        var separator = '\0';
        int length = 0, group = 0;
        foreach (var letter in text)
        {
            if (char.IsAsciiDigit(letter))
            {
                if (length == MostDigits) return -1;
                digits[length++] = letter;
                group++;
                continue;
            }
            var kind = GroupSeparator(letter, style);
            if (kind == '\0' || (separator != '\0' && kind != separator)) return -1;
            // The first group has one to three digits, those after it three.
            if (separator == '\0' ? group is < 1 or > 3 : group != 3) return -1;
            (separator, group) = (kind, 0);
        }
        return separator != '\0' && group != 3 ? -1 : length;
    }

    /// <summary>The kind of group separator that a letter is in this style: all spaces are one kind, all apostrophes another. NUL for none.</summary>
    private static char GroupSeparator(char letter, NumberStyle style) => letter switch
    {
        ' ' or '\u00A0' or '\u202F' or '\u2009' => ' ',
        '\'' or '\u2019' => '\'',
        '.' when style == NumberStyle.French => '.',
        ',' when style == NumberStyle.English => ',',
        _ => '\0',
    };
}
