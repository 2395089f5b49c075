using System.Net;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Organisations;

/// <summary>The first-run wizard, each time on a database where nobody has been.</summary>
public sealed class FirstRunTests
{
    private const string Password = "un cheval de trait";

    private readonly ManualTime time = new();

    [Fact]
    public async Task The_code_from_the_console_opens_the_wizard_once_and_makes_an_administrator_of_the_installation()
    {
        await using var database = await Fresh();
        await using var site = await TestSite.Start(database.Database.Product, time);
        using var browser = site.Browser();
        Assert.Equal("/setup", (await browser.Get("/")).Location);
        Assert.Equal("/setup", Path((await browser.Get("/sign-in")).Location));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SetUp(browser, "7K3M-0000-0000-0000-0000-0000-0000")).Status);
        Assert.False(await site.Services.GetRequiredService<OrganisationQueries>().AnyExists(CancellationToken.None));

        var code = await site.Services.GetRequiredService<SetupCodes>().Print(CancellationToken.None);
        var wrong = await SetUp(browser, code, new() { ["organisation"] = " ", ["email"] = "x", ["zone"] = "Mars" });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.Equal(3, wrong.Text.Split("aria-invalid=\"true\"").Length - 1);

        var done = await SetUp(browser, code.ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        Assert.Equal((HttpStatusCode.Found, "/"), (done.Status, Path(done.Location)));
        Assert.Equal(HttpStatusCode.OK, (await browser.Get("/administration/installation")).Status);

        using var late = site.Browser();
        Assert.Equal("/sign-in", Path((await late.Get("/setup")).Location));
        Assert.False(await site.Services.GetRequiredService<SetupCodes>().IsOne(code, CancellationToken.None));
    }

    [Fact]
    public async Task Two_people_who_set_up_at_once_make_one_organisation()
    {
        await using var database = await Fresh();
        await using var site = await TestSite.Start(database.Database.Product, time);
        var code = await site.Services.GetRequiredService<SetupCodes>().Print(CancellationToken.None);
        using var one = site.Browser();
        using var two = site.Browser();
        var (formOfOne, formOfTwo) = (await one.Get("/setup"), await two.Get("/setup"));
        var answers = await Task.WhenAll(SetUp(one, code, shown: formOfOne), SetUp(two, code, shown: formOfTwo));

        Assert.Single(await site.Services.GetRequiredService<OrganisationQueries>().All(CancellationToken.None));
        Assert.Single(answers, answer => answer.SetCookies.Any(cookie => cookie.StartsWith("guichet-session", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_administrator_of_the_installation_founds_organisations_and_others_do_not()
    {
        await using var database = await Fresh();
        await using var site = await TestSite.Start(database.Database.Product, time);
        var code = await site.Services.GetRequiredService<SetupCodes>().Print(CancellationToken.None);
        using var browser = site.Browser();
        await SetUp(browser, code);
        var founded = await browser.Submit("/administration/installation", "found", new()
        {
            ["organisation"] = "Astérie",
            ["city"] = "Lyon",
            ["zone"] = "Europe/Paris",
            ["currency"] = "EUR",
            ["name"] = "Nadia",
            ["email"] = "nadia@asterie.example",
        });
        Assert.Equal(HttpStatusCode.Found, founded.Status);
        await site.DrainOutbox();
        using var nadia = site.Browser();
        Assert.Equal("/", Path((await nadia.Submit(site.Mail.LastLink("nadia@asterie.example"), "invitation", new() { ["name"] = "Nadia", ["password"] = Password })).Location));
        Assert.Equal(HttpStatusCode.OK, (await nadia.Get("/administration/operators")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await nadia.Get("/administration/installation")).Status);
    }

    private static async Task<Answer> SetUp(TestBrowser browser, string code, Dictionary<string, string>? other = null, Answer? shown = null)
    {
        var fields = new Dictionary<string, string>
        {
            ["code"] = code,
            ["organisation"] = "Théâtre du Port",
            ["city"] = "Brest",
            ["zone"] = "Europe/Paris",
            ["currency"] = "EUR",
            ["name"] = "Claire Morin",
            ["email"] = "claire@port.example",
            ["password"] = Password,
        };
        foreach (var (name, value) in other ?? []) fields[name] = value;
        return await browser.Submit(shown ?? await browser.Get("/setup"), "/setup", "setup", fields);
    }

    private static async Task<FreshDatabase> Fresh()
    {
        var made = new TestDatabase();
        await made.InitializeAsync();
        return new FreshDatabase(made);
    }

    private static string? Path(string? location) => location is not null && location.StartsWith("http", StringComparison.Ordinal) ? new Uri(location).PathAndQuery : location;

    private sealed record FreshDatabase(TestDatabase Database) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Database.DisposeAsync();
    }
}
