using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics;
using System.Reflection;

namespace Guichet.Architecture;

/// <summary>What a serialiser, and passing messages without a copy, ask of everything that crosses a grain call or a stream.</summary>
internal static class MessageRules
{
    private static readonly FrozenSet<Type> Plain = ((Type[])[
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(decimal), typeof(char), typeof(string), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset),
        typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan), typeof(Uri), typeof(Version), typeof(BigInteger),
        typeof(GrainId), typeof(StreamId), typeof(TickStatus)]).ToFrozenSet();

    private static readonly FrozenSet<Type> Containers = ((Type[])[
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(ValueTuple<>), typeof(ValueTuple<,>),
        typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>), typeof(ImmutableArray<>), typeof(ImmutableList<>),
        typeof(ImmutableHashSet<>), typeof(ImmutableSortedSet<>), typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>),
        typeof(ImmutableQueue<>), typeof(ImmutableStack<>), typeof(FrozenSet<>), typeof(FrozenDictionary<,>)]).ToFrozenSet();

    private static readonly FrozenSet<Type> Mutable = ((Type[])[
        typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(Queue<>), typeof(Stack<>), typeof(SortedDictionary<,>), typeof(SortedSet<>)])
        .ToFrozenSet();

    /// <param name="types">Grain interfaces, whose parameters and answers cross; and the candidates for subclasses.</param>
    /// <param name="streamed">The types of stream events.</param>
    public static IEnumerable<string> What_crosses_can_be_serialised(IEnumerable<Type> types, IEnumerable<Type> streamed)
    {
        var all = types.ToArray();
        var roots = from type in all
                    where type.IsGrainInterface()
                    from method in type.GetMethods()
                    from crossing in method.GetParameters().Select(one => one.ParameterType).Concat(AnswerOf(method.ReturnType))
                    where crossing != typeof(CancellationToken)
                    select (Where: $"{type.Written()}.{method.Name}", Type: crossing);
        var seen = new HashSet<Type>();
        return [.. roots.Concat(streamed.Select(type => (Where: "a stream", Type: type)))
            .Concat(all.Where(Reflected.IsSerializable).Select(type => (Where: "[GenerateSerializer]", Type: type)))
            .SelectMany(root => Refused(root.Where, root.Type, all, seen))];
    }

    /// <summary>Members of a class body are numbered; a positional record's parameters have the numbers of their order.</summary>
    public static IEnumerable<string> Members_are_numbered(IEnumerable<Type> types) =>
        from type in Messages(types)
        where !type.IsEnum
        from field in type.State()
        where !field.IsDefined(typeof(NonSerializedAttribute), inherit: false) && !type.Positional().Contains(Reflected.NameOf(field)) && Reflected.NumberOf(field) is null
        select $"{type.Written()}.{Reflected.NameOf(field)} has no [Id]";

    public static IEnumerable<string> Numbers_are_unique(IEnumerable<Type> types) =>
        from type in Messages(types)
        from numbered in type.State().Where(field => !type.Positional().Contains(Reflected.NameOf(field)))
            .Where(field => Reflected.NumberOf(field) is not null).GroupBy(field => Reflected.NumberOf(field))
        where numbered.Count() > 1
        select $"{type.Written()}: [Id({numbered.Key})] is on {string.Join(" and ", numbered.Select(Reflected.NameOf))}";

    public static IEnumerable<string> Messages_have_aliases(IEnumerable<Type> types) =>
        from type in Messages(types)
        where string.IsNullOrWhiteSpace(type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias)
        select $"{type.Written()} has no [Alias]";

    public static IEnumerable<string> Aliases_are_unique(IEnumerable<Type> types) =>
        from type in types
        from alias in type.GetCustomAttributes<AliasAttribute>(inherit: false)
        group type by alias.Alias into named
        where named.Count() > 1
        select $"[Alias(\"{named.Key}\")] is on {string.Join(" and ", named.Select(Reflected.Written))}";

    /// <summary>Between nodes a generic type is written as its alias with its arguments, and is read back by the number after the backquote.</summary>
    public static IEnumerable<string> Aliases_of_generic_types_say_how_many_arguments(IEnumerable<Type> types) =>
        from type in types
        where type.IsGenericTypeDefinition
        from alias in type.GetCustomAttributes<AliasAttribute>(inherit: false)
        where !alias.Alias.EndsWith($"`{type.GetGenericArguments().Length}", StringComparison.Ordinal)
        select $"[Alias(\"{alias.Alias}\")] on {type.Written()} doesn't end with `{type.GetGenericArguments().Length}";

    public static IEnumerable<string> Subclasses_are_marked_too(IEnumerable<Type> types) =>
        from type in types
        where !type.IsSerializable() && type.BaseType is { } parent && parent.IsSerializable() && !parent.Namespace!.StartsWith("Orleans", StringComparison.Ordinal)
        select $"{type.Written()} has no [GenerateSerializer] but its base {type.BaseType!.Written()} has";

    /// <summary>The serialiser leaves out what an unmarked base holds.</summary>
    public static IEnumerable<string> Bases_are_marked_too(IEnumerable<Type> types) =>
        from type in Messages(types)
        where type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum)
            && !parent.IsSerializable() && !parent.IsAssignableTo(typeof(Exception))
        select $"{type.Written()}: its base {type.BaseType!.Written()} has no [GenerateSerializer]";

    public static IEnumerable<string> Messages_never_change(IEnumerable<Type> types) =>
        (from type in Messages(types)
         where !type.IsEnum && !type.IsAssignableTo(typeof(Exception))
         from broken in Changeable(type)
         select $"{type.Written()} {broken}").Concat(
         from type in Messages(types)
         where !type.IsEnum && !type.IsAssignableTo(typeof(Exception)) && !type.IsDefined(typeof(ImmutableAttribute), inherit: false)
         select $"{type.Written()} has no [Immutable]");

    public static IEnumerable<string> Exceptions_of_contracts_are_marked(IEnumerable<Type> types) =>
        from type in types
        where type.IsAssignableTo(typeof(Exception)) && !type.IsSerializable()
        select $"{type.Written()} has no [GenerateSerializer]: callers would get another exception";

    private static IEnumerable<Type> Messages(IEnumerable<Type> types) => types.Where(Reflected.IsSerializable);

    private static IEnumerable<string> Changeable(Type type)
    {
        if (!type.IsRecord())
            yield return "is not a record";
        if (!type.IsValueType && !type.IsAbstract && !type.IsSealed)
            yield return "is neither sealed nor abstract";
        foreach (var field in type.State())
        {
            var property = Reflected.PropertyOf(field);
            var settable = property is null
                ? !field.IsInitOnly
                : property.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
            if (settable)
                yield return $"lets {Reflected.NameOf(field)} be changed";
        }
    }

    private static IEnumerable<Type> AnswerOf(Type returned) =>
        returned.IsGenericType && (returned.Definition() == typeof(Task<>) || returned.Definition() == typeof(ValueTask<>) || returned.Definition() == typeof(IAsyncEnumerable<>))
            ? returned.GetGenericArguments() : [];

    private static IEnumerable<string> Refused(string where, Type type, Type[] all, HashSet<Type> seen)
    {
        if (!seen.Add(type) || type.IsGenericParameter || type.IsEnum || Plain.Contains(type) || type.IsGrainInterface())
            return [];
        if (type.IsArray)
            return [$"{where}: {type.Written()} can be changed after it is sent; an ImmutableArray can not"];
        if (type.IsGenericType && Mutable.Contains(type.Definition()))
            return [$"{where}: {type.Written()} can be changed after it is sent; take one of System.Collections.Immutable"];
        if (type.IsGenericType && Containers.Contains(type.Definition()))
            return type.GetGenericArguments().SelectMany(one => Refused(where, one, all, seen));
        if (!type.IsSerializable())
            return [$"{where}: {type.Written()} can not be serialised"];

        var members = type.Definition().State().Where(field => !field.IsDefined(typeof(NonSerializedAttribute), inherit: false))
            .SelectMany(field => Refused($"{type.Written()}.{Reflected.NameOf(field)}", field.FieldType, all, seen));
        var subclasses = all.Where(one => one.BaseType?.Definition() == type.Definition())
            .SelectMany(one => Refused($"a {type.Written()}", one, all, seen));
        return (type.IsGenericType ? type.GetGenericArguments().SelectMany(one => Refused(where, one, all, seen)) : []).Concat(members).Concat(subclasses);
    }
}
