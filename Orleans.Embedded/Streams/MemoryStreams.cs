using System.Collections.Concurrent;
using Orleans.Streams;

namespace Orleans.Embedded;

/// <summary>A stream provider whose events live in memory: published, they go at once to each subscriber's own queue
/// and from there, one after the other, to the subscriber.</summary>
internal sealed class MemoryStreams(string name, EmbeddedEngine engine) : IStreamProvider
{
    private readonly ConcurrentDictionary<StreamId, StreamHub> _hubs = new();
    private long _sequence;

    public string Name { get; } = name;
    public bool IsRewindable => false;
    public EmbeddedEngine Engine { get; } = engine;

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => new MemoryStream<T>(this, streamId);

    public long NextSequence() => Interlocked.Increment(ref _sequence);

    public void Forget(StreamHub hub) => _hubs.TryRemove(new(hub.StreamId, hub));

    /// <summary>Does something with the stream's hub, which is made if need be; again if it was forgotten meanwhile.</summary>
    public TResult With<TArgument, TResult>(StreamId streamId, TArgument argument, Func<StreamHub, TArgument, (bool Done, TResult Result)> action)
    {
        while (true)
        {
            var hub = _hubs.GetOrAdd(streamId, static (id, self) => new(self, id), this);
            var (done, result) = action(hub, argument);
            if (done)
                return result;
        }
    }
}
