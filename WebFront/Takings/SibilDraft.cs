using System.Collections.Immutable;
using Guichet.Exports;
using Guichet.Words;

namespace Guichet.Takings;

/// <summary>The file in which an authority takes quarterly returns.</summary>
internal interface IQuarterlyFormat
{
    string FileName(Quarter quarter, Reader reader);

    Export Write(QuarterlyReturn made, Reader reader);
}

/// <summary>
/// The fields that the decree names for SIBIL, the French ministry of culture's system. Its own template isn't public: every line says that
/// the file is a draft.
/// </summary>
internal sealed class SibilDraft : IQuarterlyFormat
{
    public string FileName(Quarter quarter, Reader reader) =>
        reader.T($"sibil-{quarter.Year}-T{quarter.Number}-brouillon.csv", $"sibil-{quarter.Year}-Q{quarter.Number}-draft.csv");

    public Export Write(QuarterlyReturn made, Reader reader) => new(
        "SIBIL",
        [
            new(reader.T("Spectacle", "Show"), ExportKind.Text),
            new(reader.T("Domaine", "Domain"), ExportKind.Text),
            new(reader.T("Lieu", "Venue"), ExportKind.Text),
            new(reader.T("Date", "Date"), ExportKind.DateTime),
            new(reader.T("Billets délivrés", "Tickets"), ExportKind.Whole),
            new(reader.T("Billets plein tarif", "Full price tickets"), ExportKind.Whole),
            new(reader.T("Recette plein tarif TTC", "Full price revenue incl. VAT"), ExportKind.Money),
            new(reader.T("Billets en abonnement", "Subscription tickets"), ExportKind.Whole),
            new(reader.T("Billets exonérés", "Exempt tickets"), ExportKind.Whole),
            new(reader.T("Recette totale TTC", "Total revenue incl. VAT"), ExportKind.Money),
            new(reader.T("Devise", "Currency"), ExportKind.Text),
            new(reader.T("Version du pointage", "Tally version"), ExportKind.Whole),
            new(reader.T("À compléter", "Missing"), ExportKind.Text),
            new(reader.T("Mention", "Note"), ExportKind.Text),
        ],
        made.Lines.Select(line => Cells(line, reader)).ToAsyncEnumerable(),
        reader.Language == Language.French ? ExportLanguage.French : ExportLanguage.English);

    private static ImmutableArray<ExportCell> Cells(ReturnLine line, Reader reader) =>
    [
        ExportCell.Of(line.Session.Title),
        ExportCell.Of(line.Session.Genre),
        ExportCell.Of(line.Session.Place),
        ExportCell.Of(line.Session.LocalStart),
        Of(line.Tickets),
        Of(line.FullPlaces),
        Of(line.FullGrossMinor, line.Session.Currency),
        Of(line.SubscriptionPlaces),
        Of(line.FreePlaces),
        Of(line.GrossMinor, line.Session.Currency),
        ExportCell.Of(line.Session.Currency),
        line.Session.Version > 0 ? ExportCell.Of(line.Session.Version) : ExportCell.Empty,
        ExportCell.Of(string.Join(", ", line.Gaps.Select(gap => reader.Word(gap)))),
        ExportCell.Of(reader.DraftMention()),
    ];

    private static ExportCell Of(long? count) => count is { } known ? ExportCell.Of(known) : ExportCell.Empty;

    private static ExportCell Of(long? minor, string currency) => minor is { } known ? ExportCell.Of(new Money(known, currency)) : ExportCell.Empty;
}
