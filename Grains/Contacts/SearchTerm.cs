using System.Text.RegularExpressions;

namespace Guichet.Contacts;

/// <summary>
/// What a person types to find a name: the beginning of it, which is completed; or, with <c>*</c> for any run of characters, the whole of
/// it. Everything else stands for itself, <c>%</c> and <c>_</c> too.
/// </summary>
/// <param name="Prefix">A key's beginning; null when there is a star inside.</param>
/// <param name="Like">A LIKE pattern for keys; null when there is no star inside.</param>
internal sealed partial record SearchTerm(string? Prefix, string? Like)
{
    /// <summary>Typed lone stars, or nothing at all.</summary>
    public static readonly SearchTerm Anything = new("", null);

    private const int Longest = 200;

    public bool IsAnything => Prefix is "";

    /// <summary>Null for what has no character that a key has (a lone hyphen): nothing is found by it.</summary>
    public static SearchTerm? Of(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Anything;
        var key = Stars().Replace(SearchKey.Of(text.Length > Longest ? text[..Longest] : text), "*");
        return key switch
        {
            "" => null,
            "*" => Anything,
            _ when !key.Contains('*', StringComparison.Ordinal) => new SearchTerm(key, null),
            // A star at the very end says what is true without it.
            _ when key.IndexOf('*', StringComparison.Ordinal) == key.Length - 1 => new SearchTerm(key[..^1], null),
            _ => new SearchTerm(null, key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal)
                .Replace("_", "\\_", StringComparison.Ordinal).Replace('*', '%')),
        };
    }

    [GeneratedRegex(@"\*+")]
    private static partial Regex Stars();
}
