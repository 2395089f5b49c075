using Guichet.Sessions;
using Guichet.Tallies;
using static Guichet.Tests.Sessions.Sample;

namespace Guichet.Tests.Tallies;

public sealed class ValidateTallyTests
{
    [Fact]
    public void Validating_makes_the_next_version_with_its_totals()
    {
        var first = Created().After(Validate(0, Line(10, gross: 45000), Line(2, "balcon", "reduit", "fnac", reserved: 3, free: 1, gross: 6000)));
        Assert.Equal(new TallyFigures(12, 3, 1, 51000), first.Current!.Figures);
        Assert.Equal(1, first.Current.Version);
        var second = first.After(Validate(1, Line(15)));
        Assert.Equal(2, second.Current!.Version);
        Assert.Equal(12, second.Previous!.Sold);
    }

    /// <summary>Nothing is sold for an unknown revenue without the figures saying so, and places given for nothing make a true zero.</summary>
    public static TheoryData<string, TallyLine[], long?, int> Revenues => new()
    {
        { "no line", [], 0, 0 },
        { "nothing sold", [Line(0, reserved: 4, free: 2, gross: null)], 0, 0 },
        { "sold, and no revenue said", [Line(10, gross: null)], null, 0 },
        { "sold for nothing", [Line(10, gross: 0)], 0, 0 },
        { "said", [Line(10, gross: 45_000)], 45_000, 0 },
        { "said of one line of two", [Line(10, gross: 45_000), Line(3, "balcon", gross: null)], 45_000, 3 },
        { "one for nothing, the other not said", [Line(10, gross: 0), Line(3, "balcon", gross: null)], 0, 3 },
        { "a line without places beside one not said", [Line(0, free: 1, gross: null), Line(3, "balcon", gross: null)], null, 0 },
        { "revenue without a place beside one not said", [Line(0, gross: 1_500), Line(3, "balcon", gross: null)], 1_500, 3 },
    };

    [Theory, MemberData(nameof(Revenues))]
    public void Revenue_that_nobody_said_is_absent_and_a_true_zero_stays(string situation, TallyLine[] lines, long? gross, int unpriced)
    {
        Assert.NotEmpty(situation);
        var figures = Created().After(Validate(lines)).Current!.Figures;
        Assert.Equal((gross, unpriced), (figures.GrossMinor, figures.SoldUnpriced));
    }

    [Fact]
    public void Validating_takes_the_draft_away()
    {
        var state = Created().After(new SaveDraft([Line(3)], TallySource.Typed, null, null, 0) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal(3, state.Draft!.Lines[0].Sold);
        Assert.Null(state.After(Validate(Line(3))).Draft);
    }

    [Fact]
    public void Lines_are_kept_in_the_grids_order_and_zero_lines_left_out()
    {
        var state = Created().After(Validate(Line(1, "balcon"), Line(0, "or", "reduit"), Line(2, "or", "plein", "fnac"), Line(3, "or")));
        Assert.Equal(["or/guichet", "or/fnac", "balcon/guichet"], state.Current!.Lines.Select(line => $"{line.Category}/{line.Channel}"));
    }

    public static TheoryData<string, TallyLine[]> BadLines => new()
    {
        { "category-unknown@lines[0].category", [Line(1, "loge")] },
        { "tariff-unknown@lines[0].tariff", [Line(1, tariff: "enfant")] },
        { "channel-unknown@lines[0].channel", [Line(1, channel: "web")] },
        { "line-twice@lines[1]", [Line(1), Line(2)] },
        { "count-out-of-range@lines[0].sold", [Line(-1)] },
        { "count-out-of-range@lines[0].reserved", [Line(1, reserved: -1)] },
        { "count-out-of-range@lines[0].free", [Line(1, free: 1_000_001)] },
        { "gross-out-of-range@lines[0].gross", [Line(1, gross: -1)] },
        { "count-out-of-range@lines[0].sold category-unknown@lines[1].category", [Line(-5), Line(1, "loge")] },
    };

    [Theory, MemberData(nameof(BadLines))]
    public void Bad_lines_are_refused_by_line_and_field(string refusals, TallyLine[] lines) =>
        Assert.Equal(refusals, SessionCore.Decide(Created(), Validate(lines), Now).Codes());

    [Theory]
    [InlineData(100, 90, "")]
    [InlineData(100, 89, "tally-drop-unconfirmed")]
    [InlineData(9, 8, "tally-drop-unconfirmed")]
    [InlineData(0, 0, "")]
    [InlineData(50, 60, "")]
    public void Validating_a_smaller_tally_asks_for_confirmation(int before, int after, string refusals)
    {
        var state = Created().After(Validate(Line(before)));
        Assert.Equal(refusals, SessionCore.Decide(state, Validate(Line(after)), Now).Codes());
        Assert.Empty(SessionCore.Decide(state, Validate(Line(after)) with { DropConfirmed = true }, Now).Refusals);
    }

    [Fact]
    public void More_than_capacity_asks_for_confirmation_category_by_category()
    {
        var over = Validate(Line(101), Line(50, "balcon", free: 1));
        var refused = SessionCore.Decide(Created(), over, Now);
        Assert.Equal("tally-over-capacity-unconfirmed tally-over-capacity-unconfirmed", refused.Codes());
        Assert.Equal(["Carré or", "101", "100"], refused.Refusals[0].Arguments.AsEnumerable());
        Assert.Empty(SessionCore.Decide(Created(), over with { OverCapacityConfirmed = true }, Now).Refusals);
    }

    [Fact]
    public void A_tally_written_on_an_older_version_is_refused_with_who_came_first()
    {
        var state = Created().After(Validate(0, Line(10)));
        var refused = SessionCore.Decide(state, Validate(0, Line(11)), Now);
        Assert.Equal("tally-changed-meanwhile", refused.Codes());
        Assert.Equal(["1", "Claire Morin", Now.ToString("O")], refused.Refusals[0].Arguments.AsEnumerable());
    }

    [Fact]
    public void A_session_that_receives_takes_no_typed_tally()
    {
        var state = Created().After(new ConnectIncoming("link", "org-b", "s", "Euterpe", LinkTerms.Totals) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal("session-receives", SessionCore.Decide(state, Validate(Line(1)), Now).Codes());
    }
}
