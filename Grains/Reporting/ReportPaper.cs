using System.Collections.Immutable;
using Guichet.Papers;

namespace Guichet.Reporting;

/// <summary>A report as PDF, on the house's letterhead.</summary>
public static class ReportPaper
{
    /// <summary>More would be lines on top of lines.</summary>
    private const int MostCurves = 6;

    private static readonly ImmutableArray<PaperColour> Others =
        [new(0xC2, 0x4D, 0x1B), new(0x2E, 0x7D, 0x4F), new(0x7A, 0x3E, 0x9D), new(0xA0, 0x6A, 0x00), new(0x4A, 0x55, 0x68)];

    /// <param name="to">Written forward only, and left open.</param>
    /// <param name="logo">Null for none.</param>
    public static async Task Write(Stream to, Report report, PaperImage? logo, CancellationToken cancellation = default)
    {
        PaperColour.TryParse(report.Letterhead.Details.Colour, out var colour);
        var size = report.Template.Columns.Length > 5 ? PaperSize.A4Landscape : PaperSize.A4;
        await using var paper = new Paper(to, new PaperDetails(report.Subject, report.Language == Words.Language.English ? "en" : "fr", report.Organisation, report.At), size, cancellation)
        {
            Footer = (page, pages) => new PaperFooter(report.Organisation, report.T($"page {page} / {pages}", $"page {page} / {pages}")),
        };
        if (logo is not null) await paper.Picture(logo, 170, 56);
        await paper.Text(report.Subject, PaperStyle.Title with { Colour = colour });
        paper.Gap(8);
        await paper.Facts(
            [
                (report.T("Destinataire", "For"), report.Partner),
                (report.T("Chiffres validés au", "Figures as of"), report.Formats.DateTimeLong(report.At)),
                (report.T("Séances", "Sessions"), report.Formats.Number(report.Rows.Length)),
            ]);
        paper.Gap(4);
        if (report.Intro.Length > 0)
        {
            await paper.Text(report.Intro);
            paper.Gap(8);
        }
        await paper.Table(
            new PaperTable([new PaperColumn(report.T("Séance", "Session"), 3.2), .. report.Template.Columns.Select(column => PaperColumn.Figures(column.Name(report.Language), 1.15))], report.T("suite", "continued"))
            {
                Accent = colour,
            },
            Rows(report));
        paper.Gap(6);
        foreach (var note in report.Notes()) await paper.Text(note, PaperStyle.Small);
        if (report.Template.Curve) await Curves(paper, report, colour);
        if (report.Letterhead.Details.Footer is { } footer)
        {
            await paper.Rule();
            await paper.Text(footer, PaperStyle.Small);
        }
        await paper.Finish();
    }

    private static IEnumerable<PaperRow> Rows(Report report)
    {
        foreach (var row in report.Rows)
        {
            var name = $"{row.Title}\n{report.When(row, "\n")}";
            if (row.Parts.IsEmpty)
            {
                yield return Cells(report, name, row.Figures, PaperRowKind.Plain);
                continue;
            }
            yield return PaperRow.Group($"{row.Title} – {report.When(row, " – ")}");
            foreach (var part in row.Parts) yield return Cells(report, part.Name, part.Figures, PaperRowKind.Plain);
            yield return Cells(report, report.T("Ensemble", "All"), row.Figures, PaperRowKind.Subtotal);
        }
        if (report.Rows.Length > 1) yield return Cells(report, report.T("Total", "Total"), report.Totals, PaperRowKind.Total);
    }

    private static PaperRow Cells(Report report, string name, ReportFigures figures, PaperRowKind kind) =>
        new([name, .. report.Template.Columns.Select(column => figures.Text(column, report.Formats))], kind);

    /// <summary>The sessions that sold most, each a curve over the days.</summary>
    private static async Task Curves(Paper paper, Report report, PaperColour colour)
    {
        ImmutableArray<ReportRow> shown = [.. report.Rows.Where(row => row.Curve.Length > 1).OrderByDescending(row => row.Figures.Sold).Take(MostCurves)];
        if (shown.IsEmpty) return;
        var (first, last) = (shown.Min(row => row.Curve[0].Day), shown.Max(row => row.Curve[^1].Day));
        var step = Math.Max(1, (last.DayNumber - first.DayNumber + 5) / 6);
        var ticks = ImmutableArray.CreateBuilder<(double, string)>();
        for (var day = first; day <= last; day = day.AddDays(step)) ticks.Add((day.DayNumber, report.Formats.DateShort(day)));
        await paper.Heading(report.T("Ventes au fil des jours", "Sales over the days"));
        await paper.Chart(new PaperChart(
            [.. shown.Select((row, at) => new PaperSeries(
                $"{row.Title}, {report.Formats.DateShort(DateOnly.FromDateTime(row.LocalStart))}", at == 0 ? colour : Others[(at - 1) % Others.Length],
                [.. row.Curve.Select(point => new PaperPoint(point.Day.DayNumber, point.Sold))], Smooth: false))],
            ticks.ToImmutable(), value => report.Formats.Number((long)Math.Round(value)), 190));
        if (report.Rows.Count(row => row.Curve.Length > 1) > MostCurves)
            await paper.Text(report.T($"Les {MostCurves} séances qui ont le plus vendu.", $"The {MostCurves} sessions that sold most."), PaperStyle.Small);
    }
}
