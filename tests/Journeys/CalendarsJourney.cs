using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>Calendars of partners and groups with scripts: dates that follow the form, two people at once, removing.</summary>
[Collection(DemoCollection.Name)]
public sealed class CalendarsJourney(Demo demo)
{
    [Fact]
    public async Task A_partner_gets_days_of_its_own_and_the_dates_follow_the_form()
    {
        await using var visit = await demo.SignIn(Demo.House, Screen.Usual with { Language = "en-GB" });
        var page = visit.Page;
        await page.GotoAsync("/partners?q=Maison");
        var partner = (await page.Locator("#partners tr[data-row]").First.GetAttributeAsync("data-href"))!;
        await page.GotoAsync($"{partner}/calendar");
        await visit.Ready();
        await Expect(page.GetByLabel("Tuesday")).ToBeHiddenAsync();
        await page.GetByLabel("on days of its own").CheckAsync();
        await Expect(Next(page)).ToContainTextAsync("Tick at least one day of the week.");

        // Weekdays, then days of the month: only the part that counts is asked for.
        await page.GetByLabel("Tuesday").CheckAsync();
        await Expect(Dates(page)).ToHaveCountAsync(5);
        await Expect(Dates(page).First).ToContainTextAsync("Tuesday");
        await page.GetByLabel("days of the month").First.CheckAsync();
        await Expect(page.GetByLabel("Tuesday")).ToBeHiddenAsync();
        await Expect(Next(page)).ToContainTextAsync("Choose at least one day of the month");
        await page.Locator("[name='rule.monthDays']").FillAsync("32");
        await Expect(Next(page)).ToContainTextAsync("Days of the month go from 1 to 31.");
        await page.Locator("[name='rule.monthDays']").FillAsync("1, 15");
        await Expect(Dates(page)).ToHaveCountAsync(5);
        // All of the next ten years but one day: the reason stands between the dates.
        await page.Locator("[name='holidays']").SelectOptionAsync("France");
        await page.Locator("[name='onHoliday']").SelectOptionAsync("After");
        await page.Locator("[name='pauses[0].first']").FillAsync("2020-01-01");
        await page.Locator("[name='pauses[0].last']").FillAsync("2090-01-01");
        await Expect(Next(page)).ToContainTextAsync("With these settings nothing would leave");
        await page.Locator("[name='pauses[0].first']").FillAsync("");
        await page.Locator("[name='pauses[0].last']").FillAsync("");
        await Expect(Dates(page).Filter(new() { HasText = "instead of" }).First).ToContainTextAsync("a holiday");
        visit.TakeComplaints();
        await visit.Sound("partner-calendar-own");
        await Checks.IsWalkedByKeyboard(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the calendar" }).ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync("Calendar saved. Next sending:");
        await Expect(page.Locator("main")).ToContainTextAsync("on the 1st and the 15th of each month");

        // Back to its group, asked first.
        await page.GotoAsync($"{partner}/calendar");
        await visit.Ready();
        await page.GetByRole(AriaRole.Button, new() { Name = "Follow its group again…" }).ClickAsync();
        await Expect(page.Locator("#remove-calendar")).ToBeVisibleAsync();
        await visit.Sound("partner-calendar-remove");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#remove-calendar")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Follow its group again…" }).ClickAsync();
        await page.Locator("#remove-calendar").GetByRole(AriaRole.Button, new() { Name = "Follow its group" }).ClickAsync();
        await Expect(page.Locator(".toasts")).ToContainTextAsync("It follows its group again.");
    }

    [Fact]
    public async Task Two_people_who_set_one_calendar_lose_nothing_and_the_list_follows()
    {
        await using var visit = await demo.SignIn(Demo.House);
        await using var colleague = await demo.SignIn(Demo.House);
        await using var list = await demo.SignIn(Demo.House);
        await list.Page.GotoAsync("/reports/calendars");
        foreach (var each in new[] { visit, colleague })
        {
            await each.Page.GotoAsync("/reports/calendars/venues");
            await each.Ready();
        }
        // Kept switched off: nothing may leave from a demo that others share.
        await colleague.Page.GetByLabel("lundi").CheckAsync();
        await colleague.Page.GetByLabel("Actif").UncheckAsync();
        await colleague.Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer le calendrier" }).ClickAsync();
        await Expect(colleague.Page.Locator(".toasts")).ToContainTextAsync("rien ne part tout seul");
        await Expect(list.Page.Locator("#report-calendars")).ToContainTextAsync("désactivé");

        await visit.Page.GetByLabel("jeudi").CheckAsync();
        await visit.Page.GetByLabel("Actif").UncheckAsync();
        await visit.Page.Locator("[name=at]").FillAsync("18:45");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer le calendrier" }).ClickAsync();
        await Expect(visit.Page.Locator(".notice")).ToContainTextAsync("le lundi à 10 h 00, Europe/Paris");
        await Expect(visit.Page.Locator("[name=at]")).ToHaveValueAsync("18:45");
        await Expect(visit.Page.GetByLabel("jeudi")).ToBeCheckedAsync();
        visit.TakeComplaints();
        await visit.Sound("report-calendar-changed");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer le calendrier" }).ClickAsync();
        await Expect(list.Page.Locator("#report-calendars")).ToContainTextAsync("le jeudi à 18 h 45");

        await visit.Page.GotoAsync("/reports/calendars/venues");
        await visit.Ready();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Supprimer…" }).ClickAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Supprimer le calendrier" }).ClickAsync();
        await Expect(visit.Page.Locator(".toasts")).ToContainTextAsync("Calendrier supprimé");
        await Expect(list.Page.Locator("#report-calendars")).Not.ToContainTextAsync("le jeudi");
    }

    private static ILocator Next(IPage page) => page.Locator("#next-reports");

    private static ILocator Dates(IPage page) => page.Locator(".next-dates li:not(.next-skipped)");
}
