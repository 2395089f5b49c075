using System.Collections.Immutable;

namespace Guichet.Journal;

/// <summary>
/// What a core decided on a command: events (none when nothing changes), effects that leave after commit, and an answer; or refusals.
/// </summary>
public sealed record Decision<TEvent>(
    ImmutableArray<TEvent> Events, ImmutableArray<Effect> Effects, object? Answer, ImmutableArray<Refusal> Refusals)
{
    public bool IsRefused => Refusals.Length > 0;

    public static Decision<TEvent> Accept(object answer, params ReadOnlySpan<TEvent> events) => new([.. events], [], answer, []);

    /// <summary>Accepted, with nothing more to say than that it was done.</summary>
    public static Decision<TEvent> Accept(params ReadOnlySpan<TEvent> events) => new([.. events], [], Done.It, []);

    public static Decision<TEvent> Refuse(params ReadOnlySpan<Refusal> refusals) => new([], [], null, [.. refusals]);

    public static Decision<TEvent> Refuse(string code, string? field = null, params ReadOnlySpan<string> arguments) =>
        Refuse(Refusal.Of(code, field, arguments));

    /// <summary>The outcome that it is answered with.</summary>
    public Outcome<T> Answered<T>() => IsRefused ? Outcome<T>.Refused(Refusals) : new((T?)Answer, []);

    public Decision<TEvent> With(params ReadOnlySpan<Effect> effects) => this with { Effects = [.. Effects, .. effects] };
}

/// <summary>
/// Something to do in the outside world (a mail, a webhook, a command to another aggregate), written in the same transaction as the
/// decision and done after it, at least once: whoever does it makes "once more" harmless by the effect's id.
/// Each has an <c>[Alias]</c>, its name in the outbox, and one <see cref="IEffectHandler{T}"/>.
/// </summary>
public abstract record Effect
{
    /// <summary>The effect is not to be done before this instant; null for at once.</summary>
    [System.Text.Json.Serialization.JsonIgnore] public DateTimeOffset? NotBefore { get; init; }
}

/// <summary>A row of the feature's own, written in the transaction of the events that it comes from.</summary>
public abstract record Row
{
    public abstract Statement ToStatement();
}

/// <summary>A row that is only ever added. Those of one type that share a transaction are one statement: many commits, little work.</summary>
public abstract record AddedRow : Row
{
    /// <summary>One statement that adds all of <paramref name="rows"/>, which are of this type and of one organisation.</summary>
    public abstract Statement AddAll(IReadOnlyList<AddedRow> rows);

    public sealed override Statement ToStatement() => AddAll([this]);
}

/// <summary>One SQL statement with its positional parameters ($1, $2…).</summary>
public sealed record Statement(string Sql, params ImmutableArray<object?> Parameters);
