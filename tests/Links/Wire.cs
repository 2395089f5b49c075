using Guichet.Sessions;
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
public sealed class Wire : CutStreams
{
    private readonly List<Func<Task>> held = [];
    private readonly List<SharedTally> seen = [];
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

    protected override async Task Send<T>(IAsyncStream<T> stream, T item)
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
                    // What is held outlives the node that sent it.
                    lock (held) held.Add(() => Living.GetStream<T>(stream.StreamId).OnNextAsync(item));
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
}
