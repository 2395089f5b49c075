using Guichet.Demo;
using Guichet.Journal;
using Guichet.Partners;
using Guichet.Sessions;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Demo;

public sealed class DemoWorldTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task The_demo_is_made_once_has_months_of_tallies_and_its_journal_verifies()
    {
        var time = new ManualTime();
        await using var silo = await TestSilo.Start(database.Product, time, services => services.AddSingleton<DemoWorld>());
        var demo = silo.Services.GetRequiredService<DemoWorld>();
        await demo.MakeIfEmpty(default);
        Assert.False(await demo.MakeIfEmpty(default));
        Assert.Empty((await JournalVerification.Run(database.Owner, GuichetGrains.StateTables, default)).Faults);

        var queries = silo.Services.GetRequiredService<SessionQueries>();
        var page = await queries.List(DemoWorld.House, new SessionFilter([SessionStatus.OnSale]), time.GetUtcNow().Date);
        Assert.InRange(page.Totals.Count, 20, 40);
        Assert.Equal(page.Totals.Count, page.Rows.Length);
        Assert.Equal(page.Rows.Sum(row => (long)row.Sold), page.Totals.Sold);
        Assert.All(page.Rows, row => Assert.NotEmpty(row.Trend));
        Assert.True(page.Rows.SequenceEqual(page.Rows.OrderBy(row => row.Start)));

        // Partners in every group, some with news to be told and some with nothing on sale.
        var partners = await silo.Services.GetRequiredService<PartnerQueries>().List(DemoWorld.House, new PartnerFilter());
        Assert.Equal(Enum.GetValues<PartnerGroup>(), partners.ByGroup.Keys.Order());
        Assert.Equal([EnvelopeState.Grey, EnvelopeState.Red], partners.Rows.Select(row => row.Envelope.State).Distinct().Order());

        var curves = await queries.Curves(DemoWorld.House, page.Rows.First(row => row.Title == "La Mouette").Id, 3);
        Assert.Equal(4, curves.Length);
        Assert.All(curves, curve => Assert.InRange(curve.Points.Length, 40, 130));
    }

    [Theory]
    [InlineData(SessionSort.Start)]
    [InlineData(SessionSort.Title)]
    [InlineData(SessionSort.Sold)]
    [InlineData(SessionSort.Fill)]
    [InlineData(SessionSort.DeltaSinceYesterday)]
    [InlineData(SessionSort.Gross)]
    [InlineData(SessionSort.LastTally)]
    public async Task Every_sort_works_both_ways_and_pages_without_overlap(SessionSort sort)
    {
        var time = new ManualTime();
        await using var silo = await TestSilo.Start(database.Product, time, services => services.AddSingleton<DemoWorld>());
        await silo.Services.GetRequiredService<DemoWorld>().MakeIfEmpty(default);
        var queries = silo.Services.GetRequiredService<SessionQueries>();
        foreach (var descending in new[] { false, true })
        {
            var filter = new SessionFilter([], Sort: sort, Descending: descending, Limit: 7);
            var seen = new HashSet<string>();
            for (var offset = 0; ; offset += 7)
            {
                var page = await queries.List(DemoWorld.House, filter with { Offset = offset }, time.GetUtcNow().Date);
                Assert.All(page.Rows, row => Assert.True(seen.Add(row.Id)));
                if (page.Rows.Length < 7)
                {
                    Assert.Equal(page.Totals.Count, seen.Count);
                    break;
                }
            }
        }
    }

    [Theory]
    [InlineData("mouette", "La Mouette")]
    [InlineData("MOUETTE port", "La Mouette")]
    [InlineData("betes", "Bêtes de somme")]
    [InlineData("ressac", "Le Petit Phare")]
    [InlineData("100%", null)]
    [InlineData("_", null)]
    public async Task Search_is_blind_to_case_and_accents_and_takes_wildcards_as_they_are(string search, string? title)
    {
        var time = new ManualTime();
        await using var silo = await TestSilo.Start(database.Product, time, services => services.AddSingleton<DemoWorld>());
        await silo.Services.GetRequiredService<DemoWorld>().MakeIfEmpty(default);
        var page = await silo.Services.GetRequiredService<SessionQueries>().List(DemoWorld.House, new SessionFilter([], search), time.GetUtcNow().Date);
        Assert.Equal(title is null ? [] : [title], page.Rows.Select(row => row.Title).Distinct());
    }
}
