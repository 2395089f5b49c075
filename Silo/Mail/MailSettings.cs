using System.Globalization;
using System.Net;
using Guichet.Hosting;
using MailKit.Security;

namespace Guichet.Mail;

/// <summary>Which server takes the mail, and in whose name it leaves: <c>Guichet:Mail:…</c>, <c>GUICHET_MAIL_…</c>.</summary>
/// <param name="Host">The SMTP server.</param>
/// <param name="Security">Unless none, nothing is said before the connection is encrypted and the server's certificate is found good.</param>
/// <param name="From">The address that mail comes from; answers go there.</param>
internal sealed record MailSettings(string Host, int Port, SecureSocketOptions Security, string? User, string? Password, string From, string FromName)
{
    /// <summary>To the server at once, from this node: 1 to 50.</summary>
    public int Connections { get; init; } = 4;

    /// <summary>After which a connection is left for a fresh one: 1 to 10,000.</summary>
    public int MailsPerConnection { get; init; } = 100;

    /// <summary>That leave this node at most, evenly spread: 1 to 100,000; null for no limit.</summary>
    public int? PerMinute { get; init; }

    /// <summary>Null when no server is named.</summary>
    /// <exception cref="WrongSettingException">Something is missing or makes no sense; the message names the setting.</exception>
    public static MailSettings? Read(IConfiguration configuration)
    {
        var mail = configuration.GetSection("Guichet:Mail");
        if (mail["Host"] is not { Length: > 0 } host)
            return null;

        var security = mail["Security"] switch
        {
            null or "starttls" => SecureSocketOptions.StartTls,
            "tls" => SecureSocketOptions.SslOnConnect,
            "none" => SecureSocketOptions.None,
            var other => throw new WrongSettingException($"Guichet:Mail:Security is '{other}': say starttls, tls or none."),
        };
        if (!EmailAddress.IsValid(mail["From"]))
            throw new WrongSettingException("Guichet:Mail:From must be the address that mail comes from.");
        if (security == SecureSocketOptions.None && mail["User"] is not null && !IsThisMachine(host))
            throw new WrongSettingException("Guichet:Mail:User would be sent, with its password, for all to read: set Guichet:Mail:Security to starttls or tls.");
        return new MailSettings(
            host, Number(mail, "Port", 65535) ?? (security == SecureSocketOptions.SslOnConnect ? 465 : 587), security,
            mail["User"], mail["Password"], mail["From"]!, mail["FromName"] ?? "Guichet")
        {
            Connections = Number(mail, "Connections", 50) ?? 4,
            MailsPerConnection = Number(mail, "MailsPerConnection", 10_000) ?? 100,
            PerMinute = Number(mail, "PerMinute", 100_000),
        };
    }

    /// <summary>Where mails come back to (<c>Guichet:Mail:BounceAddress</c>), with or without a server of one's own.</summary>
    /// <exception cref="WrongSettingException">It isn't an address, or its first part leaves no room for what is added to it.</exception>
    public static BounceAddress ReadBounces(IConfiguration configuration) => configuration["Guichet:Mail:BounceAddress"] switch
    {
        null or "" => new BounceAddress(null),
        var said when EmailAddress.IsValid(said) && said.All(char.IsAscii) && said.LastIndexOf('@') <= BounceAddress.LongestOwn => new BounceAddress(said),
        var said => throw new WrongSettingException(
            $"Guichet:Mail:BounceAddress is '{said}': say an address such as bounces@theatre.example, of ASCII letters and with at most {BounceAddress.LongestOwn} of them before its @."),
    };

    private static int? Number(IConfigurationSection mail, string name, int most) => mail[name] switch
    {
        null or "" => null,
        var said when int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most => number,
        var said => throw new WrongSettingException($"Guichet:Mail:{name} is '{said}': say a number from 1 to {most}."),
    };

    private static bool IsThisMachine(string host) => host == "localhost" || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);
}
