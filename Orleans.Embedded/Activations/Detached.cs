namespace Orleans.Embedded;

/// <summary>Starts work that must not inherit what flows with the code that happens to start it.</summary>
internal static class Detached
{
    public static void Start(Action<object?> action, object? state, TaskScheduler scheduler)
    {
        var task = Quietly(static made => new Task(made.action, made.state, CancellationToken.None, TaskCreationOptions.DenyChildAttach),
            (action, state));
        task.Start(scheduler);
    }

    /// <summary>Runs an asynchronous method from its start on the scheduler.</summary>
    public static Task Run(Func<Task> method, TaskScheduler scheduler)
    {
        var task = Quietly(static made => new Task<Task>(made, CancellationToken.None, TaskCreationOptions.DenyChildAttach), method);
        task.Start(scheduler);
        return task.Unwrap();
    }

    public static TResult Quietly<TState, TResult>(Func<TState, TResult> make, TState state)
    {
        if (ExecutionContext.IsFlowSuppressed())
            return make(state);
        using (ExecutionContext.SuppressFlow())
            return make(state);
    }
}
