using System.Globalization;
using System.Text;

namespace Guichet.Imports;

/// <summary>How the words of a file are compared with ours: blind to case, accents, ligatures and kinds of space, apostrophe and dash.</summary>
public static class Words
{
    /// <summary>For names that people gave (categories, titles): <c>Carré  OR</c> and <c>carre or</c> are the same, <c>A</c> and <c>A+</c> are not.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text.Normalize(NormalizationForm.FormD)) Append(folded, letter);
        if (folded is [.., ' ']) folded.Length--;
        return folded.ToString();
    }

    /// <summary>For headers: letters and digits only, any other run between them is one space. <c>Nb. vendus (TTC)</c> → <c>nb vendus ttc</c>.</summary>
    public static string FoldHeader(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in Fold(text))
        {
            if (char.IsLetterOrDigit(letter)) folded.Append(letter);
            else if (letter is '€' or '%') Separate(folded).Append(letter).Append(' ');
            else Separate(folded);
        }
        return folded.ToString().TrimEnd();
    }

    private static StringBuilder Separate(StringBuilder folded) => folded is [] or [.., ' '] ? folded : folded.Append(' ');

    private static void Append(StringBuilder folded, char letter)
    {
        switch (letter)
        {
            case 'œ' or 'Œ': folded.Append("oe"); break;
            case 'æ' or 'Æ': folded.Append("ae"); break;
            case 'ß': folded.Append("ss"); break;
            case '\u2018' or '\u2019' or '\u02BC' or '`' or '´': folded.Append('\''); break;
            case '\u00AD' or '\u200B' or '\u200D' or '\u2060' or '\uFEFF': break;
            case >= '\u2010' and <= '\u2015' or '\u2212': folded.Append('-'); break;
            default:
                if (char.IsWhiteSpace(letter)) Separate(folded);
                else if (CharUnicodeInfo.GetUnicodeCategory(letter) != UnicodeCategory.NonSpacingMark) folded.Append(char.ToLowerInvariant(letter));
                break;
        }
    }
}
