using System.Globalization;
using Microsoft.Playwright;
using MimeKit;
using static Microsoft.Playwright.Assertions;

namespace Guichet.Tests.Journeys;

/// <summary>
/// The seed's own example, on the real host with a real mail server: reports twice a week, on Tuesday and Friday at 10:00. The node's clock
/// begins on a Tuesday of March that no holiday and no clock change is near, and is moved on.
/// </summary>
public sealed class AutomatedReportsJourney : IAsyncLifetime
{
    private static readonly CultureInfo French = CultureInfo.GetCultureInfo("fr-FR");
    private static readonly DateTimeOffset Tuesday = FirstTuesdayOfMarch(TimeProvider.System.GetUtcNow().Year + 1);
    private static readonly DateTimeOffset Friday = Tuesday.AddDays(3);

    private readonly MailPeer mails = new();
    private readonly Browsers browsers = new();
    private RunningNode node = null!;
    private Visit visit = null!;

    private IPage Page => visit.Page;

    public async Task InitializeAsync()
    {
        node = await RunningNode.Start([.. mails.Settings, $"--Guichet:Clock={Tuesday.AddMinutes(-30):yyyy-MM-dd'T'HH:mm:sszzz}"]);
        await browsers.InitializeAsync();
        await SignIn();
    }

    public async Task DisposeAsync()
    {
        if (visit is not null) await visit.DisposeAsync();
        await browsers.DisposeAsync();
        if (node is not null) await node.DisposeAsync();
        await mails.DisposeAsync();
    }

    [Fact]
    public async Task Reports_automated_on_Tuesday_and_Friday_at_10_leave_by_themselves_red_before_green_after_and_a_new_partner_is_taken_in()
    {
        // The calendar: two days ticked, the time is 10:00 as it stands; what it makes is seen before it is kept.
        await Page.GotoAsync("/reports/calendars");
        await visit.Sound("report-calendars-none");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Partenaires", Exact = true }).Last.ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer le calendrier" }).ClickAsync();
        await Expect(Page.Locator("[data-error-summary]")).ToContainTextAsync("Cochez au moins un jour de la semaine");
        await visit.Ready();
        await Page.GetByLabel("mardi").FocusAsync();
        await Page.Keyboard.PressAsync("Space");
        await Page.GetByLabel("vendredi").FocusAsync();
        await Page.Keyboard.PressAsync("Space");
        var dates = Page.Locator(".next-dates li");
        await Expect(dates).ToHaveTextAsync(Enumerable.Range(0, 5).Select(i => Long(Tuesday.AddDays(i / 2 * 7 + i % 2 * 3))));
        visit.TakeComplaints();
        await visit.Sound("report-calendar");
        await Checks.IsWalkedByKeyboard(Page);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer le calendrier" }).ClickAsync();
        await Expect(Page.Locator(".toasts")).ToContainTextAsync($"Prochain envoi : {Long(Tuesday)}");
        await Expect(Row("Partenaires")).ToContainTextAsync("le mardi et le vendredi à 10 h 00, Europe/Paris");
        await Expect(Row("Partenaires")).ToContainTextAsync("actif");
        await visit.Sound("report-calendars");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Ce qui va partir" }).ClickAsync();
        await Expect(Day(Tuesday)).ToContainTextAsync("10 h 00");
        await visit.Sound("report-month");

        // Red before 10.
        await Page.GotoAsync("/partners?tab=Partners&envelope=Red");
        var name = (await Page.Locator("#partners tr[data-row] a.list-name").First.TextContentAsync())!;
        await node.MoveClockTo(Tuesday.AddSeconds(-20));
        await Page.GotoAsync("/partners?tab=Partners");
        await Expect(Row(name)).ToContainTextAsync("À envoyer");
        await visit.Picture("partners-before-ten");

        // From 10 on, green, on the page that stayed open; the mail has its files, and the hour as its date.
        await node.MoveClockTo(Tuesday);
        var (_, mail) = await mails.Report();
        Assert.Equal(Tuesday, mail.Date);
        Assert.Equal([".pdf", ".xlsx"], mail.Attachments.OfType<MimePart>().Select(part => Path.GetExtension(part.FileName)));
        await Expect(Row(name)).ToContainTextAsync("À jour");
        await Expect(Page.Locator("#partners .badge-state.tone-bad")).ToHaveCountAsync(0);
        await visit.Sound("partners-after-ten");

        // Someone new: added and associated, and nothing more.
        await Page.GotoAsync("/partners/new");
        await Page.Locator("[name=name]").FillAsync("Lanterne bleue");
        await Page.Locator("[name='to[0].email']").FillAsync("bonjour@lanterne-bleue.example");
        await Page.Locator("button[value=create].btn-primary").ClickAsync();
        await Expect(Page.Locator("h1")).ToContainTextAsync("Lanterne bleue");
        var partner = new Uri(Page.Url).AbsolutePath;
        await Page.GotoAsync($"{partner}/sessions");
        await visit.Ready();
        await PartnersJourney.Pick(Page, "series", "La Mouette");
        await Page.Locator("#associate button.btn-primary").ClickAsync();
        await Expect(Page.Locator("h1")).ToContainTextAsync("À envoyer");
        await Page.GotoAsync($"{partner}/reporting");
        await Expect(Page.Locator("main")).ToContainTextAsync("celui des partenaires");
        await Expect(Page.Locator("#partner-next")).ToHaveTextAsync(Long(Friday));
        await visit.Sound("partner-reporting-automatic");

        await node.MoveClockTo(Friday);
        mail = await mails.ReportTo("bonjour@lanterne-bleue.example");
        Assert.Equal(Friday, mail.Date);
        // Nobody stays signed in over three days of nothing.
        await visit.DisposeAsync();
        await SignIn();
        await Page.GotoAsync(partner);
        await Expect(Page.Locator("h1")).ToContainTextAsync("À jour");

        // Both times are known, and lead to what left.
        await Page.GotoAsync("/reports/calendars");
        await Expect(Page.Locator("#report-calendars tbody").Last.Locator("tr")).ToHaveCountAsync(2);
        await Expect(Page.Locator("#report-calendars tbody").Last.Locator("tr").First).ToContainTextAsync("tout est remis");
        await visit.Sound("report-calendars-after");
        await Page.GotoAsync("/reports/calendars/month");
        await visit.Sound("report-month-after");
        await Day(Friday).Locator("a").ClickAsync();
        await Expect(Page.Locator("#report-run")).ToContainTextAsync("bonjour@lanterne-bleue.example");
        await Expect(Page.Locator("h1")).ToContainTextAsync("tout est remis");
    }

    private async Task SignIn()
    {
        visit = await browsers.Open(node);
        await Page.GotoAsync("/sign-in");
        await visit.SignIn(Demo.House, Demo.Password);
    }

    private ILocator Row(string text) => Page.Locator("main tbody tr").Filter(new() { HasText = text }).First;

    private ILocator Day(DateTimeOffset day) => Page.Locator($".calendar-grid td:has(time[datetime='{day:yyyy-MM-dd}'])");

    /// <summary><c>mardi 2 mars à 10 h 00</c>, as the pages write it in that year.</summary>
    private static string Long(DateTimeOffset at) => $"{at.ToString("dddd", French)} {(at.Day == 1 ? "1ᵉʳ" : at.Day.ToString(French))} {at.ToString("MMMM", French)} à 10 h 00";

    /// <summary>In winter's time, an hour ahead of UTC.</summary>
    private static DateTimeOffset FirstTuesdayOfMarch(int year)
    {
        var first = new DateTimeOffset(year, 3, 1, 10, 0, 0, TimeSpan.FromHours(1));
        return first.AddDays(((int)DayOfWeek.Tuesday - (int)first.DayOfWeek + 7) % 7);
    }
}
