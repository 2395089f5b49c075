using System.Security.Cryptography;
using System.Text;

namespace Guichet;

/// <summary>
/// A change asked of one aggregate. Sent again with the same id and content it changes nothing and gets the first answer,
/// also after a crash; sent with the same id and other content it is refused (<c>command-reused</c>).
/// </summary>
[GenerateSerializer, Immutable, Alias("command")]
public abstract record Command
{
    /// <summary>Chosen by the sender, once for each intention of its user.</summary>
    [Id(0)] public required Guid Id { get; init; }

    [Id(1)] public required Actor By { get; init; }
}

/// <summary>Command ids that can be derived again from what caused them.</summary>
public static class CommandIds
{
    /// <summary>The id that these words always give (SHA-256, as a version 8 UUID, RFC 9562). Name whom it is scoped to first.</summary>
    public static Guid From(params ReadOnlySpan<string> words)
    {
        var joined = new StringBuilder();
        foreach (var word in words) joined.Append(word.Length).Append(':').Append(word).Append('\n');
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(joined.ToString())).AsSpan(0, 16);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
