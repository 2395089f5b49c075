using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Guichet.Architecture;

/// <summary>What the rules ask of a type, as a serialiser would see it.</summary>
internal static class Reflected
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static bool IsCompilerGenerated(this Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) || type.Name.StartsWith('<') || type.DeclaringType?.IsCompilerGenerated() == true;

    public static bool IsSerializable(this Type type) => Definition(type).IsDefined(typeof(GenerateSerializerAttribute), inherit: false);

    public static Type Definition(this Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    public static bool IsRecord(this Type type) => type.GetMethod("PrintMembers", Own | BindingFlags.Static) is not null;

    public static bool IsGrainInterface(this Type type) => type.IsInterface && type.IsAssignableTo(typeof(IAddressable));

    public static bool IsGrainClass(this Type type) => type is { IsClass: true } && type.IsAssignableTo(typeof(IGrainBase));

    /// <summary>What an instance is made of: fields, those behind automatic properties among them.</summary>
    public static IEnumerable<FieldInfo> State(this Type type) => type.GetFields(Own);

    /// <summary>The property that a field stands behind, if it was written as one.</summary>
    public static PropertyInfo? PropertyOf(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.EndsWith(">k__BackingField", StringComparison.Ordinal)
            ? field.DeclaringType!.GetProperty(field.Name[1..field.Name.IndexOf('>')], Own)
            : null;

    public static string NameOf(FieldInfo field) => PropertyOf(field)?.Name ?? field.Name;

    /// <summary>The names of a positional record's parameters: its members that need no number.</summary>
    public static ImmutableHashSet<string> Positional(this Type type)
    {
        if (!type.IsRecord())
            return [];
        var parts = type.GetMethods(Own).Where(method => method.Name == "Deconstruct")
            .Select(method => method.GetParameters()).FirstOrDefault(parameters => parameters.All(one => one.IsOut));
        return parts is null ? [] : [.. parts.Select(one => one.Name!)];
    }

    public static uint? NumberOf(FieldInfo field) =>
        (field.GetCustomAttribute<IdAttribute>() ?? PropertyOf(field)?.GetCustomAttribute<IdAttribute>())?.Id;

    public static string Written(this Type type)
    {
        if (!type.IsGenericType)
            return type.FullName ?? type.Name;
        var name = type.Definition().FullName!;
        return $"{name[..name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Written))}>";
    }
}
