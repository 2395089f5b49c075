using System.Reflection;
using Orleans.Concurrency;

namespace Guichet.Architecture;

/// <summary>What real Orleans asks of grain interfaces and classes, and what our own engine leaves out. Each rule says what breaks it.</summary>
internal static class ContractRules
{
    public static IEnumerable<string> Methods_return_tasks(IEnumerable<Type> types) =>
        from method in MethodsOf(types)
        let kind = method.ReturnType.Definition()
        where kind != typeof(Task) && kind != typeof(Task<>) && kind != typeof(ValueTask) && kind != typeof(ValueTask<>)
        select $"{Name(method)} returns {method.ReturnType.Written()}: Task, Task<T>, ValueTask or ValueTask<T> is wanted"
            + (kind == typeof(IAsyncEnumerable<>) ? " (Orleans.Embedded has no IAsyncEnumerable)" : "");

    public static IEnumerable<string> Parameters_are_values(IEnumerable<Type> types) =>
        from method in MethodsOf(types)
        from parameter in method.GetParameters()
        where parameter.ParameterType.IsByRef
        select $"{Name(method)}: {parameter.Name} is ref, in or out";

    public static IEnumerable<string> Interfaces_have_methods_only(IEnumerable<Type> types) =>
        from type in Interfaces(types)
        from member in type.GetMembers()
        where member is PropertyInfo or EventInfo
        select $"{type.Written()}.{member.Name} is a {member.MemberType}";

    public static IEnumerable<string> A_cancellation_token_is_the_last_parameter(IEnumerable<Type> types) =>
        from method in MethodsOf(types)
        let tokens = method.GetParameters().Where(one => one.ParameterType == typeof(CancellationToken)).ToArray()
        where tokens.Length > 1 || (tokens.Length == 1 && tokens[0].Position != method.GetParameters().Length - 1)
        select $"{Name(method)}: at most one CancellationToken, and last";

    public static IEnumerable<string> Methods_have_no_type_parameters(IEnumerable<Type> types) =>
        from method in MethodsOf(types)
        where method.IsGenericMethodDefinition
        select $"{Name(method)} has type parameters, which Orleans.Embedded leaves out";

    public static IEnumerable<string> One_way_methods_answer_nothing(IEnumerable<Type> types) =>
        from method in MethodsOf(types)
        where method.IsDefined(typeof(OneWayAttribute)) && method.ReturnType.IsGenericType
        select $"{Name(method)} is one-way but returns {method.ReturnType.Written()}";

    public static IEnumerable<string> Keys_are_strings(IEnumerable<Type> types) =>
        from type in Interfaces(types)
        where !type.IsAssignableTo(typeof(IGrainWithStringKey))
        select $"{type.Written()} does not extend IGrainWithStringKey";

    /// <summary>Method attributes are read from the interface: on the class they do nothing.</summary>
    public static IEnumerable<string> Turn_attributes_are_on_interfaces(IEnumerable<Type> types) =>
        from type in types
        where type.IsGrainClass()
        from method in type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        from attribute in (Type[])[typeof(AlwaysInterleaveAttribute), typeof(ReadOnlyAttribute), typeof(OneWayAttribute), typeof(ResponseTimeoutAttribute)]
        where method.IsDefined(attribute, inherit: false)
        select $"{type.Written()}.{method.Name}: [{attribute.Name[..^9]}] is of use on the interface only";

    public static IEnumerable<string> Every_interface_has_one_implementation(IEnumerable<Type> types)
    {
        var all = types.ToArray();
        return from type in Interfaces(all)
               let classes = all.Where(one => one.IsGrainClass() && !one.IsAbstract && one.IsAssignableTo(type)).ToArray()
               where classes.Length != 1 && !(classes.Length == 0 && all.Any(one => one != type && one.IsInterface && one.IsAssignableTo(type)))
               select $"{type.Written()} has {classes.Length} implementations: {string.Join(", ", classes.Select(Reflected.Written))}";
    }

    public static IEnumerable<string> Grain_types_have_names_of_their_own(IEnumerable<Type> types) =>
        from type in types
        where type.IsGrainClass() && !type.IsAbstract
        group type by type.GetCustomAttribute<GrainTypeAttribute>()?.GetGrainType(null!, type).ToString() ?? Conventional(type.Name) into named
        where named.Count() > 1
        select $"{string.Join(", ", named.Select(Reflected.Written))} are all called \"{named.Key}\"";

    /// <summary>The incoming-call filter would refuse the call; here it is found before anybody makes one.</summary>
    public static IEnumerable<string> Methods_say_who_may_call_them(IEnumerable<Type> types) =>
        from method in MethodsOf(types)
        where method.DeclaringType!.Namespace?.StartsWith(nameof(Guichet), StringComparison.Ordinal) == true
            && !method.IsDefined(typeof(RequiresAttribute)) && !method.IsDefined(typeof(SystemOnlyAttribute))
        select $"{Name(method)} has neither [Requires] nor [SystemOnly]";

    public static IEnumerable<string> Grain_classes_are_never_messages(IEnumerable<Type> types) =>
        from type in types
        where type.IsGrainClass() && (type.IsSerializable() || type.IsDefined(typeof(AliasAttribute), inherit: false))
        select $"{type.Written()} is a grain class, and has [GenerateSerializer] or [Alias]";

    private static IEnumerable<Type> Interfaces(IEnumerable<Type> types) => types.Where(Reflected.IsGrainInterface);

    private static IEnumerable<MethodInfo> MethodsOf(IEnumerable<Type> types) =>
        Interfaces(types).SelectMany(type => type.GetMethods()).Where(method => method is { IsSpecialName: false, IsStatic: false });

    private static string Name(MethodInfo method) => $"{method.DeclaringType!.Written()}.{method.Name}";

    private static string Conventional(string name)
    {
        var lower = name.ToLowerInvariant();
        return lower.EndsWith("grain", StringComparison.Ordinal) && lower.Length > 5 ? lower[..^5] : lower;
    }
}
