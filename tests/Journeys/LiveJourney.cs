using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>Pages that nobody touches, while a colleague validates a tally in another window: they follow, or say that they don't.</summary>
[Collection(DemoCollection.Name)]
public sealed class LiveJourney(Demo demo)
{
    private const string Colleague = "hugo@theatre-du-port.example";

    [Fact]
    public async Task The_dashboard_the_calendar_the_session_and_its_curve_follow_a_tally_without_a_reload()
    {
        await using var colleague = await demo.SignIn(Colleague);
        await using var dashboard = await demo.SignIn(Demo.House);
        await using var calendar = await demo.SignIn(Demo.House);
        await using var reader = await demo.SignIn("maelle@theatre-du-port.example");
        await using var curve = await demo.SignIn(Demo.House);
        var row = dashboard.Page.Locator("#on-sale tr[data-row]").Filter(new() { HasText = "La Mouette" }).Nth(1);
        var session = (await row.GetAttributeAsync("data-href"))!;
        var id = session[(session.LastIndexOf('/') + 1)..];
        await reader.Page.GotoAsync(session);
        await curve.Page.GotoAsync(session + "/curve");
        await calendar.Page.GotoAsync($"/calendar?day={(await Day(colleague.Page, session)):yyyy-MM-dd}");
        await calendar.Picture("live-calendar-before");
        foreach (var visit in new[] { dashboard, calendar, reader, curve })
        {
            await Expect(visit.Page.Locator("[data-live-pill]")).ToHaveTextAsync("En direct");
            await visit.Page.EvaluateAsync("() => { window.stayed = true; }");
        }
        var sold = Number(await Live(dashboard, $"session/{id}/sold").TextContentAsync());
        var all = Number(await Live(dashboard, "totals/sold").TextContentAsync());
        var fill = await Live(calendar, $"session/{id}/fill").TextContentAsync();
        var said = await reader.Page.Locator("#session-tally").TextContentAsync();

        // The curve can be read: against the earlier sessions, by the arrow keys, in figures.
        await curve.Ready();
        Assert.True(await curve.Page.Locator(".curve-key:not(.curve-capacity)").CountAsync() > 3, "Earlier sessions are beside it.");
        await Expect(curve.Page.Locator("#curve-region")).ToContainTextAsync("Où en étaient les autres");
        await curve.Page.Locator(".curve-box").FocusAsync();
        await curve.Page.Keyboard.PressAsync("ArrowLeft");
        await Expect(curve.Page.Locator(".curve-tip")).ToContainTextAsync(new Regex(@"J-\d+"));
        var read = await curve.Page.Locator(".curve-tip").TextContentAsync();
        await curve.Page.Keyboard.PressAsync("Home");
        await Expect(curve.Page.Locator(".curve-tip")).Not.ToHaveTextAsync(read!);
        await curve.Page.Keyboard.PressAsync("Escape");
        await Expect(curve.Page.Locator(".curve-tip")).ToHaveCountAsync(0);
        await curve.Page.Locator(".curve-table summary").ClickAsync();
        Assert.True(await curve.Page.Locator(".curve-table tbody tr").CountAsync() > 20);
        await curve.Sound("live-curve");

        await Sell(colleague, session, 20);
        await Expect(Live(dashboard, $"session/{id}/sold")).ToHaveTextAsync(Text(sold + 20));
        await Expect(Live(dashboard, $"session/{id}/delta")).ToHaveTextAsync("+20");
        await Expect(Live(dashboard, "totals/sold")).ToHaveTextAsync(Text(all + 20));
        await Expect(Live(calendar, $"session/{id}/fill")).Not.ToHaveTextAsync(fill!);
        await Expect(Live(reader, $"session/{id}/sold")).ToHaveTextAsync(Text(sold + 20));
        await Expect(reader.Page.Locator("#session-tally")).Not.ToHaveTextAsync(said!);
        // A day's row says the last tally of that day; what the reader opened stays open.
        await Expect(curve.Page.Locator(".curve-table")).ToHaveAttributeAsync("open", "");
        await Expect(curve.Page.Locator(".curve-table tbody td:nth-child(2)").Filter(new() { HasTextRegex = new Regex(@"\d") }).Last).ToHaveTextAsync(Text(sold + 20));
        foreach (var visit in new[] { dashboard, calendar, reader, curve })
            Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.stayed === true"), "A page was loaded again.");
        await dashboard.Sound("live-dashboard");
        await calendar.Sound("live-calendar");
        await curve.Picture("live-curve-after");
    }

    [Fact]
    public async Task The_linked_organisations_dashboard_follows_too()
    {
        await using var house = await demo.SignIn(Demo.House);
        await using var promoter = await demo.SignIn(Demo.Promoter);
        await house.Page.GotoAsync("/links?tab=sending");
        await house.Page.Locator("#links tr[data-row]").Filter(new() { HasText = "Les Vagues immobiles" }).Filter(new() { HasText = "détail et recette" }).Last.Locator("a").First.ClickAsync();
        var session = (await house.Page.Locator("#link-more .facts a[href^='/sessions/']").GetAttributeAsync("href"))!;
        var row = promoter.Page.Locator("#on-sale tr[data-row]").Filter(new() { HasText = "Les Vagues immobiles" }).Filter(new() { HasText = "Théâtre du Port" }).First;
        var received = (await row.GetAttributeAsync("data-href"))!;
        var watched = Live(promoter, $"session/{received[(received.LastIndexOf('/') + 1)..]}/sold");
        await Expect(promoter.Page.Locator("[data-live-pill]")).ToHaveTextAsync("En direct");
        var before = Number(await watched.TextContentAsync());
        await Sell(house, session, 1);
        await Expect(watched).ToHaveTextAsync(Text(before + 1));
    }

    [Fact]
    public async Task A_page_that_was_cut_off_says_so_and_catches_up()
    {
        await using var colleague = await demo.SignIn(Colleague);
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var session = await SessionsJourney.NewSession(colleague.Page, "2027-08-02");
        var id = session[(session.LastIndexOf('/') + 1)..];
        await page.GotoAsync(session + "/general");
        var pill = page.Locator("[data-live-pill]");
        await Expect(pill).ToHaveTextAsync("En direct");
        await page.EvaluateAsync("() => { window.stayed = true; }");

        await page.Context.SetOfflineAsync(true);
        await Expect(pill).ToContainTextAsync(new Regex(@"Plus en direct depuis \d+\W?h"));
        await visit.Picture("live-lost");
        await colleague.Ready();
        var cell = colleague.Page.Locator("input[name='sold|placement-libre|plein-tarif|guichet']");
        await cell.FillAsync("33");
        await cell.PressAsync("Control+Enter");
        await Expect(colleague.Page.Locator(".toasts")).ToContainTextAsync("33\u00A0places vendues");
        Assert.Equal("0", await Live(visit, $"session/{id}/sold").TextContentAsync());

        await page.Context.SetOfflineAsync(false);
        await Expect(pill).ToHaveTextAsync("En direct");
        await Expect(Live(visit, $"session/{id}/sold")).ToHaveTextAsync("33");
        await Expect(page.Locator("#session-figures")).ToContainTextAsync("67 libres sur 100");
        Assert.True(await page.EvaluateAsync<bool>("() => window.stayed === true"));
        // What the browser says of a network that isn't there is no fault of the page.
        visit.TakeComplaints();
        await visit.Sound("live-again");
    }

    /// <summary>So many more in the first cell of the grid.</summary>
    private static async Task Sell(Visit visit, string session, int places)
    {
        await visit.Page.GotoAsync(session);
        await visit.Ready();
        var cell = visit.Page.Locator("input.cell[name^='sold|']").First;
        await cell.FillAsync((Number(await cell.InputValueAsync()) + places).ToString(CultureInfo.InvariantCulture));
        await cell.PressAsync("Control+Enter");
        var meant = visit.Page.GetByRole(AriaRole.Button, new() { Name = "Oui, valider" });
        await Expect(meant.Or(visit.Page.Locator(".toasts").GetByText("validée")).First).ToBeVisibleAsync();
        if (await meant.IsVisibleAsync()) await meant.ClickAsync();
        await Expect(visit.Page.Locator(".toasts")).ToContainTextAsync("validée");
    }

    /// <summary>The day of a session, as its form has it.</summary>
    private static async Task<DateOnly> Day(IPage page, string session)
    {
        await page.GotoAsync(session + "/edit");
        return DateOnly.ParseExact(await page.Locator("#f-date").InputValueAsync(), "yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    private static ILocator Live(Visit visit, string key) => visit.Page.Locator($"[data-live='{key}']").First;

    private static int Number(string? shown) => int.Parse("0" + string.Concat((shown ?? "").Where(char.IsAsciiDigit)), CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString("N0", CultureInfo.GetCultureInfo("fr-FR"));
}
