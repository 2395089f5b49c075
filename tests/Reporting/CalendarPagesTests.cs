using System.Net;
using System.Text.RegularExpressions;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Support;

namespace Guichet.Reporting;

/// <summary>The pages of calendars as a browser without scripts meets them, on a Tuesday at 10:00 in Paris.</summary>
public sealed partial class CalendarPagesTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private const string Password = "un cheval de trait";
    private const string Group = "/reports/calendars/partners";

    private readonly ManualTime time = new(Calendars.Paris("2026-11-24T10:00"));
    private readonly string email = $"{Guid.NewGuid():N}@port.example";
    private TestSite site = null!;
    private TestBrowser browser = null!;
    private Actor claire = null!;

    public async Task InitializeAsync()
    {
        site = await TestSite.Start(database.Product, time);
        claire = (await Theatre.Founded(site.Services, time, Password, email: email)).Claire;
        await SignIn();
    }

    public async Task DisposeAsync()
    {
        browser.Dispose();
        await site.DisposeAsync();
    }

    [Fact]
    public async Task The_preview_button_shows_the_next_five_dates_and_keeps_nothing()
    {
        var shown = await Send(Group, Fields("preview", (CalendarForm.Weekdays, "Friday"), (CalendarForm.Holidays, "France"), (CalendarForm.OnHoliday, "After")));

        Assert.Equal(HttpStatusCode.OK, shown.Status);
        Assert.Equal(
            ["Friday 27 November at 10:00", "Friday 4 December at 10:00", "Friday 11 December at 10:00", "Friday 18 December at 10:00", "Friday 25 December", "Saturday 26 December at 10:00"],
            Dates(shown));
        Assert.Contains("instead of Friday 25 December, a holiday", Plain(shown), StringComparison.Ordinal);
        Assert.Contains("value=\"Friday\" checked", shown.Text, StringComparison.Ordinal);
        Assert.Null(await View(ReportCalendarId.Of(PartnerGroup.Partners)));
    }

    [Theory]
    [InlineData(CalendarForm.Weekdays, "", "rule-weekdays", "Cochez au moins un jour de la semaine.", "Tick at least one day of the week.")]
    [InlineData(CalendarForm.EveryWeeks, "53", "rule-everyWeeks", "Indiquez un nombre de semaines de 1 à 52.", "Give a number of weeks from 1 to 52.")]
    [InlineData(CalendarForm.EveryWeeks, "deux", "rule-everyWeeks", "Indiquez un nombre de semaines de 1 à 52.", "Give a number of weeks from 1 to 52.")]
    [InlineData(CalendarForm.At, "25:00", "at", "Donnez l’heure d’envoi, par exemple 10:00.", "Give the time of sending, for example 10:00.")]
    [InlineData(CalendarForm.Zone, "Europe/Pari", "zone", "Le fuseau horaire « Europe/Pari » n’existe pas.", "The time zone “Europe/Pari” doesn’t exist.")]
    [InlineData(CalendarForm.First, "", "first", "Donnez une date entière, par exemple 24/11/2026.", "Give a whole date, for example 24/11/2026.")]
    [InlineData(CalendarForm.First, "1066-10-14", "first", "La date doit être comprise entre 1950 et 2200.", "The date must be between 1950 and 2200.")]
    [InlineData("pauses[0].last", "2026-12-01", "pauses-0--last", "Cette pause finit avant de commencer.", "This pause ends before it begins.")]
    [InlineData("pauses[0].last", "", "pauses-0--last", "Donnez une date entière", "Give a whole date")]
    [InlineData("addedHolidays[0].date", "demain", "addedHolidays-0--date", "Donnez une date entière", "Give a whole date")]
    public async Task Bad_input_names_the_field_and_the_mend_in_the_readers_language(string field, string typed, string at, string french, string english)
    {
        var fields = Fields("save", (CalendarForm.Weekdays, "Tuesday"), ("pauses[0].first", "2026-12-24"), ("pauses[0].last", "2026-12-26"), (field, typed));
        if (field == CalendarForm.Weekdays) fields.Remove(field);
        foreach (var (language, sentence) in new[] { ("fr", french), ("en", english) })
        {
            browser.Client.DefaultRequestHeaders.Remove("Accept-Language");
            browser.Client.DefaultRequestHeaders.Add("Accept-Language", language);
            var refused = await Send(Group, fields);

            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
            var text = Plain(refused);
            Assert.Contains(sentence, text, StringComparison.Ordinal);
            Assert.Contains($"href=\"#f-{at}\"", refused.Text, StringComparison.Ordinal);
            if (typed.Length > 0) Assert.Contains($"value=\"{typed}\"", refused.Text, StringComparison.Ordinal);
            Assert.Contains("value=\"2026-12-24\"", refused.Text, StringComparison.Ordinal);
        }
        Assert.Null(await View(ReportCalendarId.Of(PartnerGroup.Partners)));
    }

    [Theory]
    [InlineData("1, 32", "Les jours du mois vont de 1 à 31.")]
    [InlineData("1 quinze", "« quinze » n’est pas un jour du mois. Écrivez des nombres de 1 à 31, séparés par des virgules : 1, 15.")]
    [InlineData("", "Choisissez au moins un jour du mois, ou le dernier.")]
    public async Task Days_of_the_month_that_are_none_are_refused(string typed, string sentence)
    {
        browser.Client.DefaultRequestHeaders.Remove("Accept-Language");
        browser.Client.DefaultRequestHeaders.Add("Accept-Language", "fr");
        var refused = await Send(Group, Fields("save", (CalendarForm.Rhythm, "Monthly"), (CalendarForm.MonthDays, typed)));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains(sentence, Plain(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_a_form_says_is_kept_and_said_again()
    {
        var saved = await Send(Group, Fields("save",
            (CalendarForm.Rhythm, "Monthly"), (CalendarForm.MonthDays, "15; 1,15"), (CalendarForm.LastOfMonth, "true"), (CalendarForm.At, "07:30"), (CalendarForm.Zone, "America/New_York"),
            (CalendarForm.First, "2027-01-01"), ("pauses[0].first", "2027-07-14"), ("pauses[0].last", "2027-08-20"), (CalendarForm.Holidays, "AlsaceMoselle"), ("addedHolidays[0].date", "2027-03-01"),
            (CalendarForm.OnHoliday, "Before"), (CalendarForm.OnlyIfChanged, "true"), (CalendarForm.Enabled, "true")));

        Assert.Equal((HttpStatusCode.Found, "/reports/calendars"), (saved.Status, Where(saved)));
        var details = (await View(ReportCalendarId.Of(PartnerGroup.Partners)))!.Details!;
        Assert.Equal([1, 15], details.Rule.MonthDays.AsEnumerable());
        Assert.Equal((true, new TimeOnly(7, 30), "America/New_York", new DateOnly(2027, 1, 1)), (details.Rule.LastOfMonth, details.At, details.Zone, details.First));
        Assert.Equal([new ReportPause(new DateOnly(2027, 7, 14), new DateOnly(2027, 8, 20))], details.Pauses.AsEnumerable());
        Assert.Equal([new DateOnly(2027, 3, 1)], details.AddedHolidays.AsEnumerable());
        Assert.Equal((HolidayRegion.AlsaceMoselle, HolidayRule.Before, true, true), (details.Holidays, details.OnHoliday, details.OnlyIfChanged, details.Enabled));
        var list = Plain(await browser.Get("/reports/calendars"));
        Assert.Contains("on the 1st, the 15th and the last day of each month at 07:30, America/New York", list, StringComparison.Ordinal);
        Assert.Contains("from Friday 1 January 2027; only if there is something new; holidays: the day before; 1 pause planned", list, StringComparison.Ordinal);
        // The first of January is a holiday: it goes to the day before, which is before the first date, and so nowhere.
        Assert.Equal("Friday 1 January 2027", Dates(await browser.Get(Group))[0]);
    }

    [Fact]
    public async Task A_calendar_that_another_changed_meanwhile_is_shown_and_nothing_typed_is_lost()
    {
        await Send(Group, Fields("save", (CalendarForm.Weekdays, "Tuesday"), (CalendarForm.Enabled, "true")));
        var opened = await browser.Get(Group);
        await Send(Group, Fields("save", (CalendarForm.Weekdays, "Monday"), (CalendarForm.Enabled, "true")));

        var late = await browser.Submit(opened, Group, "calendar", Fields("save", (CalendarForm.Weekdays, "Friday"), (CalendarForm.At, "11:30"), (CalendarForm.Enabled, "true")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, late.Status);
        Assert.Contains("It now says: “every Monday at 10:00, Europe/Paris”.", Plain(late), StringComparison.Ordinal);
        Assert.Contains("value=\"11:30\"", late.Text, StringComparison.Ordinal);
        Assert.Equal(DayOfWeek.Monday, Assert.Single((await View("group-partners"))!.Details!.Rule.Weekdays));

        var again = await browser.Submit(late, Group, "calendar", Fields("save", (CalendarForm.Weekdays, "Friday"), (CalendarForm.At, "11:30"), (CalendarForm.Enabled, "true")));
        Assert.Equal(HttpStatusCode.Found, again.Status);
        Assert.Equal(DayOfWeek.Friday, Assert.Single((await View("group-partners"))!.Details!.Rule.Weekdays));
    }

    [Fact]
    public async Task A_calendar_is_removed_by_who_saw_it_as_it_is()
    {
        await Send(Group, Fields("save", (CalendarForm.Weekdays, "Tuesday"), (CalendarForm.Enabled, "true")));
        var opened = await browser.Get(Group);
        Assert.Contains("id=\"remove-calendar\"", opened.Text, StringComparison.Ordinal);
        await Send(Group, Fields("save", (CalendarForm.Weekdays, "Monday"), (CalendarForm.Enabled, "true")));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await browser.Submit(opened, Group, "calendar", Fields("remove"))).Status);
        Assert.NotNull((await View("group-partners"))!.Details);
        Assert.Equal(HttpStatusCode.Found, (await Send(Group, Fields("remove"))).Status);
        Assert.Null((await View("group-partners"))!.Details);
        Assert.DoesNotContain("id=\"remove-calendar\"", (await browser.Get(Group)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partner_goes_by_its_group_by_days_of_its_own_or_by_hand_only()
    {
        var partner = await Partner("Astérie");
        var (page, tab) = ($"/partners/{partner}/calendar", $"/partners/{partner}/reporting");
        Assert.Contains("none: its reports leave by hand", Plain(await browser.Get(tab)), StringComparison.Ordinal);
        await Send(Group, Fields("save", (CalendarForm.Weekdays, "Friday"), (CalendarForm.Enabled, "true")));

        Assert.Contains("Next sending Friday 27 November at 10:00", Plain(await browser.Get(tab)), StringComparison.Ordinal);
        Assert.Equal("Friday 27 November at 10:00", Dates(await browser.Get(page))[0]);

        Assert.Equal(tab, Where(await Send(page, Fields("save", ("follows", "Own"), (CalendarForm.Weekdays, "Sunday")))));
        Assert.Contains("Calendar its own When every Sunday at 10:00, Europe/Paris Next sending Sunday 29 November at 10:00", Plain(await browser.Get(tab)), StringComparison.Ordinal);
        Assert.Contains("Astérie Partner every Sunday at 10:00, Europe/Paris", Plain(await browser.Get("/reports/calendars")), StringComparison.Ordinal);

        // By hand only: whatever else the form holds, nothing of it is asked for.
        Assert.Equal(tab, Where(await Send(page, Fields("save", ("follows", "ByHand"), (CalendarForm.At, "")))));
        Assert.Contains("Calendar by hand only Next sending –", Plain(await browser.Get(tab)), StringComparison.Ordinal);
        Assert.Equal(DayOfWeek.Sunday, Assert.Single((await View(ReportCalendarId.OfPartner(partner)))!.Details!.Rule.Weekdays));
        Assert.Contains("value=\"ByHand\" checked", (await browser.Get(page)).Text, StringComparison.Ordinal);

        Assert.Equal(tab, Where(await Send(page, Fields("save", ("follows", "Group")))));
        Assert.Contains("Next sending Friday 27 November at 10:00", Plain(await browser.Get(tab)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partner_that_is_paused_is_told_the_first_time_after_its_pause()
    {
        var partner = await Partner("Astérie");
        await Send(Group, Fields("save", (CalendarForm.Weekdays, "Friday"), (CalendarForm.Enabled, "true")));
        using (Caller.As(claire))
            (await Grain<IPartnerGrain>(partner).Pause(new PausePartner(new DateOnly(2026, 12, 11)) { Id = Guid.NewGuid(), By = claire })).Expect();

        Assert.Contains("Next sending Friday 11 December at 10:00", Plain(await browser.Get($"/partners/{partner}/reporting")), StringComparison.Ordinal);
        Assert.Equal(["0", "1", "1"], (await Month("2026-12-01")).Where(entry => entry.Contains("Partners", StringComparison.Ordinal)).Take(3).Select(entry => entry.Split(' ')[1]));
    }

    [Fact]
    public async Task The_month_and_the_list_show_what_ran_what_was_missed_and_why_and_what_is_to_come_for_how_many()
    {
        await Partner("Astérie");
        await Partner("Belle Étoile");
        var own = await Partner("Rire à Part");
        await Send($"/partners/{own}/calendar", Fields("save", ("follows", "Own"), (CalendarForm.Weekdays, "Saturday"), (CalendarForm.At, "04:00"), (CalendarForm.Zone, "America/New_York")));
        await Send(Group, Fields("save", (CalendarForm.Rhythm, "Monthly"), (CalendarForm.MonthDays, "24, 25, 26, 27, 30"), (CalendarForm.At, "11:00"), (CalendarForm.Enabled, "true"),
            (CalendarForm.AddedHolidays + "[0].date", "2026-11-30")));
        await WakeAt("2026-11-24T11:01");
        // Asleep from Tuesday's on: Wednesday's was too long ago, Thursday's still leaves.
        await WakeAt("2026-11-26T12:00");
        // And again for the night: everything missed.
        await WakeAt("2026-11-28T03:00");
        await SignIn();

        Assert.Equal(
            ["11:00 0 Partners", "11:00 missed Partners", "11:00 0 Partners", "11:00 missed Partners", "10:00 1 Rire à Part", "11:00 – Partners", "10:00 1 Rire à Part"],
            await Month("2026-11-01"));
        var list = Plain(await browser.Get("/reports/calendars"));
        Assert.Contains("Fri 27 Nov, 11:00 Partners – missed Guichet was down; noticed on Sat 28 Nov, 03:00, more than 12 hours later.", list, StringComparison.Ordinal);
        Assert.Contains("Wed 25 Nov, 11:00 Partners – missed Guichet was down; noticed on Thu 26 Nov, 12:00, more than 12 hours later.", list, StringComparison.Ordinal);
        var run = Regex.Match((await browser.Get("/reports/calendars/month?day=2026-11-01")).Text, "href=\"(/reports/[^\"/?]+)\" title=\"Partners: sent").Groups[1].Value;
        Assert.Equal(HttpStatusCode.OK, (await browser.Get(run)).Status);
        Assert.Contains("href=\"/reports/calendars/month?day=2026-12-01\"", (await browser.Get("/reports/calendars/month?day=2026-11-01")).Text, StringComparison.Ordinal);
    }

    /// <summary>Everything that the form posts, some of it otherwise.</summary>
    private static Dictionary<string, string> Fields(string act, params (string Name, string Value)[] typed)
    {
        var fields = new Dictionary<string, string>
        {
            ["do"] = act,
            [CalendarForm.Rhythm] = "Weekly",
            [CalendarForm.EveryWeeks] = "1",
            [CalendarForm.MonthDays] = "",
            [CalendarForm.At] = "10:00",
            [CalendarForm.Zone] = "Europe/Paris",
            [CalendarForm.First] = "2026-11-24",
            [CalendarForm.Holidays] = "None",
            [CalendarForm.OnHoliday] = "Skip",
            ["pauses[0].first"] = "",
            ["pauses[0].last"] = "",
            ["addedHolidays[0].date"] = "",
        };
        if (typed.All(each => each.Name != CalendarForm.Enabled)) fields[CalendarForm.Enabled] = "true";
        foreach (var (name, value) in typed) fields[name] = value;
        return fields;
    }

    private Task<Answer> Send(string page, Dictionary<string, string> fields) => browser.Submit(page, "calendar", fields);

    private async Task SignIn()
    {
        browser?.Dispose();
        browser = site.Browser();
        await browser.SignIn(email, Password);
    }

    private T Grain<T>(string id) where T : IGrainWithStringKey => site.Grains.GetGrain<T>(GrainKey.Of(claire.Organisation, id));

    private async Task<ReportCalendarView?> View(string id)
    {
        using var caller = Caller.As(claire);
        return await Grain<IReportCalendarGrain>(id).View();
    }

    private async Task<string> Partner(string name)
    {
        using var caller = Caller.As(claire);
        var id = Ids.New(TimeProvider.System);
        (await Grain<IPartnerGrain>(id).Create(new CreatePartner(new PartnerDetails(
            name, PartnerGroup.Partners, [new PartnerAddress($"{id}@partner.example", RecipientKind.To, null)], Language.French, null))
        { Id = Guid.NewGuid(), By = claire })).Expect();
        return id;
    }

    /// <summary>The clock is set without a tick on the way, as after a sleep; then everything due is done.</summary>
    private async Task WakeAt(string local)
    {
        time.Set(Calendars.Paris(local));
        using (Caller.As(Actor.System("test")))
            await Grain<IReportCalendarGrain>("group-partners").Wake();
        await site.DrainOutbox();
    }

    /// <summary>The entries of a month in order: time, figure, whose.</summary>
    private async Task<string[]> Month(string day) =>
        [.. Entry().Matches((await browser.Get($"/reports/calendars/month?day={day}")).Text).Select(match => Plain(match.Value))];

    private static string? Where(Answer answer) => answer.Location is { } where && Uri.TryCreate(where, UriKind.Absolute, out var whole) ? whole.AbsolutePath : answer.Location;

    private static string[] Dates(Answer shown) => [.. Next().Matches(shown.Text).Select(match => Plain(match.Groups[1].Value))];

    private static string Plain(Answer shown) => Plain(shown.Text);

    /// <summary>As it reads, with plain spaces.</summary>
    private static string Plain(string html) => Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(html, " ")), " ").Trim();

    [GeneratedRegex("<a class=\"calendar-entry.*?</a>", RegexOptions.Singleline)]
    private static partial Regex Entry();

    [GeneratedRegex("<li class=\"(?:next-skipped)?\">.*?<time[^>]*>(.*?)</time>", RegexOptions.Singleline)]
    private static partial Regex Next();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"[\s\u00A0\u202F]+")]
    private static partial Regex Spaces();
}
