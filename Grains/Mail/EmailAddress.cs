using System.Net.Mail;

namespace Guichet.Mail;

/// <summary>What is taken for an e-mail address: the plain form <c>local@domain</c> that people have, not all that RFC 5321 allows.</summary>
public static class EmailAddress
{
    /// <summary>RFC 5321, 4.5.3.1.3, less the angle brackets.</summary>
    public const int Longest = 254;

    private const int LongestLocal = 64;

    /// <summary>As it is kept and compared: without blanks around it, in lower case.</summary>
    public static string Normalized(string? address) => (address ?? "").Trim().ToLowerInvariant();

    public static bool IsValid(string? address)
    {
        if (address is null or { Length: > Longest }) return false;
        var at = address.LastIndexOf('@');
        if (at is < 1 or > LongestLocal || at == address.Length - 1) return false;
        if (address.AsSpan().IndexOfAny(" \t\r\n\0\"\\<>()[],;:") >= 0 || address.Any(char.IsControl)) return false;
        var domain = address[(at + 1)..];
        return domain.Contains('.', StringComparison.Ordinal)
            && Uri.CheckHostName(domain) == UriHostNameType.Dns
            && MailAddress.TryCreate(address, out var parsed)
            && parsed.Address == address;
    }
}
