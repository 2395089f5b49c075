using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>Which grain: its type and its key, written <c>type/key</c>.</summary>
[GenerateSerializer, Immutable]
public readonly struct GrainId(GrainType type, IdSpan key)
    : IEquatable<GrainId>, IComparable<GrainId>, IParsable<GrainId>
{
    public GrainType Type { get; } = type;
    public IdSpan Key { get; } = key;
    public bool IsDefault => Type.IsDefault && Key.IsDefault;

    public static GrainId Create(string type, string key) => Create(GrainType.Create(type), key);
    public static GrainId Create(GrainType type, string key) => new(type, IdSpan.Create(key));
    public static GrainId Create(GrainType type, IdSpan key) => new(type, key);

    public static GrainId Parse(string value) =>
        TryParse(value, out var id) ? id : throw new ArgumentException($"\"{value}\" is not a grain id: type/key is wanted");

    public static bool TryParse(string? value, out GrainId result)
    {
        var slash = value?.IndexOf('/') ?? -1;
        result = slash <= 0 ? default : Create(value![..slash], value[(slash + 1)..]);
        return slash > 0;
    }

    static GrainId IParsable<GrainId>.Parse(string value, IFormatProvider? provider) => Parse(value);

    static bool IParsable<GrainId>.TryParse([NotNullWhen(true)] string? value, IFormatProvider? provider, out GrainId result) =>
        TryParse(value, out result);

    /// <summary>The same on every machine; reminder rows carry it.</summary>
    public uint GetUniformHashCode() => unchecked(Type.GetUniformHashCode() * 31 + Key.GetUniformHashCode());

    public bool Equals(GrainId other) => Key.Equals(other.Key) && Type.Equals(other.Type);
    public override bool Equals(object? obj) => obj is GrainId other && Equals(other);
    public override int GetHashCode() => unchecked((int)GetUniformHashCode());

    public int CompareTo(GrainId other)
    {
        var byType = Type.CompareTo(other.Type);
        return byType != 0 ? byType : Key.CompareTo(other.Key);
    }

    public override string ToString() => $"{Type}/{Key}";

    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);
    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);
}
