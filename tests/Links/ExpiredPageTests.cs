using Guichet.Journal;
using Guichet.Links;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Support;

namespace Guichet.Tests.Links;

/// <summary>What people see of a request that nobody answered: the journeys' browser can't wait for days.</summary>
public sealed class ExpiredPageTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_request_that_nobody_answered_is_shown_as_expired_on_both_sides_and_can_no_longer_be_accepted()
    {
        var time = new Later();
        await using var node = await TestNode.Start(database.Product, time);
        var (house, promoter) = (await Tenant.Found(node, "maison", "La Maison"), await Tenant.Found(node, "tournees", "Tournées"));
        await BeListed(node, promoter);
        var (_, session) = await house.Play(node, "Horace");
        var link = Ids.New(TimeProvider.System);
        using (Caller.As(house.Administrator))
            (await house.Grain<ILinkGrain>(node, link).Request(new RequestLink(LinkSide.Sender, promoter.Id, null, session, null, null, LinkTerms.Totals, null, 1)
            {
                Id = Guid.NewGuid(),
                By = house.Administrator,
            })).Expect();

        Assert.Contains("Accepter la liaison", await Page(node, promoter, $"/links/{link}"));
        // Who looks now and then stays signed in.
        foreach (var hours in new[] { 6, 12, 18, 23 })
        {
            time.By = TimeSpan.FromHours(hours);
            foreach (var side in new[] { house, promoter }) Assert.DoesNotContain("expirée<", await Page(node, side, $"/links/{link}"));
        }
        time.By = TimeSpan.FromHours(25);
        foreach (var side in new[] { house, promoter })
        {
            var page = await Page(node, side, $"/links/{link}");
            Assert.Contains("expirée", page);
            foreach (var act in new[] { "Accepter la liaison", "data-opens=\"refuse\"", "data-opens=\"withdraw\"", "data-opens=\"suspend\"" }) Assert.DoesNotContain(act, page);
            Assert.Contains("expirée", await Page(node, side, "/links"));
        }
    }

    private static async Task BeListed(TestNode node, Tenant tenant)
    {
        using var _ = Caller.As(tenant.Administrator);
        var grain = node.Grains.GetGrain<IOrganisationGrain>(OrganisationKey.Of(tenant.Id));
        var view = await grain.View();
        (await grain.Change(new ChangeOrganisation(view!.Details with { Listed = true }, view.Revision) { Id = Guid.NewGuid(), By = tenant.Administrator })).Expect();
    }

    private static async Task<string> Page(TestNode node, Tenant tenant, string path)
    {
        using var browser = node.Browser(tenant.Cookie);
        browser.DefaultRequestHeaders.AcceptLanguage.ParseAdd("fr");
        using var answer = await browser.GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {node.Failures}");
        return System.Net.WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The machine's clock, later by what is asked.</summary>
    private sealed class Later : TimeProvider
    {
        public TimeSpan By { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + By;
    }
}
