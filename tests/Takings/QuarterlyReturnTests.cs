using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Guichet.Tests.Sessions;
using static Guichet.Tests.Sessions.Sample;

namespace Guichet.Takings;

public sealed class QuarterlyReturnTests
{
    private static readonly Quarter Fourth = new(2026, 4);

    private static readonly ImmutableArray<Tariff> Tariffs = [new("plein", "Plein tarif", 4_500), new("reduit", "Réduit", 3_000), new("abo", "Abonné", 2_000)];

    private static ReturnSession Session(string? genre = "Théâtre", ImmutableArray<Tariff>? tariffs = null, string? receivedFrom = null, params TallyLine[] lines) => new(
        "s1", "La Mouette", genre, "Théâtre du Port", new DateTime(2026, 12, 4, 20, 30, 0), "EUR", 1, TallyFigures.Of([.. lines]), [.. lines], tariffs ?? Tariffs, receivedFrom);

    private static ReturnLine LineOf(ReturnSession session, params (string Key, TariffKind Kind)[] said) =>
        QuarterlyReturn.Of(Fourth, [session], said.ToDictionary(one => one.Key, one => one.Kind)).Lines.Single();

    private static string Written(ReturnLine line) => $"{line.Tickets} {line.FullPlaces} {line.FullGrossMinor} {line.SubscriptionPlaces} {line.FreePlaces} {line.GrossMinor} {string.Join('+', line.Gaps)}";

    [Fact]
    public void A_complete_session_has_every_figure() => Assert.Equal(
        "17 10 45000 3 2 57000 ",
        Written(LineOf(Session(lines: [Line(7, gross: 31_500, free: 2), Line(3, channel: "fnac", gross: 13_500), Line(2, tariff: "reduit", gross: 6_000), Line(3, tariff: "abo", gross: 6_000)]))));

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void A_show_without_a_genre_has_no_domain(string? genre) => Assert.Equal("1 1 4500 0 0 4500 Domain", Written(LineOf(Session(genre, lines: Line(1, gross: 4_500)))));

    [Fact]
    public void A_session_without_a_tally_has_no_figures() => Assert.Equal("      Tally", Written(LineOf(Session() with { Figures = null, Version = 0 })));

    [Fact]
    public void A_tally_of_totals_alone_lacks_its_detail() => Assert.Equal(
        "45    5 180000 Detail", Written(LineOf(Session() with { Figures = new TallyFigures(40, 0, 5, 180_000) })));

    [Fact]
    public void Revenue_that_nobody_gave_is_missing_and_not_zero() => Assert.Equal(
        "3 1 4500 0 0  Revenue", Written(LineOf(Session(lines: [Line(1, gross: 4_500), Line(2, tariff: "reduit", gross: null)]))));

    [Fact]
    public void Without_a_full_price_its_places_arent_known() => Assert.Equal(
        "2   0 0 8000 FullPrice", Written(LineOf(Session(tariffs: [new("plein", "Zone A", 4_000)], lines: Line(2, gross: 8_000)))));

    [Fact]
    public void What_a_person_says_of_a_tariff_goes_before_its_name() => Assert.Equal(
        "2 2 8000 0 0 8000 ", Written(LineOf(Session(tariffs: [new("plein", "Zone A", 4_000)], lines: Line(2, gross: 8_000)), ("zone a", TariffKind.Full))));

    [Fact]
    public void What_comes_over_a_link_is_declared_by_who_sells_it()
    {
        var made = QuarterlyReturn.Of(Fourth, [Session(receivedFrom: "Astérie", lines: Line(1, gross: 4_500))], new Dictionary<string, TariffKind>());
        Assert.Empty(made.Lines);
        Assert.Empty(made.Tariffs);
        Assert.Equal("Astérie", Assert.Single(made.Received).ReceivedFrom);
    }

    [Theory]
    [InlineData("Plein tarif", TariffKind.Full)]
    [InlineData("PLEIN", TariffKind.Full)]
    [InlineData("Normal (web)", TariffKind.Full)]
    [InlineData("Full price", TariffKind.Full)]
    [InlineData("Réduit sur plein tarif", TariffKind.Other)]
    [InlineData("Abonné plein tarif", TariffKind.Subscription)]
    [InlineData("Abo 4 spectacles", TariffKind.Subscription)]
    [InlineData("Subscriber", TariffKind.Subscription)]
    [InlineData("Scolaire", TariffKind.Other)]
    [InlineData("Plénière", TariffKind.Other)]
    public void Tariffs_count_by_their_names(string name, TariffKind kind) => Assert.Equal(kind, QuarterlyReturn.Guessed(name));

    [Theory]
    [InlineData("2026-4", true, 2026, 4)]
    [InlineData("2026-T1", true, 2026, 1)]
    [InlineData("2026-q2", true, 2026, 2)]
    [InlineData("2026-5", false, 0, 0)]
    [InlineData("2026-0", false, 0, 0)]
    [InlineData("1066-1", false, 0, 0)]
    [InlineData("2026", false, 0, 0)]
    [InlineData(null, false, 0, 0)]
    [InlineData("٢٠٢٦-1", false, 0, 0)]
    public void Quarters_are_read_as_people_write_them(string? text, bool read, int year, int number)
    {
        Assert.Equal(read, Quarter.TryParse(text, out var quarter));
        if (read) Assert.Equal(new Quarter(year, number), quarter);
    }

    [Theory]
    [InlineData("2026-01-01", "2026-1", "2026-01-01", "2026-04-01", "2025-4")]
    [InlineData("2026-09-30", "2026-3", "2026-07-01", "2026-10-01", "2026-2")]
    [InlineData("2026-12-31", "2026-4", "2026-10-01", "2027-01-01", "2026-3")]
    public void A_quarter_has_its_days(string day, string quarter, string first, string end, string before)
    {
        var of = Quarter.Of(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((quarter, first, end, before), (of.ToString(), of.First.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), of.End.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), of.Before.ToString()));
    }
}

public sealed class TakingsQueriesTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task The_sessions_of_a_quarter_are_those_played_in_it_on_their_own_walls()
    {
        var season = new Season(database);
        await season.Show("show-1", "La Mouette");
        var at = Now;
        SessionState Received(SessionState state) => state with { Incoming = new IncomingLink("l1", "org-b", "s-b", "Astérie", LinkTerms.Totals, ConnectionState.Live, at, 1, 0) };
        await season.Session("a-last-minute", new DateTime(2026, 12, 31, 23, 59, 0), [(at, 10)]);
        await season.Session("b-cayenne", new DateTime(2026, 12, 31, 22, 0, 0), [], state => state with { Details = state.Details! with { Zone = "America/Cayenne" }, Start = new DateTimeOffset(2027, 1, 1, 1, 0, 0, TimeSpan.Zero) });
        await season.Session("c-next-year", new DateTime(2027, 1, 1, 0, 0, 0), [(at, 10)]);
        await season.Session("d-first", new DateTime(2026, 10, 1, 0, 0, 0), [(at, 1), (at.AddDays(1), 7)], state => state with { Status = SessionStatus.Closed });
        await season.Session("e-before", new DateTime(2026, 9, 30, 23, 59, 0), [(at, 10)]);
        await season.Session("f-draft", new DateTime(2026, 11, 1, 20, 0, 0), [(at, 10)], state => state with { Status = SessionStatus.Draft });
        await season.Session("g-cancelled", new DateTime(2026, 11, 1, 20, 0, 0), [(at, 10)], state => state with { Status = SessionStatus.Cancelled });
        await season.Session("h-received", new DateTime(2026, 11, 2, 20, 0, 0), [(at, 10)], Received);
        await season.Session("i-anothers", new DateTime(2026, 11, 2, 20, 0, 0), [(at, 10)], organisation: "org-b");
        var played = await new TakingsQueries(new Database(database.Product)).Played(Season.Organisation, new Quarter(2026, 4));
        Assert.Equal(
            ["d-first 7 2 1 ", "h-received 10 1 1 Astérie", "b-cayenne  0 0 ", "a-last-minute 10 1 1 "],
            played.Select(session => $"{session.Id} {session.Figures?.Sold} {session.Version} {session.Lines.Length} {session.ReceivedFrom}"));
        Assert.Equal(["Plein", "Réduit"], played[0].Tariffs.Select(tariff => tariff.Name));
    }
}
