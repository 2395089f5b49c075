namespace Orleans.Embedded;

/// <summary>Runs the tasks of one activation one at a time: the start of each request, and whatever follows an await
/// in it. On the thread pool it stays on its thread for a while; on a scheduler from outside every task is a dispatch
/// of its own, so that the order among activations is that scheduler's to choose.</summary>
internal sealed class ActivationScheduler(Activation activation, TaskScheduler? outside) : TaskScheduler, IThreadPoolWorkItem
{
    /// <summary>Tasks run before others get the thread.</summary>
    private const int Burst = 64;

    private static readonly Action<object?> RunOne = static state => ((ActivationScheduler)state!).Run(1);

    private readonly Queue<Task> _tasks = new();
    private bool _scheduled;
    private volatile bool _dead;

    /// <summary>Nothing runs any more, not even what was begun: as if the process had died.</summary>
    public void Kill() => _dead = true;

    protected override void QueueTask(Task task)
    {
        lock (_tasks)
        {
            if (_dead)
                return;
            _tasks.Enqueue(task);
            if (_scheduled)
                return;
            _scheduled = true;
        }
        Dispatch();
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && !_dead && Current == this && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_tasks)
            return [.. _tasks];
    }

    void IThreadPoolWorkItem.Execute() => Run(Burst);

    private void Dispatch()
    {
        if (outside is null)
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        else
            Detached.Start(RunOne, this, outside);
    }

    private void Run(int tasks)
    {
        var before = RuntimeContext.Exchange(activation);
        // An await would prefer it to this scheduler. The pool's threads have none; those of a scheduler from outside may.
        var context = SynchronizationContext.Current;
        if (context is not null)
            SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            for (; tasks > 0 && Next() is { } task; tasks--)
                TryExecuteTask(task);
        }
        finally
        {
            RuntimeContext.Exchange(before);
            if (context is not null)
                SynchronizationContext.SetSynchronizationContext(context);
        }

        lock (_tasks)
        {
            if (_tasks.Count == 0)
            {
                _scheduled = false;
                return;
            }
        }
        Dispatch();
    }

    private Task? Next()
    {
        lock (_tasks)
        {
            if (_dead)
                _tasks.Clear();
            return _tasks.TryDequeue(out var task) ? task : null;
        }
    }
}
