using Microsoft.Playwright;

namespace Guichet.Tests.Journeys;

/// <summary>The pages of sessions and tallies on every screen, with the demo's season in them.</summary>
[Collection(DemoCollection.Name)]
public sealed class SessionPagesJourney(Demo demo)
{
    public static TheoryData<int, bool, string> Screens => new()
    {
        { 1280, false, "fr-FR" }, { 1280, true, "fr-FR" }, { 820, false, "fr-FR" }, { 820, true, "en-GB" },
    };

    [Theory, MemberData(nameof(Screens))]
    public async Task Every_page_of_sessions_and_tallies_is_sound(int width, bool dark, string language)
    {
        await using var visit = await demo.SignIn(Demo.House, new Screen(width, dark, language));
        var page = visit.Page;
        await page.GotoAsync("/");
        var session = await page.Locator("#on-sale tr[data-row]").Nth(5).GetAttributeAsync("data-href");
        await page.GotoAsync("/shows");
        var show = await page.Locator("#shows tr[data-row]").First.GetAttributeAsync("data-href");
        await page.GotoAsync("/series");
        var series = await page.Locator("#series tr[data-row]").First.GetAttributeAsync("data-href");
        (string Name, string Address)[] pages =
        [
            ("dashboard", "/"), ("sessions", "/sessions"), ("shows", "/shows"), ("series", "/series"), ("daily-entry", "/tallies"),
            ("calendar", "/calendar"), ("calendar-week", "/calendar?view=week"),
            ("session", session!), ("session-curve", session + "/curve"), ("session-versions", session + "/versions"), ("session-links", session + "/links"),
            ("session-general", session + "/general"), ("session-timeline", session + "/timeline"),
            ("session-new", "/sessions/new"), ("session-edit", session + "/edit"), ("session-duplicate", session + "/duplicate"),
            ("show", show!), ("show-edit", show + "/edit"), ("show-new", "/shows/new"), ("one-series", series!),
        ];
        foreach (var (name, address) in pages)
        {
            visit.TakeComplaints();
            await page.GotoAsync(address);
            await visit.Picture(name);
            try
            {
                await Checks.IsSound(visit);
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"{address} on {visit.Screen}: {fault.Message}", fault);
            }
        }
    }

    [Fact]
    public async Task The_session_and_the_daily_entry_are_walked_by_keyboard()
    {
        await using var visit = await demo.SignIn(Demo.House);
        foreach (var address in new[] { "/sessions/new", "/tallies" })
        {
            await visit.Page.GotoAsync(address);
            await Checks.IsWalkedByKeyboard(visit.Page);
        }
    }

    [Fact]
    public async Task The_calendar_is_read_by_keyboard()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/calendar");
        await page.WaitForTimeoutAsync(300);
        await page.Keyboard.PressAsync("ArrowRight");
        var first = await page.EvaluateAsync<string>("() => document.activeElement.href");
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.Contains("/sessions/", first);
        Assert.NotEqual(first, await page.EvaluateAsync<string>("() => document.activeElement.href"));
        await page.Keyboard.PressAsync("w");
        await page.WaitForURLAsync(url => url.Contains("view=week", StringComparison.Ordinal));
        await page.WaitForTimeoutAsync(300);
        var week = page.Url;
        await page.Keyboard.PressAsync("PageDown");
        await page.WaitForURLAsync(url => url != week);
    }

    [Fact]
    public async Task A_reader_sees_everything_and_changes_nothing()
    {
        await using var visit = await demo.SignIn("maelle@theatre-du-port.example");
        var page = visit.Page;
        await page.GotoAsync("/");
        Assert.Equal(0, await page.GetByText("Saisir les pointages").CountAsync());
        var session = await page.Locator("#on-sale tr[data-row]").First.GetAttributeAsync("data-href");
        await page.GotoAsync(session!);
        Assert.Equal(0, await page.Locator("input.cell").CountAsync());
        Assert.Equal(1, await page.Locator(".tally-table").CountAsync());
        var answer = await page.GotoAsync("/tallies");
        Assert.Equal(403, answer!.Status);
        answer = await page.GotoAsync(session + "/edit");
        Assert.Equal(403, answer!.Status);
    }
}
