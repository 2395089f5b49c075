using Guichet.Journal;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using static Guichet.Tests.Sessions.Sample;
using static Guichet.Tests.Sessions.Season;

namespace Guichet.Tests.Sessions;

public sealed class SessionQueriesTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    /// <summary>Midnight in Paris on 24 November 2026.</summary>
    private static readonly DateTimeOffset Today = new(2026, 11, 23, 23, 0, 0, TimeSpan.Zero);
    private static readonly DateTime Evening = new(2026, 12, 4, 20, 30, 0);

    private readonly Database reading = new(database.Product);
    private readonly Season season = new(database);

    private SessionQueries Queries => new(reading);

    public async Task InitializeAsync()
    {
        await using (var empty = database.Owner.CreateCommand("TRUNCATE shows, series, sessions, tallies"))
            await empty.ExecuteNonQueryAsync();
        await season.Show("show-1", "Le Misanthrope", "Comédie du Port");
        await season.Show("show-2", "Œdipe à Colone");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_row_has_its_deltas_its_trend_and_who_made_its_figure()
    {
        await season.Session("s1", Evening, [(Today.AddDays(-20), 10), (Today.AddDays(-3), 40), (Today.AddHours(-5), 55), (Today.AddHours(9), 61), (Today.AddHours(10), 60)]);
        var row = Assert.Single((await Queries.List(Organisation, new SessionFilter([]), Today)).Rows);
        Assert.Equal((60, 61, 55), (row.Sold, row.SoldBefore, row.SoldYesterday));
        Assert.Equal((-1, 5), (row.Delta, row.DeltaSinceYesterday));
        Assert.Equal([10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 40, 40, 55, 60], row.Trend.AsEnumerable());
        Assert.Equal(("Claire Morin", TallySource.File, "fnac.csv", 5), (row.TallyBy, row.TallySource, row.TallySourceName, row.Version));
        Assert.Equal(4500, row.AveragePriceMinor);
        Assert.Equal(0.4m, row.Fill);
    }

    private static readonly string[] InOrder = ["Antigone", "electre", "Électre", "Elvire", "Épopée", "L’Avare", "La Mouette", "Le Misanthrope", "Œdipe à Colone", "Orphée", "Zadig"];

    [Fact]
    public async Task Titles_and_places_are_in_a_dictionarys_order_whatever_the_databases_collation()
    {
        foreach (var (title, at) in InOrder.Reverse().Select((title, i) => (title, i)))
        {
            await season.Show($"o{at}", title);
            await season.Session($"s{at}", Evening.AddDays(at), [], state => state with { Details = state.Details! with { ShowId = $"o{at}", Place = title } });
        }

        Assert.Equal(InOrder, (await Queries.Shows(Organisation, null, false, Today, 100)).Select(show => show.Title).Where(title => InOrder.Contains(title)).Distinct());
        Assert.Equal(InOrder, (await Queries.List(Organisation, new SessionFilter([], Sort: SessionSort.Title), Today)).Rows.Select(row => row.Title));
        Assert.Equal(InOrder.Reverse(), (await Queries.List(Organisation, new SessionFilter([], Sort: SessionSort.Place, Descending: true), Today)).Rows.Select(row => row.Place));
        var choices = await Queries.OnSaleChoices(Organisation);
        Assert.Equal(InOrder, choices.Shows.Select(show => show.Title));
        Assert.Equal(InOrder, choices.Places);
    }

    [Fact]
    public async Task The_list_of_shows_is_read_in_its_index()
    {
        await using var connection = await database.Owner.OpenConnectionAsync();
        await using var explain = connection.CreateCommand();
        explain.CommandText = $"""
            SET enable_seqscan = off;
            SET enable_sort = off;
            EXPLAIN SELECT h.title FROM shows h WHERE h.organisation = 'o' ORDER BY h.title {Alphabetical.Order}, h.id LIMIT 100
            """;
        await using var plan = await explain.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await plan.ReadAsync()) lines.Add(plan.GetString(0));
        Assert.Contains(lines, line => line.Contains("shows_in_order", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("Sort", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_trend_of_a_session_is_no_longer_than_its_tallies()
    {
        await season.Session("s1", Evening, [(Today.AddDays(-1), 10), (Today.AddHours(8), 12)]);
        await season.Session("s2", Evening.AddDays(1), []);
        var rows = (await Queries.List(Organisation, new SessionFilter([]), Today)).Rows;
        Assert.Equal([10, 12], rows[0].Trend.AsEnumerable());
        Assert.Empty(rows[1].Trend);
        Assert.Null(rows[1].AveragePriceMinor);
    }

    [Fact]
    public async Task Totals_are_of_all_that_the_filter_lets_through_and_a_first_tally_is_no_days_sales()
    {
        await season.Session("s1", Evening, [(Today.AddDays(-2), 50), (Today.AddHours(9), 57)]);
        await season.Session("s2", Evening.AddDays(1), [(Today.AddHours(9), 90)]);
        await season.Session("s3", Evening.AddDays(2), [(Today.AddDays(-2), 20)], state => state with { Status = SessionStatus.Closed });
        var page = await Queries.List(Organisation, new SessionFilter([SessionStatus.OnSale], Limit: 1), Today);
        Assert.Single(page.Rows);
        Assert.Equal((2, 147L, 7L, 2, 300L), (page.Totals.Count, page.Totals.Sold, page.Totals.DeltaSinceYesterday, page.Totals.TalliedToday, page.Totals.Capacity));
        Assert.Equal([new Money(147 * 4500, "EUR")], page.Totals.Gross.AsEnumerable());
        Assert.Equal(147, page.Totals.SoldWithRevenue);
    }

    [Fact]
    public async Task An_average_price_leaves_out_the_places_whose_revenue_nobody_said()
    {
        await season.Session("s1", Evening, [(Today.AddHours(9), 60)], state => state with
        {
            Current = state.Current! with { Figures = TallyFigures.Of([Line(60, gross: 60 * 4500), Line(40, "balcon", gross: null)]) },
        });
        var page = await Queries.List(Organisation, new SessionFilter([]), Today);
        Assert.Equal((100, 40, 4500L), (page.Rows[0].Sold, page.Rows[0].SoldUnpriced, page.Rows[0].AveragePriceMinor));
        Assert.Equal((100L, 60L), (page.Totals.Sold, page.Totals.SoldWithRevenue));
    }

    [Theory]
    [InlineData("misan", "s1 s2")]
    [InlineData("SALLE misan", "s2")]
    [InlineData("théâtre port", "s1 s3")]
    [InlineData("oedipe", "s3")]
    [InlineData("100%", "")]
    public async Task Search_is_blind_to_case_and_accents_and_takes_nothing_for_a_wildcard(string search, string found)
    {
        await season.Session("s1", Evening, []);
        await season.Session("s2", Evening.AddDays(1), [], state => state with { Details = state.Details! with { Place = "Salle du Port" } });
        await season.Session("s3", Evening.AddDays(2), [], show: "show-2");
        var page = await Queries.List(Organisation, new SessionFilter([], search), Today);
        Assert.Equal(found, string.Join(' ', page.Rows.Select(row => row.Id)));
    }

    [Fact]
    public async Task Each_reason_for_attention_finds_its_sessions_and_no_others()
    {
        var receiving = new IncomingLink("l1", "org-b", "x", "Théâtre B", LinkTerms.Totals, ConnectionState.Live, Now, 0, null);
        var sending = new OutgoingLink("l2", "org-b", "y", "Théâtre B", LinkTerms.Totals, ConnectionState.Live, Now);
        await season.Session("fresh", Evening, [(Today.AddHours(-20), 10)]);
        await season.Session("stale", Evening, [(Today.AddDays(-3), 10)]);
        await season.Session("never", Evening.AddDays(1), []);
        await season.Session("receiving", Evening, [(Today.AddDays(-3), 10)], state => state with { Incoming = receiving });
        await season.Session("full", Evening, [(Today.AddHours(-1), 100)]);
        await season.Session("category-over", Evening, [(Today.AddHours(-1), 101)]);
        await season.Session("suspended-in", Evening, [(Today.AddHours(-1), 1)], state => state with { Incoming = receiving with { State = ConnectionState.Suspended } });
        await season.Session("suspended-out", Evening, [(Today.AddHours(-1), 1)], state => state with { Outgoing = [sending, sending with { LinkId = "l3", State = ConnectionState.Suspended }] });
        await season.Session("played", new DateTime(2026, 11, 20, 20, 0, 0), [(Today.AddDays(-9), 1)]);
        await season.Session("draft", Evening, [], state => state with { Status = SessionStatus.Draft });

        var attention = await new SessionAttention(reading).Of(Organisation, Today);
        Assert.Equal(
            "NoTally 2 stale,never; OverCapacity 1 category-over; LinkSuspended 2 suspended-in,suspended-out; PlayedStillOnSale 1 played",
            string.Join("; ", attention.Select(each => $"{each.Reason} {each.Count} {string.Join(',', each.First.Select(session => session.Id))}")));
        foreach (var each in attention)
        {
            var listed = await Queries.List(Organisation, new SessionFilter([], Attention: each.Reason), Today);
            Assert.Equal(each.First.Select(session => session.Id), listed.Rows.Select(row => row.Id));
        }
    }

    [Fact]
    public async Task Daily_sales_are_what_each_days_versions_added()
    {
        await season.Session("s1", Evening, [(Today.AddDays(-9), 10), (Today.AddDays(-2).AddHours(1), 40), (Today.AddDays(-2).AddHours(20), 45), (Today.AddHours(9), 44)]);
        await season.Session("s2", Evening, [(Today.AddDays(-1).AddHours(3), 500), (Today.AddHours(3), 510)]);
        await season.Session("closed", Evening, [(Today.AddDays(-1), 1), (Today, 100)], state => state with { Status = SessionStatus.Closed });
        Assert.Equal([0, 35, 0, 9], (await new DailySales(reading).Of(Organisation, "Europe/Paris", Today, 4)).AsEnumerable());
    }

    [Fact]
    public async Task Entry_sheets_are_those_that_are_typed_in_the_order_they_are_played()
    {
        var receiving = new IncomingLink("l1", "org-b", "x", "Théâtre B", LinkTerms.Totals, ConnectionState.Live, Now, 0, null);
        await season.Session("later", Evening.AddDays(3), [(Today, 7)]);
        await season.Session("sooner", Evening, []);
        await season.Session("receives", Evening, [], state => state with { Incoming = receiving });
        await season.Session("received", Evening.AddDays(4), [], state => state with { Incoming = receiving with { State = ConnectionState.Ended } });
        await season.Session("played", new DateTime(2026, 11, 20, 20, 0, 0), []);
        await season.Session("draft", Evening, [], state => state with { Status = SessionStatus.Draft });
        var sheets = await new EntrySheets(reading).Of(Organisation, Today);
        Assert.Equal(["sooner", "later", "received"], sheets.Select(sheet => sheet.SessionId));
        Assert.Equal(7, sheets[1].State.Current!.Figures.Sold);
        Assert.Equal(2, sheets[0].State.Details!.Categories.Length);
    }

    [Fact]
    public async Task Curves_compare_with_the_shows_earlier_sessions_latest_first()
    {
        await season.Session("this", Evening, [(Today, 5)]);
        await season.Session("last-year", Evening.AddYears(-1), [(Today.AddYears(-1), 3), (Today.AddYears(-1).AddDays(2), 9)]);
        await season.Session("two-years-ago", Evening.AddYears(-2), [(Today.AddYears(-2), 4)]);
        await season.Session("without", Evening.AddMonths(-1), []);
        await season.Session("after", Evening.AddDays(5), [(Today, 5)]);
        await season.Session("other-show", Evening.AddYears(-1), [(Today.AddYears(-1), 3)], show: "show-2");
        var curves = await Queries.Curves(Organisation, "this", 4);
        Assert.Equal(["this", "last-year", "two-years-ago"], curves.Select(curve => curve.SessionId));
        Assert.Equal([3, 9], curves[1].Points.Select(point => point.Sold));
    }

    [Fact]
    public async Task Series_count_their_sessions_and_those_that_are_drafts()
    {
        await season.Series("r1", "show-1", "Hiver");
        await season.Series("r2", "show-1", "Printemps");
        await season.Session("s1", Evening, [], state => state with { Details = state.Details! with { SeriesId = "r1" } });
        await season.Session("s2", Evening.AddDays(1), [], state => state with { Status = SessionStatus.Draft, Details = state.Details! with { SeriesId = "r1" } });
        var series = await Queries.Series(Organisation, "show-1");
        Assert.Equal(["Printemps 0 0", "Hiver 2 1"], series.Select(each => $"{each.Name} {each.Sessions} {each.Drafts}"));
        Assert.Equal(Evening.AddDays(1), series[1].Last!.Value.ToOffset(TimeSpan.FromHours(1)).DateTime);
    }

    [Fact]
    public async Task Nothing_of_another_organisation_is_seen_even_by_its_id()
    {
        await season.Show("show-1", "Ailleurs", organisation: "org-b");
        await season.Session("theirs", Evening, [(Today, 9)], organisation: "org-b");
        Assert.Empty((await Queries.List(Organisation, new SessionFilter([], Ids: ["theirs"]), Today)).Rows);
        Assert.Empty(await Queries.Versions(Organisation, "theirs", null, 10));
        Assert.Empty(await Queries.Curves(Organisation, "theirs", 4));
        Assert.Empty(await new EntrySheets(reading).Of(Organisation, Today));
        Assert.Single((await Queries.List("org-b", new SessionFilter([], Ids: ["theirs"]), Today)).Rows);
    }
}
