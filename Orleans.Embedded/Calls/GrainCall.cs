using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Orleans.Embedded;

/// <summary>One request, from the caller's proxy to the answer. Whoever settles it first (the grain, the timeout, the
/// target's end) gives the caller its answer; later ones are not heard.</summary>
internal abstract class GrainCall(GrainMethod method) : IInvokable
{
    private int _settled;

    public GrainMethod Method { get; } = method;
    public GrainClass Class = null!;
    public GrainId Target;
    public Activation? Sender;
    public Dictionary<string, object>? Context;
    public Guid ReentrancyId;
    public System.Diagnostics.ActivityContext Trace;

    public CancellationTokenRegistration Cancellation;

    /// <summary>Timestamps of the engine's clock.</summary>
    public long SentAt, Deadline;

    /// <summary>Orders what happens at one instant.</summary>
    public long Sequence;

    /// <summary>How often an ended activation passed it on.</summary>
    public int Forwards;

    // Links of the lists the call is in: of the unanswered (CallTimeouts), and of the waiting (CallQueue).
    public GrainCall? Older, Newer, NextWaiting;
    public int Shard;

    /// <summary>The grain, while it runs.</summary>
    protected object? Grain { get; private set; }

    public bool IsSettled => Volatile.Read(ref _settled) != 0;

    /// <summary>True once, for whoever may answer.</summary>
    public bool TrySettle() => Interlocked.Exchange(ref _settled, 1) == 0;

    /// <summary>Whether idle time counts from it.</summary>
    public virtual bool KeepsAlive => true;

    /// <summary>Whether another activation may run it when this one has ended.</summary>
    public virtual bool MayMove => true;

    public virtual bool AlwaysInterleave => Method.AlwaysInterleave;

    /// <summary>Runs the method and keeps its answer in <see cref="Result"/>.</summary>
    public ValueTask InvokeAsync(Activation activation)
    {
        Grain = TargetIn(activation);
        return InvokeAsync(Grain);
    }

    protected virtual object TargetIn(Activation activation) => activation.GrainInstance!;

    protected abstract ValueTask InvokeAsync(object grain);

    public abstract object? Result { get; set; }

    /// <summary>Hands <see cref="Result"/> to the caller; after <see cref="TrySettle"/> only.</summary>
    public abstract void Answer();

    /// <summary>Hands a failure to the caller; after <see cref="TrySettle"/> only.</summary>
    public abstract void Fail(Exception exception);

    public abstract void MakeAnswerable(TaskCreationOptions options);

    public virtual int GetArgumentCount() => 0;
    public virtual object? GetArgument(int index) => throw new ArgumentOutOfRangeException(nameof(index));
    public virtual void SetArgument(int index, object value) => throw new ArgumentOutOfRangeException(nameof(index));
    public virtual CancellationToken GetCancellationToken() => default;

    object? IInvokable.GetTarget() => Grain;
    string IInvokable.GetMethodName() => Method.InterfaceMethod.Name;
    string IInvokable.GetInterfaceName() => Method.InterfaceName;
    string IInvokable.GetActivityName() => Method.ActivityName;
    MethodInfo IInvokable.GetMethod() => Method.InterfaceMethod;
    Type IInvokable.GetInterfaceType() => Method.InterfaceType;
    TimeSpan? IInvokable.GetDefaultResponseTimeout() => Method.Timeout;

    public override string ToString() => $"{Method} on {Target}";
}

/// <summary>A call whose answer is a <typeparamref name="T"/>.</summary>
internal abstract class GrainCall<T>(GrainMethod method) : GrainCall(method)
{
    private TaskCompletionSource<T>? _answer;

    protected T Value = default!;

    public Task<T> Answered => _answer!.Task;

    public sealed override object? Result
    {
        get => Value is Nothing ? null : Value;
        set => Value = typeof(T) == typeof(Nothing) ? default! : (T)value!;
    }

    public sealed override void MakeAnswerable(TaskCreationOptions options) => _answer = new(options);

    public sealed override void Answer() => _answer?.TrySetResult(Value);

    public sealed override void Fail(Exception exception) => _answer?.TrySetException(exception);
}

/// <summary>The answer of a method that returns no value.</summary>
internal readonly struct Nothing;

internal abstract class TaskCall<T>(GrainMethod method) : GrainCall<T>(method)
{
    protected abstract Task<T> Call(object grain);

    protected sealed override ValueTask InvokeAsync(object grain)
    {
        var task = Call(grain);
        if (!task.IsCompletedSuccessfully)
            return Awaited(task);
        Value = task.Result;
        return default;
    }

    private async ValueTask Awaited(Task<T> task) => Value = await task;
}

internal abstract class TaskCall(GrainMethod method) : GrainCall<Nothing>(method)
{
    protected abstract Task Call(object grain);

    protected sealed override ValueTask InvokeAsync(object grain) => new(Call(grain));
}

internal abstract class ValueTaskCall<T>(GrainMethod method) : GrainCall<T>(method)
{
    protected abstract ValueTask<T> Call(object grain);

    protected sealed override ValueTask InvokeAsync(object grain)
    {
        var task = Call(grain);
        if (!task.IsCompletedSuccessfully)
            return Awaited(task);
        Value = task.Result;
        return default;
    }

    private async ValueTask Awaited(ValueTask<T> task) => Value = await task;
}

internal abstract class ValueTaskCall(GrainMethod method) : GrainCall<Nothing>(method)
{
    protected abstract ValueTask Call(object grain);

    protected sealed override ValueTask InvokeAsync(object grain) => Call(grain);
}
