using System.Globalization;
using System.Text;

namespace Guichet.Journal;

/// <summary>What a person types into a search box, as patterns for SQL columns that were made with <c>folded</c>.</summary>
public static class SearchWords
{
    /// <summary>LIKE patterns, one a word, at most ten, with the words' own wildcards made plain.</summary>
    public static string[] Patterns(string? search) => string.IsNullOrWhiteSpace(search) ? [] :
        [.. search.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(10)
            .Select(word => $"%{Folded(word).Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%")];

    private static string Folded(string word)
    {
        var plain = string.Concat(word.Normalize(NormalizationForm.FormD)
            .Where(character => char.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark));
        return plain.ToLowerInvariant().Replace("œ", "oe").Replace("æ", "ae").Replace("ß", "ss").Replace("ł", "l");
    }
}
