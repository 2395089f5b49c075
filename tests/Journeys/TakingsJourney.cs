using System.Text;
using Microsoft.Playwright;

namespace Guichet.Tests.Journeys;

/// <summary>The house's own papers: a session's takings statement, and the quarterly return.</summary>
[Collection(DemoCollection.Name)]
public sealed class TakingsJourney(Demo demo)
{
    [Fact]
    public async Task The_takings_statement_of_a_session_is_downloaded_from_its_page_in_both_languages_and_as_a_workbook()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/sessions?when=past");
        await page.Locator("#sessions tr[data-row]").First.Locator("a").First.ClickAsync();
        await visit.Sound("session-statement");
        foreach (var (words, name, begins) in new[]
        {
            ("Relevé de recettes (PDF)", "releve-de-recettes-", "%PDF-1.7"), ("En anglais (PDF)", "takings-", "%PDF-1.7"), ("Classeur Excel", "releve-de-recettes-", "PK"),
        })
        {
            await page.Locator("summary", new() { HasText = "Relevé" }).ClickAsync();
            var file = await page.RunAndWaitForDownloadAsync(() => page.Locator("a.menu-item", new() { HasText = words }).ClickAsync());
            Assert.StartsWith(name, file.SuggestedFilename, StringComparison.Ordinal);
            var bytes = await File.ReadAllBytesAsync((await file.PathAsync())!);
            Assert.StartsWith(begins, Encoding.Latin1.GetString(bytes, 0, 8), StringComparison.Ordinal);
            await Keep(file);
            await page.Keyboard.PressAsync("Escape");
        }
    }

    [Fact]
    public async Task The_quarterly_return_says_what_is_missing_lets_tariffs_be_counted_otherwise_and_is_downloaded()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/sessions");
        await page.Locator("a", new() { HasText = "Déclaration trimestrielle" }).ClickAsync();
        // This quarter, in which the demo surely plays.
        await page.Locator("select[name=quarter]").SelectOptionAsync(new SelectOptionValue { Index = 0 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Afficher" }).ClickAsync();
        await visit.Sound("quarterly");
        var full = page.Locator("#quarterly-lines tbody tr").First.Locator("td").Nth(3);
        var counted = await full.InnerTextAsync();
        Assert.Equal("Full", await page.Locator("select[name='kind.plein']").InputValueAsync());
        await page.Locator("select[name='kind.plein']").SelectOptionAsync("Other");
        await page.GetByRole(AriaRole.Button, new() { Name = "Recompter" }).ClickAsync();
        Assert.Equal("–", await full.InnerTextAsync());
        await Assertions.Expect(page.Locator("#quarterly-missing")).ToContainTextAsync("compte comme plein tarif");
        await page.Locator("select[name='kind.plein']").SelectOptionAsync("Full");
        await page.GetByRole(AriaRole.Button, new() { Name = "Recompter" }).ClickAsync();
        Assert.Equal(counted, await full.InnerTextAsync());
        var file = await page.RunAndWaitForDownloadAsync(() => page.Locator("a", new() { HasText = "Télécharger le CSV" }).ClickAsync());
        Assert.Matches("^sibil-20[0-9]{2}-T[1-4]-brouillon\\.csv$", file.SuggestedFilename);
        var lines = (await File.ReadAllTextAsync((await file.PathAsync())!)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("\uFEFFSpectacle;Domaine;Lieu;Date;Billets délivrés;Billets plein tarif;Recette plein tarif TTC;", "\uFEFF" + lines[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.All(lines.Skip(1), line => Assert.EndsWith("Brouillon : à vérifier avec le modèle officiel", line.Replace('\u00A0', ' '), StringComparison.Ordinal));
        Assert.Equal(await page.Locator("#quarterly-lines tbody tr").CountAsync(), lines.Length - 1);
        await Keep(file);
    }

    [Fact]
    public async Task A_session_without_a_tally_says_that_one_is_needed()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/tallies");
        await page.GotoAsync($"/sessions/{await page.Locator("[data-entry]").First.GetAttributeAsync("data-entry")}/duplicate");
        await page.Locator("[name='dates[0].date']").FillAsync("2031-02-03");
        await page.Locator("main .btn-primary").ClickAsync();
        await page.WaitForURLAsync(url => !url.EndsWith("/duplicate", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Link, new() { NameRegex = new("2031") }).First.ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/sessions/", StringComparison.Ordinal));
        Assert.Equal(0, await page.Locator("summary", new() { HasText = "Relevé" }).CountAsync());
        await page.GotoAsync($"{new Uri(page.Url).AbsolutePath}/takings.pdf");
        await Assertions.Expect(page.Locator("body")).ToContainTextAsync("se fait sur un pointage validé");
    }

    /// <summary>Beside the pictures, to be looked at.</summary>
    private static async Task Keep(IDownload file)
    {
        if (Environment.GetEnvironmentVariable("GUICHET_SCREENS") is { Length: > 0 } folder) await file.SaveAsAsync(Path.Combine(folder, file.SuggestedFilename));
    }
}
