namespace Orleans.Runtime;

/// <summary>Tells one activation of a grain from another.</summary>
[GenerateSerializer, Immutable]
public readonly struct ActivationId(Guid key) : IEquatable<ActivationId>
{
    private readonly Guid _key = key;

    public bool IsDefault => _key == Guid.Empty;

    public static ActivationId NewId() => new(Guid.NewGuid());

    public bool Equals(ActivationId other) => _key == other._key;
    public override bool Equals(object? obj) => obj is ActivationId other && Equals(other);
    public override int GetHashCode() => _key.GetHashCode();
    public string ToParsableString() => ToString();
    public override string ToString() => $"@{_key:N}";

    public static bool operator ==(ActivationId left, ActivationId right) => left.Equals(right);
    public static bool operator !=(ActivationId left, ActivationId right) => !left.Equals(right);
}
