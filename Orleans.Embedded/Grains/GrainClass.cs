using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using Orleans.Concurrency;

namespace Orleans.Embedded;

/// <summary>A grain class and what its attributes say.</summary>
internal sealed class GrainClass
{
    private readonly ConcurrentDictionary<MethodInfo, MethodInfo> _implementations = new();
    private readonly Lazy<ObjectFactory> _factory;

    public GrainClass(Type type)
    {
        Type = type;
        GrainType = type.GetCustomAttribute<GrainTypeAttribute>()?.GetGrainType(null!, type) ?? GrainType.Create(ConventionalName(type));
        Reentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        Workers = type.GetCustomAttribute<StatelessWorkerAttribute>()?.MaxLocalWorkers;
        Age = type.GetCustomAttribute<CollectionAgeLimitAttribute>()?.AgeLimit
            ?? (type.IsDefined(typeof(KeepAliveAttribute)) ? Timeout.InfiniteTimeSpan : null);
        Namespaces = type.GetCustomAttributes<ImplicitStreamSubscriptionAttribute>().Select(one => one.StreamNamespace).ToFrozenSet();
        Interfaces = [.. type.GetInterfaces().Where(one => one.IsAssignableTo(typeof(IGrain)))];
        _factory = new(() => ActivatorUtilities.CreateFactory(type, []));
    }

    public Type Type { get; }
    public GrainType GrainType { get; }
    public bool Reentrant { get; }

    /// <summary>At most so many activations of one identity; null if the class is no stateless worker.</summary>
    public int? Workers { get; }

    public TimeSpan? Age { get; }
    public FrozenSet<string> Namespaces { get; }
    public Type[] Interfaces { get; }

    public object Make(IServiceProvider services) => _factory.Value(services, null);

    public MethodInfo ImplementationOf(GrainMethod method) => _implementations.GetOrAdd(method.InterfaceMethod, static (wanted, type) =>
    {
        if (wanted.DeclaringType is not { IsInterface: true } declared || !declared.IsAssignableFrom(type))
            return wanted;
        var map = type.GetInterfaceMap(declared);
        return map.TargetMethods[Array.IndexOf(map.InterfaceMethods, wanted)];
    }, Type);

    private static string ConventionalName(Type type)
    {
        var name = type.Name.ToLowerInvariant();
        return name.EndsWith("grain", StringComparison.Ordinal) && name.Length > 5 ? name[..^5] : name;
    }
}
