using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Guichet.Mail;

/// <summary>A mail as its writer thinks of it: some paragraphs and at most one thing to do. The same for readers of text and of HTML.</summary>
/// <param name="Language"><c>fr</c> or <c>en</c>.</param>
/// <param name="Button">The words on the button; null where there is nothing to do.</param>
/// <param name="Path">The page that the button opens, from the root of the installation: <c>/links/…</c>.</param>
/// <param name="Footer">Why the reader gets this mail.</param>
[GenerateSerializer, Immutable, Alias("letter")]
public sealed record Letter(string Language, string Subject, ImmutableArray<string> Paragraphs, string? Button, string? Path, string Footer)
{
    private const string Style =
        "body{margin:0;padding:24px 12px;background:#f5f6f8;color:#1d2430;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}"
        + "main{max-width:560px;margin:0 auto;padding:28px 32px;background:#fff;border-radius:8px}"
        + "p{margin:0 0 16px}a.button{display:inline-block;padding:10px 20px;border-radius:6px;background:#1f5fbf;color:#fff;text-decoration:none;font-weight:600}"
        + "small,footer{color:#5b6575;font-size:13px}footer{max-width:560px;margin:16px auto 0;padding:0 32px}";

    public string ToText(Uri root)
    {
        var text = new StringBuilder();
        foreach (var paragraph in Paragraphs) text.Append(paragraph).Append("\n\n");
        if (AddressIn(root) is { } address) text.Append(Button).Append(Colon).Append('\n').Append(address).Append("\n\n");
        return text.Append("-- \n").Append(Footer).Append('\n').ToString();
    }

    public string ToHtml(Uri root)
    {
        var html = new StringBuilder("<!DOCTYPE html><html lang=\"").Append(Language)
            .Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>").Append(Encoded(Subject))
            .Append("</title><style>").Append(Style).Append("</style></head><body><main>");
        foreach (var paragraph in Paragraphs) html.Append("<p>").Append(Encoded(paragraph)).Append("</p>");
        if (AddressIn(root) is { } address)
            html.Append("<p><a class=\"button\" href=\"").Append(Encoded(address)).Append("\">").Append(Encoded(Button!)).Append("</a></p><p><small>")
                .Append(Encoded(address)).Append("</small></p>");
        return html.Append("</main><footer>").Append(Encoded(Footer)).Append("</footer></body></html>").ToString();
    }

    private string Colon => Language == "fr" ? "\u00A0:" : ":";

    private string? AddressIn(Uri root) => Button is null || Path is null ? null : new Uri(root, Path).AbsoluteUri;

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
