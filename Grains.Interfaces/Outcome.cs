using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Guichet;

/// <summary>
/// An expected "no", and what the person needs to mend it.
/// </summary>
/// <param name="Code">Stable, kebab-case; the screens make the sentence from it in the reader's language.</param>
/// <param name="Field">The field of the command it is about, as the form names it (<c>capacity</c>, <c>lines[3].sold</c>); null when about the whole.</param>
/// <param name="Arguments">What the sentence needs, in the order that the code's sentence says; invariant forms (counts in digits, instants in ISO 8601).</param>
[GenerateSerializer, Immutable, Alias("refusal")]
public sealed record Refusal(string Code, string? Field, ImmutableArray<string> Arguments)
{
    public static Refusal Of(string code, string? field = null, params ReadOnlySpan<string> arguments) =>
        new(code, field, [.. arguments]);
}

/// <summary>The answer to a command: a value, or one refusal or more (all those found, so that a form is mended in one go).</summary>
[GenerateSerializer, Immutable, Alias("outcome`1")]
public sealed record Outcome<T>(T? Value, ImmutableArray<Refusal> Refusals)
{
    [JsonIgnore] public bool IsRefused => !Refusals.IsDefaultOrEmpty;

    /// <summary>The value of an outcome that was not refused.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    [JsonIgnore]
    public T Accepted => IsRefused
        ? throw new InvalidOperationException($"Refused: {string.Join(", ", Refusals.Select(refusal => refusal.Code))}.")
        : Value!;

    public static implicit operator Outcome<T>(T value) => new(value, []);

    public static implicit operator Outcome<T>(Refusal refusal) => new(default, [refusal]);

    public static Outcome<T> Refused(ImmutableArray<Refusal> refusals) => new(default, refusals);
}

/// <summary>The answer of a command that has nothing more to say than that it was done.</summary>
[GenerateSerializer, Immutable, Alias("done")]
public sealed record Done
{
    public static readonly Done It = new();
}
