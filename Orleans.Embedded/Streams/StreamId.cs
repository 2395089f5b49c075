using System.Globalization;

namespace Orleans.Runtime;

/// <summary>Which stream: a namespace and a key.</summary>
[GenerateSerializer, Immutable]
public readonly struct StreamId : IEquatable<StreamId>, IComparable<StreamId>
{
    private readonly string? _namespace;
    private readonly IdSpan _key;

    private StreamId(string? ns, string key) => (_namespace, _key) = (string.IsNullOrEmpty(ns) ? null : ns, IdSpan.Create(key));

    public static StreamId Create(string? ns, string key) => new(ns, key);
    public static StreamId Create(string? ns, Guid key) => new(ns, key.ToString("N"));
    public static StreamId Create(string? ns, long key) => new(ns, key.ToString("X", CultureInfo.InvariantCulture));

    public string? GetNamespace() => _namespace;
    public string GetKeyAsString() => _key.ToString();

    public bool Equals(StreamId other) => _key.Equals(other._key) && _namespace == other._namespace;
    public override bool Equals(object? obj) => obj is StreamId other && Equals(other);
    public override int GetHashCode() => HashCode.Combine(_namespace, _key);

    public int CompareTo(StreamId other)
    {
        var byNamespace = string.CompareOrdinal(_namespace, other._namespace);
        return byNamespace != 0 ? byNamespace : _key.CompareTo(other._key);
    }

    public override string ToString() => _namespace is null ? $"null/{_key}" : $"{_namespace}/{_key}";

    public static bool operator ==(StreamId s1, StreamId s2) => s1.Equals(s2);
    public static bool operator !=(StreamId s1, StreamId s2) => !s1.Equals(s2);
}
