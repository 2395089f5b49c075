using System.Buffers.Text;
using System.Security.Cryptography;

namespace Guichet.Links;

/// <summary>
/// What signs a webhook's posts, or stands in the address of a CSV: 43 characters of the base 64 that needs no escaping (256 bits). It
/// prints as dots; as a part of its command it is hashed and not kept.
/// </summary>
[GenerateSerializer, Immutable, Alias("link-secret")]
public sealed record LinkSecret(string Value)
{
    private const int Bytes = 32;
    public const int Length = 43;

    public static LinkSecret New() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    public static bool IsValid(string? value) =>
        value is { Length: Length } && value.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    public override string ToString() => "…";
}
