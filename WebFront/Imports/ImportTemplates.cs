using System.Collections.Immutable;
using Guichet.Exports;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Imports;

/// <summary>Files to start from, with the headers that are found by themselves and a few lines as an example.</summary>
internal static class ImportTemplates
{
    public static void MapImportTemplates(this IEndpointRouteBuilder routes) => routes
        .MapGet("/imports/template/{name}", Send)
        .ExcludeFromDescription();

    public static string Path(ImportKind kind, string format) => $"/imports/template/{ImportWords.NameOf(kind)}.{format}";

    private static async Task<IResult> Send(string name, HttpContext http, Reader reader, TimeProvider time)
    {
        if (name is not ("season.csv" or "season.xlsx" or "tallies.csv" or "tallies.xlsx" or "partners.csv" or "partners.xlsx" or "contacts.csv" or "contacts.xlsx")) return Results.NotFound();
        var day = reader.Formats.Today.AddMonths(2);
        var export = ImportWords.KindOf(System.IO.Path.GetFileNameWithoutExtension(name)) switch
        {
            ImportKind.Season => Season(reader, day),
            ImportKind.Tallies => Tallies(reader, day),
            ImportKind.Contacts => Contacts(reader),
            _ => Partners(reader),
        };
        var (kind, format) = (System.IO.Path.GetFileNameWithoutExtension(name), System.IO.Path.GetExtension(name)[1..]);
        var french = kind switch { "season" => "saison", "tallies" => "pointages", "contacts" => "contacts", _ => "partenaires" };
        await Download.Table(http, export, reader.T(french, kind), format);
        return Results.Empty;
    }

    private static Export Season(Reader reader, DateOnly day)
    {
        ImmutableArray<ExportColumn> columns =
        [
            Column(ImportFields.Show, ExportKind.Text, 24), Column(ImportFields.Date, ExportKind.DateTime, 18), Column(ImportFields.Place, ExportKind.Text, 20),
            Column(ImportFields.Category, ExportKind.Text), Column(ImportFields.Capacity, ExportKind.Whole), Column(ImportFields.Tariff, ExportKind.Text),
            Column(ImportFields.Price, ExportKind.Amount), Column(ImportFields.Channel, ExportKind.Text, 24),
        ];
        var at = day.ToDateTime(new TimeOnly(20, 30));
        var (house, channels, full, reduced) = (
            reader.T("Grande salle", "Main house"), reader.T("Guichet, Web", "Box office, Web"), reader.T("Normal", "Full price"), reader.T("Réduit", "Concession"));
        var (stalls, balcony) = (reader.T("Orchestre", "Stalls"), reader.T("Balcon", "Balcony"));
        return Of(reader, reader.T("Saison", "Season"), columns,
        [
            [ExportCell.Of("Le Misanthrope"), ExportCell.Of(at), ExportCell.Of(house), ExportCell.Of(stalls), ExportCell.Of(320), ExportCell.Of(full), ExportCell.Of(32m), ExportCell.Of(channels)],
            [ExportCell.Of("Le Misanthrope"), ExportCell.Of(at), ExportCell.Of(house), ExportCell.Of(stalls), ExportCell.Of(320), ExportCell.Of(reduced), ExportCell.Of(18m), ExportCell.Of(channels)],
            [ExportCell.Of("Le Misanthrope"), ExportCell.Of(at), ExportCell.Of(house), ExportCell.Of(balcony), ExportCell.Of(140), ExportCell.Of(full), ExportCell.Of(24m), ExportCell.Of(channels)],
        ]);

        ExportColumn Column(string field, ExportKind kind, int width = 14) => new(reader.Field(field), kind, width);
    }

    private static Export Tallies(Reader reader, DateOnly day)
    {
        ImmutableArray<ExportColumn> columns =
        [
            Column(ImportFields.Show, ExportKind.Text, 24), Column(ImportFields.Date, ExportKind.DateTime, 18), Column(ImportFields.Place, ExportKind.Text, 20),
            Column(ImportFields.Category, ExportKind.Text), Column(ImportFields.Tariff, ExportKind.Text), Column(ImportFields.Channel, ExportKind.Text),
            Column(ImportFields.Sold, ExportKind.Whole), Column(ImportFields.Reserved, ExportKind.Whole), Column(ImportFields.Free, ExportKind.Whole),
            Column(ImportFields.Gross, ExportKind.Amount),
        ];
        var at = day.ToDateTime(new TimeOnly(20, 30));
        var (house, full, reduced, stalls, office) = (
            reader.T("Grande salle", "Main house"), reader.T("Normal", "Full price"), reader.T("Réduit", "Concession"), reader.T("Orchestre", "Stalls"), reader.T("Guichet", "Box office"));
        return Of(reader, reader.T("Pointages", "Tallies"), columns,
        [
            [ExportCell.Of("Le Misanthrope"), ExportCell.Of(at), ExportCell.Of(house), ExportCell.Of(stalls), ExportCell.Of(full), ExportCell.Of(office), ExportCell.Of(112), ExportCell.Of(6), ExportCell.Of(4), ExportCell.Of(3584m)],
            [ExportCell.Of("Le Misanthrope"), ExportCell.Of(at), ExportCell.Of(house), ExportCell.Of(stalls), ExportCell.Of(reduced), ExportCell.Of("Web"), ExportCell.Of(41), ExportCell.Of(0), ExportCell.Of(0), ExportCell.Of(738m)],
        ]);

        ExportColumn Column(string field, ExportKind kind, int width = 14) => new(reader.Field(field), kind, width);
    }

    private static Export Contacts(Reader reader)
    {
        ImmutableArray<ExportColumn> columns =
        [
            Column(ContactFields.Kind), Column(ContactFields.Title), Column(ContactFields.Name, width: 28), Column(ContactFields.FirstName, width: 20), Column(ContactFields.BirthDate, ExportKind.Date, 14),
            Column(ImportFields.Email, width: 32), Column(ContactFields.Mobile, width: 18), Column("line1", width: 30), Column("postcode"), Column("city", width: 20), Column(ContactFields.Structure, width: 28), Column(ContactFields.Tags, width: 20),
        ];
        var school = reader.T("Collège Jean-Moulin", "Jean Moulin School");
        return Of(reader, reader.T("Contacts", "Contacts"), columns,
        [
            [ExportCell.Of(reader.T("Structure", "Structure")), ExportCell.Empty, ExportCell.Of(school), ExportCell.Empty, ExportCell.Empty, ExportCell.Of("accueil@college.example"), ExportCell.Empty, ExportCell.Of("2, rue de la Porte"), ExportCell.Of("29200"), ExportCell.Of("Brest"), ExportCell.Empty, ExportCell.Of(reader.T("Scolaires", "Schools"))],
            [ExportCell.Of(reader.T("Individuel", "Individual")), ExportCell.Of(reader.T("Madame", "Ms")), ExportCell.Of("L’Hostis"), ExportCell.Of("Céline"), ExportCell.Of(new DateOnly(1979, 5, 17)), ExportCell.Of("celine@college.example"), ExportCell.Of("06 12 34 56 78"), ExportCell.Of("2, rue de la Porte"), ExportCell.Of("29200"), ExportCell.Of("Brest"), ExportCell.Of(school), ExportCell.Empty],
        ]);

        ExportColumn Column(string field, ExportKind kind = ExportKind.Text, int width = 14) => new(reader.Field(field), kind, width);
    }

    private static Export Partners(Reader reader)
    {
        ImmutableArray<ExportColumn> columns =
        [
            Column(ImportFields.Partner, 28), Column(ImportFields.Group), Column(ImportFields.Email, 40), Column(ImportFields.Cc, 30), Column(ImportFields.Contact, 20),
            Column(ImportFields.Language), Column(ImportFields.Note, 30),
        ];
        var (french, english) = (reader.T("français", "French"), reader.T("anglais", "English"));
        return Of(reader, reader.T("Partenaires", "Partners"), columns,
        [
            [ExportCell.Of("Astérie Productions"), ExportCell.Of(reader.T("Partenaire", "Partner")), ExportCell.Of("prod@asterie.example"), ExportCell.Of("compta@asterie.example"), ExportCell.Of("Nadia Benali"), ExportCell.Of(french), ExportCell.Of("Nuit de sel")],
            [ExportCell.Of("North Star Agency"), ExportCell.Of(reader.T("Agent", "Agent")), ExportCell.Of("tours@northstar.example, office@northstar.example"), ExportCell.Empty, ExportCell.Empty, ExportCell.Of(english), ExportCell.Empty],
            [ExportCell.Of("Le Quartz"), ExportCell.Of(reader.T("Lieu", "Venue")), ExportCell.Of("billetterie@quartz.example"), ExportCell.Empty, ExportCell.Empty, ExportCell.Of(french), ExportCell.Empty],
        ]);

        ExportColumn Column(string field, int width = 14) => new(reader.Field(field), ExportKind.Text, width);
    }

    private static Export Of(Reader reader, string sheet, ImmutableArray<ExportColumn> columns, ImmutableArray<ExportCell>[] rows) =>
        new(sheet, columns, rows.ToAsyncEnumerable(), reader.Language == Language.French ? ExportLanguage.French : ExportLanguage.English);
}
