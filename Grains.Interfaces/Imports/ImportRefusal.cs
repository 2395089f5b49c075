using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Guichet.Imports;

/// <summary>
/// Why a file is not taken: which line, which column, and what the sentence on the screen needs.
/// </summary>
/// <param name="Code">One of <see cref="ImportCodes"/>.</param>
/// <param name="Line">As the person's own program counts lines, from 1; 0 when it is about the whole file.</param>
/// <param name="Column">The column's header, or the cell's address (<c>C12</c>) before headers are known; empty when about the whole line.</param>
/// <param name="Value">What stands there, at most 80 characters of it.</param>
/// <param name="Arguments">In the order that the code says.</param>
[GenerateSerializer, Immutable, Alias("import-refusal")]
public sealed record ImportRefusal(string Code, int Line, string Column, string Value, ImmutableArray<string> Arguments)
{
    public const int LongestValue = 80;

    public static ImportRefusal Of(string code, params ReadOnlySpan<string> arguments) => At(code, 0, "", "", arguments);

    public static ImportRefusal At(string code, int line, string column, string value, params ReadOnlySpan<string> arguments) =>
        new(code, line, column, Shortened(value), [.. arguments]);

    /// <summary>Cut without splitting a surrogate pair.</summary>
    private static string Shortened(string value)
    {
        if (value.Length <= LongestValue) return value;
        var length = char.IsHighSurrogate(value[LongestValue - 2]) ? LongestValue - 2 : LongestValue - 1;
        return string.Concat(value.AsSpan(0, length), "…");
    }
}

/// <summary>
/// What was made of a file: a value, or every reason why not. A file is taken whole or not at all, so never both.
/// </summary>
/// <param name="Refusals">In the file's order, at most <see cref="Kept"/> of them.</param>
/// <param name="RefusalCount">How many there were in all.</param>
[GenerateSerializer, Immutable, Alias("import-taken`1")]
public sealed record Taken<T>(T? Value, ImmutableArray<ImportRefusal> Refusals, int RefusalCount) where T : class
{
    /// <summary>How many refusals are kept to be shown: nobody mends more lines in one go.</summary>
    public const int Kept = 200;

    [JsonIgnore] public bool IsRefused => RefusalCount > 0;

    /// <exception cref="InvalidOperationException">It was refused.</exception>
    [JsonIgnore]
    public T Accepted => Value ?? throw new InvalidOperationException($"Refused: {string.Join(", ", Refusals.Select(refusal => refusal.Code))}.");

    public static implicit operator Taken<T>(T value) => new(value, [], 0);

    public static implicit operator Taken<T>(ImportRefusal refusal) => new(null, [refusal], 1);
}
