using Guichet.Exports;
using Guichet.Words;

namespace Guichet.Reporting;

/// <summary>How each figure of a report is called and written, wherever it stands.</summary>
public static class ReportColumns
{
    /// <summary>Not known, or not yet.</summary>
    public const string Unknown = "–";

    public static string Name(this ReportColumn column, Language language) => (column, language) switch
    {
        (ReportColumn.Sold, Language.English) => "Sold",
        (ReportColumn.Sold, _) => "Vendus",
        (ReportColumn.SoldSince, Language.English) => "Since last report",
        (ReportColumn.SoldSince, _) => "Depuis le dernier rapport",
        (ReportColumn.Reserved, Language.English) => "Held",
        (ReportColumn.Reserved, _) => "Options",
        (ReportColumn.Free, Language.English) => "Free",
        (ReportColumn.Free, _) => "Exonérés",
        (ReportColumn.Fill, Language.English) => "Fill",
        (ReportColumn.Fill, _) => "Remplissage",
        (ReportColumn.Gross, Language.English) => "Revenue",
        (ReportColumn.Gross, _) => "Recette",
        (ReportColumn.AveragePrice, Language.English) => "Average price",
        _ => "Prix moyen",
    };

    public static string Name(this ReportBreakdown breakdown, Language language) => (breakdown, language) switch
    {
        (ReportBreakdown.Category, Language.English) => "Category",
        (ReportBreakdown.Category, _) => "Catégorie",
        (ReportBreakdown.Tariff, Language.English) => "Price",
        (ReportBreakdown.Tariff, _) => "Tarif",
        (ReportBreakdown.Channel, Language.English) => "Channel",
        (ReportBreakdown.Channel, _) => "Réseau",
        (_, Language.English) => "None",
        _ => "Aucun",
    };

    /// <summary>As people read it: « – » for what isn't known, « ≥ » for a revenue that leaves places out.</summary>
    public static string Text(this ReportFigures figures, ReportColumn column, Formats formats) => column switch
    {
        ReportColumn.Sold => figures.Sold is { } sold ? formats.Number(sold) : Unknown,
        ReportColumn.SoldSince => figures.SoldSince is { } since ? formats.Signed(since) : Unknown,
        ReportColumn.Reserved => figures.Reserved is { } reserved ? formats.Number(reserved) : Unknown,
        ReportColumn.Free => figures.Free is { } free ? formats.Number(free) : Unknown,
        ReportColumn.Fill => figures.Fill is { } fill ? formats.Percent(fill, 1) : Unknown,
        ReportColumn.Gross => InCurrencies(figures, gross => formats.Gross(gross.Minor, gross.SoldUnpriced, gross.Currency)),
        ReportColumn.AveragePrice => InCurrencies(figures, gross => gross.AverageMinor is { } average ? formats.Money(average, gross.Currency) : Unknown),
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    /// <summary>As spreadsheets calculate with it; what isn't known is empty. Of one session, or a part of it.</summary>
    internal static ExportCell Cell(this ReportFigures figures, ReportColumn column) => column switch
    {
        ReportColumn.Sold => Whole(figures.Sold),
        ReportColumn.SoldSince => Whole(figures.SoldSince),
        ReportColumn.Reserved => Whole(figures.Reserved),
        ReportColumn.Free => Whole(figures.Free),
        ReportColumn.Fill => figures.Fill is { } fill ? ExportCell.Of(fill) : ExportCell.Empty,
        ReportColumn.Gross => figures.Gross is [{ Minor: { } minor } gross] ? ExportCell.Of(new Money(minor, gross.Currency)) : ExportCell.Empty,
        ReportColumn.AveragePrice => figures.Gross is [{ AverageMinor: { } average } gross] ? ExportCell.Of(new Money(average, gross.Currency)) : ExportCell.Empty,
        _ => throw new ArgumentOutOfRangeException(nameof(column)),
    };

    internal static ExportKind Kind(this ReportColumn column) => column switch
    {
        ReportColumn.Fill => ExportKind.Ratio,
        ReportColumn.Gross or ReportColumn.AveragePrice => ExportKind.Amount,
        _ => ExportKind.Whole,
    };

    internal static ExportCell Whole(long? value) => value is { } known ? ExportCell.Of(known) : ExportCell.Empty;

    private static string InCurrencies(ReportFigures figures, Func<ReportGross, string> written) =>
        figures.Gross.Length switch { 0 => Unknown, 1 => written(figures.Gross[0]), _ => string.Join(" + ", figures.Gross.Select(written)) };
}
