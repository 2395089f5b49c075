using System.Collections.Concurrent;
using System.Reflection;

namespace Orleans.Embedded;

/// <summary>All grain classes of the process: those of every assembly that knows this engine and can be reached from
/// what is loaded.</summary>
internal sealed class GrainClasses
{
    private static readonly Lock Gate = new();
    private static int _loaded;
    private static (int Loaded, GrainClasses Classes)? _found;

    private readonly Dictionary<GrainType, GrainClass> _byType = [];
    private readonly ConcurrentDictionary<Type, GrainClass> _byInterface = new();
    private readonly Dictionary<string, GrainClass[]> _byNamespace;

    static GrainClasses() => AppDomain.CurrentDomain.AssemblyLoad += static (_, _) => Interlocked.Increment(ref _loaded);

    /// <exception cref="OrleansConfigurationException">Two classes have one grain type.</exception>
    public GrainClasses(IEnumerable<Type> types)
    {
        foreach (var type in types)
        {
            if (!type.IsClass || type.IsAbstract || type.IsGenericTypeDefinition
                || !type.IsAssignableTo(typeof(IGrain)) || type.IsAssignableTo(typeof(GrainReference)))
                continue;
            var found = new GrainClass(type);
            if (!_byType.TryAdd(found.GrainType, found))
                throw new OrleansConfigurationException(
                    $"{type.FullName} and {_byType[found.GrainType].Type.FullName} are both called \"{found.GrainType}\": give one of them a [GrainType]");
        }

        _byNamespace = _byType.Values.SelectMany(one => one.Namespaces.Select(ns => (ns, one)))
            .GroupBy(one => one.ns, one => one.one)
            .ToDictionary(one => one.Key, one => one.OrderBy(c => c.GrainType).ToArray());
    }

    /// <summary>Looked for once by all engines of the process, and again when an assembly has been loaded since.</summary>
    /// <exception cref="OrleansConfigurationException">Two classes have one grain type.</exception>
    public static GrainClasses OfProcess()
    {
        lock (Gate)
        {
            var loaded = Volatile.Read(ref _loaded);
            if (_found is not { } found || found.Loaded != loaded)
                _found = found = (loaded, new(Assemblies().SelectMany(static one => one.GetTypes())));
            return found.Classes;
        }
    }

    public GrainClass Of(GrainType type) => _byType.TryGetValue(type, out var found) ? found
        : throw new ArgumentException($"There is no grain class for the grain type \"{type}\"");

    /// <exception cref="ArgumentException">No class, or more than one, implements the interface, or its key is not a string.</exception>
    public GrainClass Implementing(Type interfaceType) => _byInterface.GetOrAdd(interfaceType, Find);

    public IReadOnlyList<GrainClass> SubscribedTo(string? streamNamespace) =>
        streamNamespace is not null && _byNamespace.TryGetValue(streamNamespace, out var found) ? found : [];

    private GrainClass Find(Type interfaceType)
    {
        if (!interfaceType.IsInterface || !interfaceType.IsAssignableTo(typeof(IGrain)))
            throw new ArgumentException($"{interfaceType.FullName} is not a grain interface");
        if (!interfaceType.IsAssignableTo(typeof(IGrainWithStringKey)))
            throw new ArgumentException($"{interfaceType.FullName} does not extend IGrainWithStringKey: grains here have string keys only");

        var found = _byType.Values.Where(one => one.Interfaces.Contains(interfaceType)).ToArray();
        if (found.Length == 1)
            return found[0];
        // Of several, the one named after the interface is meant.
        if (found.FirstOrDefault(one => interfaceType.Name == $"I{one.Type.Name}") is { } named)
            return named;
        throw new ArgumentException(found.Length == 0
            ? $"Could not find an implementation for interface {interfaceType.FullName}"
            : $"{interfaceType.FullName} has {found.Length} implementations, of which none can be preferred: {string.Join(", ", found.Select(one => one.Type.FullName).Order())}");
    }

    private static IEnumerable<Assembly> Assemblies()
    {
        var engine = typeof(GrainClasses).Assembly.GetName().Name!;
        var seen = AppDomain.CurrentDomain.GetAssemblies().Where(one => !one.IsDynamic)
            .GroupBy(one => one.GetName().Name!).ToDictionary(one => one.Key, one => one.First());
        var open = new Queue<Assembly>(seen.Values);
        while (open.TryDequeue(out var assembly))
        {
            var references = assembly.GetReferencedAssemblies();
            if (references.All(one => one.Name != engine))
                continue;
            yield return assembly;
            foreach (var name in references.Where(one => !seen.ContainsKey(one.Name!) && !IsFramework(one.Name!)))
                open.Enqueue(seen[name.Name!] = Assembly.Load(name));
        }
    }
    private static bool IsFramework(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal);
}
