using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Guichet.Journal;

/// <summary>How states, events, answers and effects are written down: camel case, enums by name, nulls left out.</summary>
public static class Json
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutUnsetArrays, LeaveOutWhoSent } },
    };

    private static readonly JsonSerializerOptions Columns = new(Options) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>An object whose members are columns of a table, by the columns' names; <c>{}</c> for none.</summary>
    public static string WriteColumns(object? values) => values is null ? "{}" : JsonSerializer.Serialize(values, values.GetType(), Columns);

    /// <summary>With the members of what it really is, whatever the static type.</summary>
    public static string WriteAs(object? value) => value is null ? "null" : JsonSerializer.Serialize(value, value.GetType(), Options);

    /// <summary>An immutable array that nobody set (a sender left it out) is not written, instead of failing.</summary>
    private static void LeaveOutUnsetArrays(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
            if (property.PropertyType is { IsGenericType: true } array && array.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
            {
                var isDefault = array.GetProperty(nameof(ImmutableArray<int>.IsDefault))!;
                property.ShouldSerialize = (_, value) => value is not null && !(bool)isDefault.GetValue(value)!;
            }
    }

    /// <summary>A command's content is what it asks for: its id and sender stand beside it in the journal.</summary>
    private static void LeaveOutWhoSent(JsonTypeInfo type)
    {
        if (!type.Type.IsAssignableTo(typeof(Command))) return;
        for (var i = type.Properties.Count - 1; i >= 0; i--)
            if (type.Properties[i].AttributeProvider is System.Reflection.PropertyInfo { DeclaringType: var declaring } && declaring == typeof(Command))
                type.Properties.RemoveAt(i);
        // Secrets are left out by [JsonIgnore]; being required of who makes the command says nothing about what is written.
        foreach (var property in type.Properties)
            if (property.Set is null)
                property.IsRequired = false;
    }

    /// <exception cref="JsonException">Not what was written for a <typeparamref name="T"/>.</exception>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)
        ?? throw new JsonException($"null where a {typeof(T).Name} was expected.");
}
