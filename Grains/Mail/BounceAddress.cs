using Guichet.Organisations;

namespace Guichet.Mail;

/// <summary>
/// Where mails come back to that can't be delivered: each to an address of its own, <c>local+token@domain</c> (VERP), whose token nobody can guess.
/// The host says the address, where there is one.
/// </summary>
/// <param name="Address">The plain address; null where mails come back to their sender and nobody reads them.</param>
public sealed record BounceAddress(string? Address)
{
    private const int LongestLocal = 64;

    /// <summary>Of the part before the @, so that a token fits behind it (RFC 5321, 4.5.3.1.1).</summary>
    public static readonly int LongestOwn = LongestLocal - 1 - Secrets.ShortLength;

    /// <summary>Where the mail with that token comes back to.</summary>
    public string? For(string token) => Address is { } address ? $"{address[..address.LastIndexOf('@')]}+{token}{address[address.LastIndexOf('@')..]}" : null;

    /// <summary>The token of an address, whatever stands around it and in whatever case; null where it has none.</summary>
    public static string? TokenIn(string? address)
    {
        var plain = (address ?? "").Trim().Trim('<', '>').ToLowerInvariant();
        var local = plain.LastIndexOf('@') is >= 0 and var at ? plain[..at] : plain;
        var token = local[(local.LastIndexOf('+') + 1)..];
        return Secrets.IsFormedShort(token) ? token : null;
    }
}
