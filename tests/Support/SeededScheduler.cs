namespace Guichet.Support;

/// <summary>Runs tasks one at a time on the thread that asks for it, in an order drawn from a seed: the same seed and
/// the same work give the same history.</summary>
public sealed class SeededScheduler(int seed) : TaskScheduler
{
    private readonly Lock _gate = new();
    private readonly List<Task> _tasks = [];
    private readonly Random _random = new(seed);

    /// <summary>Tasks run so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Runs one task, if there is one.</summary>
    public bool Step()
    {
        Task task;
        lock (_gate)
        {
            if (_tasks.Count == 0)
                return false;
            var at = _random.Next(_tasks.Count);
            task = _tasks[at];
            _tasks.RemoveAt(at);
        }
        Steps++;

        // An await would prefer the test's own context to this scheduler.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        TryExecuteTask(task);
        SynchronizationContext.SetSynchronizationContext(context);
        return true;
    }

    public void RunUntilIdle()
    {
        while (Step())
        {
        }
    }

    /// <summary>Runs a piece of asynchronous work, from its start, on this scheduler.</summary>
    public Task Run(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    protected override void QueueTask(Task task)
    {
        lock (_gate)
            _tasks.Add(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_gate)
            return [.. _tasks];
    }
}
