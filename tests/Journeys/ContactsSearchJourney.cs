using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>Someone is on the phone: found by keyboard from any page, by every field, and again tomorrow.</summary>
[Collection(ContactsDemoCollection.Name)]
public sealed partial class ContactsSearchJourney(Demo demo)
{
    [Fact]
    public async Task A_contact_is_found_from_any_page_by_keyboard_alone()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/notifications");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.TypeAsync("dupont, ch");
        var lines = page.Locator("#search-found [role=option]");
        await Expect(lines).ToHaveCountAsync(2);
        await Expect(lines.First).ToHaveTextAsync(Chantal());
        await Expect(page.Locator("#search")).ToHaveAttributeAsync("aria-expanded", "true");
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Locator("#search")).ToHaveAttributeAsync("aria-activedescendant", "search-found-1");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#search-found")).ToBeHiddenAsync();

        // What isn't there says so; what is asked for again is shown again.
        await page.Keyboard.PressAsync("/");
        await page.Locator("#search").FillAsync("😀 zzzz");
        await Expect(page.Locator("#search-found")).ToHaveTextAsync("Rien ne correspond.");
        await page.Locator("#search").FillAsync("dupont, chan");
        await Expect(lines).ToHaveCountAsync(1);
        var record = await lines.First.GetAttributeAsync("href");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**{record}");
        visit.TakeComplaints();
    }

    [Fact]
    public async Task A_picker_shows_what_was_typed_last_and_takes_it_with_enter()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var slow = new TaskCompletionSource();
        await page.RouteAsync("**/contacts/find?q=dup", async route =>
        {
            await slow.Task;
            // Its page may have given it up.
            try { await route.ContinueAsync(); } catch (PlaywrightException) { }
        });
        await page.GotoAsync("/contacts?city=zzzz");
        await visit.Ready();
        var field = page.Locator(".field:has(select[name=connectedWith])");
        var box = field.Locator(".ts-control input");
        await box.ClickAsync();
        await page.Keyboard.TypeAsync("dup");
        // It says at once that it is looking, and offers nothing that it doesn't know.
        await Expect(field.Locator(".ts-dropdown")).ToHaveTextAsync("Recherche…");
        await page.Keyboard.TypeAsync("ont, ch");
        var lines = field.Locator(".ts-dropdown [role=option]");
        await Expect(lines).ToHaveCountAsync(2);
        // The answer to the first letters comes late, and isn't shown: after it, another has come and gone.
        slow.SetResult();
        await page.EvaluateAsync("async () => { for (let i = 0; i < 5; i++) await (await fetch('/contacts/find?q=zzz')).text(); }");
        Assert.Equal(2, await lines.CountAsync());
        await Expect(lines.First).ToHaveTextAsync(Chantal());
        await Expect(box).ToHaveAttributeAsync("role", "combobox");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#contacts-filter, .list-advanced .item")).ToHaveTextAsync(new Regex(@"^DUPONT, Chrysoline \| FR-75006 \[\d+\]$"));
        // Picked, it narrows the list: the address has it.
        await page.WaitForURLAsync(new Regex("connectedWith="));
        Assert.DoesNotContain("iban=", page.Url, StringComparison.Ordinal);
        await visit.Sound("contact-picker");
    }

    [Fact]
    public async Task An_advanced_search_is_saved_found_again_narrowed_taken_out_and_tagged()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var name = $"École {Guid.NewGuid():N}"[..12];
        // Those of the demo that no other journey adds to.
        await page.GotoAsync("/contacts?tag=scolaire");
        await page.Locator("#contacts-advanced > summary").ClickAsync();
        await page.Locator("#f-postcode").FillAsync("29");
        await page.Keyboard.PressAsync("Enter");
        var rows = page.Locator("#contacts tr[data-row]");
        await page.WaitForURLAsync(new Regex("postcode=29"));
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(page.Locator("#f-postcode")).ToHaveValueAsync("29");
        await visit.Sound("contacts-advanced");

        await page.Locator("summary", new() { HasText = "Recherches" }).ClickAsync();
        await page.Locator(".menu-item", new() { HasText = "Enregistrer cette recherche" }).ClickAsync();
        await page.Locator("#f-name").FillAsync(name);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".toasts")).ToContainTextAsync("est enregistrée");

        await page.GotoAsync("/contacts");
        await page.Locator("summary", new() { HasText = "Recherches" }).ClickAsync();
        await page.Locator(".menu-item", new() { HasText = name }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(2);

        // What they have in common, with how many; and the exact number of all.
        await page.Locator("#contacts-facets summary", new() { HasText = "Nature" }).ClickAsync();
        await Expect(page.Locator("#contacts-facets details[open] .menu-item")).ToHaveTextAsync([new Regex(@"Individuel\s*1"), new Regex(@"Structure\s*1")]);
        await page.Locator("#contacts-facets details[open] .menu-item", new() { HasText = "Structure" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(1);

        var file = await page.RunAndWaitForDownloadAsync(async () =>
        {
            await page.Locator("summary", new() { HasText = "Exporter" }).ClickAsync();
            await page.Locator("a.menu-item", new() { HasText = "CSV" }).ClickAsync();
        });
        var text = await File.ReadAllTextAsync(await file.PathAsync(), Encoding.UTF8);
        Assert.Equal(["Lycée de l’Harteloire"], text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Split(';')[5]));

        // All that are found get a tag: told in numbers first.
        await page.Locator("a", new() { HasText = "En nombre" }).ClickAsync();
        await page.Locator("#f-add").FillAsync(name);
        await page.Locator("button[value=preview]").ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("1 contact change d’étiquettes");
        await visit.Sound("contacts-bulk");
        await page.Locator("button[value=apply]").ClickAsync();
        await Expect(page.Locator(".notice")).ToContainTextAsync("1 contact modifié");
        await page.GotoAsync($"/contacts?tag={Uri.EscapeDataString(name.ToUpperInvariant())}");
        await Expect(rows).ToHaveCountAsync(1);

        // Kept, then gone.
        await page.GotoAsync("/contacts/searches");
        await page.Locator("tr", new() { HasText = name }).GetByRole(AriaRole.Link, new() { Name = "Modifier" }).ClickAsync();
        await visit.Sound("contacts-search");
        await page.Locator("[data-opens=remove-search]").ClickAsync();
        await page.Locator("#remove-search .btn-danger").ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync("est supprimée");
        await Expect(page.Locator("#page")).Not.ToContainTextAsync(name);
    }

    [Fact]
    public async Task The_list_takes_anything_that_is_typed_and_is_walked_by_keyboard()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/contacts");
        await visit.Ready();
        await page.Keyboard.PressAsync("f");
        await Expect(page.Locator("#contacts-q")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("*pont");
        var rows = page.Locator("#contacts tr[data-row]");
        await Expect(rows.Filter(new() { HasText = "DUPONT, " })).ToHaveCountAsync(8);
        foreach (var (text, count) in ((string, int)[])[("%", 0), ("_", 0), ("小林", 0), (new string('d', 300), 0), ("OEUVRARD", 1), ("06.12.34", 1)])
        {
            await page.Locator("#contacts-q").FillAsync(text);
            await Expect(rows).ToHaveCountAsync(count);
        }
        await page.Locator("#contacts-q").FillAsync("***");
        await Expect(rows.Filter(new() { HasText = "O’CONNELL, Seán" })).ToHaveCountAsync(1);
        await page.GotoAsync("/contacts");
        await visit.Ready();
        await Checks.IsWalkedByKeyboard(page);
        await visit.Sound("contacts");
    }

    [GeneratedRegex(@"^DUPONT, Chantal \| FR-75012 \[\d+\]$")]
    private static partial Regex Chantal();
}
