using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>One person is in the file twice: found, compared, merged, and taken apart again.</summary>
[Collection(ContactsDemoCollection.Name)]
public sealed partial class ContactMergeJourney(Demo demo)
{
    [Fact]
    public async Task Who_is_there_twice_is_found_compared_merged_and_taken_apart_again()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var name = $"Doublet{Guid.NewGuid().ToString("N")[..6]}";
        var first = await Made(page, name, "Aline", "aline@", null);
        var second = await Made(page, $"{name}e", "Aline", "aline@", "0755443322");

        await page.GotoAsync("/contacts/duplicates");
        await page.Locator("form[action='/contacts/duplicates/search'] button").ClickAsync();
        var pair = page.Locator("li.pair").Filter(new() { HasText = name.ToUpperInvariant() });
        await Expect(pair).ToHaveCountAsync(1);
        await Expect(pair).ToContainTextAsync("même adresse e-mail");
        await Expect(page.Locator("#duplicates-state")).ToContainTextAsync("Recherche terminée");
        await visit.Sound("contact-duplicates");

        await pair.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Comparer") }).ClickAsync();
        var table = page.Locator("table.compare");
        await Expect(table.Locator("tr", new() { HasText = "Portable" }).Locator(".compare-result")).ToHaveTextAsync("07 55 44 33 22");
        // The other's name is the right one: chosen, and seen before it is done.
        await table.Locator($"input[name='pick.name'][value='{second[^20..]}']").CheckAsync();
        await page.Locator("button[value=preview]").ClickAsync();
        await Expect(page.Locator("table.compare tr", new() { HasText = "Nom" }).First.Locator(".compare-result")).ToHaveTextAsync($"{name}e");
        await visit.Sound("contact-merge");
        await page.Locator("button[value=merge]").ClickAsync();
        await page.WaitForURLAsync($"**{first}");
        await Expect(page.Locator("h1")).ToContainTextAsync($"{name}e".ToUpperInvariant());
        await Expect(page.Locator("body")).ToContainTextAsync("Fiches fusionnées");

        // What led to the other leads here.
        await page.GotoAsync(second);
        await page.GetByRole(AriaRole.Link, new() { Name = "Voir la fiche qui reste" }).ClickAsync();
        await page.WaitForURLAsync($"**{first}");
        await page.GotoAsync($"{first}/administration");
        await Expect(page.Locator("#merges")).ToContainTextAsync($"{name}e".ToUpperInvariant());
        await visit.Sound("contact-merged");
        await page.Locator("#merges button").ClickAsync();
        await Expect(page.Locator("body")).ToContainTextAsync("Fusion annulée");
        await page.GotoAsync($"/contacts?q={name}");
        await Expect(page.Locator("#contacts tr[data-row]")).ToHaveCountAsync(2);

        // They were two, after all.
        await page.GotoAsync("/contacts/duplicates");
        await page.Locator("li.pair").Filter(new() { HasText = name.ToUpperInvariant() }).GetByRole(AriaRole.Button, new() { Name = "Ce sont bien deux" }).ClickAsync();
        await Expect(page.Locator("li.pair").Filter(new() { HasText = name.ToUpperInvariant() })).ToHaveCountAsync(0);
        await page.GotoAsync("/contacts/duplicates?apart=true");
        await Expect(page.Locator("li.pair").Filter(new() { HasText = name.ToUpperInvariant() })).ToContainTextAsync("distingués par");
    }

    private static async Task<string> Made(IPage page, string name, string first, string mailbox, string? mobile)
    {
        await page.GotoAsync($"/contacts/new?name={name}%2C%20{first}");
        await page.Locator("input[name=title]").FillAsync("Madame");
        await page.Locator("input[name=email]").FillAsync($"{mailbox}{name.TrimEnd('e')}.example");
        if (mobile is not null) await page.Locator("input[name=mobile], input[name='mobile.number']").First.FillAsync(mobile);
        await page.Locator("input[name=postcode]").FillAsync("75012");
        await Expect(page.Locator("input[name=city]")).ToHaveValueAsync("Paris");
        await page.Locator("button[value=create].btn-primary").ClickAsync();
        await page.WaitForURLAsync(Record());
        return new Uri(page.Url).AbsolutePath;
    }

    [GeneratedRegex("/contacts/[0-9a-z]{20}$")]
    private static partial Regex Record();
}
