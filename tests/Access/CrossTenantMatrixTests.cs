using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Guichet.Tests.Access;

/// <summary>
/// Every address of the product × who asks. The addresses are those that the product has, so one that is added is in the matrix by itself;
/// one whose parts the matrix doesn't know, or that lets in people who aren't signed in, fails until it is said what it stands for.
/// </summary>
public sealed partial class CrossTenantMatrixTests(AccessWorld world) : IClassFixture<AccessWorld>
{
    private readonly IReadOnlyList<Route> routes = Route.All(world.Node);

    [Fact]
    public async Task Who_is_not_signed_in_is_let_in_nowhere_but_where_everybody_is()
    {
        using var browser = world.Node.Browser(null);
        using var program = world.Node.Program(null);
        var wrong = new List<string>();
        foreach (var route in routes)
        {
            var answer = await AccessWorld.Ask(route.IsApi ? program : browser, route.Method, route.For(world.Owner), Content(route));
            var refused = answer.Status == HttpStatusCode.Unauthorized || (answer.Status == HttpStatusCode.Redirect && answer.Location!.StartsWith(route.IsOfSpace ? $"/space/{world.Owner.Tenant.Id}/sign-in" : "/sign-in", StringComparison.Ordinal));
            if (!refused && !route.IsPublic) wrong.Add($"{route}: {(int)answer.Status} {answer.Location}");
            // Whoever supervises the node isn't signed in to anything.
            if (route.IsForSupervision && route.Reads && answer.Status is not (HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable)) wrong.Add($"{route}: {(int)answer.Status} {answer.Location}");
            // A house's name stands on its own door; nothing that it has does.
            if (route.IsOfSpace ? Leaks(answer with { Text = answer.Text.Replace(world.Owner.Tenant.Name, "", StringComparison.Ordinal) }) || answer.Text.Contains(" le Grand", StringComparison.Ordinal) : Leaks(answer))
                wrong.Add($"{route}: shows {world.Owner.Marker}");
        }
        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong)}\n{world.Node.Failures}");
    }

    [Fact]
    public async Task Anothers_ids_are_as_ids_of_nothing()
    {
        var before = await world.Fingerprint(world.Owner.Tenant.Id);
        var (browser, form) = await world.WithFormToken(world.Asker.Tenant.Cookie);
        using var program = world.Node.Program(world.Asker.Tenant.Token);
        var wrong = new List<string>();
        foreach (var route in routes.Where(route => route.NamesSomething && !route.IsOfSpace))
        {
            var http = route.IsApi ? program : browser;
            var invented = world.Owner.Invented();
            var theirs = await AccessWorld.Ask(http, route.Method, route.For(world.Owner), route.Reads || route.IsApi ? Content(route) : await Copy(form));
            var nothing = await AccessWorld.Ask(http, route.Method, route.For(invented), route.Reads || route.IsApi ? Content(route) : await Copy(form));
            if (route.Reads && theirs.Status is not (HttpStatusCode.NotFound or HttpStatusCode.Forbidden)) wrong.Add($"{route}: {(int)theirs.Status} {theirs.Location}");
            if (theirs.Status == HttpStatusCode.InternalServerError) wrong.Add($"{route}: failed");
            if (Told(theirs, world.Owner) != Told(nothing, invented)) wrong.Add($"{route}: {Told(theirs, world.Owner)}, of nothing {Told(nothing, invented)}");
            if (route.IsApi && theirs.Text != nothing.Text) wrong.Add($"{route}: {theirs.Text}, of nothing {nothing.Text}");
            if (Leaks(theirs)) wrong.Add($"{route}: shows {world.Owner.Marker}");
        }
        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong)}\n{world.Node.Failures}");
        Assert.Equal(before, await world.Fingerprint(world.Owner.Tenant.Id));
    }

    /// <summary>The control: without it a product that refuses everybody would pass.</summary>
    [Fact]
    public async Task Its_own_ids_are_answered_and_nothing_is_changed_by_looking()
    {
        using var browser = world.Node.Browser(world.Owner.Tenant.Cookie);
        using var program = world.Node.Program(world.Owner.Tenant.Token);
        var before = await world.Fingerprint();
        var wrong = new List<string>();
        foreach (var route in routes.Where(route => route.Reads && !route.IsPublic && !route.IsOfSpace))
        {
            var answer = await AccessWorld.Ask(route.IsApi ? program : browser, "GET", route.For(world.Owner));
            if (answer.Status != HttpStatusCode.OK && !(answer.Status == HttpStatusCode.Redirect && !answer.Location!.StartsWith("/sign-in", StringComparison.Ordinal)))
                wrong.Add($"{route}: {(int)answer.Status} {answer.Location}");
            else if (answer.Status == HttpStatusCode.OK && route.NamesSomething && !route.Text.Contains("{token}", StringComparison.Ordinal)
                && !Leaks(answer) && !answer.Text.Contains(world.Owner.Session, StringComparison.Ordinal) && !answer.Text.Contains(world.Owner.Contact, StringComparison.Ordinal) && !answer.Text.Contains("\"version\":1", StringComparison.Ordinal))
                wrong.Add($"{route}: doesn't show {world.Owner.Marker}");
        }
        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong)}\n{world.Node.Failures}");
        Assert.Equal(before, await world.Fingerprint());
    }

    [Fact]
    public async Task Nothing_of_anothers_is_in_anything_that_one_sees()
    {
        using var browser = world.Node.Browser(world.Asker.Tenant.Cookie);
        using var program = world.Node.Program(world.Asker.Tenant.Token);
        var wrong = new List<string>();
        foreach (var route in routes.Where(route => route.Reads))
        {
            var answer = await AccessWorld.Ask(route.IsApi ? program : browser, "GET", route.For(world.Asker));
            if (Leaks(answer)) wrong.Add($"{route}: shows {world.Owner.Marker}");
            if (route.IsForInstallation && answer.Status != HttpStatusCode.Forbidden) wrong.Add($"{route}: {(int)answer.Status} for who doesn't run the installation");
        }
        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong)}\n{world.Node.Failures}");
    }

    [Fact]
    public async Task Who_only_reads_changes_nothing()
    {
        var (browser, form) = await world.WithFormToken(world.Owner.Tenant.ReaderCookie);
        using var program = world.Node.Program(world.Owner.Tenant.ReaderToken);
        var before = await world.Fingerprint();
        var wrong = new List<string>();
        foreach (var route in routes.Where(route => !route.Reads && !route.IsPublic && !route.IsOfSpace && !route.Text.StartsWith("/notifications", StringComparison.Ordinal)))
        {
            var answer = await AccessWorld.Ask(route.IsApi ? program : browser, route.Method, route.For(world.Owner), route.IsApi ? Content(route) : await Copy(form));
            // A page that readers see may have a form of theirs; a post that names no form of it is a bad request.
            if (answer.Status != HttpStatusCode.Forbidden && !(route.IsPage && answer.Status == HttpStatusCode.BadRequest)) wrong.Add($"{route}: {(int)answer.Status} {answer.Location}");
        }
        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong)}\n{world.Node.Failures}");
        Assert.Equal(before, await world.Fingerprint());
    }

    [Fact]
    public async Task A_form_that_another_site_made_is_refused()
    {
        using var browser = world.Node.Browser(world.Owner.Tenant.Cookie);
        var before = await world.Fingerprint();
        var wrong = new List<string>();
        foreach (var route in routes.Where(route => !route.Reads && !route.IsOfSpace))
        {
            var answer = await AccessWorld.Ask(browser, route.Method, route.For(world.Owner), new FormUrlEncodedContent([new("command", Guid.NewGuid().ToString())]));
            // The API doesn't know cookies at all.
            if (answer.Status != (route.IsApi ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest) && !route.IsForSupervision
                && !(route.IsPage && answer.Status == HttpStatusCode.NotFound)) wrong.Add($"{route}: {(int)answer.Status} {answer.Location}");
        }
        Assert.True(wrong.Count == 0, $"{string.Join('\n', wrong)}\n{world.Node.Failures}");
        Assert.Equal(before, await world.Fingerprint());
    }

    private bool Leaks(Answer answer) =>
        answer.Text.Contains(world.Owner.Marker, StringComparison.OrdinalIgnoreCase) || answer.Location?.Contains(world.Owner.Marker, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>A body that would do, so that what is refused is who asks and not what is sent.</summary>
    private static StringContent? Content(Route route) => route.Reads ? null : new StringContent(
        route.IsApi && route.Text.EndsWith("/draft", StringComparison.Ordinal) || route.Text.EndsWith("/tallies", StringComparison.Ordinal) ? "{\"lines\":[]}"
        : route.Text.EndsWith("/shareable", StringComparison.Ordinal) ? "{\"shareable\":true}"
        : route.Text.EndsWith("/shows/{id}", StringComparison.Ordinal) ? "{\"title\":\"Pris\"}"
        : route.Text.EndsWith("/series/{id}", StringComparison.Ordinal) ? "{\"name\":\"Pris\"}"
        : route.Text.EndsWith("/partners/{id}", StringComparison.Ordinal) ? "{\"name\":\"Pris\",\"addresses\":[{\"email\":\"pris@pris.example\"}]}"
        : route.Text.EndsWith("/contact-searches/{id}", StringComparison.Ordinal) ? "{\"name\":\"Pris\",\"conditions\":[]}"
        : "{}", Encoding.UTF8, "application/json");

    /// <summary>The same form for another intention.</summary>
    private static async Task<FormUrlEncodedContent> Copy(FormUrlEncodedContent form) => new(
        (await form.ReadAsStringAsync()).Split('&').Select(pair => pair.Split('=')).Select(pair =>
            KeyValuePair.Create(WebUtility.UrlDecode(pair[0]), pair[0] == "command" ? Guid.NewGuid().ToString() : WebUtility.UrlDecode(pair[1]))));

    private static string Told(Answer answer, Belongings belongings)
    {
        var where = answer.Location ?? "";
        foreach (var id in new[] { belongings.Show, belongings.Series, belongings.Session, belongings.Link, belongings.Notification, belongings.Operator, belongings.Import, belongings.Partner, belongings.Run, belongings.Contact, belongings.Search, belongings.Bulk })
            where = where.Replace(id, "…", StringComparison.Ordinal);
        return $"{(int)answer.Status} {Uncertain().Replace(where, "")}".TrimEnd();
    }

    [GeneratedRegex(@"\?.*$")]
    private static partial Regex Uncertain();
}
