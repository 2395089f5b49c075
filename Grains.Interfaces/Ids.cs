using System.Security.Cryptography;

namespace Guichet;

/// <summary>
/// Ids as they stand in addresses: 20 characters of lower-case Crockford base 32, the first nine the millisecond of making
/// (so they sort by age until the year 3084), the other eleven 55 random bits.
/// </summary>
public static class Ids
{
    public const int Length = 20;
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string New(TimeProvider time) => New(time.GetUtcNow(), RandomNumberGenerator.GetBytes(7));

    /// <summary>The id for this instant and these seven random bytes (of which 55 bits are used).</summary>
    public static string New(DateTimeOffset at, ReadOnlySpan<byte> random)
    {
        Span<char> id = stackalloc char[Length];
        var milliseconds = at.ToUnixTimeMilliseconds();
        for (var i = 8; i >= 0; i--, milliseconds >>= 5) id[i] = Alphabet[(int)(milliseconds & 31)];
        ulong bits = 0;
        foreach (var part in random[..7]) bits = (bits << 8) | part;
        for (var i = Length - 1; i > 8; i--, bits >>= 5) id[i] = Alphabet[(int)(bits & 31)];
        return new string(id);
    }

    /// <summary>The id that these words always give: for what must come out the same when it is made again.</summary>
    public static string From(DateTimeOffset at, params ReadOnlySpan<string> words) => New(at, CommandIds.From(words).ToByteArray().AsSpan(0, 7));

    public static bool IsValid(string? id) => id is { Length: Length } && id.AsSpan().IndexOfAnyExcept(Alphabet) < 0;
}

/// <summary>A grain's key: the organisation it belongs to, a slash, its id there.</summary>
public static class GrainKey
{
    public static string Of(string organisation, string id) => $"{organisation}/{id}";

    /// <exception cref="FormatException">Not of the form <c>organisation/id</c>.</exception>
    public static (string Organisation, string Id) Parse(string key)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < key.Length - 1
            ? (key[..slash], key[(slash + 1)..])
            : throw new FormatException($"'{key}' is not organisation/id.");
    }
}
