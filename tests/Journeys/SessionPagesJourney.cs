using Microsoft.Playwright;

namespace Guichet.Tests.Journeys;

/// <summary>The pages of sessions and tallies by keyboard, and for who only reads.</summary>
[Collection(DemoCollection.Name)]
public sealed class SessionPagesJourney(Demo demo)
{
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
        await visit.Ready();
        await page.Keyboard.PressAsync("ArrowRight");
        var first = await page.EvaluateAsync<string>("() => document.activeElement.href");
        await page.Keyboard.PressAsync("ArrowRight");
        Assert.Contains("/sessions/", first);
        Assert.NotEqual(first, await page.EvaluateAsync<string>("() => document.activeElement.href"));
        await page.Keyboard.PressAsync("w");
        await page.WaitForURLAsync(url => url.Contains("view=week", StringComparison.Ordinal));
        await visit.Ready();
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
