using System.IO.Compression;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>How long contacts are kept: from an empty page to a preview that is read, and a person's data in one file.</summary>
[Collection(ContactsDemoCollection.Name)]
public sealed class ContactRetentionJourney(Demo demo)
{
    [Fact]
    public async Task A_rule_is_looked_at_before_it_erases_and_a_persons_data_is_a_file()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/settings/contact-retention");
        await Expect(page.Locator(".empty-state")).ToContainTextAsync("Aucune règle");
        await visit.Sound("retention-empty");
        await page.GetByRole(AriaRole.Link, new() { Name = "Clients", Exact = true }).ClickAsync();
        await Expect(page.Locator("input[name=months]")).ToHaveValueAsync("120");
        await page.Locator("input[name=months]").FillAsync("3");
        await page.Locator("button[value=save].btn-primary").ClickAsync();
        await Expect(page.Locator("[data-error-summary]")).ToContainTextAsync("entre 6 et 600");
        visit.TakeComplaints();
        await page.Locator("input[name=months]").FillAsync("120");
        await page.Locator("button[value=save].btn-primary").ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("10 ans sans activité");
        await visit.Sound("retention");

        await page.GetByRole(AriaRole.Button, new() { Name = "Voir qui serait effacé" }).ClickAsync();
        await Expect(page.Locator("#retention-look .progress-count")).ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(page.Locator(".empty-state")).ToContainTextAsync("Personne à effacer aujourd’hui");
        await visit.Sound("retention-preview");

        await page.GotoAsync("/contacts");
        await page.Locator("#contacts tr[data-row] .list-name").First.ClickAsync();
        await page.WaitForURLAsync("**/contacts/*");
        await page.GotoAsync($"{new Uri(page.Url).AbsolutePath}/administration");
        await visit.Sound("personal-data");
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("#personal-data form[action$='/personal-data'] button").ClickAsync());
        Assert.Matches(@"^donnees-contact-\d+-\d{4}-\d\d-\d\d\.zip$", download.SuggestedFilename);
        await using var zip = await ZipFile.OpenReadAsync((await download.PathAsync())!);
        Assert.Equal(["donnees.html", "donnees.json"], zip.Entries.Select(entry => entry.FullName).Order());
        await page.ReloadAsync();
        await Expect(page.Locator("body")).ToContainTextAsync("a fait le fichier des données");
    }
}
