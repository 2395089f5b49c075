using System.Globalization;
using System.Text;

namespace Guichet.Papers;

/// <summary>Text as papers set it: cleaned of what has no shape, measured, broken into lines. No hyphens are added.</summary>
public static class PaperText
{
    private const string Ellipsis = "…";

    /// <summary>
    /// In Unicode's composed form (NFC), one line: tabs and line ends become spaces; control and format characters (zero-width, directions,
    /// soft hyphens, byte order marks) and variation selectors are left out; half a surrogate pair becomes U+FFFD. Letters written from
    /// right to left stand in the order they are stored in.
    /// </summary>
    public static string Plain(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAnyInRange('\0', '\u001F') && !text.Contains('\u007F', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text.EnumerateRunes())
        {
            switch (Rune.GetUnicodeCategory(letter))
            {
                case UnicodeCategory.Control when letter.Value is '\t' or '\n' or '\r':
                case UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    plain.Append(' ');
                    break;
                case UnicodeCategory.Control or UnicodeCategory.Format:
                case UnicodeCategory.NonSpacingMark when letter.Value is >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF:
                    break;
                default:
                    plain.Append(letter.ToString());
                    break;
            }
        }
        var kept = plain.ToString();
        return kept.IsNormalized() ? kept : kept.Normalize();
    }

    /// <summary>
    /// The lines of a text that is as wide as that, in points; line ends in it are kept. Lines end after spaces (not those that don't break)
    /// and hyphens; a word that is wider by itself is cut where it must be. At least one line, at least a letter on each.
    /// </summary>
    public static List<string> Lines(string? text, PaperStyle style, double width)
    {
        var lines = new List<string>();
        foreach (var paragraph in (text ?? "").ReplaceLineEndings("\n").Split('\n')) Wrap(Plain(paragraph), style, width, lines);
        return lines;
    }

    /// <summary>The text if it is no wider than that, in points; else its beginning with « … ».</summary>
    public static string Shortened(string? text, PaperStyle style, double width)
    {
        var plain = Plain(text);
        if (style.Width(plain) <= width) return plain;
        var room = width - style.Width(Ellipsis);
        return plain[..Fitting(plain, style, room)].TrimEnd() + Ellipsis;
    }

    private static void Wrap(string text, PaperStyle style, double width, List<string> lines)
    {
        var rest = text.AsSpan();
        while (true)
        {
            var fits = Fitting(rest, style, width);
            if (fits == rest.Length)
            {
                lines.Add(rest.TrimEnd(' ').ToString());
                return;
            }
            var end = Break(rest, fits);
            if (end == 0) end = Math.Max(fits, FirstLetter(rest));
            lines.Add(rest[..end].TrimEnd(' ').ToString());
            rest = rest[end..].TrimStart(' ');
            if (rest.IsEmpty) return;
        }
    }

    /// <summary>How many characters fit, never half a surrogate pair.</summary>
    private static int Fitting(ReadOnlySpan<char> text, PaperStyle style, double width)
    {
        double sum = 0;
        var at = 0;
        while (at < text.Length)
        {
            Rune.DecodeFromUtf16(text[at..], out _, out var taken);
            sum += style.Width(text.Slice(at, taken));
            if (sum > width + 0.001) return at;
            at += taken;
        }
        return at;
    }

    /// <summary>Where the last line that fits may end; 0 for nowhere.</summary>
    private static int Break(ReadOnlySpan<char> text, int fits)
    {
        // A space that hangs over the edge isn't seen.
        if (fits < text.Length && text[fits] == ' ') return fits;
        for (var at = fits; at > 0; at--)
        {
            if (text[at - 1] == ' ') return at;
            if (at > 1 && text[at - 1] is '-' or '–' or '—' && char.IsLetter(text[at - 2]) && char.IsLetter(text[at])) return at;
        }
        return 0;
    }

    private static int FirstLetter(ReadOnlySpan<char> text)
    {
        Rune.DecodeFromUtf16(text, out _, out var taken);
        return taken;
    }
}
