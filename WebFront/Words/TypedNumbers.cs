using System.Globalization;

namespace Guichet.Words;

/// <summary>
/// Numbers as people type and paste them, in French (<c>1 234,56 €</c>) and in English (<c>€1,234.56</c>).
/// The last separator decides what is a decimal: with both, the last one; alone, a comma or point followed by exactly three digits
/// separates thousands where only whole numbers make sense, and decimals otherwise.
/// </summary>
public static class TypedNumbers
{
    /// <summary>A whole number, zero or more; <c>1 234</c>, <c>1.234</c>, <c>1,234</c> and <c>1234,00</c> are the same.</summary>
    public static bool TryCount(string typed, out long count)
    {
        count = 0;
        if (!TryNumber(typed, threeDigitsAreThousands: true, out var value) || value != decimal.Truncate(value) || Math.Abs(value) > 1_000_000_000m)
            return false;
        count = (long)value;
        return true;
    }

    /// <summary>An amount, to minor units of its currency; refuses more decimals than the currency has.</summary>
    public static bool TryMoney(string typed, string currency, out long minor)
    {
        minor = 0;
        var digits = Money.Decimals(currency);
        if (!TryNumber(typed, threeDigitsAreThousands: digits != 3, out var value) || Math.Abs(value) > 1_000_000_000_000m)
            return false;
        for (var i = 0; i < digits; i++)
            value *= 10;
        if (value != decimal.Truncate(value))
            return false;
        minor = (long)value;
        return true;
    }

    /// <summary>A rate in per cent, to basis points; its sign may stand after it, and it has two decimals at most.</summary>
    public static bool TryRate(string typed, out int basisPoints)
    {
        basisPoints = 0;
        if (!TryNumber(typed.TrimEnd().TrimEnd('%'), threeDigitsAreThousands: false, out var value) || Math.Abs(value) > 1_000_000m || value * 100 != decimal.Truncate(value * 100))
            return false;
        basisPoints = (int)(value * 100);
        return true;
    }

    private static bool TryNumber(string typed, bool threeDigitsAreThousands, out decimal value)
    {
        value = 0;
        Span<char> digits = stackalloc char[32];
        var length = 0;
        var text = typed.AsSpan().Trim();
        if (text.Length is 0 or > 40)
            return false;
        var lastComma = text.LastIndexOf(',');
        var lastPoint = text.LastIndexOf('.');
        var last = Math.Max(lastComma, lastPoint);
        var decimals = -1;
        if (last >= 0)
        {
            var after = 0;
            for (var i = last + 1; i < text.Length; i++)
                if (char.IsAsciiDigit(text[i]))
                    after++;
            var both = lastComma >= 0 && lastPoint >= 0;
            var several = text.Count(text[last]) > 1;
            if (both ? !several : !several && !(threeDigitsAreThousands && after == 3))
                decimals = last;
            else if (several && after != 3)
                return false;
        }
        var negative = false;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (char.IsAsciiDigit(character))
            {
                if (length == digits.Length - 1)
                    return false;
                digits[length++] = character;
            }
            else if (i == decimals)
                digits[length++] = '.';
            else if (character is '-' or Formats.Minus && length == 0 && !negative)
                negative = true;
            else if (character is not (' ' or Formats.NoBreak or Formats.Thin or ',' or '.' or '\'' or '’' or '€' or '$' or '£' or '+'))
                return false;
        }
        if (length == 0 || !decimal.TryParse(digits[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value))
            return false;
        if (negative)
            value = -value;
        return true;
    }
}
