using System.Collections.Immutable;
using Guichet.Exports;
using Guichet.Words;

namespace Guichet.Reporting;

/// <summary>
/// A report as a workbook or separated text: one line for each session, or for each part of one, with figures that can be calculated with.
/// What isn't known is an empty cell; how many places a revenue leaves out has a column of its own.
/// </summary>
public static class ReportSheet
{
    public static Task WriteCsv(Stream to, Report report, CancellationToken cancellation = default) => Spreadsheet.WriteCsv(to, Of(report), cancellation);

    public static Task WriteXlsx(Stream to, Report report, CancellationToken cancellation = default) => Spreadsheet.WriteXlsx(to, Of(report), cancellation);

    internal static Export Of(Report report)
    {
        var breakdown = report.Template.Breakdown;
        var columns = report.Template.Columns;
        var money = columns.Any(column => column.Kind() == ExportKind.Amount);
        var language = report.Language;
        var decimals = report.Rows.Select(row => Money.Decimals(row.Currency)).DefaultIfEmpty(2).Max();
        ImmutableArray<ExportColumn> all =
        [
            new(report.T("Spectacle", "Show"), ExportKind.Text, 34),
            new(report.T("Date", "Date"), ExportKind.DateTime, 18),
            new(report.T("Lieu", "Place"), ExportKind.Text, 26),
            .. breakdown == ReportBreakdown.None ? default(ReadOnlySpan<ExportColumn>) : [new(breakdown.Name(language), ExportKind.Text, 20)],
            .. columns.Select(column => new ExportColumn(column.Name(language), column.Kind(), 14, decimals)),
            .. money ? [new(report.T("Vendus sans recette connue", "Sold of unknown revenue"), ExportKind.Whole, 14), new(report.T("Devise", "Currency"), ExportKind.Text, 8)] : default(ReadOnlySpan<ExportColumn>),
            new(report.T("Pointage du", "Tally of"), ExportKind.DateTime, 18),
        ];
        return new Export(
            report.T("Ventes", "Sales"), all, Rows(report, breakdown != ReportBreakdown.None, money).ToAsyncEnumerable(),
            language == Language.French ? ExportLanguage.French : ExportLanguage.English)
        {
            Totals = report.Rows.Length > 1 ? () => Sums(report, breakdown != ReportBreakdown.None, money) : null,
        };
    }

    /// <summary>Revenues of several currencies have no sum.</summary>
    private static ImmutableArray<ExportCell> Sums(Report report, bool taken, bool money)
    {
        var cells = ImmutableArray.CreateBuilder<ExportCell>();
        cells.AddRange(ExportCell.Of(report.T("Total", "Total")), ExportCell.Empty, ExportCell.Empty);
        if (taken) cells.Add(ExportCell.Empty);
        foreach (var column in report.Template.Columns) cells.Add(report.Totals.Cell(column));
        if (money) cells.AddRange(ReportColumns.Whole(report.Totals.Sold is null ? null : report.Totals.Gross.Sum(gross => gross.SoldUnpriced)), ExportCell.Of(report.Totals.Gross is [var only] ? only.Currency : null));
        cells.Add(ExportCell.Empty);
        return cells.ToImmutable();
    }

    private static IEnumerable<ImmutableArray<ExportCell>> Rows(Report report, bool taken, bool money)
    {
        foreach (var row in report.Rows)
            foreach (var (name, figures) in row.Parts.IsEmpty ? [(null, row.Figures)] : row.Parts.Select(part => ((string?)part.Name, part.Figures)))
            {
                var cells = ImmutableArray.CreateBuilder<ExportCell>();
                cells.AddRange(ExportCell.Of(row.Title), ExportCell.Of(row.LocalStart), ExportCell.Of(row.Place));
                if (taken) cells.Add(ExportCell.Of(name));
                foreach (var column in report.Template.Columns) cells.Add(figures.Cell(column));
                if (money)
                {
                    cells.Add(figures.Sold is null ? ExportCell.Empty : ExportCell.Of(figures.Gross.Sum(gross => gross.SoldUnpriced)));
                    cells.Add(ExportCell.Of(row.Currency));
                }
                cells.Add(row.TallyAt is { } at ? ExportCell.Of(report.Formats.Local(at)) : ExportCell.Empty);
                yield return cells.ToImmutable();
            }
    }
}
