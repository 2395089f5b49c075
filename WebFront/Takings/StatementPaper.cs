using System.Collections.Immutable;
using System.Globalization;
using Guichet.Exports;
using Guichet.Papers;
using Guichet.Sessions;
using Guichet.Tallies;
using Guichet.Words;

namespace Guichet.Takings;

/// <summary>A session's takings statement as a paper to hand over and sign, and as a workbook.</summary>
/// <param name="reader">Whose language it is in.</param>
/// <param name="house">Whose paper it is.</param>
/// <param name="show">What is played; null where it can't be found any more.</param>
/// <param name="tally">The version that it states.</param>
internal sealed class StatementPaper(Reader reader, string house, SessionView session, ShowDetails? show, Tally tally, DateTimeOffset now)
{
    private const string Unknown = "–";
    private readonly TakingsStatement statement = TakingsStatement.Of(session.Details, tally);

    public string FileName
    {
        get
        {
            var code = string.Concat(SessionRules.CodeOf(Title).Where(char.IsAscii));
            return string.Create(CultureInfo.InvariantCulture, $"{reader.T("releve-de-recettes", "takings")}-{code[..Math.Min(code.Length, 40)].Trim('-')}-{session.Details.LocalStart:yyyy-MM-dd}-v{tally.Version}");
        }
    }

    private Formats Formats => reader.Formats;

    private string Title => show?.Title ?? session.Id;

    private string VatRate => Formats.Rate(statement.VatBasisPoints) + (reader.Language == Language.French ? $"{Formats.Thin}%" : "%");

    public async Task Write(Stream to, CancellationToken cancellation)
    {
        var details = new PaperDetails(
            reader.T($"Relevé de recettes, {Title}, {Day(session.Details.LocalStart)}", $"Takings statement, {Title}, {Day(session.Details.LocalStart)}"), reader.Language.Tag(), house,
            TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(Formats.Zone.Id)));
        await using var paper = new Paper(to, details, cancellation: cancellation)
        {
            Footer = (page, pages) => new(
                reader.T($"{house}, relevé de recettes établi le {When(now)}, pointage version {tally.Version}", $"{house}, takings statement made {When(now)}, tally version {tally.Version}"),
                reader.T($"page {page} / {pages}", $"page {page} of {pages}")),
        };
        await paper.Text(house, PaperStyle.Strong);
        paper.Gap(10);
        await paper.Title(reader.T("Relevé de recettes", "Takings statement"));
        await paper.Text(Title + (show?.Subtitle is { } subtitle ? $", {subtitle}" : ""), PaperStyle.Heading);
        paper.Gap(8);
        await paper.Facts(Facts());
        if (session.Status == SessionStatus.Cancelled) await paper.Text(reader.T("Séance annulée", "Session cancelled") + (session.CancelReason is { } reason ? $" : {reason}" : ""), PaperStyle.Strong);
        paper.Gap(4);
        await Table(paper);
        await Channels(paper);
        await Notes(paper);
        await Signatures(paper);
        await paper.Finish();
    }

    /// <summary>The same lines to calculate with.</summary>
    public Export Sheet() => new(
        Title,
        [
            new(reader.T("Catégorie", "Category"), ExportKind.Text, 24),
            new(reader.T("Tarif", "Tariff"), ExportKind.Text, 24),
            new(reader.T("Places", "Places"), ExportKind.Whole, 10),
            new(reader.T("Prix unitaire TTC", "Unit price incl. VAT"), ExportKind.Money, 18),
            new(reader.T("Recette TTC", "Gross incl. VAT"), ExportKind.Money, 16),
            new(reader.T($"TVA {VatRate}", $"VAT {VatRate}"), ExportKind.Money, 14),
            new(reader.T("Recette HT", "Net excl. VAT"), ExportKind.Money, 16),
        ],
        statement.Groups.SelectMany(group => group.Lines.Select(line => ImmutableArray.Create(
            ExportCell.Of(group.Name), ExportCell.Of(NameOf(line)), ExportCell.Of(line.Places),
            Cell(line.UnitPriceMinor), Cell(line.GrossMinor), Cell(line.VatMinor), Cell(line.NetMinor)))).ToAsyncEnumerable(),
        reader.Language == Language.French ? ExportLanguage.French : ExportLanguage.English)
    {
        Totals = () =>
        [
            ExportCell.Of(statement.Total.IsKnown ? "Total" : reader.T("Total des recettes connues", "Total of known revenue")), ExportCell.Empty, ExportCell.Of(statement.Total.Places), ExportCell.Empty,
            Cell(statement.Total.GrossMinor), Cell(statement.Total.VatMinor), Cell(statement.Total.NetMinor),
        ],
    };

    private List<(string, string)> Facts()
    {
        var details = session.Details;
        var capacity = details.Categories.Sum(category => (long)category.Capacity);
        var taken = (long)tally.Figures.Sold + tally.Figures.Free;
        return
        [
            (reader.T("Date", "Date"), Day(details.LocalStart) + reader.T(" à ", " at ") + Formats.Time(TimeOnly.FromDateTime(details.LocalStart)) + (details.Zone == Formats.Zone.Id ? "" : $" ({details.Zone.Replace('_', ' ')})")),
            (reader.T("Lieu", "Place"), details.Place),
            (reader.T("Production", "Producer"), show?.Producer ?? Unknown),
            (reader.T("Pointage", "Tally"), reader.T($"version {tally.Version}, validée le {When(tally.At)} par {tally.By}", $"version {tally.Version}, validated {When(tally.At)} by {tally.By}")),
            (reader.T("Jauge et remplissage", "Capacity and fill"), $"{Formats.Number(capacity)}{(capacity > 0 ? $", {Formats.Percent((decimal)taken / capacity, 1)}" : "")}"),
            (reader.T("TVA comprise dans les prix", "VAT included in prices"), VatRate),
        ];
    }

    private Task Table(Paper paper)
    {
        var table = new PaperTable(
            [
                new(reader.T("Catégorie, tarif", "Category, tariff"), 3.2),
                PaperColumn.Figures(reader.T("Places", "Places"), 1),
                PaperColumn.Figures(reader.T("Prix unitaire TTC", "Unit price incl. VAT"), 1.5),
                PaperColumn.Figures(reader.T("Recette TTC", "Gross incl. VAT"), 1.7),
                PaperColumn.Figures(reader.T("TVA", "VAT"), 1.4),
                PaperColumn.Figures(reader.T("Recette HT", "Net excl. VAT"), 1.7),
            ],
            reader.T("suite", "continued"));
        return paper.Table(table, Rows());
    }

    private IEnumerable<PaperRow> Rows()
    {
        foreach (var group in statement.Groups)
        {
            if (group.Name.Length > 0) yield return PaperRow.Group(group.Name);
            foreach (var line in group.Lines)
                yield return PaperRow.Of(NameOf(line) + (line.DiffersFromPrice ? "\u00A0*" : ""), Formats.Number(line.Places), Amount(line.UnitPriceMinor), Amount(line.GrossMinor), Amount(line.VatMinor), Amount(line.NetMinor));
            if (statement.Groups.Length > 1) yield return new PaperRow(Sum(reader.T($"Total {group.Name}", $"Total {group.Name}"), group.Sum), PaperRowKind.Subtotal);
        }
        if (!statement.Total.IsKnown)
        {
            var total = statement.Total;
            yield return PaperRow.Subtotal(
                reader.T($"Recettes connues ({Formats.Number(total.Lines - total.Unknown)} lignes sur {Formats.Number(total.Lines)})", $"Known revenue ({Formats.Number(total.Lines - total.Unknown)} of {Formats.Number(total.Lines)} lines)"),
                "", "", Amount(total.GrossMinor), Amount(total.VatMinor), Amount(total.NetMinor));
        }
        yield return new PaperRow(Sum("Total", statement.Total), PaperRowKind.Total);
    }

    /// <summary>A sum of which a part isn't known isn't known.</summary>
    private ImmutableArray<string> Sum(string name, TakingsSum sum) => sum.IsKnown
        ? [name, Formats.Number(sum.Places), "", Amount(sum.GrossMinor), Amount(sum.VatMinor), Amount(sum.NetMinor)]
        : [name, Formats.Number(sum.Places), "", Unknown, Unknown, Unknown];

    private async Task Channels(Paper paper)
    {
        if (statement.Channels.Length < 2) return;
        await paper.Heading(reader.T("Par réseau de vente", "By sales channel"));
        var table = new PaperTable(
        [
            new(reader.T("Réseau", "Channel"), 4.7),
            PaperColumn.Figures(reader.T("Places vendues", "Places sold"), 1.5),
            PaperColumn.Figures(reader.T("Recette TTC", "Gross incl. VAT"), 2),
            PaperColumn.Figures(reader.T("Part", "Share"), 1.3),
        ]);
        await paper.Table(table, statement.Channels.Select(channel => PaperRow.Of(
            channel.Name, Formats.Number(channel.Sum.Places), channel.Sum.IsKnown ? Amount(channel.Sum.GrossMinor) : Unknown, Formats.Percent((decimal)channel.Sum.Places / Math.Max(1, tally.Figures.Sold), 1))));
    }

    private async Task Notes(Paper paper)
    {
        var notes = new List<string>
        {
            reader.T(
                $"TVA calculée sur la recette TTC de chaque ligne au taux de {VatRate}, arrondie au centime le plus proche (le demi-centime s’éloigne de zéro) ; la recette HT est la différence, les totaux sont les sommes des lignes.",
                $"VAT is computed on the gross of each line at {VatRate} and rounded to the nearest cent (half a cent away from zero); net is the difference, totals are the sums of lines."),
        };
        if (statement.Groups.Any(group => group.Lines.Any(line => line.DiffersFromPrice)))
            notes.Add(reader.T("* La recette n’est pas le prix multiplié par les places : réductions, ou prix changé en cours de vente.", "* Revenue isn’t the price times the places: reductions, or a price that changed while on sale."));
        if (!statement.Total.IsKnown)
            notes.Add(reader.T($"{Unknown} : recette que personne n’a donnée ; elle n’est pas comptée pour zéro.", $"{Unknown}: revenue that nobody gave; it isn’t counted as zero."));
        if (statement.Groups is [{ Name: "" }])
            notes.Add(reader.T("Seuls les totaux de cette séance sont connus.", "Only this session’s totals are known."));
        if (statement.Reserved > 0)
            notes.Add(reader.T($"Places sous option non comprises : {Formats.Number(statement.Reserved)}.", $"Places under option, not included: {Formats.Number(statement.Reserved)}."));
        if (tally.Source == TallySource.Link && tally.SourceName is { } sender)
            notes.Add(reader.T($"Chiffres validés par {sender}, reçus par liaison.", $"Figures validated by {sender}, received over a link."));
        if (tally.Version != (session.Current?.Version ?? 0))
            notes.Add(reader.T($"Ce n’est pas le dernier pointage : la version {session.Current?.Version} a été validée depuis.", $"This isn’t the last tally: version {session.Current?.Version} has been validated since."));
        paper.Gap(4);
        foreach (var note in notes) await paper.Text(note, PaperStyle.Small);
    }

    private async Task Signatures(Paper paper)
    {
        const double height = 62, between = 16;
        paper.Gap(10);
        await paper.Room(height);
        var (page, top) = paper.Taken(height);
        var width = (paper.Width - between) / 2;
        string[] names = [reader.T("Pour la structure", "For the organisation"), reader.T("Pour la production", "For the producer")];
        for (var at = 0; at < names.Length; at++)
        {
            var left = paper.Left + at * (width + between);
            page.Rectangle(left, top, width, height, PaperColour.Shade);
            page.Text(names[at], left + 8, top + 14, PaperStyle.Small with { Colour = PaperColour.Ink });
            page.Text(reader.T("Nom, date et signature", "Name, date and signature"), left + 8, top + 25, PaperStyle.Small);
        }
    }

    private string NameOf(TakingsLine line) => line.Kind switch
    {
        TakingsKind.Free => reader.T("Exonérés", "Exempt"),
        TakingsKind.Whole => reader.T("Places vendues, sans détail", "Places sold, no detail"),
        _ => line.Name,
    };

    private string Amount(long? minor) => minor is { } known ? Formats.Money(known, statement.Currency) : Unknown;

    private ExportCell Cell(long? minor) => minor is { } known ? ExportCell.Of(new Money(known, statement.Currency)) : ExportCell.Empty;

    private string When(DateTimeOffset instant) => Formats.DateNumeric(instant) + reader.T(" à ", " at ") + Formats.Time(instant);

    /// <summary>With its year, always: papers are kept.</summary>
    private string Day(DateTime local)
    {
        var text = Formats.DateLong(DateOnly.FromDateTime(local));
        return local.Year == Formats.Today.Year ? $"{text} {local.Year}" : text;
    }
}
