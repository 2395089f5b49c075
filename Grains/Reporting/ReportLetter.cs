using System.Net;
using System.Text;

namespace Guichet.Reporting;

/// <summary>
/// A report as a mail's body. Mail programs know tables, few styles and none but those of the element itself, and no page is sure to reach
/// them as it was written: so it is tables within tables, and everything that isn't ours is encoded.
/// </summary>
public static class ReportLetter
{
    /// <summary>What the logo is called in the mail: <c>cid:logo</c>.</summary>
    public const string LogoContentId = "logo";

    private const string Font = "font-family:'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
    private const string Ink = "#1a202c", Grey = "#59616e", Rule = "#d5d9e0", Ground = "#f3f4f7";

    /// <param name="logoAddress">What shows the logo: <c>cid:…</c> in a mail, a <c>data:</c> address in a preview. Null for none.</param>
    /// <param name="page">The address of the partner's page; null where the mail has no link to it.</param>
    public static string Html(Report report, string? logoAddress, Uri? page = null)
    {
        var colour = report.Letterhead.Details.Colour;
        var html = new StringBuilder(8_192);
        html.Append("<!DOCTYPE html>\n<html lang=\"").Append(report.Language == Words.Language.English ? "en" : "fr")
            .Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>").Append(Encoded(report.Subject))
            .Append("</title></head><body style=\"margin:0;padding:0;background:").Append(Ground).Append("\">")
            .Append("<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"background:").Append(Ground).Append("\"><tr><td align=\"center\" style=\"padding:20px 8px\">")
            .Append("<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"max-width:760px;background:#ffffff;border-top:5px solid ").Append(colour).Append("\">");
        if (logoAddress is not null && report.Letterhead.Logo is { } logo)
        {
            var (width, height) = Shown(logo);
            html.Append("<tr><td style=\"padding:24px 28px 0\"><img src=\"").Append(Encoded(logoAddress)).Append("\" alt=\"").Append(Encoded(report.Organisation))
                .Append("\" width=\"").Append(width).Append("\" height=\"").Append(height).Append("\" style=\"display:block;border:0\"></td></tr>");
        }
        html.Append("<tr><td style=\"padding:22px 28px 6px;").Append(Font).Append(";font-size:15px;line-height:1.5;color:").Append(Ink).Append("\">");
        foreach (var paragraph in report.Intro.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            html.Append("<p style=\"margin:0 0 14px\">").Append(Encoded(paragraph).Replace("\n", "<br>", StringComparison.Ordinal)).Append("</p>");
        html.Append("</td></tr><tr><td style=\"padding:0 28px 8px\">");
        Table(html, report, colour);
        html.Append("</td></tr><tr><td style=\"padding:4px 28px 22px;").Append(Font).Append(";font-size:12px;line-height:1.5;color:").Append(Grey).Append("\">");
        foreach (var note in report.Notes()) html.Append("<p style=\"margin:0 0 4px\">").Append(Encoded(note)).Append("</p>");
        html.Append("</td></tr>");
        if (page is not null)
            html.Append("<tr><td style=\"padding:0 28px 24px;").Append(Font).Append(";font-size:12px;line-height:1.5;color:").Append(Grey).Append("\"><p style=\"margin:0 0 10px\"><a href=\"")
                .Append(Encoded(page.AbsoluteUri)).Append("\" style=\"display:inline-block;padding:10px 18px;background:").Append(colour).Append(";color:#ffffff;font-size:14px;font-weight:600;text-decoration:none\">")
                .Append(Encoded(ToPage(report))).Append("</a></p>").Append(Encoded(Keep(report))).Append("</td></tr>");
        html.Append("</table>");
        html.Append("<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"max-width:760px\"><tr><td style=\"padding:14px 28px;")
            .Append(Font).Append(";font-size:12px;line-height:1.5;color:").Append(Grey).Append("\">").Append(Lines(report.Letterhead.Details.Footer))
            .Append(Encoded(Why(report))).Append("</td></tr></table></td></tr></table></body></html>\n");
        return html.ToString();
    }

    /// <summary>For readers without HTML. Lines end in LF.</summary>
    /// <param name="page">As for <see cref="Html"/>.</param>
    public static string Text(Report report, Uri? page = null)
    {
        var text = new StringBuilder(2_048);
        if (report.Intro.Length > 0) text.Append(report.Intro).Append("\n\n");
        foreach (var row in report.Rows)
        {
            text.Append(row.Title).Append('\n').Append(report.When(row, " – ")).Append('\n');
            Figures(text, report, row.Figures, "  ");
            foreach (var part in row.Parts)
            {
                text.Append("  ").Append(part.Name).Append('\n');
                Figures(text, report, part.Figures, "    ");
            }
            text.Append('\n');
        }
        if (report.Rows.Length > 1)
        {
            text.Append(report.T("Total", "Total")).Append('\n');
            Figures(text, report, report.Totals, "  ");
            text.Append('\n');
        }
        foreach (var note in report.Notes()) text.Append(note).Append('\n');
        if (page is not null) text.Append('\n').Append(ToPage(report)).Append(report.T("\u00A0:", ":")).Append('\n').Append(page.AbsoluteUri).Append('\n').Append(Keep(report)).Append('\n');
        text.Append("\n-- \n");
        if (report.Letterhead.Details.Footer is { } footer) text.Append(footer).Append('\n');
        return text.Append(Why(report)).Append('\n').ToString();
    }

    private static void Figures(StringBuilder text, Report report, ReportFigures figures, string indent)
    {
        foreach (var column in report.Template.Columns)
            text.Append(indent).Append(column.Name(report.Language)).Append(report.Language == Words.Language.French ? "\u00A0: " : ": ").Append(figures.Text(column, report.Formats)).Append('\n');
    }

    private static void Table(StringBuilder html, Report report, string colour)
    {
        string cell = $"padding:7px 6px;border-bottom:1px solid {Rule};{Font};font-size:14px;line-height:1.35;color:{Ink};vertical-align:top";
        html.Append("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse\"><thead><tr>");
        var head = $"padding:8px 6px;background:{colour};color:#ffffff;{Font};font-size:13px;font-weight:600;vertical-align:bottom";
        html.Append("<th scope=\"col\" align=\"left\" style=\"").Append(head).Append("\">").Append(Encoded(report.T("Séance", "Session"))).Append("</th>");
        foreach (var column in report.Template.Columns)
            html.Append("<th scope=\"col\" align=\"right\" style=\"").Append(head).Append("\">").Append(Encoded(column.Name(report.Language))).Append("</th>");
        html.Append("</tr></thead><tbody>");
        foreach (var row in report.Rows)
        {
            html.Append("<tr><th scope=\"row\" align=\"left\" style=\"").Append(cell).Append(";font-weight:600\">").Append(Encoded(row.Title))
                .Append("<br><span style=\"font-weight:400;font-size:12px;color:").Append(Grey).Append("\">").Append(Encoded(report.When(row, "\n")).Replace("\n", "<br>", StringComparison.Ordinal)).Append("</span></th>");
            Cells(html, report, row.Figures, cell + (row.Parts.IsEmpty ? "" : ";font-weight:600"));
            html.Append("</tr>");
            foreach (var part in row.Parts)
            {
                html.Append("<tr><td align=\"left\" style=\"").Append(cell).Append(";padding-left:20px;color:").Append(Grey).Append("\">").Append(Encoded(part.Name)).Append("</td>");
                Cells(html, report, part.Figures, cell);
                html.Append("</tr>");
            }
        }
        html.Append("</tbody>");
        if (report.Rows.Length > 1)
        {
            var total = $"padding:9px 6px;border-top:2px solid {colour};background:{Ground};{Font};font-size:14px;font-weight:700;color:{Ink}";
            html.Append("<tfoot><tr><th scope=\"row\" align=\"left\" style=\"").Append(total).Append("\">").Append(Encoded(report.T("Total", "Total"))).Append("</th>");
            Cells(html, report, report.Totals, total);
            html.Append("</tr></tfoot>");
        }
        html.Append("</table>");
    }

    private static void Cells(StringBuilder html, Report report, ReportFigures figures, string style)
    {
        foreach (var column in report.Template.Columns)
            html.Append("<td align=\"right\" style=\"").Append(style).Append(";white-space:nowrap\">").Append(Encoded(figures.Text(column, report.Formats))).Append("</td>");
    }

    private static string ToPage(Report report) => report.T("Voir ces chiffres en direct", "See these figures live");

    private static string Keep(Report report) => report.T("Ce lien ouvre vos chiffres sans mot de passe : ne le transmettez pas.", "This link opens your figures without a password: don’t pass it on.");

    private static string Why(Report report) => report.T(
        $"{report.Organisation} vous envoie ce rapport parce que vous êtes associé à ces séances.",
        $"{report.Organisation} sends you this report because you are associated with these sessions.");

    private static string Lines(string? text) => text is null ? "" : $"<p style=\"margin:0 0 8px\">{Encoded(text).Replace("\n", "<br>", StringComparison.Ordinal)}</p>";

    /// <summary>No larger than 240 × 80, in its shape.</summary>
    private static (int Width, int Height) Shown(Logo logo)
    {
        var scale = Math.Min(1, Math.Min(240.0 / logo.Width, 80.0 / logo.Height));
        return (Math.Max(1, (int)Math.Round(logo.Width * scale)), Math.Max(1, (int)Math.Round(logo.Height * scale)));
    }

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}
