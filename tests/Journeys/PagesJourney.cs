using System.Text.RegularExpressions;

namespace Guichet.Tests.Journeys;

/// <summary>Every page of the demo, sound on the screens it is made for. The pictures are there to be looked at.</summary>
[Collection(DemoCollection.Name)]
public sealed partial class PagesJourney(Demo demo)
{
    private static readonly string[] Pages =
    [
        "/", "/sessions", "/sessions/new", "/shows", "/series", "/calendar", "/calendar?view=week", "/tallies", "/notifications", "/account",
        "/administration", "/administration/operators", "/administration/operators/new", "/administration/tokens", "/operations", "/devices", "/mailbox",
    ];

    /// <summary>The parts of a session's page; the session is one of those on the dashboard.</summary>
    private static readonly string[] Parts = ["", "/curve", "/versions", "/links", "/general", "/timeline", "/edit"];

    [Theory]
    [InlineData(1280, false, "fr-FR")]
    [InlineData(820, true, "en-GB")]
    public async Task Every_page_is_sound(int width, bool dark, string language)
    {
        await using var visit = await demo.SignIn(Demo.House, new Screen(width, dark, language));
        var session = Session().Match(await visit.Page.ContentAsync()).Value;
        Assert.NotEmpty(session);
        visit.TakeComplaints();
        var faults = new List<string>();
        foreach (var path in Pages.Concat(Parts.Select(part => session + part)))
        {
            var answer = await visit.Page.GotoAsync(path);
            await visit.Picture("page" + path.Replace(session, "/session", StringComparison.Ordinal).Replace('/', '-').Replace('?', '-'));
            if (answer!.Status != 200)
                faults.Add($"{path}: {answer.Status}");
            faults.AddRange((await Checks.Faults(visit)).Select(fault => $"{path}: {fault}"));
        }
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [GeneratedRegex("/sessions/[0-9a-z]{20}")]
    private static partial Regex Session();
}
