using MailKit.Net.Smtp;

namespace Guichet.Mail;

/// <summary>What a server says, fit to be kept and shown.</summary>
internal static class Smtp
{
    private const int Longest = 500;

    public static string Reply(SmtpCommandException refused) => OneLine($"{(int)refused.StatusCode} {refused.Message}");

    public static string OneLine(string text)
    {
        var line = string.Concat((text.Length > Longest ? text[..(Longest - 1)] + "…" : text).Select(letter => char.IsControl(letter) ? ' ' : letter));
        return line.Trim();
    }
}
