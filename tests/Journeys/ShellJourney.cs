using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>What works on every page: keys, dialogs, menus, themes, and being told that figures no longer move.</summary>
[Collection(DemoCollection.Name)]
public sealed class ShellJourney(Demo demo)
{
    [Fact]
    public async Task Every_page_is_walked_by_keyboard()
    {
        await using var visit = await demo.SignIn(Demo.House);
        foreach (var path in new[] { "/", "/administration" })
        {
            await visit.Page.GotoAsync(path);
            await Checks.IsWalkedByKeyboard(visit.Page);
        }
    }

    [Fact]
    public async Task The_first_tab_skips_to_the_content()
    {
        await using var visit = await demo.SignIn(Demo.House);
        await visit.Page.GotoAsync("/notifications");
        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(visit.Page.Locator(".skip")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("#page")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Keys_search_list_themselves_and_go_places()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/notifications");

        await page.Keyboard.PressAsync("/");
        await Expect(page.Locator("[data-search]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("#keys")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#keys")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("Control+k");
        await Expect(page.Locator("[data-search]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Mouette");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/find?*q=Mouette*");
        await Expect(page.Locator("#page .find-line").First).ToContainTextAsync("La Mouette");
        await page.Locator("h1").ClickAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("n");
        await page.WaitForURLAsync("**/notifications");
    }

    [Fact]
    public async Task A_menu_is_walked_with_the_arrows_stays_open_for_the_next_tick_and_closes_behind_the_focus()
    {
        await using var visit = await demo.SignIn(Demo.Promoter);
        var page = visit.Page;
        await page.GotoAsync("/sessions");
        var menu = page.Locator("details:has([data-columns])");
        await menu.Locator("summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("[data-column=date]")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Space");

        // The list came again without that column; the menu is still there to take away another.
        await Expect(page.Locator(".list-table th", new() { HasText = "État" })).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-column=status]")).ToBeFocusedAsync();
        await Expect(menu).ToHaveAttributeAsync("open", "");
        await page.Keyboard.PressAsync("Escape");
        await Expect(menu.Locator("summary")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[data-search]").FocusAsync();
        await Expect(menu).Not.ToHaveAttributeAsync("open", "");
    }

    [Fact]
    public async Task A_dialog_keeps_the_focus_inside_and_gives_it_back()
    {
        await using var visit = await demo.Open();
        var page = visit.Page;
        await page.GotoAsync("/components");
        var opener = page.Locator("[data-opens=dialog-example]");
        await opener.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var dialog = page.Locator("#dialog-example");
        await Expect(dialog.Locator("input")).ToBeFocusedAsync();
        for (var i = 0; i < 12; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            Assert.True(await page.EvaluateAsync<bool>("() => document.activeElement === document.body || document.activeElement.closest('dialog') !== null"), "The focus left the dialog.");
        }
        await page.Keyboard.PressAsync("Escape");
        await Expect(dialog).ToBeHiddenAsync();
        await Expect(opener).ToBeFocusedAsync();
    }

    [Fact]
    public async Task A_menu_closes_on_escape_and_gives_the_focus_back()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        await page.GotoAsync("/notifications");
        var account = page.Locator(".account > summary");
        await account.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".account .menu-panel")).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".account .menu-panel")).ToBeHiddenAsync();
        await Expect(account).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Theme_and_language_stay_as_chosen()
    {
        await using var visit = await demo.Open();
        var page = visit.Page;
        await page.GotoAsync("/sign-in");
        await page.Locator("button[name=theme][value=dark]").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", "dark");
        await page.Locator("button[name=language][value=en]").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
        await page.GotoAsync("/sign-in");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-bs-theme", "dark");
        await Expect(page.Locator("button[name=theme][value=dark]")).ToHaveAttributeAsync("aria-pressed", "true");
    }

    [Fact]
    public async Task A_page_says_when_its_figures_no_longer_move_and_when_they_do_again()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var pill = visit.Page.Locator("[data-live-pill]");
        await visit.Page.GotoAsync("/");
        await Expect(pill).ToHaveTextAsync("En direct");
        await visit.Page.Context.SetOfflineAsync(true);
        await Expect(pill).ToContainTextAsync("Plus en direct depuis");
        await visit.Page.Context.SetOfflineAsync(false);
        await Expect(pill).ToHaveTextAsync("En direct");
    }

    [Fact]
    public async Task What_happens_while_a_region_is_fetched_is_not_lost()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var page = visit.Page;
        var held = new TaskCompletionSource();
        var asked = new List<TaskCompletionSource> { new(), new() };
        var count = 0;
        await page.RouteAsync("**/notifications", async route =>
        {
            var nth = route.Request.Headers.ContainsKey("hx-request") ? Interlocked.Increment(ref count) : 0;
            if (nth is 1 or 2) asked[nth - 1].TrySetResult();
            if (nth == 1) await held.Task;
            await route.ContinueAsync();
        });
        await page.GotoAsync("/notifications");
        await Expect(page.Locator("[data-live-pill]")).ToHaveTextAsync("En direct");
        // The first event's answer is on its way, older than the second event: the region is asked for again.
        await page.EvaluateAsync("() => document.body.dispatchEvent(new CustomEvent('live:notifications'))");
        await asked[0].Task.WaitAsync(TimeSpan.FromSeconds(30));
        await page.EvaluateAsync("() => document.body.dispatchEvent(new CustomEvent('live:notifications'))");
        held.SetResult();
        await asked[1].Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task An_address_that_leads_nowhere_says_so()
    {
        await using var visit = await demo.SignIn(Demo.House);
        var answer = await visit.Page.GotoAsync("/nowhere");
        Assert.Equal(404, answer!.Status);
        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("Page introuvable");
    }

    [Fact]
    public async Task A_page_prints_without_what_is_only_for_the_screen()
    {
        await using var visit = await demo.SignIn(Demo.House);
        await visit.Page.GotoAsync("/");
        await visit.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await Expect(visit.Page.Locator(".side")).ToBeHiddenAsync();
        await Expect(visit.Page.Locator(".top")).ToBeHiddenAsync();
        await Expect(visit.Page.Locator("h1")).ToBeVisibleAsync();
        await visit.Picture("dashboard-printed");
    }
}
