using System.Collections.Concurrent;
using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Guichet.Tests.Engine;

/// <summary>Writes down what becomes of it.</summary>
public interface ILifecycleGrain : IGrainWithStringKey
{
    Task<Guid> Activation();
    Task<Guid> Hold(string gate);
    Task LeaveOnIdle();
    Task LeaveOnIdleAfter(string gate);
    Task KeepFor(TimeSpan span);
}

public class LifecycleGrain(LifecycleGrain.Service service) : Grain, ILifecycleGrain
{
    private static readonly ConcurrentDictionary<string, ImmutableList<string>> Notes = new();

    private readonly Guid _activation = Guid.NewGuid();

    /// <summary>Shows that what a grain is made with comes from a scope of its own.</summary>
    public sealed class Service : IDisposable
    {
        public string? Key { get; set; }

        public void Dispose() => Note(Key!, "disposed");
    }

    /// <summary>What OnActivateAsync of a grain with this key is to do, once each, in order.</summary>
    public static ConcurrentDictionary<string, ConcurrentQueue<Func<LifecycleGrain, CancellationToken, Task>>> Activating { get; } = new();

    public static ConcurrentDictionary<string, Func<LifecycleGrain, CancellationToken, Task>> Deactivating { get; } = new();

    public static ImmutableList<string> NotesOf(string key) => Notes.GetValueOrDefault(key, []);

    public static void Note(string key, string note) => Notes.AddOrUpdate(key, [note], (_, notes) => notes.Add(note));

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var key = service.Key = this.GetPrimaryKeyString();
        Note(key, "activating");
        if (Activating.TryGetValue(key, out var todo) && todo.TryDequeue(out var next))
            await next(this, cancellationToken);
        Note(key, "activated");
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Note(this.GetPrimaryKeyString(), $"deactivating {reason.ReasonCode}");
        if (Deactivating.TryGetValue(this.GetPrimaryKeyString(), out var todo))
            await todo(this, cancellationToken);
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);

    public async Task<Guid> Hold(string gate)
    {
        await Gate.Of(gate).PassAsync();
        Note(this.GetPrimaryKeyString(), "held");
        return _activation;
    }

    public Task LeaveOnIdle()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task LeaveOnIdleAfter(string gate)
    {
        DeactivateOnIdle();
        await Gate.Of(gate).PassAsync();
        Note(this.GetPrimaryKeyString(), "left");
    }

    public Task KeepFor(TimeSpan span)
    {
        DelayDeactivation(span);
        return Task.CompletedTask;
    }

    public void Leave() => DeactivateOnIdle();
}

public interface IWorkerGrain : IGrainWithStringKey
{
    Task<Guid> Work(string gate);
}

[StatelessWorker(2)]
public class WorkerGrain : Grain, IWorkerGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    public async Task<Guid> Work(string gate)
    {
        await Gate.Of(gate).PassAsync();
        return _activation;
    }
}
