using System.Security.Cryptography;
using System.Text;
using Guichet.Journal;

namespace Guichet.Links;

/// <summary>
/// The secret of one link, in a row of its own because it must stand neither in the journal nor where the counterpart may read. The one
/// before is gone with the same statement.
/// </summary>
public sealed record LinkSecretRow(string Organisation, string LinkId, OutsideDelivery Delivery, LinkSecret Secret) : Row
{
    public override Statement ToStatement() => new(
        """
        INSERT INTO link_secrets (organisation, link_id, secret, token_hash) VALUES ($1, $2, $3, $4::bytea)
        ON CONFLICT (organisation, link_id) DO UPDATE SET secret = excluded.secret, token_hash = excluded.token_hash
        """,
        [Organisation, LinkId, Secret.Value, Delivery == OutsideDelivery.Address ? HashOf(Secret.Value) : null]);

    /// <summary>By which an address is found: looking up a hash tells nothing about the token by how long it takes.</summary>
    public static byte[] HashOf(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

/// <summary>A link that is over has no secret any more: its address answers nobody.</summary>
public sealed record LinkSecretGone(string Organisation, string LinkId) : Row
{
    public override Statement ToStatement() => new("DELETE FROM link_secrets WHERE organisation = $1 AND link_id = $2", [Organisation, LinkId]);
}
