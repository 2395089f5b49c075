using Microsoft.Playwright;

namespace Guichet.Tests.Journeys;

/// <summary>Tallies typed in the grid and in the daily entry, and seen on other open pages.</summary>
[Collection(DemoCollection.Name)]
public sealed class TalliesJourney(Demo demo)
{
    private static string Cell(string tariff, string channel, string measure = "sold") => $"input[name='{measure}|placement-libre|{tariff}|{channel}']";

    [Fact]
    public async Task A_tally_is_typed_pasted_undone_and_validated_without_a_mouse_and_moves_on_another_page_without_a_reload()
    {
        await using var one = await demo.SignIn(Demo.House);
        await using var other = await demo.SignIn("hugo@theatre-du-port.example");
        var page = one.Page;
        var session = await SessionsJourney.NewSession(page, "2027-06-01");
        var id = session[(session.LastIndexOf('/') + 1)..];
        await other.Page.GotoAsync("/?q=mouette&sort=-date");
        var watched = other.Page.Locator($"[data-live='session/{id}/sold']");

        await page.Locator(Cell("plein-tarif", "guichet")).FocusAsync();
        await page.Keyboard.TypeAsync("10");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("5");
        await Assertions.Expect(page.Locator("[data-sum='sold|||']").Last).ToHaveTextAsync("15");
        // Revenue follows at the tariff's price: 10 × 30 € and 5 × 20 €.
        await Assertions.Expect(page.Locator(".grid-tools [data-sum='gross|||']")).ToHaveTextAsync("400\u00A0€");
        await page.EvaluateAsync("""
            () => {
              const data = new DataTransfer();
              data.setData('text/plain', '12\t3\n1 004\t7');
              const cell = document.querySelector("input[name='sold|placement-libre|plein-tarif|guichet']");
              cell.focus();
              cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
            }
            """);
        Assert.Equal("1004", await page.Locator(Cell("tarif-reduit", "guichet")).InputValueAsync());
        await page.Keyboard.PressAsync("Control+z");
        Assert.Equal("5", await page.Locator(Cell("tarif-reduit", "guichet")).InputValueAsync());
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator(".toasts")).ToContainTextAsync("Version 1 validée");
        await Assertions.Expect(page.Locator($"#session-figures [data-live='session/{id}/gross']")).ToHaveTextAsync("400\u00A0€");

        await page.Locator(Cell("plein-tarif", "guichet")).FocusAsync();
        await page.Keyboard.TypeAsync("22");
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(page.Locator(".toasts")).ToContainTextAsync("Version 2 validée");
        if (await watched.CountAsync() == 0) await other.Page.ReloadAsync();
        await Assertions.Expect(watched).ToHaveTextAsync("27");

        await page.Locator(Cell("plein-tarif", "guichet")).FocusAsync();
        await page.Keyboard.TypeAsync("24");
        await page.Keyboard.PressAsync("Control+Enter");
        await Assertions.Expect(watched).ToHaveTextAsync("29");
        await Assertions.Expect(other.Page.Locator($"[data-live='session/{id}/delta']")).ToHaveTextAsync("+2");
    }

    [Fact]
    public async Task A_drop_and_more_than_capacity_are_confirmed_in_numbers_and_every_version_can_be_read_and_taken_again()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var session = await SessionsJourney.NewSession(page, "2027-06-02");
        await Validate(page, "90");
        await Assertions.Expect(page.Locator(".toasts")).ToContainTextAsync("Version 1");
        await Validate(page, "120");
        await Assertions.Expect(page.Locator("dialog[open]")).ToContainTextAsync("120 prises pour 100");
        Assert.Equal("Revoir la saisie", (await page.EvaluateAsync<string>("() => document.activeElement.textContent")).Trim());
        await page.GetByRole(AriaRole.Button, new() { Name = "Oui, valider" }).ClickAsync();
        await Assertions.Expect(page.Locator(".toasts")).ToContainTextAsync("Version 2");
        await Validate(page, "50");
        await Assertions.Expect(page.Locator("dialog[open]")).ToContainTextAsync("de 120 à 50");
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal("50", await page.Locator(Cell("plein-tarif", "guichet")).InputValueAsync());
        await page.Locator(Cell("plein-tarif", "guichet")).FocusAsync();
        await page.Keyboard.PressAsync("Control+Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Oui, valider" }).ClickAsync();
        await Assertions.Expect(page.Locator(".toasts")).ToContainTextAsync("Version 3");

        // Why is this figure what it is: one click from it.
        await page.Locator("#session-figures .figure-more").First.ClickAsync();
        await page.WaitForURLAsync(url => url.EndsWith("/versions", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("#v3 details")).ToHaveAttributeAsync("open", "");
        await Assertions.Expect(page.Locator("#v3")).ToContainTextAsync("Claire Morin");
        await Assertions.Expect(page.Locator("#v3 .diff-table tbody tr").First).ToContainTextAsync("120");
        await page.Locator("#v1 summary").ClickAsync();
        await page.Locator("#v1").GetByRole(AriaRole.Button).ClickAsync();
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("Brouillon de Claire Morin");
        Assert.Equal("90", await page.Locator(Cell("plein-tarif", "guichet")).InputValueAsync());
    }

    [Fact]
    public async Task A_draft_is_there_for_whoever_opens_the_session_next()
    {
        await using var one = await demo.SignIn(Demo.House);
        await using var other = await demo.SignIn("hugo@theatre-du-port.example");
        var session = await SessionsJourney.NewSession(one.Page, "2027-06-03");
        await one.Page.Locator(Cell("plein-tarif", "guichet")).FillAsync("33");
        await one.Page.GetByRole(AriaRole.Button, new() { Name = "Garder en brouillon" }).ClickAsync();
        await Assertions.Expect(one.Page.Locator(".toasts")).ToContainTextAsync("Brouillon gardé");
        await other.Page.GotoAsync(session);
        await Assertions.Expect(other.Page.Locator(".notice")).ToContainTextAsync("Brouillon de Claire Morin");
        Assert.Equal("33", await other.Page.Locator(Cell("plein-tarif", "guichet")).InputValueAsync());
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Abandonner ce brouillon" }).ClickAsync();
        await Assertions.Expect(other.Page.Locator(".toasts")).ToContainTextAsync("abandonné");
        Assert.Equal("", await other.Page.Locator(Cell("plein-tarif", "guichet")).InputValueAsync());
    }

    [Fact]
    public async Task Two_people_who_type_at_once_lose_nothing()
    {
        await using var one = await demo.SignIn(Demo.House);
        await using var other = await demo.SignIn("hugo@theatre-du-port.example");
        var session = await SessionsJourney.NewSession(one.Page, "2027-06-04");
        await Validate(one.Page, "10");
        await Assertions.Expect(one.Page.Locator(".toasts")).ToContainTextAsync("Version 1");
        await one.Page.GotoAsync(session);
        await other.Page.GotoAsync(session);
        await other.Page.Locator(Cell("tarif-reduit", "internet")).FillAsync("7");
        await other.Page.Locator(Cell("tarif-reduit", "internet")).PressAsync("Control+Enter");
        await Assertions.Expect(other.Page.Locator(".toasts")).ToContainTextAsync("Version 2");
        // Told while typing, before anything is sent.
        await Assertions.Expect(one.Page.Locator("#tally-newer")).ToContainTextAsync("Hugo Le Goff a validé la version 2");

        await Validate(one.Page, "12");
        await Assertions.Expect(one.Page.Locator(".notice").First).ToContainTextAsync("Hugo Le Goff a validé la version 2");
        Assert.Equal("12", await one.Page.Locator(Cell("plein-tarif", "guichet")).InputValueAsync());
        await one.Page.GetByRole(AriaRole.Button, new() { Name = "Prendre ses chiffres" }).ClickAsync();
        await Assertions.Expect(one.Page.Locator(Cell("tarif-reduit", "internet"))).ToHaveValueAsync("7");
        Assert.Equal("12", await one.Page.Locator(Cell("plein-tarif", "guichet")).InputValueAsync());
        await one.Page.Locator(Cell("plein-tarif", "guichet")).PressAsync("Control+Enter");
        await Assertions.Expect(one.Page.Locator(".toasts")).ToContainTextAsync("Version 3 validée : 19\u00A0places vendues");
    }

    [Fact]
    public async Task The_days_tallies_are_entered_one_after_the_other_by_keyboard_alone()
    {
        await using var visit = await demo.SignIn(Demo.Promoter);
        var page = visit.Page;
        // Twelve that nobody has tallied yet, whatever the hour and however far the demo's own are.
        const int most = 12;
        await page.GotoAsync("/tallies?at=none");
        await page.GotoAsync($"/sessions/{await page.Locator("[data-entry]").First.GetAttributeAsync("data-entry")}/duplicate");
        await page.Locator("[name='dates[0].date']").FillAsync("2028-01-07");
        await page.Locator("[name=times]").FillAsync("11");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ajouter ces dates" }).ClickAsync();
        await page.Locator("[name=on-sale]").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer 12 séances" }).ClickAsync();
        await page.WaitForURLAsync(url => !url.EndsWith("/duplicate", StringComparison.Ordinal));

        await page.GotoAsync("/tallies");
        var before = await page.Locator(".entry-done").CountAsync();
        for (var i = 0; i < most; i++)
        {
            var open = await page.Locator(".entry-open").GetAttributeAsync("data-entry");
            await Assertions.Expect(page.Locator(".entry-open input.cell:focus")).ToHaveCountAsync(1);
            var typed = int.Parse("0" + await page.EvaluateAsync<string>("() => document.activeElement.value"), System.Globalization.CultureInfo.InvariantCulture) + 1;
            await page.Keyboard.TypeAsync(typed.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await page.Keyboard.PressAsync("Control+Enter");
            await Assertions.Expect(page.Locator($"[data-entry='{open}']")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("entry-done"));
        }
        await Assertions.Expect(page.Locator(".entry-done")).ToHaveCountAsync(before + most);
    }

    private static async Task Validate(IPage page, string sold)
    {
        await page.Locator(Cell("plein-tarif", "guichet")).FillAsync(sold);
        await page.Locator(Cell("plein-tarif", "guichet")).PressAsync("Control+Enter");
    }
}
