using System.Net;
using System.Text.RegularExpressions;
using Guichet.Organisations;
using Guichet.Support;

namespace Guichet.Shell;

/// <summary>What forms have in common, whatever they ask: sent twice, refused and mended, sent after their session had ended.</summary>
public sealed partial class FormTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private const string Password = "un cheval de trait";

    private readonly ManualTime time = new();
    private readonly string email = $"{Guid.NewGuid():N}@port.example";

    [Fact]
    public async Task A_form_sent_twice_is_done_once()
    {
        await using var site = await Start();
        using var browser = await SignedIn(site);
        var shown = await browser.Get("/shows/new");
        var before = await JournalLines();

        var first = await browser.Submit(shown, "/shows/new", "show", new() { ["title"] = "Phèdre" });
        var second = await browser.Submit(shown, "/shows/new", "show", new() { ["title"] = "Phèdre" });

        Assert.Equal((HttpStatusCode.Found, first.Location), (second.Status, second.Location));
        Assert.Equal(before + 1, await JournalLines());
    }

    [Fact]
    public async Task A_form_that_comes_back_refused_is_mended_by_another_command()
    {
        await using var site = await Start();
        using var browser = await SignedIn(site);
        var shown = await browser.Get("/shows/new");

        var refused = await browser.Submit(shown, "/shows/new", "show", new() { ["title"] = "" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.NotEqual(CommandOf(shown), CommandOf(refused));
        var mended = await browser.Submit(refused, "/shows/new", "show", new() { ["title"] = "Phèdre" });

        Assert.Equal(HttpStatusCode.Found, mended.Status);
    }

    [Fact]
    public async Task A_page_that_is_sent_again_with_other_content_is_asked_again()
    {
        await using var site = await Start();
        using var browser = await SignedIn(site);
        var shown = await browser.Get("/account");
        await browser.Submit(shown, "/account", "account", new() { ["name"] = "Claire Le Bras", ["language"] = "English" });

        // The page of before, found again with the browser's back button.
        var other = await browser.Submit(shown, "/account", "account", new() { ["name"] = "Claire Le Gall", ["language"] = "English" });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Contains("Claire Le Gall", other.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.Submit(other, "/account", "account", new() { ["name"] = "Claire Le Gall", ["language"] = "English" })).Status);
    }

    [Fact]
    public async Task A_form_of_an_ended_session_leads_to_signing_in_and_back_to_its_page()
    {
        await using var site = await Start();
        using var browser = await SignedIn(site);
        var shown = await browser.Get("/shows/new");
        await browser.Submit("/", null, action: "/sign-out");
        FromAPageOfOurs(browser);

        var late = await browser.Submit(shown, "/shows/new", "show", new() { ["title"] = "Phèdre" });
        Assert.Equal((HttpStatusCode.Found, "/sign-in?back=%2Fshows%2Fnew&unsent=1"), (late.Status, late.Location));
        var asked = await browser.Get(late.Location!);
        Assert.Contains("Your session has ended", asked.Text, StringComparison.Ordinal);
        Assert.Contains("data-unsent", asked.Text, StringComparison.Ordinal);
        var entered = await browser.Submit(asked, "/sign-in", "sign-in", new() { ["email"] = email, ["password"] = Password });

        Assert.EndsWith("/shows/new", entered.Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_opened_before_signing_in_leads_back_to_its_page_which_says_so()
    {
        await using var site = await Start();
        using var browser = site.Browser();
        await Theatre.Founded(site.Services, time, Password, email: email);
        var opened = await browser.Get("/password/forgotten");
        await browser.SignIn(email, Password);
        FromAPageOfOurs(browser);

        var late = await browser.Submit(opened, "/password/forgotten", "forgotten", new() { ["email"] = email });

        Assert.Equal((HttpStatusCode.SeeOther, "/password/forgotten"), (late.Status, late.Location));
        var again = await browser.Get("/account");
        Assert.Contains("dates from before you signed in", again.Text, StringComparison.Ordinal);
        Assert.Contains("data-unsent", again.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cross-site", "navigate")]
    [InlineData("same-site", "navigate")]
    [InlineData("same-origin", "cors")]
    [InlineData(null, null)]
    public async Task A_form_that_no_page_of_ours_sent_is_refused(string? site, string? mode)
    {
        await using var node = await Start();
        using var browser = await SignedIn(node);
        if (site is not null) browser.Client.DefaultRequestHeaders.Add("Sec-Fetch-Site", site);
        if (mode is not null) browser.Client.DefaultRequestHeaders.Add("Sec-Fetch-Mode", mode);

        var forged = await browser.Post("/shows/new", new() { ["_handler"] = "show", ["form-token"] = "x", ["title"] = "Phèdre" });

        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
    }

    private Task<TestSite> Start() => TestSite.Start(database.Product, time);

    private async Task<TestBrowser> SignedIn(TestSite site)
    {
        await Theatre.Founded(site.Services, time, Password, email: email);
        var browser = site.Browser();
        await browser.SignIn(email, Password);
        return browser;
    }

    private static void FromAPageOfOurs(TestBrowser browser)
    {
        browser.Client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "same-origin");
        browser.Client.DefaultRequestHeaders.Add("Sec-Fetch-Mode", "navigate");
    }

    private static string CommandOf(Answer page) => Command().Match(page.Text[page.Text.IndexOf("value=\"show\"", StringComparison.Ordinal)..]).Groups[1].Value;

    private async Task<long> JournalLines() => (long)(await database.Owner.CreateCommand("SELECT count(*) FROM journal").ExecuteScalarAsync())!;

    [GeneratedRegex("name=\"command\" value=\"([^\"]+)\"")]
    private static partial Regex Command();
}
