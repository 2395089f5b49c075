using System.Reflection;
using Orleans.Serialization.Invocation;

namespace Orleans;

/// <summary>A call as filters see it.</summary>
public interface IGrainCallContext
{
    IInvokable Request { get; }

    /// <summary>The grain (incoming) or the reference to it (outgoing).</summary>
    object Grain { get; }

    /// <summary>The caller, if it is a grain.</summary>
    GrainId? SourceId { get; }

    GrainId TargetId { get; }
    GrainInterfaceType InterfaceType { get; }
    string InterfaceName { get; }
    string MethodName { get; }
    MethodInfo InterfaceMethod { get; }

    /// <summary>The method's answer, once <see cref="Invoke"/> has completed; a filter may replace it.</summary>
    object? Result { get; set; }

    /// <summary>Goes on to the next filter, and at last to the method.</summary>
    Task Invoke();
}

public interface IIncomingGrainCallContext : IGrainCallContext
{
    IGrainContext TargetContext { get; }
    MethodInfo ImplementationMethod { get; }
}

public interface IOutgoingGrainCallContext : IGrainCallContext
{
    IGrainContext? SourceContext { get; }
}

/// <summary>Runs around every call a grain receives. Also on a grain class, for its own calls, after the others.</summary>
public interface IIncomingGrainCallFilter
{
    Task Invoke(IIncomingGrainCallContext context);
}

/// <summary>Runs around every call a grain or a client makes.</summary>
public interface IOutgoingGrainCallFilter
{
    Task Invoke(IOutgoingGrainCallContext context);
}

public delegate Task IncomingGrainCallFilterDelegate(IIncomingGrainCallContext context);

public delegate Task OutgoingGrainCallFilterDelegate(IOutgoingGrainCallContext context);
