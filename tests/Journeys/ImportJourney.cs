using System.Text;
using Microsoft.Playwright;

namespace Guichet.Tests.Journeys;

/// <summary>From a spreadsheet's file to sessions and figures, with a mapping, a preview, and refusals that say what to mend.</summary>
[Collection(DemoCollection.Name)]
public sealed class ImportJourney(Demo demo)
{
    private const string Season =
        "Spectacle;Date;Lieu;Jauge Orchestre;Jauge Balcon;Tarif Normal;Tarif Réduit;Réseau;Remarques\n"
        + "{0};24/12/2030 20:30;Grande salle;320;140;32,00;18,50;Guichet, Web;x\n"
        + "{0};mardi 31 décembre 2030 à 20 h 30;Grande salle;320;140;32,00;18,50;Guichet, Web;\n"
        + "Total;;;640;280;;;;\n";

    public static TheoryData<int, bool, string> Screens => new()
    {
        { 1280, false, "fr-FR" }, { 1280, true, "fr-FR" }, { 820, false, "fr-FR" }, { 820, true, "en-GB" },
    };

    [Theory, MemberData(nameof(Screens))]
    public async Task A_season_and_then_its_tallies_are_imported(int width, bool dark, string language)
    {
        var title = $"Phèdre {Guid.NewGuid():N}";
        await using var visit = await demo.SignIn(Demo.House, new Screen(width, dark, language));
        var page = visit.Page;
        await page.GotoAsync("/imports/new");
        await Sound(visit, "import-new");

        await Upload(page, "saison.csv", string.Format(System.Globalization.CultureInfo.InvariantCulture, Season, title));
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(9);
        await page.Locator("select[name=field-8]").SelectOptionAsync("genre");
        await Assertions.Expect(page.Locator("tr.mapping-ignored")).ToHaveCountAsync(0);
        await Sound(visit, "import-columns");
        await Next(page);
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await Sound(visit, "import-preview-season");
        await page.Locator("input[name=on-sale]").CheckAsync();
        await Next(page);
        await Assertions.Expect(page.Locator(".progress-count")).ToContainTextAsync("3 / 3", new() { Timeout = 20_000 });
        await Sound(visit, "import-done");

        await page.GotoAsync("/imports/new?kind=tallies");
        await Upload(page, "ventes.csv", $"Titre\tDate\tCatégorie\tTarif\tRéseau\tVendus\tCA\n{title}\t24/12/2030\tOrchestre\tNormal\tWeb\t12\t1,234\n{title}\t31/12/2030\tBalcon\tRéduit\tWeb\t150\t2,775\n");
        await Sound(visit, "import-question");
        await page.Locator("select[name=numbers-6]").SelectOptionAsync("English");
        await Next(page);
        await Assertions.Expect(page.Locator("tbody tr").First).ToContainTextAsync("12");
        await Next(page);
        await Assertions.Expect(page.Locator("[data-error-summary]")).ToBeVisibleAsync();
        visit.TakeComplaints();
        await page.Locator("input[name=confirmed]").CheckAsync();
        await Sound(visit, "import-preview-tallies");
        await Next(page);
        await Assertions.Expect(page.Locator(".progress-count")).ToContainTextAsync("2 / 2", new() { Timeout = 20_000 });
        await page.GotoAsync("/imports");
        await Sound(visit, "imports");
    }

    [Fact]
    public async Task The_columns_page_is_walked_by_keyboard()
    {
        await using var visit = await demo.SignIn(Demo.House);
        await visit.Page.GotoAsync("/imports/new");
        await Upload(visit.Page, "saison.csv", string.Format(System.Globalization.CultureInfo.InvariantCulture, Season, "Clavier"));
        await Checks.IsWalkedByKeyboard(visit.Page);
    }

    [Fact]
    public async Task Refused_lines_say_what_to_mend_and_nothing_is_imported()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/imports/new");
        await Upload(page, "saison.csv", "Spectacle;Date;Lieu;Jauge;Tarif;Prix;Réseau\nPhèdre;31/02/2030 20:30;Grande salle;12,5;Normal;(12);Guichet\n;24/12/2030 20:30;G;=1+1;Normal;32,5;Web\nPhèdre;24/12/2030;G;5;Normal;12;Web\n");
        await Next(page);
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveTextAsync(
        [
            new System.Text.RegularExpressions.Regex("2.*Date.*31/02/2030 20:30.*Cette date n’existe pas"),
            new System.Text.RegularExpressions.Regex("2.*Jauge.*12,5.*nombre entier"),
            new System.Text.RegularExpressions.Regex("2.*Prix.*\\(12\\).*négatif"),
            new System.Text.RegularExpressions.Regex("3.*Jauge.*=1\\+1.*nombre est attendu"),
            new System.Text.RegularExpressions.Regex("4.*Heure.*heure manque"),
        ]);
        await Sound(visit, "import-refused");
        await Assertions.Expect(page.Locator("form[id=accept]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_file_of_two_hundred_megabytes_is_refused_with_a_page()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var big = Path.GetTempFileName();
        try
        {
            await using (var file = File.Create(big))
            {
                var line = Encoding.UTF8.GetBytes(string.Join(';', Enumerable.Repeat(new string('x', 99), 10)) + "\n");
                for (long written = 0; written < 200_000_000; written += line.Length) await file.WriteAsync(line);
            }
            await page.GotoAsync("/imports/new");
            await page.Locator("input[type=file]").SetInputFilesAsync(big);
            await page.Locator(".form-actions .btn-primary").ClickAsync();
            await page.WaitForURLAsync(url => !url.EndsWith("/new", StringComparison.Ordinal));
            await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("Le fichier dépasse 20\u00A0Mo");
        }
        finally
        {
            File.Delete(big);
        }
    }

    private static async Task Upload(IPage page, string name, string text)
    {
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
        await Next(page);
    }

    private static Task Next(IPage page) => page.RunAndWaitForRequestFinishedAsync(
        () => page.Locator(".form-actions .btn-primary").ClickAsync(),
        new() { Predicate = request => request.IsNavigationRequest && request.Method == "GET" });

    private static async Task Sound(Visit visit, string name)
    {
        await visit.Picture(name);
        await Checks.IsSound(visit);
    }
}
