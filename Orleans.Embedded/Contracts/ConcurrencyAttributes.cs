namespace Orleans.Concurrency;

/// <summary>The method may run while any other request of the activation is unfinished. On interface methods.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;

/// <summary>The method changes nothing, and so interleaves with other read-only ones. On interface methods.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ReadOnlyAttribute : Attribute;

/// <summary>The caller does not wait: its task completes when the request is queued, and failures are only logged.
/// On interface methods that return <see cref="Task"/> or <see cref="ValueTask"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;

/// <summary>All requests of the activation interleave at their awaits.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;

/// <summary>Several activations of one identity may work at once; they must hold no state that matters.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StatelessWorkerAttribute : Attribute
{
    public StatelessWorkerAttribute() : this(-1, removeIdleWorkers: true) { }
    public StatelessWorkerAttribute(int maxLocalWorkers) : this(maxLocalWorkers, removeIdleWorkers: true) { }

    public StatelessWorkerAttribute(int maxLocalWorkers, bool removeIdleWorkers)
    {
        MaxLocalWorkers = maxLocalWorkers > 0 ? maxLocalWorkers : Environment.ProcessorCount;
        RemoveIdleWorkers = removeIdleWorkers;
    }

    internal int MaxLocalWorkers { get; }
    internal bool RemoveIdleWorkers { get; }
}
