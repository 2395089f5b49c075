using System.Collections.Immutable;
using Guichet.Reporting;
using Guichet.Sessions;
using Guichet.Tallies;
using Guichet.Words;
using static Guichet.Tests.Reporting.ReportSample;
using static Guichet.Tests.Sessions.Sample;

namespace Guichet.Tests.Reporting;

public sealed class ReportTests
{
    [Fact]
    public void A_session_shows_what_is_new_since_the_last_report()
    {
        var report = Report.Of(Source(Session("s1", told: Told(1, Line(100, gross: 450_000)), current: Told(3, Line(112, gross: 504_000), Line(3, "balcon", gross: 13_500)))));
        var row = Assert.Single(report.Rows);
        Assert.Equal((115L, 15L, 150L), (row.Figures.Sold, row.Figures.SoldSince, row.Figures.Capacity));
        Assert.Equal("115 | +15 | 76,7\u202F% | 5\u202F175,00\u00A0€ | 45,00\u00A0€", Cells(report, row.Figures));
    }

    [Fact]
    public void A_session_that_is_told_of_for_the_first_time_has_a_dash_and_is_left_out_of_the_sum_of_changes()
    {
        var report = Report.Of(Source(Session("s1", told: Told(1, Line(10, gross: 0)), current: Told(2, Line(15, gross: 0))), Session("s2", current: Told(1, Line(40, gross: 0)))));
        Assert.Null(report.Rows[1].Figures.SoldSince);
        Assert.Equal((55L, 5L), (report.Totals.Sold, report.Totals.SoldSince));
    }

    [Fact]
    public void A_revenue_that_nobody_knows_stays_unknown_and_one_that_is_partly_known_is_at_least()
    {
        var unknown = Session("s1", current: Told(1, Line(10, gross: null)));
        var partly = Session("s2", current: Told(1, Line(20, gross: 90_000), Line(5, "balcon", gross: null)));
        Assert.Equal("10 | – | 6,7\u202F% | – | –", Cells(Report.Of(Source(unknown)), Report.Of(Source(unknown)).Rows[0].Figures));
        Assert.Equal("25 | – | 16,7\u202F% | ≥\u00A0900,00\u00A0€ | 45,00\u00A0€", Cells(Report.Of(Source(partly)), Report.Of(Source(partly)).Rows[0].Figures));
        var both = Report.Of(Source(unknown, partly));
        Assert.Equal("35 | – | 11,7\u202F% | ≥\u00A0900,00\u00A0€ | 45,00\u00A0€", Cells(both, both.Totals));
        Assert.Equal("–", Report.Of(Source(unknown)).Totals.Text(ReportColumn.Gross, both.Formats));
    }

    [Fact]
    public void Currencies_are_summed_apart()
    {
        var report = Report.Of(Source(Session("s1", current: Told(1, Line(10, gross: 10_000))), Session("s2", current: Told(1, Line(1, gross: 30_000)), currency: "CHF")));
        Assert.Equal("300,00\u00A0CHF + 100,00\u00A0€", report.Totals.Text(ReportColumn.Gross, report.Formats));
    }

    [Fact]
    public void A_session_without_a_tally_at_that_instant_is_shown_without_figures()
    {
        var report = Report.Of(Source(Session("s1")));
        Assert.Equal("– | – | – | – | –", Cells(report, report.Rows[0].Figures));
        Assert.Equal("–", report.Totals.Text(ReportColumn.Sold, report.Formats));
    }

    [Theory]
    [InlineData(true, false, 2)]
    [InlineData(false, false, 1)]
    [InlineData(false, true, 2)]
    public void What_did_not_change_is_shown_or_left_out_as_the_template_says_unless_it_is_named(bool shows, bool named, int rows)
    {
        var source = Source(
            Session("s1", told: Told(2, Line(10)), current: Told(2, Line(10))),
            Session("s2", told: Told(1, Line(10)), current: Told(2, Line(10))));
        var report = Report.Of(source with { NamesSessions = named, Template = source.Template with { ShowsUnchanged = shows } });
        Assert.Equal((rows, 2 - rows), (report.Rows.Length, report.Unchanged));
    }

    [Theory]
    [InlineData(3, 0, false, 0)]
    [InlineData(3, 3, false, 1)]
    [InlineData(3, 0, true, 1)]
    [InlineData(-1, 0, false, 1)]
    public void What_is_over_is_left_out_after_the_days_of_the_template_unless_it_is_named(int daysAgo, int dropsAfter, bool named, int rows)
    {
        var source = Source(Session("s1", current: Told(1, Line(10)), start: At.AddDays(-daysAgo)));
        Assert.Equal(rows, Report.Of(source with { NamesSessions = named, Template = source.Template with { DropsAfterDays = dropsAfter } }).Rows.Length);
    }

    [Fact]
    public void Parts_are_the_whole_also_of_a_category_that_is_gone()
    {
        var source = Source(Session("s1",
            told: Told(1, Line(5, gross: 0), Line(2, "loge", gross: 0)),
            current: Told(2, Line(8, gross: 0), Line(4, "balcon", gross: 0))));
        var row = Assert.Single(Report.Of(source with { Template = source.Template with { Breakdown = ReportBreakdown.Category } }).Rows);
        Assert.Equal([("Carré or", 8L, 3L), ("Balcon", 4L, 4L), ("loge", 0L, -2L)], row.Parts.Select(part => (part.Name, part.Figures.Sold!.Value, part.Figures.SoldSince!.Value)));
        Assert.Equal(row.Figures.Sold, row.Parts.Sum(part => part.Figures.Sold));
        Assert.Equal(row.Figures.SoldSince, row.Parts.Sum(part => part.Figures.SoldSince));
    }

    [Fact]
    public void Totals_that_came_over_a_link_have_no_parts()
    {
        var source = Source(Session("s1", current: new ReportedTally(1, At, new TallyFigures(10, 0, 0, null), [])));
        Assert.Empty(Report.Of(source with { Template = source.Template with { Breakdown = ReportBreakdown.Tariff } }).Rows[0].Parts);
    }

    [Fact]
    public void The_texts_are_the_languages_and_their_placeholders_are_text()
    {
        var source = Source(Session("s1", current: Told(1, Line(1_234)))) with { Partner = "<b>Astérie</b> {{sold}}" };
        var french = source.Template with { French = new ReportText("{{shows}} au {{date}}", "{{partner}}, {{sessions}}, {{sold}}, {{time}}") };
        var report = Report.Of(source with { Template = french });
        Assert.Equal("Le Misanthrope au mardi 24\u00A0novembre", report.Subject);
        Assert.Equal("<b>Astérie</b> {{sold}}, 1\u00A0séance, 1\u202F234, 10\u00A0h\u00A000", report.Intro);
        Assert.Contains("&lt;b&gt;Ast&#233;rie&lt;/b&gt; {{sold}}", ReportLetter.Html(report, null), StringComparison.Ordinal);
        var english = Report.Of(source with { Template = french with { Language = ReportLanguage.English } });
        Assert.StartsWith("Sales as of Tuesday 24", english.Subject, StringComparison.Ordinal);
        Assert.Equal("Written by hand", Report.Of(source with { French = new ReportText("Written by hand", "") }).Subject);
    }

    [Fact]
    public void Sessions_are_in_the_order_of_their_start() => Assert.Equal(
        ["s2", "s1"], Report.Of(Source(Session("s1", start: At.AddDays(9)), Session("s2", start: At.AddDays(2)))).Rows.Select(row => row.SessionId));

    private static string Cells(Report report, ReportFigures figures) => string.Join(" | ",
        ((ReportColumn[])[ReportColumn.Sold, ReportColumn.SoldSince, ReportColumn.Fill, ReportColumn.Gross, ReportColumn.AveragePrice]).Select(column => figures.Text(column, report.Formats)));
}

/// <summary>Reports without a database.</summary>
internal static class ReportSample
{
    /// <summary>Ten in the morning in Paris, on a Tuesday.</summary>
    public static readonly DateTimeOffset At = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    public static ReportSource Source(params ImmutableArray<ReportedSession> sessions) => new(
        "p1", "Astérie Productions", Language.French, "Théâtre du Port", "Europe/Paris", ReportTemplate.Default, LetterheadState.Empty, null, null, At, false, sessions);

    public static ReportedSession Session(string id, ReportedTally? told = null, ReportedTally? current = null, DateTimeOffset? start = null, string currency = "EUR", string title = "Le Misanthrope")
    {
        var at = start ?? At.AddDays(10);
        return new ReportedSession(id, title, Details with { Currency = currency, LocalStart = at.DateTime.AddHours(1) }, at, SessionStatus.OnSale, current, told);
    }

    public static ReportedTally Told(int version, params ImmutableArray<TallyLine> lines) => new(version, At.AddHours(-1), TallyFigures.Of(lines), lines);
}
