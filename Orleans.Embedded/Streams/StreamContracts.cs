
namespace Orleans.Streams;

/// <summary>A named source of streams.</summary>
public interface IStreamProvider
{
    string Name { get; }
    bool IsRewindable { get; }

    /// <summary>A handle; the stream needs no creating.</summary>
    IAsyncStream<T> GetStream<T>(StreamId streamId);
}

public interface IAsyncStream
{
    bool IsRewindable { get; }
    string ProviderName { get; }
    StreamId StreamId { get; }
}

/// <summary>Events that one side publishes and subscribers get, each in its own turns, in the order published.
/// A hint for speed: lost when the process dies, dropped when a subscriber keeps failing.</summary>
public interface IAsyncStream<T> : IAsyncStream, IEquatable<IAsyncStream<T>>, IComparable<IAsyncStream<T>>,
    IAsyncObservable<T>, IAsyncObserver<T>
{
    /// <summary>The subscriptions of the grain that asks.</summary>
    Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles();
}

public interface IAsyncObserver<in T>
{
    Task OnNextAsync(T item, StreamSequenceToken? token = null);
    Task OnCompletedAsync();
    Task OnErrorAsync(Exception ex);
}

public interface IAsyncObservable<T>
{
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer);
    Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null);
}

/// <summary>A subscription: to end it, or to give it a new observer after a reactivation.</summary>
public abstract class StreamSubscriptionHandle<T> : IEquatable<StreamSubscriptionHandle<T>?>
{
    public abstract StreamId StreamId { get; }
    public abstract string ProviderName { get; }
    public abstract Guid HandleId { get; }
    public abstract Task UnsubscribeAsync();
    public abstract Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null);
    public abstract bool Equals(StreamSubscriptionHandle<T>? other);
}

/// <summary>An event's place in its stream.</summary>
[GenerateSerializer]
public abstract class StreamSequenceToken : IEquatable<StreamSequenceToken?>, IComparable<StreamSequenceToken?>
{
    public abstract long SequenceNumber { get; protected set; }
    public abstract int EventIndex { get; protected set; }
    public abstract bool Equals(StreamSequenceToken? other);
    public abstract int CompareTo(StreamSequenceToken? other);
}
