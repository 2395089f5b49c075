using Orleans.Streams;

namespace Orleans.Embedded;

internal sealed class MemoryStream<T>(MemoryStreams provider, StreamId streamId) : IAsyncStream<T>
{
    public StreamId StreamId { get; } = streamId;
    public string ProviderName => provider.Name;
    public bool IsRewindable => false;

    public Task OnNextAsync(T item, StreamSequenceToken? token = null)
    {
        if (token is not null)
            throw new ArgumentNullException(nameof(token), "A memory stream numbers its events itself");
        provider.With(StreamId, (Item: (object?)item, Context: RequestContext.Export()),
            static (hub, one) => (hub.Publish(one.Item, one.Context), 0));
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer) => SubscribeAsync(observer, null);

    public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        if (token is not null)
            throw new ArgumentNullException(nameof(token), "A memory stream can't be read from an earlier place");
        if (observer is GrainReference)
            throw new ArgumentException("A grain subscribes itself, with an object of its own", nameof(observer));

        var sink = new Sink(observer);
        var subscription = provider.With(StreamId, (provider, sink), static (hub, one) => Subscribe(hub, one.provider, one.sink));
        return Task.FromResult<StreamSubscriptionHandle<T>>(new Handle(provider, StreamId, subscription.Id));
    }

    public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles()
    {
        var own = provider.With(StreamId, RuntimeContext.Current?.GrainId, static (hub, who) => (true, hub.Of(who)));
        return Task.FromResult<IList<StreamSubscriptionHandle<T>>>([.. own.Select(one => new Handle(provider, StreamId, one.Id))]);
    }

    public bool Equals(IAsyncStream<T>? other) => other is not null && StreamId == other.StreamId && ProviderName == other.ProviderName;
    public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);
    public override int GetHashCode() => HashCode.Combine(StreamId, ProviderName);
    public int CompareTo(IAsyncStream<T>? other) => other is null ? 1 : StreamId.CompareTo(other.StreamId);

    /// <summary>A grain that is subscribed implicitly only says here what it does with the events.</summary>
    private static (bool Done, Subscription Result) Subscribe(StreamHub hub, MemoryStreams provider, IStreamSink sink)
    {
        if (RuntimeContext.Current is not Activation activation)
        {
            var ofClient = Subscription.OfClient(provider, hub, sink);
            return (hub.Add(ofClient), ofClient);
        }

        if (hub.Of(activation.GrainId).Find(static one => one.IsImplicit) is { } already)
        {
            activation.Sinks[already.Id] = sink;
            return (true, already);
        }

        var made = Subscription.OfGrain(provider, hub, activation);
        activation.Sinks[made.Id] = sink;
        return (hub.Add(made), made);
    }

    private sealed class Sink(IAsyncObserver<T> observer) : IStreamSink
    {
        public Task OnNextAsync(object? item, StreamSequenceToken token) => observer.OnNextAsync((T)item!, token);
    }

    private sealed class Handle(MemoryStreams provider, StreamId streamId, Guid id) : StreamSubscriptionHandle<T>
    {
        private bool _used;

        public override StreamId StreamId => streamId;
        public override string ProviderName => provider.Name;
        public override Guid HandleId => id;

        public override Task UnsubscribeAsync()
        {
            var subscription = Use();
            if (RuntimeContext.Current is Activation activation)
                activation.Sinks.Remove(id);
            if (subscription is { IsImplicit: false })
                subscription.End();
            return Task.CompletedTask;
        }

        public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
        {
            if (token is not null)
                throw new ArgumentNullException(nameof(token), "A memory stream can't be read from an earlier place");
            var subscription = Use() ?? throw new ArgumentException("The subscription has ended");
            if (RuntimeContext.Current is Activation activation)
                activation.Sinks[id] = new Sink(observer);
            else
                subscription.ClientSink = new Sink(observer);
            return Task.FromResult<StreamSubscriptionHandle<T>>(new Handle(provider, streamId, id));
        }

        public override bool Equals(StreamSubscriptionHandle<T>? other) => other is not null && other.HandleId == id;
        public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<T>);
        public override int GetHashCode() => id.GetHashCode();

        private Subscription? Use()
        {
            if (_used)
                throw new ArgumentException("The handle has been used to unsubscribe or resume");
            _used = true;
            return provider.With(streamId, id, static (hub, id) => (true, hub.Find(id)));
        }
    }
}
