using System.Collections.Immutable;
using Guichet.Exports;
using Guichet.Words;

namespace Guichet.Sessions;

/// <summary>What files say of a session, whoever they are for.</summary>
internal static class SessionExportColumns
{
    /// <summary>What, when and where, and how much of it is sold.</summary>
    public static ImmutableArray<ExportColumn> Sales(Reader reader) =>
    [
        new(reader.T("Spectacle", "Show"), ExportKind.Text, 34),
        new(reader.T("Série", "Series"), ExportKind.Text, 20),
        new(reader.T("Date", "Date"), ExportKind.DateTime, 18),
        new(reader.T("Lieu", "Place"), ExportKind.Text, 26),
        new(reader.T("État", "State"), ExportKind.Text, 12),
        new(reader.T("Jauge", "Capacity"), ExportKind.Whole, 10),
        new(reader.T("Vendus", "Sold"), ExportKind.Whole, 10),
        new(reader.T("Exonérés", "Free"), ExportKind.Whole, 10),
        new(reader.T("Options", "Held"), ExportKind.Whole, 10),
        new(reader.T("Remplissage", "Fill"), ExportKind.Ratio, 12),
    ];

    public static ImmutableArray<ExportCell> Sales(Reader reader, SessionRow row) =>
    [
        ExportCell.Of(row.Title),
        ExportCell.Of(row.SeriesName),
        ExportCell.Of(row.LocalStart),
        ExportCell.Of(row.Place),
        ExportCell.Of(reader.Word(row.Status)),
        ExportCell.Of(row.Capacity),
        ExportCell.Of(row.Sold),
        ExportCell.Of(row.Free),
        ExportCell.Of(row.Reserved),
        row.Fill is { } fill ? ExportCell.Of(fill) : ExportCell.Empty,
    ];

    /// <summary>The revenue, and how many places it leaves out: without that number it would pass for the whole.</summary>
    public static ImmutableArray<ExportColumn> Revenue(Reader reader) =>
    [
        new(reader.T("Recette", "Revenue"), ExportKind.Amount, 14),
        new(reader.T("Vendus sans recette connue", "Sold of unknown revenue"), ExportKind.Whole, 14),
    ];

    public static ImmutableArray<ExportCell> Revenue(SessionRow row) =>
    [
        row.GrossMinor is { } gross && row.Version > 0 ? ExportCell.Of(new Money(gross, row.Currency)) : ExportCell.Empty,
        row.Version > 0 && row.GrossMinor is not null ? ExportCell.Of(row.SoldUnpriced) : ExportCell.Empty,
    ];
}
