using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Operations;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tests.Sessions;
using static Guichet.Tests.Sessions.Season;

namespace Guichet.Tests.Partners;

/// <summary>Envelopes and lists, on rows as the grains leave them.</summary>
public sealed class PartnerQueriesTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly DateTimeOffset Monday = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTime Evening = new(2026, 12, 4, 20, 30, 0);

    private readonly Season season = new(database);

    private PartnerQueries Queries => new(new Database(database.Product));

    public async Task InitializeAsync()
    {
        await using (var empty = database.Owner.CreateCommand("TRUNCATE shows, series, sessions, tallies, partners, partner_sessions, partner_series, partner_reported"))
            await empty.ExecuteNonQueryAsync();
        await season.Show("show-1", "Le Misanthrope");
        await season.Series("r1", "show-1", "Tournée");
        await season.Session("tallied", Evening, [(Monday, 10), (Monday.AddHours(1), 12)], InSeries);
        await season.Session("silent", Evening.AddDays(1), [], InSeries);
        await season.Session("alone", Evening.AddDays(2), [(Monday, 5)]);
        await season.Session("closed", Evening.AddDays(-30), [(Monday, 5)], state => state with { Status = SessionStatus.Closed });
    }

    public Task DisposeAsync() => Task.CompletedTask;

    private static SessionState InSeries(SessionState state) => state with { Details = state.Details! with { SeriesId = "r1" } };

    [Theory]
    [InlineData("", "", "", false, EnvelopeState.Grey, EnvelopeReason.NothingAssociated, 0, 0)]
    [InlineData("closed", "", "", false, EnvelopeState.Grey, EnvelopeReason.NothingOnSale, 0, 0)]
    [InlineData("tallied", "", "", true, EnvelopeState.Grey, EnvelopeReason.Archived, 1, 1)]
    [InlineData("silent", "", "", false, EnvelopeState.Green, EnvelopeReason.NothingValidated, 1, 0)]
    [InlineData("tallied", "", "", false, EnvelopeState.Red, EnvelopeReason.NeverReported, 1, 1)]
    [InlineData("", "r1", "", false, EnvelopeState.Red, EnvelopeReason.NeverReported, 2, 1)]
    [InlineData("tallied,alone", "r1", "", false, EnvelopeState.Red, EnvelopeReason.NeverReported, 3, 2)]
    [InlineData("tallied", "", "tallied:1", false, EnvelopeState.Red, EnvelopeReason.NewFigures, 1, 1)]
    [InlineData("tallied", "", "tallied:2", false, EnvelopeState.Green, EnvelopeReason.UpToDate, 1, 0)]
    [InlineData("tallied,alone", "", "tallied:2", false, EnvelopeState.Red, EnvelopeReason.NewFigures, 2, 1)]
    [InlineData("", "r1", "tallied:2", false, EnvelopeState.Green, EnvelopeReason.UpToDate, 2, 0)]
    [InlineData("closed", "", "closed:1", false, EnvelopeState.Grey, EnvelopeReason.NothingOnSale, 0, 0)]
    public async Task An_envelope_is_grey_red_or_green_for_a_reason(
        string sessions, string series, string reported, bool archived, EnvelopeState state, EnvelopeReason reason, int onSale, int behind)
    {
        await Partner("p1", "Astérie", Split(sessions), Split(series), archived: archived);
        foreach (var told in Split(reported)) await Reported("p1", told.Split(':')[0], int.Parse(told.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture));
        // Another's rows count for nothing.
        await Partner("p2", "Autre", ["alone"], []);
        await Reported("p2", "tallied", 2);

        foreach (var sort in Enum.GetValues<PartnerSort>())
        {
            var row = (await Queries.List(Organisation, new PartnerFilter(Archived: true, Sort: sort))).Rows.Single(row => row.Id == "p1");
            Assert.Equal((state, reason, onSale, behind), (row.Envelope.State, row.Envelope.Reason, row.Envelope.OnSale, row.Envelope.Behind));
        }
        Assert.Contains("p1", (await Queries.List(Organisation, new PartnerFilter(Archived: true, Envelope: state))).Rows.Select(row => row.Id));
        foreach (var other in Enum.GetValues<EnvelopeState>().Where(other => other != state))
            Assert.DoesNotContain("p1", (await Queries.List(Organisation, new PartnerFilter(Archived: true, Envelope: other))).Rows.Select(row => row.Id));
    }

    [Fact]
    public async Task Validating_a_tally_of_a_session_added_to_the_series_later_turns_it_red()
    {
        await Partner("p1", "Astérie", [], ["r1"]);
        await Reported("p1", "tallied", 2);
        Assert.Equal(EnvelopeState.Green, (await Queries.Find(Organisation, "p1"))!.Envelope.State);
        await season.Session("later", Evening.AddDays(9), [(Monday, 1)], InSeries);
        Assert.Equal((EnvelopeState.Red, 3), ((await Queries.Find(Organisation, "p1"))!.Envelope.State, (await Queries.Find(Organisation, "p1"))!.Envelope.OnSale));
    }

    [Fact]
    public async Task A_list_is_searched_filtered_counted_sorted_and_paged()
    {
        await Partner("p1", "Élan", ["alone"], [], PartnerGroup.Agents, "tours@elan.example");
        await Partner("p2", "Zèbre", [], ["r1"], PartnerGroup.Partners);
        await Partner("p3", "éclat", [], [], PartnerGroup.Venues);
        await Partner("p4", "Éclat vieux", [], [], PartnerGroup.Venues, archived: true);
        await Partner("x1", "Élan", [], [], organisation: "org-b");

        Assert.Equal(["p3", "p1", "p2"], await Shown(new PartnerFilter()));
        Assert.Equal(["p2", "p1", "p3"], await Shown(new PartnerFilter(Descending: true)));
        Assert.Equal(["p2", "p1", "p3"], await Shown(new PartnerFilter(Sort: PartnerSort.Group)));
        Assert.Equal(["p2", "p1", "p3"], await Shown(new PartnerFilter(Sort: PartnerSort.OnSale, Descending: true)));
        Assert.Equal(["p1"], await Shown(new PartnerFilter(Search: "TOURS elan")));
        Assert.Equal([], await Shown(new PartnerFilter(Search: "100%")));
        Assert.Equal(["p3", "p4"], await Shown(new PartnerFilter(Search: "eclat", Archived: true)));
        Assert.Equal(["p1"], await Shown(new PartnerFilter(Group: PartnerGroup.Agents)));
        Assert.Equal(["p2"], await Shown(new PartnerFilter(SessionId: "tallied")));
        Assert.Equal(["p1"], await Shown(new PartnerFilter(SessionId: "alone")));
        Assert.Equal(["p2"], await Shown(new PartnerFilter(SeriesId: "r1")));

        var page = await Queries.List(Organisation, new PartnerFilter(Limit: 2));
        Assert.Equal((3, 1, 1, 1), (page.Total, page.ByGroup[PartnerGroup.Partners], page.ByGroup[PartnerGroup.Agents], page.ByGroup[PartnerGroup.Venues]));
        Assert.Equal(["p2"], await Shown(new PartnerFilter(Offset: 2, Limit: 2)));
        var red = await Queries.List(Organisation, new PartnerFilter(Envelope: EnvelopeState.Red, Limit: 1));
        Assert.Equal((2, 1), (red.Total, red.Rows.Length));
        Assert.Equal((false, true), ((await Queries.List(Organisation, new PartnerFilter(SessionId: "tallied"))).Rows[0].Direct, (await Queries.List(Organisation, new PartnerFilter(SessionId: "alone"))).Rows[0].Direct));
    }

    [Fact]
    public async Task What_a_partner_is_told_of_says_by_what_and_up_to_where()
    {
        await Partner("p1", "Astérie", ["tallied", "closed"], ["r1"]);
        await Reported("p1", "tallied", 1);
        var told = await Queries.SessionsOf(Organisation, "p1");
        Assert.Equal(
            ["tallied direct series v2 told 1 behind", "silent series v0 told ", "closed direct v1 told "],
            told.Select(one => $"{one.Id}{(one.Direct ? " direct" : "")}{(one.BySeries ? " series" : "")} v{one.Version} told {one.ReportedVersion}{(one.IsBehind ? " behind" : "")}"));
        Assert.Equal(new ToldSeries("r1", "Tournée", "Le Misanthrope", 2, 2), Assert.Single(await Queries.SeriesOf(Organisation, "p1")));
        Assert.Empty(await Queries.SessionsOf("org-b", "p1"));
    }

    [Fact]
    public async Task Programs_read_every_partner_once_page_after_page()
    {
        for (var i = 0; i < 7; i++) await Partner($"p{i}", $"Partenaire {6 - i}", i % 2 == 0 ? ["alone"] : [], []);
        var pages = new PartnerPages(new Database(database.Product));
        var seen = new List<PartnerEntry>();
        string? after = null;
        while (await pages.Read(Organisation, null, null, false, after, 3, default) is { IsEmpty: false } page)
        {
            seen.AddRange(page);
            after = page[^1].Row.Id;
        }
        Assert.Equal(Enumerable.Range(0, 7).Select(i => $"p{i}"), seen.Select(entry => entry.Row.Id));
        Assert.Equal(["alone"], seen[0].Sessions);
        Assert.Equal(EnvelopeState.Red, seen[0].Row.Envelope.State);
    }

    private async Task<string[]> Shown(PartnerFilter filter) => [.. (await Queries.List(Organisation, filter)).Rows.Select(row => row.Id)];

    private static string[] Split(string words) => words.Split(',', StringSplitOptions.RemoveEmptyEntries);

    private async Task Partner(
        string id, string name, string[] sessions, string[] series, PartnerGroup group = PartnerGroup.Partners, string email = "a@b.example", bool archived = false, string organisation = Organisation)
    {
        var state = new PartnerState(1, new PartnerDetails(name, group, [new(email, RecipientKind.To, null)], Language.French, null), archived, [.. sessions], [.. series], null);
        await using var store = new PostgresJournal(database.Product, new OutboxSignal(), new NodeFigures(TimeProvider.System), TimeProvider.System);
        await store.Commit(
            new Commit(new AggregateId("partners", organisation, id), 0, 1, Json.Write(state), Json.WriteColumns(null), [], [],
                [.. PartnerRows.Of(organisation, id, new PartnerAssociated(state.Sessions, state.Series, Monday))]),
            CancellationToken.None);
    }

    private async Task Reported(string partner, string session, int version)
    {
        await using var command = database.Owner.CreateCommand("INSERT INTO partner_reported (organisation, partner_id, session_id, version, at) VALUES ($1, $2, $3, $4, now())");
        foreach (var value in new object[] { Organisation, partner, session, version }) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
