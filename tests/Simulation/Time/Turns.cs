namespace Guichet.Simulation;

/// <summary>
/// Everything that happens in a world, one turn at a time on the thread that made it, in an order drawn from a seed.
/// </summary>
public sealed class Turns(int seed) : TaskScheduler
{
    private readonly List<Task> waiting = [];
    private readonly Random random = new(seed);
    private readonly int thread = Environment.CurrentManagedThreadId;

    /// <summary>Turns taken so far.</summary>
    public long Taken { get; private set; }

    /// <summary>Something came from another thread: the world isn't whole, and what it does may not repeat.</summary>
    public bool Strayed { get; private set; }

    public bool TakeOne()
    {
        if (waiting.Count == 0) return false;
        var at = random.Next(waiting.Count);
        var task = waiting[at];
        waiting[at] = waiting[^1];
        waiting.RemoveAt(waiting.Count - 1);
        Taken++;
        // An await would prefer a test's own context to this scheduler.
        var context = SynchronizationContext.Current;
        if (context is not null) SynchronizationContext.SetSynchronizationContext(null);
        TryExecuteTask(task);
        if (context is not null) SynchronizationContext.SetSynchronizationContext(context);
        return true;
    }

    public Task Run(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    protected override void QueueTask(Task task)
    {
        Strayed |= Environment.CurrentManagedThreadId != thread;
        lock (waiting) waiting.Add(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [.. waiting];
}

/// <summary>The turns of one node's own work beside its grains: they end with it, wherever they are.</summary>
public sealed class NodeTurns(Turns world) : TaskScheduler
{
    private bool dead;

    public void Kill() => dead = true;

    public Task Run(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    protected override void QueueTask(Task task)
    {
        if (dead) return;
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
            new Task(() =>
            {
                if (!dead) TryExecuteTask(task);
            }, TaskCreationOptions.DenyChildAttach).Start(world);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
