using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>From a spreadsheet's file to sessions and figures, with a mapping, a preview, and refusals that say what to mend.</summary>
[Collection(ContactsDemoCollection.Name)]
public sealed partial class ImportJourney(Demo demo)
{
    private const string Season =
        "Spectacle;Date;Lieu;Jauge Orchestre;Jauge Balcon;Tarif Normal;Tarif Réduit;Réseau;Remarques\n"
        + "{0};24/12/2030 20:30;Grande salle;320;140;32,00;18,50;Guichet, Web;x\n"
        + "{0};mardi 31 décembre 2030 à 20 h 30;Grande salle;320;140;32,00;18,50;Guichet, Web;\n"
        + "Total;;;640;280;;;;\n";

    /// <summary>An organisation remembers its mappings: in each language another one imports, for the first time and then again.</summary>
    [Theory]
    [InlineData(Demo.House, "fr-FR")]
    [InlineData(Demo.Promoter, "en-GB")]
    public async Task A_season_and_then_its_tallies_are_imported_and_the_next_file_needs_no_mapping(string who, string language)
    {
        var title = $"Phèdre {Guid.NewGuid():N}"[..16];
        await using var visit = await demo.SignIn(who, Screen.Usual with { Language = language });
        var page = visit.Page;
        await page.GotoAsync("/imports/new");
        await visit.Sound("import-new");

        await Upload(page, "saison.csv", string.Format(CultureInfo.InvariantCulture, Season, title));
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(9);
        await page.Locator("select[name=field-8]").SelectOptionAsync("genre");
        await Expect(page.Locator("tr.mapping-ignored")).ToHaveCountAsync(0);
        await visit.Sound("import-columns");
        await Next(page);
        await page.WaitForURLAsync(Preview());
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(2);
        await visit.Sound("import-preview-season");
        await page.Locator("input[name=on-sale]").CheckAsync();
        await Next(page);
        await Expect(page.Locator(".progress-count")).ToContainTextAsync("3 / 3");
        await visit.Sound("import-done");

        await page.GotoAsync("/imports/new?kind=tallies");
        await Upload(page, "ventes.csv", Tallies(title, 12, "1,234"));
        await Expect(page.Locator("select[name=numbers-6]")).ToBeVisibleAsync();
        await visit.Sound("import-question");
        await page.Locator("select[name=numbers-6]").SelectOptionAsync("English");
        await Next(page);
        await page.WaitForURLAsync(Preview());
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("12");
        // More than the balcony holds is said before it is done, and done only when it is meant.
        await Next(page);
        await Expect(page.Locator("[data-error-summary]")).ToBeVisibleAsync();
        visit.TakeComplaints();
        await page.Locator("input[name=confirmed]").CheckAsync();
        await visit.Sound("import-preview-tallies");
        await Next(page);
        await Expect(page.Locator(".progress-count")).ToContainTextAsync("2 / 2");

        // The same source again: how its columns and numbers are read is known.
        await page.GotoAsync("/imports/new?kind=tallies");
        await Upload(page, "ventes.csv", Tallies(title, 15, "1,290"));
        await page.WaitForURLAsync(Preview());
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync("+3");
        await Expect(page.Locator("tbody tr").First).ToContainTextAsync(new Regex("1\\W?290"));

        await page.GotoAsync("/imports");
        await Expect(page.Locator("#imports tr[data-row]")).Not.ToHaveCountAsync(0);
        await visit.Sound("imports");
    }

    [Theory]
    [InlineData("/tallies")]
    [InlineData("session")]
    public async Task A_file_can_be_given_from_where_tallies_are_typed(string from)
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync(from == "session" ? (await page.Locator("#on-sale tr[data-row]").First.GetAttributeAsync("data-href"))! : from);
        await page.GetByRole(AriaRole.Link, new() { Name = "Depuis un fichier" }).ClickAsync();
        await Expect(page.Locator("input[type=file]")).ToBeVisibleAsync();
        if (from == "session") await Expect(page.Locator("h1")).ToHaveTextAsync("Importer un pointage de cette séance");
        else await Expect(page.Locator("input[name=kind][value=tallies]")).ToBeCheckedAsync();
    }

    [Fact]
    public async Task The_columns_page_is_walked_by_keyboard()
    {
        await using var visit = await demo.SignIn(Demo.House);
        await visit.Page.GotoAsync("/imports/new");
        await Upload(visit.Page, "saison.csv", string.Format(CultureInfo.InvariantCulture, Season, "Clavier"));
        await Columns(visit.Page);
        await Checks.IsWalkedByKeyboard(visit.Page);
    }

    [Fact]
    public async Task Refused_lines_say_what_to_mend_and_nothing_is_imported()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/imports/new");
        await Upload(page, "saison.csv", "Spectacle;Date;Lieu;Jauge;Tarif;Prix;Réseau\nPhèdre;31/02/2030 20:30;Grande salle;12,5;Normal;(12);Guichet\n;24/12/2030 20:30;G;=1+1;Normal;32,5;Web\nPhèdre;24/12/2030;G;5;Normal;12;Web\n");
        await Columns(page);
        await Next(page);
        await page.WaitForURLAsync(Preview());
        await Expect(page.Locator("tbody tr")).ToHaveTextAsync(
        [
            new Regex(@"2\s+Date\s+31/02/2030 20:30\s+Cette date n’existe pas"),
            new Regex(@"2\s+Jauge\s+12,5\s+Un nombre entier"),
            new Regex(@"2\s+Prix\s+\(12\)\s+Un nombre négatif"),
            new Regex(@"3\s+Jauge\s+=1\+1\s+Un nombre est attendu"),
            new Regex(@"4\s+Heure\s+L’heure manque"),
        ]);
        await visit.Sound("import-refused");
        await Expect(page.Locator("form[id=accept]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_file_of_contacts_is_taken_without_its_refused_lines_and_undone()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var name = $"Fichier{Guid.NewGuid():N}"[..14];
        await page.GotoAsync("/imports/new?kind=contacts");
        await Upload(page, "contacts.csv", $"Nom;Prénom;E-mail;Code postal;Ville;Structure\n{name};Zoé;zoe@{name}.example;75012;Paris;\n{name};Luc;luc@{name}.example;;;Lycée {name}\n{name};Eve;pas-une-adresse;;;\n");
        if (page.Url.EndsWith("/columns", StringComparison.Ordinal)) await Next(page);
        await page.WaitForURLAsync(Preview());
        await Expect(page.Locator("tbody tr").First).ToHaveTextAsync(new Regex(@"4\s+E-mail\s+pas-une-adresse"));
        await visit.Sound("import-preview-contacts");
        await page.GetByRole(AriaRole.Button, new() { Name = "Importer 2 contacts, sans 1 ligne refusée" }).ClickAsync();
        await Expect(page.Locator(".progress-count")).ToContainTextAsync("Import terminé");
        await Expect(page.Locator(".progress-count")).ToContainTextAsync("3 / 3");
        var import = page.Url;
        await visit.Sound("import-done-contacts");
        await page.GotoAsync($"/contacts?q={name}");
        await Expect(page.Locator("#contacts tr[data-row]")).ToHaveCountAsync(2);

        await page.GotoAsync(import);
        await page.GetByRole(AriaRole.Button, new() { Name = "Annuler tout l’import" }).ClickAsync();
        await Expect(page.Locator(".progress-count")).ToContainTextAsync("Import annulé");
        await page.GotoAsync($"/contacts?q={name}");
        await Expect(page.Locator("#contacts tr[data-row]")).ToHaveCountAsync(0);

        // A long one says that it is being checked, and then what it came to.
        var many = new StringBuilder("Nom;Prénom;E-mail\n");
        for (var i = 0; i < 2_300; i++) many.Append(CultureInfo.InvariantCulture, $"{name}{i};Zoé;{i}@{name}.example\n");
        await page.GotoAsync("/imports/new?kind=contacts");
        await Upload(page, "longue.csv", many.ToString());
        if (page.Url.EndsWith("/columns", StringComparison.Ordinal)) await Next(page);
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Importer 2.300 contacts$") })).ToBeVisibleAsync();
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
            await Next(page);
            await page.WaitForURLAsync(url => !url.EndsWith("/new", StringComparison.Ordinal));
            await Expect(page.Locator(".notice")).ToContainTextAsync("Le fichier dépasse 20\u00A0Mo");
        }
        finally
        {
            File.Delete(big);
        }
    }

    private static string Tallies(string title, int sold, string gross) =>
        $"Titre\tDate\tCatégorie\tTarif\tRéseau\tVendus\tCA\n{title}\t24/12/2030\tOrchestre\tNormal\tWeb\t{sold}\t{gross}\n{title}\t31/12/2030\tBalcon\tRéduit\tWeb\t150\t2,775\n";

    /// <summary>Leads to the columns, or straight to the preview where a mapping is remembered.</summary>
    private static async Task Upload(IPage page, string name, string text)
    {
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = name, MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(text) });
        await Next(page);
        await page.WaitForURLAsync(Read());
    }

    /// <summary>The columns of the file that was just uploaded, remembered or not.</summary>
    private static Task Columns(IPage page) => page.GotoAsync(page.Url.Replace("/preview", "/columns", StringComparison.Ordinal));

    private static Task Next(IPage page) => page.Locator(".form-actions .btn-primary").ClickAsync();

    [GeneratedRegex("/imports/[0-9a-z]{20}/(columns|preview)$")]
    private static partial Regex Read();

    [GeneratedRegex("/imports/[0-9a-z]{20}/preview$")]
    private static partial Regex Preview();
}
