using System.Collections.Immutable;
using Orleans.Streams;

namespace Guichet.Tests.Engine;

[GenerateSerializer, Immutable, Alias("tests.sold")]
public sealed record Sold(int Count);

public interface IPublisherGrain : IGrainWithStringKey
{
    Task Publish(string ns, string key, int count);
}

/// <summary>Gets what is published in its namespaces under its key.</summary>
public interface IListenerGrain : IGrainWithStringKey
{
    Task<ImmutableArray<int>> Heard();
    Task<Guid> Activation();
    Task<string?> ContextHeard();
    Task Fail(int times);
    Task Hold(string gate);
    Task Leave();
    Task Follow(string ns, string key);
    Task<int> FollowedAfterResuming(string ns, string key);
    Task Unfollow(string ns, string key);
}

/// <summary>Is sent events but never says what to do with them.</summary>
public interface IDeafGrain : IGrainWithStringKey
{
    Task<int> Activations();
}

public class PublisherGrain : Grain, IPublisherGrain
{
    public Task Publish(string ns, string key, int count) =>
        this.GetStreamProvider(TestSilo.Streams).GetStream<Sold>(StreamId.Create(ns, key)).OnNextAsync(new(count));
}

[ImplicitStreamSubscription("heard")]
public class ListenerGrain : Grain, IListenerGrain
{
    private readonly Guid _activation = Guid.NewGuid();
    private ImmutableArray<int> _heard = [];
    private string? _context;
    private int _failures;

    public override Task OnActivateAsync(CancellationToken cancellationToken) =>
        Stream("heard", this.GetPrimaryKeyString()).SubscribeAsync(HearAsync);

    public Task<ImmutableArray<int>> Heard() => Task.FromResult(_heard);

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public Task<string?> ContextHeard() => Task.FromResult(_context);

    public Task Fail(int times)
    {
        _failures = times;
        return Task.CompletedTask;
    }

    public Task Hold(string gate) => Gate.Of(gate).PassAsync();

    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Follow(string ns, string key) => Stream(ns, key).SubscribeAsync(HearAsync);

    public async Task<int> FollowedAfterResuming(string ns, string key)
    {
        var handles = await Stream(ns, key).GetAllSubscriptionHandles();
        foreach (var handle in handles)
            await handle.ResumeAsync(HearAsync);
        return handles.Count;
    }

    public async Task Unfollow(string ns, string key)
    {
        foreach (var handle in await Stream(ns, key).GetAllSubscriptionHandles())
            await handle.UnsubscribeAsync();
    }

    private IAsyncStream<Sold> Stream(string ns, string key) =>
        this.GetStreamProvider(TestSilo.Streams).GetStream<Sold>(StreamId.Create(ns, key));

    private Task HearAsync(Sold sold, StreamSequenceToken? token)
    {
        if (_failures-- > 0)
        {
            Gate.Of(this.GetPrimaryKeyString() + "failed").Arrive();
            throw new InvalidDataException();
        }
        _heard = _heard.Add(sold.Count);
        _context = (string?)RequestContext.Get("who");
        Gate.Of(this.GetPrimaryKeyString()).Arrive();
        return Task.CompletedTask;
    }
}

[ImplicitStreamSubscription("unheard")]
public class DeafGrain : Grain, IDeafGrain
{
    private static int _activations;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _activations);
        Gate.Of(this.GetPrimaryKeyString()).Arrive();
        return Task.CompletedTask;
    }

    public Task<int> Activations() => Task.FromResult(_activations);
}
