using System.Text;
using Guichet.Journal;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Guichet.Imports;

/// <summary>From an upload to what it did, through the real desk, grains, journal and outbox.</summary>
public sealed class ImportGrainTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Season = "Titre;Date;Lieu;Jauge Or;Jauge Balcon;Tarif Normal;Tarif Réduit;Réseau\n"
        + "Lear;24/12/2026 20:30;Grande salle;200;100;30,00;20,50;Guichet, Fnac\nLear;25/12/2026 15:00;Grande salle;200;100;30,00;20,50;Guichet, Fnac\n"
        + "Phèdre;26/12/2026 20:30;Petite salle;80;;25,00;15,00;Guichet\n";
    private const string Tallies = "Spectacle;Date;Catégorie;Tarif;Réseau;Vendus\nLear;24/12/2026;Or;Normal;Fnac;12\nLear;25/12/2026;Balcon;Réduit;Guichet;7\n";

    private readonly ManualTime time = new();
    private readonly string organisation = Guid.NewGuid().ToString("N");

    private Actor Claire => new(organisation, "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    private ImportDeskContext Context => new(organisation, "Europe/Paris", "EUR", "Claire Morin", Import.Defaults);

    private static Stream Bytes(string text) => new MemoryStream(Encoding.UTF8.GetBytes(text));

    [Fact]
    public async Task A_season_is_taken_whole_and_once()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var (import, accept) = await Accepted(silo, ImportKind.Season, Season);
        await silo.DrainOutbox();
        var view = (await import.View())!;
        Assert.Equal((5, 5, 0, true), (view.Parts, view.Done, view.Failed, view.FinishedAt is not null));
        var sessions = accept.Season!.Sessions;
        var first = (await silo.Session(organisation, sessions[0].Id).View())!;
        Assert.Equal("Or 200, Balcon 100", string.Join(", ", first.Details.Categories.Select(category => $"{category.Name} {category.Capacity}")));
        Assert.Equal((SessionStatus.OnSale, 1L), (first.Status, first.Revision));

        // The same acceptance again, and every effect again, as after a crash before they were recorded as done.
        Assert.False((await import.Accept(accept)).IsRefused);
        Assert.Equal("import-accepted", (await import.Accept(accept with { Id = Guid.NewGuid() })).Refusals[0].Code);
        await Forget("done_at = NULL, claimed_until = NULL");
        await silo.DrainOutbox();
        Assert.Equal(5, (await import.View())!.Done);
        Assert.Equal(1L, (await silo.Session(organisation, sessions[0].Id).View())!.Revision);
        Assert.Equal(3L, await Count("sessions"));
        Assert.Equal(2L, await Count("shows"));
    }

    [Fact]
    public async Task The_same_file_again_changes_nothing()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        await Accepted(silo, ImportKind.Season, Season);
        await silo.DrainOutbox();
        var (import, accept) = await Accepted(silo, ImportKind.Season, Season);
        Assert.Equal((0, 0, 3), (accept.Season!.Count(PlannedAction.Create), accept.Season.Count(PlannedAction.Change), accept.Season.Count(PlannedAction.Nothing)));
        Assert.NotNull((await import.View())!.FinishedAt);
    }

    [Fact]
    public async Task Tallies_become_versions_that_name_their_file()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var season = (await Accepted(silo, ImportKind.Season, Season)).Accept.Season!;
        await silo.DrainOutbox();
        await Accepted(silo, ImportKind.Tallies, Tallies);
        await silo.DrainOutbox();
        var tally = (await silo.Session(organisation, season.Sessions[0].Id).View())!.Current!;
        Assert.Equal((1, TallySource.File, "ventes.csv", "Claire Morin"), (tally.Version, tally.Source, tally.SourceName, tally.By));
        Assert.Equal(new TallyLine("or", "normal", "fnac", 12, 0, 0, 36_000), Assert.Single(tally.Lines));
    }

    [Fact]
    public async Task A_session_tallied_meanwhile_keeps_its_figure_and_the_import_says_so()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var season = (await Accepted(silo, ImportKind.Season, Season)).Accept.Season!;
        await silo.DrainOutbox();
        var (import, _) = await Accepted(silo, ImportKind.Tallies, Tallies);
        var typed = await silo.Session(organisation, season.Sessions[0].Id).Validate(
            new ValidateTally([new TallyLine("or", "normal", "guichet", 3, 0, 0, 9_000)], TallySource.Typed, null, null, 0) { Id = Guid.NewGuid(), By = Claire });
        Assert.False(typed.IsRefused);
        await silo.DrainOutbox();
        var view = (await import.View())!;
        Assert.Equal((1, 1), (view.Done, view.Failed));
        Assert.Equal("tally-changed-meanwhile", view.Failures[0].Refusals[0].Code);
        Assert.Equal("Lear | 2026-12-24T20:30", view.Failures[0].Part);
        Assert.Equal(3, (await silo.Session(organisation, season.Sessions[0].Id).View())!.Current!.Figures.Sold);

        await Forget("done_at = NULL, claimed_until = NULL");
        await silo.DrainOutbox();
        Assert.Equal((1, 1), ((await import.View())!.Done, (await import.View())!.Failed));
    }

    [Fact]
    public async Task Tallies_may_be_kept_as_drafts_and_bring_their_channel()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var season = (await Accepted(silo, ImportKind.Season, Season)).Accept.Season!;
        await silo.DrainOutbox();
        await Accepted(silo, ImportKind.Tallies, "Spectacle;Date;Catégorie;Tarif;Réseau;Vendus\nLear;24/12/2026;Or;Normal;Bureau;12\n", TallyHandling.Draft, mayAddChannels: true);
        await silo.DrainOutbox();
        var view = (await silo.Session(organisation, season.Sessions[0].Id).View())!;
        Assert.Equal(["Guichet", "Fnac", "Bureau"], view.Details.Channels.Select(channel => channel.Name));
        Assert.Null(view.Current);
        Assert.Equal(("bureau", 12), (view.Draft!.Lines[0].Channel, view.Draft.Lines[0].Sold));
        await Forget("done_at = NULL, claimed_until = NULL");
        await silo.DrainOutbox();
        Assert.Equal(view.Revision, (await silo.Session(organisation, season.Sessions[0].Id).View())!.Revision);
    }

    [Fact]
    public async Task A_sources_mapping_is_remembered_by_its_headers_even_when_one_changed()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var desk = silo.Services.GetRequiredService<ImportDesk>();
        var sheet = (await desk.Receive(Context, ImportKind.Season, null, "Saison_2026-27.csv", Bytes("Titre;Date;Lieu;Places;Valeur;Code\nLear;24/12/2026 20:30;G;10;30;7\n"))).Read.Accepted;
        Assert.Equal(("Saison", null), (sheet.Source, sheet.Remembered));
        var mapping = sheet.Mapping with { Columns = [.. sheet.Mapping.Columns, new ColumnMapping("Valeur", ImportFields.Price)] };
        sheet = (await desk.Change(organisation, sheet.Id, "Mon logiciel", mapping))!;
        Assert.True(sheet.Proposal.IsReady);
        await Accept(silo, sheet, false);

        var again = (await desk.Receive(Context, ImportKind.Season, null, "x.csv", Bytes("Code;Valeur;Titre;Date;Lieu;Places\n7;30;Lear;25/12/2026 20:30;G;10\n"))).Read.Accepted;
        Assert.Equal(("Mon logiciel", "Mon logiciel", true), (again.Source, again.Remembered, again.Proposal.IsReady));
        var changed = (await desk.Receive(Context, ImportKind.Season, null, "x.csv", Bytes("Code;Tarification;Titre;Date;Lieu;Places\n7;30;Lear;25/12/2026 20:30;G;10\n"))).Read.Accepted;
        Assert.Equal(("Valeur", "Tarification"), (Assert.Single(changed.Proposal.Changes!.Missing), Assert.Single(changed.Proposal.Changes.Added)));
    }

    [Fact]
    public async Task Nobody_else_finds_a_file()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var desk = silo.Services.GetRequiredService<ImportDesk>();
        var sheet = (await desk.Receive(Context, ImportKind.Season, null, "x.csv", Bytes(Season))).Read.Accepted;
        Assert.NotNull(await desk.Open(organisation, sheet.Id));
        Assert.Null(await desk.Open("another", sheet.Id));
        Assert.Null(await desk.Change("another", sheet.Id, "x", sheet.Mapping));
    }

    [Fact]
    public async Task Of_a_file_that_cannot_be_read_only_the_reasons_are_kept()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var desk = silo.Services.GetRequiredService<ImportDesk>();
        Assert.Equal("control-character", (await desk.Receive(Context, ImportKind.Season, null, "x.csv", Bytes("a;b\n\0;1\n"))).Read.Refusals[0].Code);
        Assert.Equal("headers-not-found", (await desk.Receive(Context, ImportKind.Season, null, "x.csv", Bytes("1;2\n3;4\n"))).Read.Refusals[0].Code);
        Assert.Equal(0L, await Count("import_files", "AND content IS NOT NULL"));
    }

    [Fact]
    public async Task A_workbook_keeps_the_sheet_that_was_chosen()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var desk = silo.Services.GetRequiredService<ImportDesk>();
        static string Cells(params string[] texts) => $"<row>{string.Concat(texts.Select(text => $"<c t=\"str\"><v>{text}</v></c>"))}</row>";
        var workbook = Xlsx.OfRows(Cells("Notice", "du fichier"))
            .With("xl/worksheets/sheet2.xml", $"<worksheet {Xlsx.Main}><sheetData>{Cells("Titre", "Date", "Lieu", "Jauge", "Prix")}{Cells("Lear", "24/12/2026 20:30", "G", "10", "30")}</sheetData></worksheet>")
            .With("xl/workbook.xml", $"<workbook {Xlsx.Main} xmlns:r=\"urn:r\"><sheets><sheet name=\"Notice\" r:id=\"rId1\"/><sheet name=\"Saison\" r:id=\"rId4\"/></sheets></workbook>")
            .With("xl/_rels/workbook.xml.rels", Xlsx.Relationships(("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId4", "worksheet", "worksheets/sheet2.xml")));
        var sheet = (await desk.Receive(Context, ImportKind.Season, null, "x.xlsx", new MemoryStream(workbook.Bytes()))).Read.Accepted;
        Assert.False(sheet.Proposal.IsReady);
        Assert.True((await desk.ChangeSheet(Context, sheet.Id, "Saison")).Accepted.Proposal.IsReady);
        Assert.Equal("Saison", (await desk.Open(organisation, sheet.Id))!.Read.Accepted.Table.Sheet);
    }

    [Theory]
    [InlineData("Ventes_Fnac_2026-11-24.csv", "Ventes Fnac")]
    [InlineData("2026.xlsx", "?")]
    [InlineData("export (3).csv", "export")]
    public void A_source_is_named_after_its_file(string file, string source) => Assert.Equal(source, ImportDesk.SourceOf(file));

    private async Task<(IImportGrain Import, AcceptImport Accept)> Accepted(
        TestSilo silo, ImportKind kind, string text, TallyHandling handling = TallyHandling.Validate, bool mayAddChannels = false)
    {
        var desk = silo.Services.GetRequiredService<ImportDesk>();
        var sheet = (await desk.Receive(Context, kind, null, "ventes.csv", Bytes(text))).Read.Accepted;
        Assert.True(sheet.Proposal.IsReady);
        // The mapping is read again from the database, as it is between two pages.
        return await Accept(silo, (await desk.Open(organisation, sheet.Id))!.Read.Accepted, mayAddChannels, handling);
    }

    private async Task<(IImportGrain Import, AcceptImport Accept)> Accept(TestSilo silo, ImportSheet sheet, bool mayAddChannels, TallyHandling handling = TallyHandling.Validate)
    {
        var desk = silo.Services.GetRequiredService<ImportDesk>();
        var season = sheet.Kind == ImportKind.Season ? (await desk.PlanSeason(Context, sheet)).Accepted : null;
        var tallies = sheet.Kind == ImportKind.Tallies ? (await desk.PlanTallies(Context, sheet, mayAddChannels)).Accepted : null;
        var import = silo.Grains.GetGrain<IImportGrain>(GrainKey.Of(organisation, sheet.Id));
        var accept = new AcceptImport(sheet.FileName, sheet.Source, sheet.Mapping, season, tallies, handling, OnSale: true) { Id = Guid.NewGuid(), By = Claire };
        Assert.Empty((await import.Accept(accept)).Refusals);
        return (import, accept);
    }

    private async Task Forget(string set)
    {
        await using var command = database.Owner.CreateCommand($"UPDATE outbox SET {set} WHERE organisation = '{organisation}'");
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync());
    }

    private async Task<long> Count(string table, string and = "")
    {
        await using var command = database.Owner.CreateCommand($"SELECT count(*) FROM {table} WHERE organisation = '{organisation}' {and}");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
