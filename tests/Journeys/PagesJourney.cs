namespace Guichet.Tests.Journeys;

/// <summary>Every page of the demo, in both languages, sound on the four screens it is made for. The pictures are there to be looked at.</summary>
[Collection(DemoCollection.Name)]
public sealed class PagesJourney(Demo demo)
{
    private static readonly string[] Pages =
    [
        "/", "/sessions", "/sessions/new", "/shows", "/shows/new", "/series", "/calendar", "/calendar?view=week", "/tallies", "/notifications", "/account",
        "/links", "/links?tab=answer", "/links/new", "/links/new?to=outside", "/partners", "/partners?tab=Agents&archived=yes&columns=envelope,reason,language,associations,note", "/partners?q=personne", "/partners/new", "/partners/associate", "/reports", "/reports/calendars", "/reports/calendars/agents", "/reports/calendars/month", "/imports", "/imports/new", "/imports/new?kind=partners", "/administration", "/administration/operators",
        "/administration/operators/new", "/administration/tokens", "/administration/timeline", "/administration/installation", "/operations", "/devices", "/mailbox",
    ];

    /// <summary>The parts of a session's page.</summary>
    private static readonly string[] Parts = ["", "/curve", "/versions", "/links", "/general", "/timeline", "/edit", "/duplicate"];

    /// <summary>Each page is opened on the first screen of its language, and turned to the others.</summary>
    [Theory]
    [InlineData(1280, false, "fr-FR")]
    [InlineData(820, true, "en-GB")]
    public async Task Every_page_is_sound(int width, bool dark, string language)
    {
        await using var visit = await demo.SignIn(Demo.House, new Screen(width, dark, language));
        var session = await First(visit, "/", "#on-sale");
        var partner = await First(visit, "/partners", "#partners");
        (string Name, string Address)[] pages =
        [
            .. Pages.Select(path => (path == "/" ? "dashboard" : path[1..].Replace('/', '-').Replace('?', '-').Split('&')[0], path)),
            .. Parts.Select(part => ("session" + part.Replace('/', '-'), session + part)),
            ("show", await First(visit, "/shows", "#shows")), ("show-edit", await First(visit, "/shows", "#shows") + "/edit"),
            ("one-series", await First(visit, "/series", "#series")), ("link", await First(visit, "/links", "#links")), ("partner", partner), ("partner-edit", partner + "/edit"), ("partner-sessions", partner + "/sessions"), ("partner-reporting", partner + "/reporting"), ("partner-calendar", partner + "/calendar"), ("partner-timeline", partner + "/timeline"), ("operator", await First(visit, "/administration/operators", "#operators")),
        ];
        visit.TakeComplaints();
        var faults = new List<string>();
        foreach (var (name, address) in pages)
        {
            var answer = await visit.Page.GotoAsync(address);
            if (answer!.Status != 200) faults.Add($"{address}: {answer.Status}");
            faults.AddRange(await visit.Look($"page-{name}", Screen.All));
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <summary>Where the first row of a list leads.</summary>
    private static async Task<string> First(Visit visit, string page, string list)
    {
        await visit.Page.GotoAsync(page);
        return (await visit.Page.Locator($"{list} tr[data-row]").First.GetAttributeAsync("data-href"))!;
    }
}
