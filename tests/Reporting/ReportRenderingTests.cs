using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Guichet.Imports;
using Guichet.Papers;
using Guichet.Reporting;
using Guichet.Sessions;
using Guichet.Tallies;
using Guichet.Words;
using static Guichet.Tests.Reporting.ReportSample;
using static Guichet.Tests.Sessions.Sample;

namespace Guichet.Tests.Reporting;

public sealed partial class ReportRenderingTests
{
    private static readonly ReportTemplate Whole = ReportTemplate.Default with
    {
        Columns = [ReportColumn.Sold, ReportColumn.SoldSince, ReportColumn.Fill, ReportColumn.Gross, ReportColumn.AveragePrice],
    };

    private static ReportSource Two => Source(
        Session("s1", told: Told(1, Line(100, gross: 450_000)), current: Told(3, Line(112, gross: 504_000), Line(30, "balcon", gross: null))),
        Session("s2", current: Told(1, Line(1_040, gross: 4_680_050)), title: "=Œdipe & <i>fils</i>", start: At.AddDays(20)));

    public static TheoryData<Language, ReportBreakdown> Kinds => new()
    {
        { Language.French, ReportBreakdown.None }, { Language.English, ReportBreakdown.None }, { Language.French, ReportBreakdown.Category }, { Language.English, ReportBreakdown.Channel },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Mail_text_paper_workbook_and_separated_text_have_the_same_figures(Language language, ReportBreakdown breakdown)
    {
        var report = Report.Of(Two with { PartnerLanguage = language, Template = Whole with { Breakdown = breakdown } });
        ImmutableArray<ReportFigures> leaves = [.. report.Rows.SelectMany(row => row.Parts.IsEmpty ? [row.Figures] : row.Parts.Select(part => part.Figures))];
        var written = leaves.Concat(report.Rows.Select(row => row.Figures)).Append(report.Totals).SelectMany(figures => Whole.Columns.Select(column => figures.Text(column, report.Formats))).Distinct().ToList();
        Assert.Contains(written, text => text.StartsWith('≥'));

        var html = Plain(WebUtility.HtmlDecode(Tag().Replace(ReportLetter.Html(report, null), " ")));
        var text = Plain(ReportLetter.Text(report));
        var paper = Plain(await PaperText(report));
        foreach (var each in written.Select(Plain))
        {
            Assert.Contains(each, html, StringComparison.Ordinal);
            Assert.Contains(each, text, StringComparison.Ordinal);
            Assert.Contains(each, paper, StringComparison.Ordinal);
        }

        var workbook = await Xlsx(report);
        var separated = await Csv(report);
        var first = breakdown == ReportBreakdown.None ? 3 : 4;
        foreach (var table in new[] { workbook, separated })
        {
            var lines = table.Rows.Skip(1).Take(leaves.Length).ToList();
            Assert.Equal(leaves.Length, lines.Count);
            for (var i = 0; i < leaves.Length; i++)
            {
                Assert.Equal(leaves[i].Sold, Number(lines[i][first].Text));
                Assert.Equal(leaves[i].SoldSince, Number(lines[i][first + 1].Text));
                Assert.Equal(leaves[i].Gross[0].Minor, Number(lines[i][first + 3].Text) is { } major ? (long)(major * 100) : null);
                Assert.Equal(leaves[i].Gross[0].SoldUnpriced, Number(lines[i][first + 5].Text));
            }
        }
    }

    [Fact]
    public async Task A_workbook_is_sound_and_formulas_are_text_in_both_tables()
    {
        var report = Report.Of(Two with { Template = Whole });
        using var bytes = new MemoryStream();
        await report.Write(ReportAttachment.Xlsx, bytes, null, CancellationToken.None);
        bytes.Position = 0;
        using (var document = SpreadsheetDocument.Open(bytes, false))
            Assert.Empty(new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Office2019).Validate(document).Select(error => $"{error.Part?.Uri} {error.Path?.XPath} {error.Description}"));
        using var csv = new MemoryStream();
        await report.Write(ReportAttachment.Csv, csv, null, CancellationToken.None);
        Assert.Contains("'=Œdipe & <i>fils</i>", Encoding.UTF8.GetString(csv.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_mail_holds_nothing_that_a_name_brings()
    {
        var html = ReportLetter.Html(Report.Of(Two with { Partner = "<script>alert(1)</script>", Organisation = "\"><img src=x onerror=alert(1)>", Template = Whole with { French = new ReportText("{{partner}}", "{{partner}}\n\n{{organisation}}") } }), "cid:logo");
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<i>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paper_has_the_letterhead_and_the_curve()
    {
        Assert.True(PaperImage.TryRead(LetterheadCoreTests.Png.AsMemory(), out var logo, out _));
        ImmutableArray<ReportedDay> curve = [.. Enumerable.Range(0, 10).Select(day => new ReportedDay(new DateOnly(2026, 11, 14).AddDays(day), 10 * day))];
        var report = Report.Of(Source(Session("s1", current: Told(1, Line(90))) with { Curve = curve }) with
        {
            Letterhead = new LetterheadState(1, LetterheadDetails.Default with { Footer = "SARL au capital de 8 000 €" }, null),
        });
        var text = await PaperText(report, logo);
        Assert.Contains("Ventes au fil des jours", text, StringComparison.Ordinal);
        Assert.Contains("SARL au capital de 8 000 €", text, StringComparison.Ordinal);
        Assert.Contains("Astérie Productions", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_called_after_the_day_and_the_house() => Assert.Equal(
        ["ventes-2026-11-24-theatre-du-port.pdf", "ventes-2026-11-24-theatre-du-port.xlsx", "ventes-2026-11-24-theatre-du-port.csv"],
        Enum.GetValues<ReportAttachment>().Select(kind => Report.Of(Two).FileName(kind)));

    /// <summary>As it reads: any blank is a blank.</summary>
    private static string Plain(string text) => Blanks().Replace(text, " ");

    private static decimal? Number(string written) =>
        written.Length == 0 ? null : decimal.Parse(written.Replace(',', '.').Replace(" %", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> PaperText(Report report, PaperImage? logo = null)
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.pdf");
        try
        {
            await using (var file = File.Create(path)) await report.Write(ReportAttachment.Pdf, file, logo, CancellationToken.None);
            using var process = Process.Start(new ProcessStartInfo("pdftotext", ["-layout", path, "-"]) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 })!;
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal(0, process.ExitCode);
            return text;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Task<Table> Xlsx(Report report) => Read(report, ReportAttachment.Xlsx);

    private static Task<Table> Csv(Report report) => Read(report, ReportAttachment.Csv);

    private static async Task<Table> Read(Report report, ReportAttachment kind)
    {
        using var bytes = new MemoryStream();
        await report.Write(kind, bytes, null, CancellationToken.None);
        return TabularFile.Read(new MemoryStream(bytes.ToArray()), "x", ImportLimits.Default).Accepted;
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"[\s\u00A0\u202F]+")]
    private static partial Regex Blanks();
}
