using System.Net;
using System.Text;
using Guichet.Contacts;
using Guichet.Support;
using Guichet.Tests.Access;
using Guichet.Tests.Contacts;

namespace Guichet.Tests.Portals;

/// <summary>What a producer sees: its own shows, live, and nothing else of anything.</summary>
public sealed class ProducerTests(SpaceWorld world) : IClassFixture<SpaceWorld>
{
    [Fact]
    public async Task It_sees_its_sessions_with_revenue_only_where_the_house_allows()
    {
        var (producer, email, mine, paid, hidden) = await Furnish("Misanthrope");
        await world.Produces(producer, paid, revenue: true);
        using var browser = await world.SignIn(email);
        Assert.EndsWith("/space/house/shows", (await browser.Get("/space/house")).Location, StringComparison.Ordinal);
        var list = (await browser.Get("/space/house/shows")).Text;
        Assert.Contains("Misanthrope", list, StringComparison.Ordinal);
        Assert.Contains("Payant", list, StringComparison.Ordinal);
        Assert.DoesNotContain("Tartuffe", list, StringComparison.Ordinal);
        Assert.Contains("€3,465", list, StringComparison.Ordinal);
        Assert.DoesNotContain("€1,800", list, StringComparison.Ordinal);

        var one = (await browser.Get($"/space/house/shows/{mine}")).Text;
        Assert.Contains("Carré or", one, StringComparison.Ordinal);
        foreach (var secret in new[] { "€", "Claire", hidden }) Assert.DoesNotContain(secret, one, StringComparison.Ordinal);
        Assert.Contains("€3,465", (await browser.Get($"/space/house/shows/{paid}")).Text, StringComparison.Ordinal);

        var csv = (await browser.Get("/space/house/export/shows.csv")).Text;
        Assert.Contains("Misanthrope", csv, StringComparison.Ordinal);
        Assert.DoesNotContain("Tartuffe", csv, StringComparison.Ordinal);
        Assert.Contains("3465", csv, StringComparison.Ordinal);
        Assert.DoesNotContain("1800", csv, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get("/space/house/export/shows.pdf")).Status);
    }

    [Fact]
    public async Task Its_open_page_is_told_of_its_own_tallies_and_of_no_other()
    {
        var (producer, email, mine, _, hidden) = await Furnish("Vivant");
        using var browser = await world.SignIn(email);
        await using var stream = new EventFrames(browser.Client, "/space/house/live", world.Time);
        Assert.Contains("event: resync", await stream.Next(), StringComparison.Ordinal);
        // Another's first: nothing of it comes, and what comes next is its own.
        await world.Sell(hidden, 70);
        await world.Sell(mine, 41);
        Assert.Equal("event: named\ndata: [{\"name\":\"figures\",\"detail\":\"\"}]", await stream.NextButBeats());

        // Suspended, it ends at once.
        await world.Do(() => world.Contact(producer).SuspendAccount(new SuspendContactAccount(true) { Id = Guid.NewGuid(), By = world.House.Administrator }));
        Assert.Equal("event: ended\ndata: 0", await stream.NextButBeats());
        Assert.DoesNotContain(hidden, stream.All, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.Get("/space/house/shows")).Status);
        await using var again = new EventFrames(browser.Client, "/space/house/live", world.Time);
        Assert.Equal("event: ended\ndata: 0", await again.Next());
    }

    /// <summary>The control of the one above: nothing is told of another's tally, however long one listens.</summary>
    [Fact]
    public async Task Anothers_tally_alone_is_a_beat()
    {
        var (_, email, _, _, hidden) = await Furnish("Sourd");
        using var browser = await world.SignIn(email);
        await using var stream = new EventFrames(browser.Client, "/space/house/live", world.Time);
        await stream.Next();
        await world.Sell(hidden, 71);
        for (var i = 0; i < 8; i++) Assert.StartsWith("event: beat", await stream.Next(), StringComparison.Ordinal);
    }

    /// <summary>Every address of the product with a producer's cookie.</summary>
    [Fact]
    public async Task No_other_address_of_the_product_is_open_to_it()
    {
        var (_, email, mine, _, hidden) = await Furnish("Matrice");
        var foreign = await world.Played("Ailleurs", 90, world.Other);
        using var browser = await world.SignIn(email);
        var wrong = new List<string>();
        var asked = 0;
        foreach (var route in Route.All(world.Node).Where(route => !route.IsPublic && !route.IsOfSpace))
        {
            asked++;
            var path = route.For(Nothing(hidden));
            using var request = new HttpRequestMessage(new HttpMethod(route.Method), path) { Content = route.Reads ? null : new StringContent("{}", Encoding.UTF8, "application/json") };
            using var answer = await browser.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var location = answer.Headers.Location?.OriginalString ?? "";
            var refused = route.IsApi
                ? answer.StatusCode == HttpStatusCode.Unauthorized
                : answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Unauthorized || (answer.StatusCode == HttpStatusCode.Redirect && location.StartsWith("/sign-in", StringComparison.Ordinal));
            if (!refused) wrong.Add($"{route}: {(int)answer.StatusCode} {location}");
        }
        Assert.True(asked > 150, $"only {asked} addresses");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        // Of its own space: what isn't its own is nothing; what is, is there.
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/space/house/shows/{hidden}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/space/house/shows/{foreign}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get("/space/house/shows/x")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get("/space/house/nothing")).Status);
        Assert.Equal(HttpStatusCode.Found, (await browser.Get($"/space/other/shows/{foreign}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.Get("/space/house/support")).Status);
        foreach (var page in new[] { "shows", $"shows/{mine}", "details", "consents", "purchases", "account", "export/shows.csv" })
            Assert.Equal(HttpStatusCode.OK, (await browser.Get($"/space/house/{page}")).Status);

        // A form that another site made, with its cookie, is refused before anything is read of it.
        foreach (var route in Route.All(world.Node).Where(route => route.IsOfSpace && !route.Reads))
        {
            using var forged = new FormUrlEncodedContent([new("command", Guid.NewGuid().ToString())]);
            using var answer = await browser.Client.PostAsync(route.For(Nothing(hidden)), forged);
            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.NotFound, $"{route}: {answer.StatusCode} {answer.Headers.Location}");
        }

        // And an operator's cookie opens nothing there.
        using var house = world.Node.Browser(world.House.Cookie);
        foreach (var page in new[] { "shows", $"shows/{mine}", "details", "account", "support" })
            Assert.Equal($"/space/house/sign-in?back=%2Fspace%2Fhouse%2F{Uri.EscapeDataString(page)}", (await house.GetAsync($"/space/house/{page}")).Headers.Location?.OriginalString);
        using (var secret = new HttpRequestMessage(HttpMethod.Get, "/space/house/details"))
        {
            secret.Headers.Add("Cookie", $"guichet-space-house={world.House.Cookie}");
            using var nobody = world.Node.Browser(null);
            Assert.Equal(HttpStatusCode.Redirect, (await nobody.SendAsync(secret)).StatusCode);
        }
        // Nor a contact's secret in the place of an operator's.
        using (var nobody = world.Browser())
        {
            nobody.SetCookie("guichet-session", browser.Cookie("guichet-space-house")!);
            Assert.Equal(HttpStatusCode.Found, (await nobody.Get("/contacts")).Status);
        }
    }

    [Fact]
    public async Task A_house_associates_and_dissociates_from_the_sessions_page()
    {
        var (producer, email, mine, _, hidden) = await Furnish("Associé");
        using var house = world.Browser();
        house.SetCookie("guichet-session", world.House.Cookie);
        Assert.Equal(HttpStatusCode.Found, (await house.Submit($"/sessions/{hidden}/general", null, new() { ["producer"] = producer, ["do"] = "add" }, $"/sessions/{hidden}/producers")).Status);
        Assert.Contains("DUPONT, Associé", (await house.Get($"/sessions/{hidden}/general")).Text, StringComparison.Ordinal);
        Assert.Contains("Tartuffe", (await house.Get($"/contacts/{producer}")).Text, StringComparison.Ordinal);
        using var browser = await world.SignIn(email);
        Assert.Equal(HttpStatusCode.OK, (await browser.Get($"/space/house/shows/{hidden}")).Status);
        Assert.Equal(HttpStatusCode.Found, (await house.Submit($"/sessions/{mine}/general", null, new() { ["producer"] = producer, ["do"] = "remove" }, $"/sessions/{mine}/producers")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.Get($"/space/house/shows/{mine}")).Status);
        // Who isn't a producer is refused by name.
        var (client, _, _) = await world.Made("Cliente");
        await house.Submit($"/sessions/{mine}/general", null, new() { ["producer"] = client, ["do"] = "add" }, $"/sessions/{mine}/producers");
        Assert.Contains("isn’t of type producer", (await house.Get($"/sessions/{mine}/general")).Text, StringComparison.Ordinal);
    }

    private async Task<(string Producer, string Email, string Mine, string Paid, string Hidden)> Furnish(string title)
    {
        var (producer, _, email) = await world.WithAccount(title, details: ContactSamples.Person with { Types = [ContactType.Producer] });
        var (mine, paid, hidden) = (await world.Played(title, 40), await world.Played("Payant", 77), await world.Played("Tartuffe", 60));
        await world.Produces(producer, mine);
        return (producer, email, mine, paid, hidden);
    }

    /// <summary>Ids that exist or could, of the house.</summary>
    private Belongings Nothing(string session)
    {
        var id = Ids.New(TimeProvider.System);
        return new Belongings(world.House, "", id, id, session, id, id, id, id, id, id, id, id, id, id, id);
    }
}
