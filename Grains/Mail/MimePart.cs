using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Guichet.Mail;

/// <summary>
/// A message, or a part of one, read back (RFC 2045 to 2047): as much of it as mail of this product uses, and nothing that
/// a strange one could break.
/// </summary>
public sealed partial record MimePart(ImmutableDictionary<string, string> Headers, string Body)
{
    private const int Deepest = 8;

    /// <summary>A header's value, unfolded and decoded; empty when it isn't there.</summary>
    public string Header(string name) => Decode(Headers.GetValueOrDefault(name, ""));

    /// <summary>The first part of that type, this one included.</summary>
    public MimePart? Find(string type) => Find(type, Deepest);

    /// <summary>The body as its reader sees it.</summary>
    public string Text
    {
        get
        {
            var bytes = Headers.GetValueOrDefault("Content-Transfer-Encoding", "").Trim().ToLowerInvariant() switch
            {
                "base64" => FromBase64(Body),
                "quoted-printable" => FromQuotedPrintable(SoftBreak().Replace(Body, ""), underscoreIsBlank: false),
                _ => Encoding.UTF8.GetBytes(Body),
            };
            return EncodingOf(Parameter("charset") ?? "utf-8").GetString(bytes).ReplaceLineEndings("\n");
        }
    }

    public static MimePart Parse(string content)
    {
        var lines = content.ReplaceLineEndings("\n").Split('\n');
        var headers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        var at = 0;
        for (string? name = null; at < lines.Length && lines[at].Length > 0; at++)
            if (lines[at][0] is ' ' or '\t' && name is not null)
                headers[name] += lines[at];
            else if (lines[at].IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
                headers[name = lines[at][..colon].Trim()] = lines[at][(colon + 1)..].Trim();
        return new MimePart(headers.ToImmutable(), string.Join('\n', lines.Skip(at + 1)));
    }

    private MimePart? Find(string type, int deeper)
    {
        var own = Headers.GetValueOrDefault("Content-Type", "text/plain").Split(';')[0].Trim();
        if (own.Equals(type, StringComparison.OrdinalIgnoreCase))
            return this;
        if (deeper == 0 || Parameter("boundary") is not { Length: > 0 } boundary || !own.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase))
            return null;
        // What is before the first boundary and after the last is for nobody.
        var parts = $"\n{Body}".Split($"\n--{boundary}").Skip(1).TakeWhile(part => !part.StartsWith("--", StringComparison.Ordinal));
        return parts.Select(part => Parse(part[(part.IndexOf('\n', StringComparison.Ordinal) + 1)..]).Find(type, deeper - 1)).FirstOrDefault(found => found is not null);
    }

    private string? Parameter(string name) =>
        Regex.Match(Headers.GetValueOrDefault("Content-Type", ""), $"""(?i);\s*{name}\s*=\s*(?:"([^"]*)"|([^\s;]+))""") is { Success: true } match
            ? match.Groups[1].Value + match.Groups[2].Value
            : null;

    private static string Decode(string header) => EncodedWord().Replace(BetweenWords().Replace(header, "$1"), match =>
    {
        var text = match.Groups["text"].Value;
        var bytes = match.Groups["how"].Value is "b" or "B" ? FromBase64(text) : FromQuotedPrintable(text, underscoreIsBlank: true);
        return EncodingOf(match.Groups["charset"].Value).GetString(bytes);
    });

    private static byte[] FromBase64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(text);
    }

    private static byte[] FromQuotedPrintable(string text, bool underscoreIsBlank)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
            if (text[i] == '=' && i + 2 < text.Length && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                bytes.Add(code);
                i += 2;
            }
            else if (text[i] == '_' && underscoreIsBlank)
                bytes.Add((byte)' ');
            else
                bytes.AddRange(Encoding.UTF8.GetBytes(text, i, 1));
        return [.. bytes];
    }

    private static Encoding EncodingOf(string name)
    {
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8;
        }
    }

    [GeneratedRegex(@"=\?(?<charset>[^?]+)\?(?<how>[bBqQ])\?(?<text>[^?]*)\?=")]
    private static partial Regex EncodedWord();

    /// <summary>Blanks between encoded words are there for the line's length only.</summary>
    [GeneratedRegex(@"(\?=)[ \t]+(?==\?)")]
    private static partial Regex BetweenWords();

    [GeneratedRegex(@"=[ \t]*\n")]
    private static partial Regex SoftBreak();
}
