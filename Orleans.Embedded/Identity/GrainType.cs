namespace Orleans.Runtime;

/// <summary>The name of a grain class, as stored and shown.</summary>
[GenerateSerializer, Immutable]
public readonly struct GrainType(IdSpan id) : IEquatable<GrainType>, IComparable<GrainType>
{
    public IdSpan Value { get; } = id;
    public bool IsDefault => Value.IsDefault;

    public static GrainType Create(string value) => new(IdSpan.Create(value));

    public uint GetUniformHashCode() => Value.GetUniformHashCode();
    public bool Equals(GrainType obj) => Value.Equals(obj.Value);
    public override bool Equals(object? obj) => obj is GrainType other && Equals(other);
    public override int GetHashCode() => Value.GetHashCode();
    public int CompareTo(GrainType other) => Value.CompareTo(other.Value);
    public override string ToString() => Value.ToString();

    public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);
    public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);
}
