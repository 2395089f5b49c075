#pragma warning disable CA1711, CA1040
using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Guichet.Architecture.Refused;

// Each breaks one rule, and nothing refers to it but the rules' own tests. Orleans' compiler would refuse most of them, so they
// are built on the embedded engine only.

public interface IReturnsNoTask : IGrainWithStringKey
{
    int Count();
}

public interface IEnumerates : IGrainWithStringKey
{
    IAsyncEnumerable<int> Count();
}

public interface IHasOutParameter : IGrainWithStringKey
{
    Task Count(out int count);
}

public interface IHasProperty : IGrainWithStringKey
{
    int Count { get; }
}

public interface IHasTwoTokens : IGrainWithStringKey
{
    Task Count(CancellationToken one, CancellationToken other);
}

public interface IHasTokenFirst : IGrainWithStringKey
{
    Task Count(CancellationToken token, int count);
}

public interface IHasTypeParameter : IGrainWithStringKey
{
    Task Count<T>(T one);
}

public interface IAnswersOneWay : IGrainWithStringKey
{
    [OneWay]
    Task<int> Count();
}

public interface IHasNoKey : IGrain;

public interface IWorked : IGrainWithStringKey
{
    Task Work();
}

public class WorkedGrain : Grain, IWorked
{
    [AlwaysInterleave]
    public Task Work() => Task.CompletedTask;
}

public interface ITwofold : IGrainWithStringKey;

public class OneTwofoldGrain : Grain, ITwofold;

public class OtherTwofoldGrain : Grain, ITwofold;

public interface IUnfulfilled : IGrainWithStringKey;

[GrainType("same-name")]
public class OneNamedGrain : Grain;

[GrainType("same-name")]
public class OtherNamedGrain : Grain;

[GenerateSerializer, Alias("grain-as-message")]
public class MessageGrain : Grain;

public sealed record Unmarked(int Count);

public interface ISendsUnmarked : IGrainWithStringKey
{
    Task Send(Unmarked message);
}

public interface ISendsNestedUnmarked : IGrainWithStringKey
{
    Task<ImmutableArray<(int, Unmarked)>> Send();
}

public interface ISendsArray : IGrainWithStringKey
{
    Task<int[]> Send();
}

public interface ISendsList : IGrainWithStringKey
{
    Task Send(ImmutableDictionary<string, List<int>> lists);
}

public interface ISendsJson : IGrainWithStringKey
{
    Task Send(System.Text.Json.JsonElement json);
}

public interface ISendsSequence : IGrainWithStringKey
{
    Task Send(IEnumerable<int> numbers);
}

[GenerateSerializer, Immutable, Alias("sample.holds-zone")]
public sealed record HoldsZone(TimeZoneInfo Zone);

[GenerateSerializer, Immutable, Alias("sample.unnumbered")]
public sealed record Unnumbered(int Positional)
{
    public required int Body { get; init; }
}

[GenerateSerializer, Immutable, Alias("sample.numbered-twice")]
public sealed record NumberedTwice
{
    [Id(0)] public required int One { get; init; }
    [Id(0)] public required int Other { get; init; }
}

[GenerateSerializer, Immutable]
public sealed record WithoutAlias(int Count);

[GenerateSerializer, Immutable, Alias("sample.same-alias")]
public sealed record SameAlias(int Count);

[GenerateSerializer, Immutable, Alias("sample.same-alias")]
public sealed record SameAliasAgain(int Count);

[GenerateSerializer, Immutable, Alias("sample.countless")]
public sealed record Countless<T>(T Value);

[GenerateSerializer, Immutable, Alias("sample.base")]
public abstract record MarkedBase;

public sealed record UnmarkedSubclass(int Count) : MarkedBase;

public abstract record UnmarkedBase(int Held);

[GenerateSerializer, Immutable, Alias("sample.marked-subclass")]
public sealed record MarkedSubclass(int Count) : UnmarkedBase(Count);

[GenerateSerializer, Immutable, Alias("sample.settable")]
public sealed record Settable
{
    [Id(0)] public int Count { get; set; }
}

[GenerateSerializer, Immutable, Alias("sample.class")]
public sealed class ClassMessage
{
    [Id(0)] public int Count { get; init; }
}

[GenerateSerializer, Immutable, Alias("sample.open")]
public record OpenMessage(int Count);

[GenerateSerializer, Alias("sample.not-immutable")]
public sealed record NotSaidImmutable(int Count);

public sealed class UnmarkedException : Exception;

public sealed class SeatManager;

public sealed record SeatDto(int Seat);

[GenerateSerializer, Immutable, Alias("sample.good-part")]
public readonly record struct GoodPart(string Name, decimal Amount);

[GenerateSerializer, Immutable, Alias("sample.good`1")]
public sealed record Good<T>(ImmutableArray<GoodPart> Parts, T? Value, DateOnly? Day) : MarkedBase
{
    [Id(0)] public required ImmutableDictionary<string, Uri> Links { get; init; }

    public int Count => Parts.Length;
}

public interface IGoodGrain : IGrainWithStringKey
{
    [AlwaysInterleave, Requires(Role.Reader)]
    Task<Good<int>> Answer((int, Guid) pair, IGoodGrain other, CancellationToken cancellation);

    [OneWay, SystemOnly]
    ValueTask Forget(DayOfWeek day);
}

public class GoodGrain : Grain, IGoodGrain
{
    public Task<Good<int>> Answer((int, Guid) pair, IGoodGrain other, CancellationToken cancellation) =>
        Task.FromResult(new Good<int>([], 1, null) { Links = ImmutableDictionary<string, Uri>.Empty });

    public ValueTask Forget(DayOfWeek day) => default;
}
