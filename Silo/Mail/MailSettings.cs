using System.Globalization;
using System.Net;
using Guichet.Hosting;

namespace Guichet.Mail;

/// <summary>Which server takes the mail, and in whose name it leaves: <c>Guichet:Mail:…</c>, <c>GUICHET_MAIL_…</c>.</summary>
/// <param name="Host">The SMTP server.</param>
/// <param name="StartTls">Nothing is said before the connection is encrypted and the server's certificate is found good.</param>
/// <param name="From">The address that mail comes from; answers go there.</param>
internal sealed record MailSettings(string Host, int Port, bool StartTls, string? User, string? Password, string From, string FromName)
{
    /// <summary>Null when no server is named.</summary>
    /// <exception cref="WrongSettingException">Something is missing or makes no sense; the message names the setting.</exception>
    public static MailSettings? Read(IConfiguration configuration)
    {
        var mail = configuration.GetSection("Guichet:Mail");
        if (mail["Host"] is not { Length: > 0 } host)
            return null;

        var security = mail["Security"] ?? "starttls";
        if (security is not ("starttls" or "none"))
            throw new WrongSettingException($"Guichet:Mail:Security is '{security}': say starttls or none.");
        if (!int.TryParse(mail["Port"] ?? "587", NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
            throw new WrongSettingException($"Guichet:Mail:Port is '{mail["Port"]}': say a number from 1 to 65535.");
        if (!EmailAddress.IsValid(mail["From"]))
            throw new WrongSettingException("Guichet:Mail:From must be the address that mail comes from.");
        if (security == "none" && mail["User"] is not null && !IsThisMachine(host))
            throw new WrongSettingException("Guichet:Mail:User would be sent, with its password, for all to read: set Guichet:Mail:Security to starttls.");
        return new MailSettings(host, port, security == "starttls", mail["User"], mail["Password"], mail["From"]!, mail["FromName"] ?? "Guichet");
    }

    private static bool IsThisMachine(string host) => host == "localhost" || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);
}
