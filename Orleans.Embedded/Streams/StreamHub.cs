namespace Orleans.Embedded;

/// <summary>Who gets the events of one stream. Kept only while there is somebody or something to keep it for.</summary>
internal sealed class StreamHub
{
    private readonly Lock _gate = new();
    private readonly MemoryStreams _provider;
    private readonly List<Subscription> _subscriptions;
    private bool _forgotten;

    public StreamHub(MemoryStreams provider, StreamId streamId)
    {
        (_provider, StreamId) = (provider, streamId);
        _subscriptions = [.. provider.Engine.Classes.SubscribedTo(streamId.GetNamespace()).Select(one => Subscription.Implicit(provider, this, one))];
    }

    public StreamId StreamId { get; }

    /// <summary>Queues the event for every subscriber, or for none.</summary>
    /// <returns>False if the hub has been forgotten.</returns>
    /// <exception cref="InvalidOperationException">A subscriber's queue is full.</exception>
    public bool Publish(object? item, Dictionary<string, object>? context)
    {
        lock (_gate)
        {
            if (_forgotten)
                return false;
            var capacity = _provider.Engine.Options.StreamCapacity;
            foreach (var one in _subscriptions)
                if (one.Queued >= capacity)
                    throw new InvalidOperationException($"Can not enqueue since {capacity} events of {StreamId} wait for {one.Subscriber}");

            var token = new Providers.Streams.Common.EventSequenceTokenV2(_provider.NextSequence());
            foreach (var one in _subscriptions)
                one.Enqueue(new(item, token, context));
        }
        _provider.Engine.Figures.Published();
        ForgetIfUnused();
        return true;
    }

    public bool Add(Subscription subscription)
    {
        lock (_gate)
        {
            if (!_forgotten)
                _subscriptions.Add(subscription);
            return !_forgotten;
        }
    }

    public void Remove(Subscription subscription)
    {
        lock (_gate)
            _subscriptions.Remove(subscription);
        ForgetIfUnused();
    }

    public Subscription? Find(Guid id)
    {
        lock (_gate)
            return _subscriptions.Find(one => one.Id == id);
    }

    /// <summary>The subscriptions of one grain, or of the clients (null).</summary>
    public List<Subscription> Of(GrainId? subscriber)
    {
        lock (_gate)
            return _subscriptions.FindAll(one => one.Grain == subscriber);
    }

    public void ForgetIfUnused()
    {
        lock (_gate)
        {
            if (_forgotten || _subscriptions.Exists(static one => !one.IsImplicit || one.Queued > 0))
                return;
            _forgotten = true;
        }
        _provider.Forget(this);
    }
}
