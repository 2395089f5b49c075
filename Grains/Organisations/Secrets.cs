using System.Security.Cryptography;
using System.Text;

namespace Guichet.Organisations;

/// <summary>What lets its bearer in: cookies, tokens, what is in mailed links. 260 random bits, of which only the SHA-256 is kept.</summary>
public static class Secrets
{
    /// <summary>52 characters, fit for addresses and cookies as they are.</summary>
    public const int Length = 52;

    /// <summary>Starts every API token, so that people and scanners of leaked secrets know one when they see it.</summary>
    public const string TokenPrefix = "guichet_";

    /// <summary>Of what only opens one page or names one mail: 26 characters, 130 random bits, in lower case, as mail addresses may be changed to.</summary>
    public const int ShortLength = 26;

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    public static string New() => RandomNumberGenerator.GetString(Alphabet, Length);

    public static string NewShort() => RandomNumberGenerator.GetString(Alphabet, ShortLength);

    /// <summary>A slow hash is for what people choose; this much randomness can't be guessed from a fast one.</summary>
    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    /// <summary>Has the form of one: anything else isn't worth a look-up.</summary>
    public static bool IsFormed(string? secret) => secret is { Length: Length } && secret.AsSpan().IndexOfAnyExcept(Alphabet) < 0;

    public static bool IsFormedShort(string? secret) => secret is { Length: ShortLength } && secret.AsSpan().IndexOfAnyExcept(Alphabet) < 0;
}
