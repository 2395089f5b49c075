using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Guichet.Journal;

using Decision = Guichet.Journal.Decision<Guichet.Sessions.SeriesEvent>;

namespace Guichet.Sessions;

public sealed record SeriesState(long Revision, string? ShowId, string Name)
{
    public static readonly SeriesState Empty = new(0, null, "");
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(SeriesCreated), "series-created")]
[JsonDerivedType(typeof(SeriesRenamed), "series-renamed")]
[JsonDerivedType(typeof(SeriesPutOnSale), "series-put-on-sale")]
public abstract record SeriesEvent;

public sealed record SeriesCreated(string ShowId, string Name) : SeriesEvent;

public sealed record SeriesRenamed(string Name) : SeriesEvent;

public sealed record SeriesPutOnSale(ImmutableArray<string> Sessions) : SeriesEvent;

/// <summary>Tells one session of the series to go on sale.</summary>
[Alias("effect-put-session-on-sale")]
public sealed record PutOnSaleEffect(string SessionId, Actor By) : Effect;

public static class SeriesCore
{
    public const int MostSessions = 1_000;

    public static Decision Decide(SeriesState state, Command command) => command switch
    {
        CreateSeries when state.ShowId is not null => Decision.Refuse("series-exists"),
        CreateSeries create => string.IsNullOrWhiteSpace(create.ShowId)
            ? Decision.Refuse("show-missing", "show")
            : Named(create.Name, name => new SeriesCreated(create.ShowId, name)),
        _ when state.ShowId is null => Decision.Refuse("series-unknown"),
        RenameSeries rename => Named(rename.Name, name => new SeriesRenamed(name)),
        PutSeriesOnSale { Sessions.IsDefaultOrEmpty: true } => Decision.Refuse("series-empty"),
        PutSeriesOnSale { Sessions.Length: > MostSessions } => Decision.Refuse("too-many", "sessions", SessionRules.Text(MostSessions)),
        PutSeriesOnSale put => Decision.Accept(new SeriesPutOnSale(put.Sessions))
            .With([.. put.Sessions.Distinct(StringComparer.Ordinal).Select(session => new PutOnSaleEffect(session, put.By))]),
        _ => throw new ArgumentException($"A series doesn't know {command.GetType().Name}.", nameof(command)),
    };

    public static SeriesState Apply(SeriesState state, SeriesEvent happened) => happened switch
    {
        SeriesCreated created => new SeriesState(1, created.ShowId, created.Name),
        SeriesRenamed renamed => state with { Revision = state.Revision + 1, Name = renamed.Name },
        SeriesPutOnSale => state,
        _ => throw new ArgumentException($"A series doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    private static Decision Named(string? name, Func<string, SeriesEvent> happened) => (name ?? "").Trim() switch
    {
        { Length: 0 } => Decision.Refuse("name-missing", "name"),
        { Length: > SessionRules.LongestName } => Decision.Refuse("text-too-long", "name", SessionRules.Text(SessionRules.LongestName)),
        var cleaned => Decision.Accept(happened(cleaned)),
    };
}
