using System.Collections.Immutable;
using Guichet.Exports;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Tallies;
using NodaTime;

namespace Guichet.Links;

/// <summary>
/// What crosses a link, as a CSV that a spreadsheet opens at a double click. One line for each of the tally's; one line in all on a
/// totals-only link; headings only before the first tally.
/// </summary>
public static class SharedTallyCsv
{
    public static async Task<byte[]> Write(SessionCard session, SharedTally shared, Language language)
    {
        using var content = new MemoryStream();
        var written = language == Language.English ? ExportLanguage.English : ExportLanguage.French;
        await Spreadsheet.WriteCsv(content, new Export("", Columns(shared, written), Rows(session, shared), written));
        return content.ToArray();
    }

    private static ImmutableArray<ExportColumn> Columns(SharedTally shared, ExportLanguage language)
    {
        string In(string french, string english) => language == ExportLanguage.French ? french : english;
        ImmutableArray<ExportColumn> about =
        [
            new(In("Spectacle", "Show"), ExportKind.Text), new("Date", ExportKind.DateTime), new(In("Lieu", "Place"), ExportKind.Text),
            new("Version", ExportKind.Whole), new(In("Validé le", "Validated at"), ExportKind.DateTime),
        ];
        ImmutableArray<ExportColumn> figures =
        [
            new(In("Vendus", "Sold"), ExportKind.Whole), new(In("Réservés", "Reserved"), ExportKind.Whole), new(In("Exonérés", "Free"), ExportKind.Whole),
        ];
        return shared.Lines is null
            ? [.. about, .. figures, new(In("Jauge", "Capacity"), ExportKind.Whole)]
            :
            [
                .. about,
                new(In("Catégorie", "Category"), ExportKind.Text), new(In("Tarif", "Tariff"), ExportKind.Text), new(In("Réseau", "Channel"), ExportKind.Text),
                .. figures,
                new(In("Recette", "Gross"), ExportKind.Amount, Decimals: Money.Decimals(shared.Currency)), new(In("Devise", "Currency"), ExportKind.Text),
            ];
    }

    private static async IAsyncEnumerable<ImmutableArray<ExportCell>> Rows(SessionCard session, SharedTally shared)
    {
        await Task.CompletedTask;
        if (shared.SourceVersion == 0) yield break;
        ImmutableArray<ExportCell> about =
        [
            ExportCell.Of(session.Title), ExportCell.Of(session.LocalStart), ExportCell.Of(session.Place),
            ExportCell.Of(shared.SourceVersion), ExportCell.Of(LocalIn(session.Zone, shared.ValidatedAt)),
        ];
        if (shared.Lines is not { } lines)
        {
            var (sold, reserved, free, _, _) = shared.Figures;
            yield return [.. about, ExportCell.Of(sold), ExportCell.Of(reserved), ExportCell.Of(free), ExportCell.Of(shared.Capacity)];
            yield break;
        }
        foreach (var line in lines)
            yield return
            [
                .. about,
                ExportCell.Of(shared.Categories?.FirstOrDefault(category => category.Code == line.Category)?.Name ?? line.Category),
                ExportCell.Of(shared.Tariffs?.FirstOrDefault(tariff => tariff.Code == line.Tariff)?.Name ?? line.Tariff),
                ExportCell.Of(shared.Channels?.FirstOrDefault(channel => channel.Code == line.Channel)?.Name ?? line.Channel),
                ExportCell.Of(line.Sold), ExportCell.Of(line.Reserved), ExportCell.Of(line.Free),
                line.GrossMinor is { } gross ? ExportCell.Of(new Money(gross, shared.Currency)) : ExportCell.Empty, ExportCell.Of(shared.Currency),
            ];
    }

    private static DateTime LocalIn(string zone, DateTimeOffset at) =>
        Instant.FromDateTimeOffset(at).InZone(DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc).ToDateTimeUnspecified();
}
