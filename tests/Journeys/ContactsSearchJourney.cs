using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>Someone is on the phone: found by keyboard from any page, by every field, and again tomorrow.</summary>
[Collection(DemoCollection.Name)]
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
        await Expect(lines.First).ToHaveTextAsync(new Regex(@"^DUPONT, Chantal \| FR-75012 \[\d+\]$"));
        await Expect(page.Locator("#search")).ToHaveAttributeAsync("aria-expanded", "true");
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(page.Locator("#search")).ToHaveAttributeAsync("aria-activedescendant", "search-found-0");
        var record = await lines.First.GetAttributeAsync("href");
        await visit.Picture("find", whole: false);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#search-found")).ToBeHiddenAsync();
        await page.Keyboard.PressAsync("/");
        await page.Locator("#search").FillAsync("dupont, ch");
        await Expect(lines).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**{record}");
        visit.TakeComplaints();
    }
}
