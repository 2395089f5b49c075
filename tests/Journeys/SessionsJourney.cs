using Microsoft.Playwright;

namespace Guichet.Tests.Journeys;

/// <summary>Shows, series and sessions: made, duplicated, put on sale, closed, cancelled.</summary>
[Collection(DemoCollection.Name)]
public sealed class SessionsJourney(Demo demo)
{
    [Fact]
    public async Task A_session_is_made_with_its_show_on_the_spot_and_a_refused_form_keeps_what_was_typed()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var title = $"Essai {Guid.NewGuid():N}"[..14];
        await page.GotoAsync("/sessions/new");
        await Choose(page, "show", "Nouveau");
        await page.Locator("#f-title").FillAsync(title);
        await page.Locator("#f-date").FillAsync("2027-03-12");
        await page.Locator("#f-place").FillAsync("Théâtre du Port, studio");
        await page.Locator("[name='categories[0].capacity']").FillAsync("12o");
        await page.Locator("[name='tariffs[0].price']").FillAsync("38,50");
        await page.Locator("[name='tariffs[0].price']").PressAsync("Enter");
        await page.Keyboard.TypeAsync("20");
        // The last row is always empty: what is typed there opens another.
        await page.Locator("[name='channels[2].name']").FillAsync("Fnac");
        Assert.Equal(4, await page.Locator("[name^='channels['][name$='.name']").CountAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer la séance" }).ClickAsync();

        await Assertions.Expect(page.Locator("[data-error-summary]")).ToContainTextAsync("« 12o » n’est pas une jauge");
        Assert.Equal(title, await page.Locator("#f-title").InputValueAsync());
        Assert.Equal("Fnac", await page.Locator("[name='channels[2].name']").InputValueAsync());
        await page.Locator("[name='categories[0].capacity']").FillAsync("120");
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer et mettre en vente" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/sessions/", StringComparison.Ordinal) && !url.Contains("/new", StringComparison.Ordinal));
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(title);
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("En vente");
        await Assertions.Expect(page.Locator(".page-header-meta")).ToContainTextAsync("vendredi 12 mars 2027 à 20 h 30");
        Assert.Equal(3 * 2, await page.Locator("input.cell[name^='sold|']").CountAsync());
    }

    [Fact]
    public async Task A_session_is_duplicated_every_week_and_its_series_put_on_sale_at_once()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/shows");
        await page.Locator("#shows tr[data-row] a").First.ClickAsync();
        await page.Locator("summary", new() { HasText = "Plus" }).ClickAsync();
        await page.GetByText("Nouvelle série…").ClickAsync();
        await page.Locator("#f-name").FillAsync($"Reprise {Guid.NewGuid():N}"[..16]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer la série" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/series/", StringComparison.Ordinal));
        var series = page.Url;

        // The show's last session gives the grid; the date is all that is missing.
        await page.Locator(".page-header-actions").GetByText("Nouvelle séance").ClickAsync();
        await page.Locator("#f-date").FillAsync("2027-04-02");
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer la séance" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/sessions/", StringComparison.Ordinal) && !url.Contains("/new", StringComparison.Ordinal));
        await page.Locator("summary", new() { HasText = "Plus" }).ClickAsync();
        await page.GetByText("Dupliquer", new() { Exact = true }).ClickAsync();
        await page.Locator("[name='dates[0].date']").FillAsync("2027-04-09");
        await page.Locator("[name=times]").FillAsync("2");
        await page.GetByRole(AriaRole.Button, new() { Name = "Ajouter ces dates" }).ClickAsync();
        Assert.Equal("2027-04-23", await page.Locator("[name='dates[2].date']").InputValueAsync());
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer 3 séances" }).ClickAsync();
        await page.WaitForURLAsync(series);
        await Assertions.Expect(page.Locator("#sessions tr[data-row]")).ToHaveCountAsync(4);

        await page.GetByRole(AriaRole.Button, new() { Name = "Mettre la série en vente…" }).ClickAsync();
        await Assertions.Expect(page.Locator("dialog[open] .consequences")).ToContainTextAsync("4");
        await page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Mettre en vente" }).ClickAsync();
        // Each session does it by itself after the series has decided: the open page follows.
        await Assertions.Expect(page.Locator("#sessions .badge-state", new() { HasText = "En vente" })).ToHaveCountAsync(4);
    }

    [Fact]
    public async Task What_two_people_change_in_a_session_at_the_same_time_is_kept_of_both()
    {
        await using var one = await demo.SignIn(Demo.House);
        await using var other = await demo.SignIn("hugo@theatre-du-port.example");
        var session = await NewSession(one.Page, "2027-05-03");
        await one.Page.GotoAsync(session + "/edit");
        await other.Page.GotoAsync(session + "/edit");
        await other.Page.Locator("#f-place").FillAsync("Salle des fêtes");
        await other.Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await other.Page.WaitForURLAsync(url => url.EndsWith("/general", StringComparison.Ordinal));

        await one.Page.Locator("#f-time").FillAsync("19:00");
        await one.Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await Assertions.Expect(one.Page.Locator(".notice")).ToContainTextAsync("le lieu (Salle des fêtes)");
        Assert.Equal("Salle des fêtes", await one.Page.Locator("#f-place").InputValueAsync());
        Assert.Equal("19:00", await one.Page.Locator("#f-time").InputValueAsync());
        await one.Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await one.Page.WaitForURLAsync(url => url.EndsWith("/general", StringComparison.Ordinal));
        await Assertions.Expect(one.Page.Locator(".page-header-meta")).ToContainTextAsync("19 h 00");
        await Assertions.Expect(one.Page.Locator(".page-header-meta")).ToContainTextAsync("Salle des fêtes");
    }

    [Fact]
    public async Task Closing_and_cancelling_say_in_numbers_what_they_do()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var session = await NewSession(page, "2027-05-04");
        await page.GotoAsync(session);
        await page.GetByRole(AriaRole.Button, new() { Name = "Clôturer…" }).ClickAsync();
        await Assertions.Expect(page.Locator("dialog[open]")).ToContainTextAsync("places vendues à la clôture");
        await page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Clôturer" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Clôturée");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remettre en vente" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("En vente");
        await page.Locator("summary", new() { HasText = "Plus" }).ClickAsync();
        await page.GetByText("Annuler la séance…").ClickAsync();
        await page.Locator("dialog[open] [name=reason]").FillAsync("Artiste souffrant");
        await page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Annuler la séance" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Annulée");
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("Artiste souffrant");
        Assert.Equal(0, await page.Locator("input.cell").CountAsync());
        await page.GotoAsync(session + "/timeline");
        await Assertions.Expect(page.Locator(".timeline-entry").First).ToContainTextAsync("a annulé la séance");
    }

    [Fact]
    public async Task The_lists_leave_as_a_workbook_and_as_text_with_the_filters_of_their_address()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/?q=mouette&sort=-sold");
        var shown = await page.Locator("#on-sale tr[data-row]").CountAsync();
        await page.Locator("summary", new() { HasText = "Exporter" }).ClickAsync();
        var text = await page.RunAndWaitForDownloadAsync(() => page.Locator("a.menu-item", new() { HasText = "CSV" }).ClickAsync());
        var lines = await File.ReadAllLinesAsync(await text.PathAsync());
        Assert.Equal(shown + 1, lines.Length);
        Assert.StartsWith("La Mouette;", lines[1]);
        var workbook = await page.RunAndWaitForDownloadAsync(() => page.Locator("a.menu-item", new() { HasText = "Excel" }).ClickAsync());
        Assert.Equal("PK"u8.ToArray(), (await File.ReadAllBytesAsync(await workbook.PathAsync()))[..2]);
    }

    /// <summary>A session of the first show that is on sale, with one category of 100 places and two tariffs; its address.</summary>
    internal static async Task<string> NewSession(IPage page, string date)
    {
        await page.GotoAsync("/sessions/new");
        await Choose(page, "show", "Mouette");
        await page.Locator("#f-date").FillAsync(date);
        await page.Locator("#f-place").FillAsync("Théâtre du Port, studio");
        await page.Locator("[name='categories[0].capacity']").FillAsync("100");
        await page.Locator("[name='tariffs[0].price']").FillAsync("30");
        await page.Locator("[name='tariffs[1].price']").FillAsync("20");
        await page.GetByRole(AriaRole.Button, new() { Name = "Créer et mettre en vente" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("/sessions/", StringComparison.Ordinal) && !url.Contains("/new", StringComparison.Ordinal));
        return new Uri(page.Url).AbsolutePath;
    }

    internal static async Task Choose(IPage page, string field, string typed)
    {
        var box = page.Locator($"#f-{field}-ts-control");
        await box.FocusAsync();
        await page.Keyboard.TypeAsync(typed);
        await Assertions.Expect(page.Locator(".ts-dropdown .option.active")).ToContainTextAsync(typed);
        await page.Keyboard.PressAsync("Enter");
    }
}
