using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Guichet.Journal;

namespace Guichet.Links;

/// <summary>
/// What signs a webhook's posts, or stands in the address of a CSV: 256 random bits as 43 characters that need no escaping.
/// </summary>
public static class LinkSecret
{
    private const int Bytes = 32;
    public const int Length = 43;

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static bool IsValid(string? secret) =>
        secret is { Length: Length } && secret.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    /// <summary>By which an address is found: looking up a hash tells nothing about the token by how long it takes.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

/// <summary>
/// The secret of one link, in a row of its own because it must stand neither in the journal nor where the counterpart may read. The one
/// before is gone with the same statement.
/// </summary>
public sealed record LinkSecretRow(string Organisation, string LinkId, OutsideDelivery Delivery, string Secret) : Row
{
    public override Statement ToStatement() => new(
        """
        INSERT INTO link_secrets (organisation, link_id, secret, token_hash) VALUES ($1, $2, $3, $4::bytea)
        ON CONFLICT (organisation, link_id) DO UPDATE SET secret = excluded.secret, token_hash = excluded.token_hash
        """,
        [Organisation, LinkId, Secret, Delivery == OutsideDelivery.Address ? LinkSecret.HashOf(Secret) : null]);

    /// <summary>Not the secret: rows are printed in logs.</summary>
    public override string ToString() => $"{nameof(LinkSecretRow)} {Organisation}/{LinkId}";
}

/// <summary>A link that is over has no secret any more: its address answers nobody.</summary>
public sealed record LinkSecretGone(string Organisation, string LinkId) : Row
{
    public override Statement ToStatement() => new("DELETE FROM link_secrets WHERE organisation = $1 AND link_id = $2", [Organisation, LinkId]);
}
