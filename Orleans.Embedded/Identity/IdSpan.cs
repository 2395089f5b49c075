using System.Text;

namespace Orleans.Runtime;

/// <summary>A name with its stable hash, which is computed once.</summary>
[GenerateSerializer, Immutable]
public readonly struct IdSpan : IEquatable<IdSpan>, IComparable<IdSpan>
{
    private readonly string? _text;
    private readonly int _hash;

    private IdSpan(string text)
    {
        _text = text;
        Span<byte> bytes = stackalloc byte[256];
        _hash = unchecked((int)(Encoding.UTF8.TryGetBytes(text, bytes, out var written)
            ? StableHash.ComputeHash(bytes[..written])
            : StableHash.ComputeHash(Encoding.UTF8.GetBytes(text))));
    }

    public static IdSpan Create(string id) => new(id ?? throw new ArgumentNullException(nameof(id)));

    public bool IsDefault => _text is null;
    public uint GetUniformHashCode() => unchecked((uint)_hash);
    public bool Equals(IdSpan obj) => _hash == obj._hash && _text == obj._text;
    public override bool Equals(object? obj) => obj is IdSpan other && Equals(other);
    public override int GetHashCode() => _hash;
    public int CompareTo(IdSpan other) => string.CompareOrdinal(_text, other._text);
    public override string ToString() => _text ?? "";

    public static bool operator ==(IdSpan left, IdSpan right) => left.Equals(right);
    public static bool operator !=(IdSpan left, IdSpan right) => !left.Equals(right);
}
