using System.Globalization;
using System.Text;
using Guichet.Organisations;
using NodaTime;

namespace Guichet.Links;

/// <summary>
/// What crosses a link, as a CSV that a spreadsheet opens at a double click: in French with semicolons, decimal commas and a byte order
/// mark, in English with commas and points. One line for each of the tally's; one line in all on a totals-only link.
/// </summary>
public static class SharedTallyCsv
{
    public static byte[] Write(SessionCard session, Sessions.SharedTally shared, Language language)
    {
        var french = language != Language.English;
        var separator = french ? ';' : ',';
        var text = new StringBuilder();
        var detailed = shared.Lines is not null;
        Row(french
            ? ["Spectacle", "Date", "Lieu", "Version", "Validé le", .. detailed ? new[] { "Catégorie", "Tarif", "Réseau" } : [], "Vendus", "Réservés", "Exonérés",
               .. detailed ? new[] { "Recette", "Devise" } : ["Jauge"]]
            : ["Show", "Date", "Place", "Version", "Validated at", .. detailed ? new[] { "Category", "Tariff", "Channel" } : [], "Sold", "Reserved", "Free",
               .. detailed ? new[] { "Gross", "Currency" } : ["Capacity"]]);
        if (shared.SourceVersion > 0)
        {
            string[] about = [session.Title, Moment(session.LocalStart), session.Place, Number(shared.SourceVersion), Moment(LocalIn(session.Zone, shared.ValidatedAt))];
            if (shared.Lines is { } lines)
                foreach (var line in lines)
                    Row([
                        .. about,
                        shared.Categories?.FirstOrDefault(category => category.Code == line.Category)?.Name ?? line.Category,
                        shared.Tariffs?.FirstOrDefault(tariff => tariff.Code == line.Tariff)?.Name ?? line.Tariff,
                        shared.Channels?.FirstOrDefault(channel => channel.Code == line.Channel)?.Name ?? line.Channel,
                        Number(line.Sold), Number(line.Reserved), Number(line.Free),
                        new Money(line.GrossMinor, shared.Currency).Major.ToString(french ? CultureInfo.GetCultureInfo("fr-FR") : CultureInfo.InvariantCulture), shared.Currency,
                    ]);
            else
                Row([.. about, Number(shared.Figures.Sold), Number(shared.Figures.Reserved), Number(shared.Figures.Free), Number(shared.Capacity)]);
        }
        return [.. french ? Encoding.UTF8.Preamble : [], .. Encoding.UTF8.GetBytes(text.ToString())];

        void Row(ReadOnlySpan<string> cells)
        {
            for (var i = 0; i < cells.Length; i++) text.Append(i == 0 ? "" : separator.ToString()).Append(Cell(cells[i], separator));
            text.Append("\r\n");
        }

        string Moment(DateTime local) => local.ToString(french ? "dd/MM/yyyy HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// A name that begins like a formula is made a text by an apostrophe, as spreadsheets themselves do; what they would not show is left out.
    /// </summary>
    private static string Cell(string written, char separator)
    {
        var text = string.Concat(written.Where(character => character is '\t' or '\n' || !char.IsControl(character)));
        if (text.TrimStart() is ['=' or '+' or '-' or '@' or '\uFF1D' or '\uFF0B' or '\uFF0D' or '\uFF20', ..] || text.StartsWith('\t')) text = "'" + text;
        return text.AsSpan().IndexOfAny(separator, '"', '\n') < 0 && !text.Contains('\t') ? text : $"\"{text.Replace("\"", "\"\"")}\"";
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static DateTime LocalIn(string zone, DateTimeOffset at) =>
        Instant.FromDateTimeOffset(at).InZone(DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc).ToDateTimeUnspecified();
}
