using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Guichet.Links;

/// <summary>What the host's configuration says of webhooks.</summary>
public sealed class WebhookOptions
{
    /// <summary>Lets webhooks go to this machine, and there without TLS: for development and tests, never for an installation that others reach.</summary>
    public bool AllowLoopback { get; set; }
}

/// <summary>
/// Which addresses a webhook may go to: https ones that resolve to public addresses. A name is resolved once for each post, what it resolves
/// to is checked, and the connection is made to what was checked: a name that changes its mind in between changes nothing.
/// </summary>
public sealed class WebhookAddresses(WebhookOptions options)
{
    private static readonly TimeSpan ResolveWithin = TimeSpan.FromSeconds(5);

    /// <summary>An address to connect to, or what is wrong with the URL.</summary>
    public readonly record struct Resolved(Uri? Uri, IPAddress? Address, Refusal? Refusal);

    /// <summary>Null when a webhook may go there.</summary>
    public async Task<Refusal?> Check(string? url) => (await Resolve(url, CancellationToken.None)).Refusal;

    public async Task<Resolved> Resolve(string? url, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(url)) return Refused("webhook-missing");
        if (url.Length > LinkCore.LongestUrl) return Refused("text-too-long", LinkCore.LongestUrl.ToString(CultureInfo.InvariantCulture));
        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || uri.Fragment.Length > 0) return Refused("webhook-invalid");
        var plain = uri.Scheme == Uri.UriSchemeHttp && options.AllowLoopback;
        if (uri.Scheme != Uri.UriSchemeHttps && !plain) return Refused("webhook-not-https");

        IPAddress[] addresses;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(ResolveWithin);
            addresses = IPAddress.TryParse(uri.IdnHost.Trim('[', ']'), out var literal) ? [literal] : await Dns.GetHostAddressesAsync(uri.IdnHost, limit.Token);
        }
        catch (Exception failure) when (failure is SocketException or ArgumentException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return Refused("webhook-unresolvable", uri.IdnHost);
        }
        if (addresses.Length == 0) return Refused("webhook-unresolvable", uri.IdnHost);

        // One private address among public ones is enough to refuse: which one is used must not be luck.
        foreach (var address in addresses)
        {
            var loopback = IPAddress.IsLoopback(Plain(address));
            if (loopback ? !options.AllowLoopback : !IsPublic(address) || plain) return Refused("webhook-private", uri.IdnHost);
        }
        return new Resolved(uri, addresses[0], null);
    }

    private static Resolved Refused(string code, params ReadOnlySpan<string> arguments) => new(null, null, Refusal.Of(code, "webhook", arguments));

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>Reachable by anyone: not of the special-purpose registries (RFC 6890 and its updates), however it is written.</summary>
    public static bool IsPublic(IPAddress written)
    {
        var address = Plain(written);
        var bytes = address.GetAddressBytes();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return bytes[0] switch
            {
                0 or 10 or 127 => false,
                100 => (bytes[1] & 0xC0) != 64,
                169 => bytes[1] != 254,
                172 => (bytes[1] & 0xF0) != 16,
                192 => bytes[1] != 168 && !(bytes[1] == 0 && bytes[2] is 0 or 2) && !(bytes[1] == 88 && bytes[2] == 99),
                198 => (bytes[1] & 0xFE) != 18 && !(bytes[1] == 51 && bytes[2] == 100),
                203 => !(bytes[1] == 0 && bytes[2] == 113),
                >= 224 => false,
                _ => true,
            };
        // Only global unicast, without what carries another address inside it (6to4, Teredo, NAT64) or documents.
        if ((bytes[0] & 0xE0) != 0x20) return false;
        if (bytes[0] == 0x20 && bytes[1] == 0x02) return false;
        if (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] < 0x02) return false;
        if (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0D && bytes[3] == 0xB8) return false;
        return !(bytes[0] == 0x3F && bytes[1] == 0xFF && (bytes[2] & 0xF0) == 0);
    }
}
