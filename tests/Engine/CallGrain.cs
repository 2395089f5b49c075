using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Guichet.Tests.Engine;

[GenerateSerializer, Immutable, Alias("tests.basket")]
public sealed record Basket(string Name, ImmutableArray<int> Lines);

[GenerateSerializer, Alias("tests.basket-refused")]
public sealed class BasketRefusedException(string message) : Exception(message);

public interface ICallGrain : IGrainWithStringKey
{
    Task<Basket> Add(Basket basket, int line);
    ValueTask<int> Length(string text);
    ValueTask Touch();
    Task Throw(bool afterAwait);
    Task<int> ThrowFromSynchronousCode();
    Task<string> ThrowThrough(ICallGrain other);

    [ResponseTimeout("00:00:05")]
    Task Hasty(string gate);

    Task Slow(string gate);

    [OneWay]
    Task Forget(string gate);

    [OneWay]
    Task ForgetAndFail(string gate);

    Task<string> Cancellable(string gate, CancellationToken cancellation);
    Task<string?> Context(string key);
    Task<string?> ContextThrough(ICallGrain other, string key);
    Task ChangeContext(string key, string value);
    Task<ICallGrain> Self();
    Task<string> KeyOf(ICallGrain other);
    Task<bool> IsAncestor();
    Task<string[]> Tuple((int Count, string Name) pair, int? nothing, Uri uri);
}

public interface IOtherFaceGrain : IGrainWithStringKey
{
    Task<string> Face();
}

public interface IOrphanGrain : IGrainWithStringKey
{
    Task Nothing();
}

public interface ITwiceGrain : IGrainWithStringKey;

public class FirstTwiceGrain : Grain, ITwiceGrain;

public class SecondTwiceGrain : Grain, ITwiceGrain;

public class CallGrain : Grain, ICallGrain, IOtherFaceGrain
{
    public Task<Basket> Add(Basket basket, int line) => Task.FromResult(basket with { Lines = basket.Lines.Add(line) });

    public ValueTask<int> Length(string text) => new(text.Length);

    public async ValueTask Touch() => await Task.Yield();

    public async Task Throw(bool afterAwait)
    {
        if (afterAwait)
            await Task.Yield();
        throw new BasketRefusedException("too many lines");
    }

    public Task<int> ThrowFromSynchronousCode() => throw new BasketRefusedException("at once");

    public async Task<string> ThrowThrough(ICallGrain other)
    {
        try
        {
            await other.Throw(true);
            return "nothing";
        }
        catch (BasketRefusedException refused)
        {
            return refused.Message;
        }
    }

    public Task Hasty(string gate) => Gate.Of(gate).PassAsync();

    public Task Slow(string gate) => Gate.Of(gate).PassAsync();

    public Task Forget(string gate) => Gate.Of(gate).PassAsync();

    public Task ForgetAndFail(string gate)
    {
        Gate.Of(gate).Arrive();
        throw new BasketRefusedException("nobody hears");
    }

    public async Task<string> Cancellable(string gate, CancellationToken cancellation)
    {
        Gate.Of(gate).Arrive();
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellation);
            return "not cancelled";
        }
        finally
        {
            Gate.Of(gate + "cancelled").Arrive();
        }
    }

    public Task<string?> Context(string key) => Task.FromResult((string?)RequestContext.Get(key));

    public Task<string?> ContextThrough(ICallGrain other, string key) => other.Context(key);

    public Task ChangeContext(string key, string value)
    {
        RequestContext.Set(key, value);
        return Task.CompletedTask;
    }

    public Task<ICallGrain> Self() => Task.FromResult(this.AsReference<ICallGrain>());

    public Task<string> KeyOf(ICallGrain other) => Task.FromResult(other.GetPrimaryKeyString());

    public Task<bool> IsAncestor() => Task.FromResult(GrainContext.GrainInstance == this);

    public Task<string[]> Tuple((int Count, string Name) pair, int? nothing, Uri uri) =>
        Task.FromResult<string[]>([pair.Count.ToString(), pair.Name, nothing?.ToString() ?? "none", uri.Host]);

    public Task<string> Face() => Task.FromResult("other");
}
