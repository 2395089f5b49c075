using System.Text;

namespace Guichet.Reporting;

/// <summary>Names in double braces, in a text that is text and nothing else: what they stand for is put in as it is, and encoded with the rest.</summary>
internal static class Placeholders
{
    /// <summary>The names that a text holds, in their order, without the blanks around them; known or not.</summary>
    public static IEnumerable<string> In(string text)
    {
        foreach (var (name, _) in Parts(text))
            if (name is not null)
                yield return name;
    }

    /// <summary>What stands for a name stays what it is: a partner who is called <c>{{sold}}</c> is called that. A name that nobody knows is left as it is written.</summary>
    public static string Fill(string text, Func<string, string?> valueOf)
    {
        var filled = new StringBuilder(text.Length + 64);
        foreach (var (name, written) in Parts(text)) filled.Append(name is null ? written : valueOf(name) ?? written);
        return filled.ToString();
    }

    private static IEnumerable<(string? Name, string Written)> Parts(string text)
    {
        var from = 0;
        while (true)
        {
            var open = text.IndexOf("{{", from, StringComparison.Ordinal);
            var close = open < 0 ? -1 : text.IndexOf("}}", open + 2, StringComparison.Ordinal);
            if (close < 0) break;
            // Of « {{{{date}} » the last two open.
            var inner = text.LastIndexOf("{{", close - 1, close - open, StringComparison.Ordinal);
            if (inner > open) open = inner;
            if (open > from) yield return (null, text[from..open]);
            yield return (text[(open + 2)..close].Trim(), text[open..(close + 2)]);
            from = close + 2;
        }
        if (from < text.Length) yield return (null, text[from..]);
    }
}
