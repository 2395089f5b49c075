using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Orleans.Embedded;

/// <summary>A call on its way through the filters to the method. A filter that neither goes on nor sets a result has
/// broken the chain, which fails the call.</summary>
internal sealed class IncomingCall(Activation activation, GrainCall call) : IIncomingGrainCallContext
{
    private int _stage;
    private bool _hasResult;

    public IInvokable Request => call;
    public object Grain => activation.GrainInstance!;
    public GrainId? SourceId => call.Sender?.GrainId;
    public GrainId TargetId => activation.GrainId;
    public IGrainContext TargetContext => activation;
    public GrainInterfaceType InterfaceType => new(call.Method.InterfaceType.FullName!);
    public string InterfaceName => call.Method.InterfaceName;
    public string MethodName => call.Method.InterfaceMethod.Name;
    public MethodInfo InterfaceMethod => call.Method.InterfaceMethod;
    public MethodInfo ImplementationMethod => activation.Class.ImplementationOf(call.Method);

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
        var filters = activation.Engine.IncomingFilters;
        var stage = _stage++;
        try
        {
            if (stage < filters.Length)
                await Through(filters[stage]);
            else if (stage == filters.Length && activation.GrainInstance is IIncomingGrainCallFilter own)
                await Through(own);
            else
            {
                await call.InvokeAsync(activation);
                _hasResult = true;
            }
        }
        finally
        {
            _stage--;
        }
    }

    private async Task Through(IIncomingGrainCallFilter filter)
    {
        await filter.Invoke(this);
        if (!_hasResult)
            throw new InvalidOperationException($"{filter.GetType().Name} neither invoked the rest of the chain nor set a result");
    }
}
