using Guichet.Feed;
using Guichet.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;

namespace Guichet.Tests.Links;

public enum WireState
{
    Sound = 0,

    /// <summary>What is sent is lost: the publisher died after its commit.</summary>
    Cut = 1,

    /// <summary>Everything arrives twice.</summary>
    Doubled = 2,

    /// <summary>What is sent waits until the test lets it go, in the order that the test wants.</summary>
    Held = 3,
}

/// <summary>The stream of versions between sessions, where a test can meddle with it; every other stream is as it is.</summary>
public sealed partial class Wire
{
    /// <summary>The engine's own provider's key, from the moment that the wire was cut into.</summary>
    private const string Bare = $"{LiveStreams.Provider} without a wire";

    private readonly List<Func<Task>> held = [];
    private readonly List<SharedTally> seen = [];
    /// <summary>Of the node that came up last: what is held outlives the node that sent it.</summary>
    private IStreamProvider living = null!;
    private int underway;

    public WireState State { get; set; }

    public bool IsIdle => Volatile.Read(ref underway) == 0;

    /// <summary>Every version that a sender put on the wire, whether or not it arrived.</summary>
    public IReadOnlyList<SharedTally> Seen
    {
        get
        {
            lock (seen) return [.. seen];
        }
    }

    public async Task Release(Random order)
    {
        Func<Task>[] go;
        lock (held)
        {
            go = [.. held];
            held.Clear();
        }
        order.Shuffle(go);
        foreach (var one in go) await one();
    }

    public void CutInto(IServiceCollection services)
    {
        var real = services.Last(service => service.IsKeyedService && service.ServiceType == typeof(IStreamProvider) && Equals(service.ServiceKey, LiveStreams.Provider));
        services.Remove(real);
        services.AddKeyedSingleton(Bare, (provider, _) => living = (IStreamProvider)real.KeyedImplementationFactory!(provider, LiveStreams.Provider));
        services.AddKeyedSingleton<IStreamProvider>(LiveStreams.Provider, (provider, _) => new Provider(provider.GetRequiredKeyedService<IStreamProvider>(Bare), this));
        StartBare(services);
    }

    /// <summary>The engine starts the provider that it made, not the one around it.</summary>
    static partial void StartBare(IServiceCollection services);

    private async Task Send<T>(IAsyncStream<T> stream, T item)
    {
        if (item is not SharedTally tally)
        {
            await stream.OnNextAsync(item);
            return;
        }
        lock (seen) seen.Add(tally);
        Interlocked.Increment(ref underway);
        try
        {
            switch (State)
            {
                case WireState.Sound:
                    await stream.OnNextAsync(item);
                    break;
                case WireState.Doubled:
                    await stream.OnNextAsync(item);
                    await stream.OnNextAsync(item);
                    break;
                case WireState.Held:
                    lock (held) held.Add(() => living.GetStream<T>(stream.StreamId).OnNextAsync(item));
                    break;
                default:
                    break;
            }
        }
        finally
        {
            Interlocked.Decrement(ref underway);
        }
    }

    private sealed class Provider(IStreamProvider inner, Wire wire) : IStreamProvider
    {
        public string Name => inner.Name;

        public bool IsRewindable => inner.IsRewindable;

        public IAsyncStream<T> GetStream<T>(StreamId streamId) => new Stream<T>(inner.GetStream<T>(streamId), wire);
    }

    private sealed partial class Stream<T>(IAsyncStream<T> inner, Wire wire) : IAsyncStream<T>
    {
        public StreamId StreamId => inner.StreamId;

        public string ProviderName => inner.ProviderName;

        public bool IsRewindable => inner.IsRewindable;

        public Task OnNextAsync(T item, StreamSequenceToken? token = null) => wire.Send(inner, item);

        public Task OnCompletedAsync() => inner.OnCompletedAsync();

        public Task OnErrorAsync(Exception ex) => inner.OnErrorAsync(ex);

        public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer) => inner.SubscribeAsync(observer);

        public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null) =>
            inner.SubscribeAsync(observer, token, filterData);

        public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles() => inner.GetAllSubscriptionHandles();

        public bool Equals(IAsyncStream<T>? other) => inner.Equals(other);

        public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

        public override int GetHashCode() => inner.GetHashCode();

        public int CompareTo(IAsyncStream<T>? other) => inner.CompareTo(other);
    }
}
