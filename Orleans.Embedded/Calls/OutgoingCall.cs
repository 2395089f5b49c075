using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Orleans.Embedded;

/// <summary>A call on its way through the caller's filters.</summary>
internal sealed class OutgoingCall<T>(GrainReference target, GrainCall<T> call) : IOutgoingGrainCallContext
{
    private int _stage;
    private bool _hasResult;

    public IInvokable Request => call;
    public object Grain => target;
    public GrainId? SourceId => SourceContext?.GrainId;
    public GrainId TargetId => target.GrainId;
    public IGrainContext? SourceContext { get; } = RuntimeContext.Current;
    public GrainInterfaceType InterfaceType => new(call.Method.InterfaceType.FullName!);
    public string InterfaceName => call.Method.InterfaceName;
    public string MethodName => call.Method.InterfaceMethod.Name;
    public MethodInfo InterfaceMethod => call.Method.InterfaceMethod;

    public object? Result
    {
        get => call.Result;
        set
        {
            call.Result = value;
            _hasResult = true;
        }
    }

    public async Task Invoke()
    {
        var filters = target.Engine.OutgoingFilters;
        var stage = _stage++;
        try
        {
            if (stage < filters.Length)
            {
                await filters[stage].Invoke(this);
                if (!_hasResult)
                    throw new InvalidOperationException($"{filters[stage].GetType().Name} neither invoked the rest of the chain nor set a result");
            }
            else
                Result = await target.SendUnfiltered(call);
        }
        finally
        {
            _stage--;
        }
    }

    public async Task<T> SendAsync()
    {
        await Invoke();
        return call.Result is T result ? result : default!;
    }
}

internal static class OutgoingCall
{
    public static Task<T> SendAsync<T>(GrainReference target, GrainCall<T> call) => new OutgoingCall<T>(target, call).SendAsync();
}
