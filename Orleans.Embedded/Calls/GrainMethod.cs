using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Embedded;

/// <summary>What the engine needs to know of an interface method, read once.</summary>
internal sealed class GrainMethod
{
    public GrainMethod(MethodInfo method, Type? interfaceType = null)
    {
        InterfaceMethod = method;
        InterfaceType = interfaceType ?? method.DeclaringType!;
        InterfaceName = InterfaceType.Name;
        AlwaysInterleave = method.IsDefined(typeof(AlwaysInterleaveAttribute));
        ReadOnly = method.IsDefined(typeof(ReadOnlyAttribute));
        OneWay = method.IsDefined(typeof(OneWayAttribute));
        Timeout = method.GetCustomAttribute<ResponseTimeoutAttribute>()?.Timeout;
        ActivityName = $"{InterfaceName}/{method.Name}";
    }

    public MethodInfo InterfaceMethod { get; }
    public Type InterfaceType { get; }
    public string InterfaceName { get; }
    public string ActivityName { get; }
    public bool AlwaysInterleave { get; init; }
    public bool ReadOnly { get; }
    public bool OneWay { get; init; }
    public TimeSpan? Timeout { get; }

    public override string ToString() => $"{InterfaceType.FullName}.{InterfaceMethod.Name}";
}
