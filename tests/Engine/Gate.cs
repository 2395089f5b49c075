using System.Collections.Concurrent;

namespace Guichet.Tests.Engine;

/// <summary>Where a test and a grain of its process meet: the grain says that it is there and waits to be let on. Found
/// by name, which is the grain's key or part of it, and so of one test only.</summary>
public sealed class Gate
{
    private static readonly ConcurrentDictionary<string, Gate> All = new();

    /// <summary>A test that waits longer has failed; nothing waits for it otherwise.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _arrivals = new(0);
    private int _arrived;

    public static Gate Of(string name) => All.GetOrAdd(name, static _ => new());

    public int Arrived => Volatile.Read(ref _arrived);

    public Task PassAsync()
    {
        Arrive();
        return _open.Task;
    }

    public void Arrive()
    {
        Interlocked.Increment(ref _arrived);
        _arrivals.Release();
    }

    public void Open() => _open.TrySetResult();

    /// <summary>Waits for the next one that this has not yet waited for.</summary>
    public async Task ArrivalAsync() =>
        Assert.True(await _arrivals.WaitAsync(Patience), "nobody came to the gate");

    /// <summary>The same, while the silo's time goes on in small steps.</summary>
    public async Task ArrivalAsync(TestSilo silo)
    {
        var arrival = ArrivalAsync();
        await silo.AdvanceUntilAsync(TimeSpan.FromMilliseconds(10), arrival);
        await arrival;
    }
}
