using System.Buffers;

namespace Guichet.Words;

/// <summary>
/// French puts a space before its high signs and inside its quotes, and no line ends there. Texts are written with plain spaces or with the
/// right ones; they are shown with the right ones (Imprimerie nationale: a full space before : and », a thin one before ; ! and ?).
/// </summary>
public static class FrenchText
{
    private const char Space = '\u00A0', Thin = '\u202F';
    private static readonly SearchValues<char> Signs = SearchValues.Create(":;!?«»");

    public static string Bound(string text)
    {
        var first = text.AsSpan().IndexOfAny(Signs);
        if (first < 0) return text;
        char[]? bound = null;
        for (var i = first; i < text.Length; i++)
        {
            if (text[i] == '«' && i + 1 < text.Length && text[i + 1] == ' ') (bound ??= text.ToCharArray())[i + 1] = Space;
            else if (i > 0 && text[i - 1] == ' ' && text[i] is not '«' && Signs.Contains(text[i]))
                (bound ??= text.ToCharArray())[i - 1] = text[i] is ':' or '»' ? Space : Thin;
        }
        return bound is null ? text : new string(bound);
    }
}
