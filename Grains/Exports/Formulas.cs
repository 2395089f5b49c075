namespace Guichet.Exports;

/// <summary>
/// Text that a spreadsheet would run as a formula when it opens a file of separated text. Written, it gets an apostrophe, as
/// OWASP advises; read, it loses it again, so that what is exported, corrected and imported stays what it was.
/// </summary>
public static class Formulas
{
    /// <summary>Begins, after any apostrophes, with one of <c>= + - @</c>, a tab or a carriage return.</summary>
    public static bool IsLike(ReadOnlySpan<char> text) => text.TrimStart('\'') is ['=' or '+' or '-' or '@' or '\t' or '\r', ..];

    public static string Neutralised(string text) => IsLike(text) ? string.Concat("'", text) : text;

    public static string AsWritten(string text) => text is ['\'', ..] && IsLike(text) ? text[1..] : text;
}
