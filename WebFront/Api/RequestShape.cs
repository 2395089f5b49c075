using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json;

namespace Guichet.Api;

/// <summary>
/// Whether JSON has the shape of a request's record, before it is read into one: every unknown, missing or wrong member is found in one
/// go and named. A member that may be absent is nullable in the record.
/// </summary>
internal static class RequestShape
{
    private static readonly ConcurrentDictionary<Type, ImmutableArray<Member>> Members = new();

    /// <summary>More than any person mends at once; the rest of a large body isn't looked at.</summary>
    private const int MostRefusals = 100;

    public static void Check(JsonElement json, Type type, string path, List<Refusal> refusals)
    {
        if (refusals.Count >= MostRefusals) return;
        var kind = json.ValueKind;
        if (type == typeof(string)) CheckText(json, path, refusals);
        else if (type == typeof(int)) CheckNumber(json, path, refusals);
        else if (type == typeof(bool)) Expect(kind is JsonValueKind.True or JsonValueKind.False, "yes-or-no-expected", path, refusals);
        else if (ItemOf(type) is { } item)
        {
            if (!Expect(kind == JsonValueKind.Array, "array-expected", path, refusals)) return;
            var position = 0;
            foreach (var one in json.EnumerateArray()) Check(one, item, $"{path}[{position++}]", refusals);
        }
        else if (Expect(kind == JsonValueKind.Object, "object-expected", path, refusals)) CheckMembers(json, type, path, refusals);
    }

    /// <summary>Neither a control character (PostgreSQL has no NUL) nor half a surrogate pair.</summary>
    public static bool IsClean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) && text[i] is not ('\n' or '\r' or '\t')) return false;
            if (!char.IsSurrogate(text[i])) continue;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1])) return false;
            i++;
        }
        return true;
    }

    private static void CheckMembers(JsonElement json, Type type, string path, List<Refusal> refusals)
    {
        var members = Members.GetOrAdd(type, MembersOf);
        foreach (var property in json.EnumerateObject())
        {
            var name = NameOf(property);
            var member = members.FirstOrDefault(member => member.Name == name);
            if (member is null)
                refusals.Add(Refusal.Of("member-unknown", Under(path, name), name, string.Join(", ", members.Select(known => known.Name))));
            else if (property.Value.ValueKind != JsonValueKind.Null || !member.IsOptional)
                Check(property.Value, member.Type, Under(path, name), refusals);
            if (refusals.Count >= MostRefusals) return;
        }
        foreach (var member in members)
            if (!member.IsOptional && !json.TryGetProperty(member.Name, out _))
                refusals.Add(Refusal.Of("member-missing", Under(path, member.Name), member.Name));
    }

    private static void CheckText(JsonElement json, string path, List<Refusal> refusals)
    {
        if (!Expect(json.ValueKind == JsonValueKind.String, "text-expected", path, refusals)) return;
        try
        {
            Expect(IsClean(json.GetString()!), "text-has-control-character", path, refusals);
        }
        catch (InvalidOperationException)
        {
            // An escape that is half a surrogate pair can't even be read.
            refusals.Add(Refusal.Of("text-has-control-character", path));
        }
    }

    private static void CheckNumber(JsonElement json, string path, List<Refusal> refusals)
    {
        if (json.ValueKind != JsonValueKind.Number) refusals.Add(Refusal.Of("number-expected", path));
        else if (json.TryGetInt32(out _)) return;
        else if (json.TryGetDecimal(out var number) && number != decimal.Truncate(number)) refusals.Add(Refusal.Of("number-expected", path));
        else refusals.Add(Refusal.Of("number-out-of-range", path, "0", "1000000"));
    }

    private static bool Expect(bool isSo, string code, string path, List<Refusal> refusals)
    {
        if (!isSo) refusals.Add(Refusal.Of(code, path.Length == 0 ? null : path));
        return isSo;
    }

    /// <summary>Of what may be anything: shortened, and without what a log or a screen couldn't show.</summary>
    private static string NameOf(JsonProperty property)
    {
        try
        {
            var name = property.Name;
            return IsClean(name) ? name.Length > 100 ? $"{name[..99]}…" : name : "?";
        }
        catch (InvalidOperationException)
        {
            return "?";
        }
    }

    private static string Under(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static Type? ItemOf(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? type.GetGenericArguments()[0] : null;

    private static ImmutableArray<Member> MembersOf(Type type)
    {
        var nullability = new NullabilityInfoContext();
        return [.. type.GetConstructors().Single(constructor => constructor.GetParameters() is not [var only] || only.ParameterType != type).GetParameters().Select(parameter => new Member(
            JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!),
            Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType,
            nullability.Create(parameter).WriteState == NullabilityState.Nullable))];
    }

    private sealed record Member(string Name, Type Type, bool IsOptional);
}
