using System.Globalization;
using System.Text;

namespace Guichet.Contacts;

/// <summary>
/// What contacts are searched and put in order by: without case, accents and marks; œ æ ß ł ø đ ð þ as oe ae ss l o d d th; apostrophes,
/// hyphens and blanks of every kind alike, one space. The same as <c>contact_key</c> in SQL, which a test holds against this.
/// </summary>
public static class SearchKey
{
    /// <summary>In code points: two such keys and what stands beside them fit into an index row, whatever the script.</summary>
    public const int Longest = 256;

    public static string Of(string? written)
    {
        if (string.IsNullOrEmpty(written)) return "";
        var key = new StringBuilder(written.Length);
        var (length, space) = (0, false);
        foreach (var rune in Plain(written))
        {
            if (IsLeftOut(rune.Value)) continue;
            if (IsBlank(rune.Value))
            {
                space = length > 0;
                continue;
            }
            if (space && !Append(" ")) break;
            space = false;
            if (!Append(Base(rune))) break;
        }
        // A key that was cut may end in the space before what no longer went in.
        return key.ToString().TrimEnd(' ');

        bool Append(string text)
        {
            foreach (var rune in text.EnumerateRunes())
            {
                if (length == Longest) return false;
                key.Append(rune.ToString());
                length++;
            }
            return true;
        }
    }

    /// <summary>Decomposed and in lower case; half a surrogate pair, which can't be decomposed, is the replacement character.</summary>
    private static IEnumerable<Rune> Plain(string written)
    {
        var whole = new StringBuilder(written.Length);
        foreach (var rune in written.EnumerateRunes()) whole.Append(rune.ToString());
        foreach (var rune in whole.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes()) yield return Rune.ToLower(rune, CultureInfo.InvariantCulture);
    }

    private static string Base(Rune rune) => rune.Value switch
    {
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        'þ' => "th",
        'ł' => "l",
        'ø' => "o",
        'đ' or 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ς' => "σ",
        _ => rune.ToString(),
    };

    /// <summary>Marks on letters; what is there and isn't seen.</summary>
    private static bool IsLeftOut(int value) => value is
        (>= 0x0300 and <= 0x036F) or (>= 0x1AB0 and <= 0x1AFF) or (>= 0x1DC0 and <= 0x1DFF) or (>= 0x20D0 and <= 0x20FF) or (>= 0xFE20 and <= 0xFE2F)
        or 0x00AD or (>= 0x200B and <= 0x200F) or 0x2060 or 0xFEFF or (>= 0xFE00 and <= 0xFE0F);

    private static bool IsBlank(int value) => value is
        <= 0x20 or (>= 0x7F and <= 0xA0) or 0x1680 or 0x2028 or 0x2029
        or '\'' or '`' or 0x02B9 or 0x02BB or 0x02BC or 0x02BD or 0x2018 or 0x2019 or 0x201B or 0x2032
        or '-' or (>= 0x2010 and <= 0x2015) or 0x2212;
}
