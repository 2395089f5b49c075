using Guichet.Feed;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;

namespace Guichet.Tests;

/// <summary>The product's streams, with something between who publishes and them; subscriptions are as they are.</summary>
public abstract partial class CutStreams
{
    /// <summary>The engine's own provider's key, from the moment that something was put between.</summary>
    private const string Bare = $"{LiveStreams.Provider} without a cut";

    /// <summary>Of the node that came up last.</summary>
    protected IStreamProvider Living { get; private set; } = null!;

    public void CutInto(IServiceCollection services)
    {
        var real = services.Last(service => service.IsKeyedService && service.ServiceType == typeof(IStreamProvider) && Equals(service.ServiceKey, LiveStreams.Provider));
        services.Remove(real);
        services.AddKeyedSingleton(Bare, (provider, _) => Living = (IStreamProvider)real.KeyedImplementationFactory!(provider, LiveStreams.Provider));
        services.AddKeyedSingleton<IStreamProvider>(LiveStreams.Provider, (provider, _) => new Provider(provider.GetRequiredKeyedService<IStreamProvider>(Bare), this));
        StartBare(services);
    }

    /// <summary>The engine starts the provider that it made, not the one around it.</summary>
    static partial void StartBare(IServiceCollection services);

    /// <summary>In place of publishing the item on the stream.</summary>
    protected abstract Task Send<T>(IAsyncStream<T> stream, T item);

    private sealed class Provider(IStreamProvider inner, CutStreams cut) : IStreamProvider
    {
        public string Name => inner.Name;

        public bool IsRewindable => inner.IsRewindable;

        public IAsyncStream<T> GetStream<T>(StreamId streamId) => new Stream<T>(inner.GetStream<T>(streamId), cut);
    }

    private sealed partial class Stream<T>(IAsyncStream<T> inner, CutStreams cut) : IAsyncStream<T>
    {
        public StreamId StreamId => inner.StreamId;

        public string ProviderName => inner.ProviderName;

        public bool IsRewindable => inner.IsRewindable;

        public Task OnNextAsync(T item, StreamSequenceToken? token = null) => cut.Send(inner, item);

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
