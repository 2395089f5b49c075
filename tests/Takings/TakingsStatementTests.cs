using FsCheck;
using FsCheck.Fluent;
using Guichet.Sessions;
using Guichet.Tallies;
using static Guichet.Tests.Sessions.Sample;

namespace Guichet.Takings;

public sealed class TakingsStatementTests
{
    private static TakingsStatement Of(SessionDetails details, params TallyLine[] lines) =>
        TakingsStatement.Of(details, new Tally(1, [.. lines], TallyFigures.Of([.. lines]), TallySource.Typed, null, null, Now, "Claire"));

    private static string Written(TakingsStatement statement) => string.Join(" | ", statement.Groups.Select(group =>
        $"{group.Name}: {string.Join(", ", group.Lines.Select(line => $"{line.Kind} {line.Name} {line.Places} × {line.UnitPriceMinor?.ToString() ?? "?"} = {line.GrossMinor?.ToString() ?? "?"} ({line.VatMinor?.ToString() ?? "?"} + {line.NetMinor?.ToString() ?? "?"}){(line.DiffersFromPrice ? "*" : "")}"))}"));

    /// <summary>Gross and rate, and the tax within, halves away from zero.</summary>
    [Theory]
    [InlineData(10_550, 550, 550)]
    [InlineData(456_000, 550, 23_773)] // 23772.51…
    [InlineData(1, 550, 0)]
    [InlineData(9, 550, 0)] // 0.469…
    [InlineData(10, 550, 1)] // 0.521…
    [InlineData(3, 2_000, 1)] // exactly a half
    [InlineData(-3, 2_000, -1)]
    [InlineData(9, 2_000, 2)] // 1.5
    [InlineData(10_210, 210, 210)]
    [InlineData(12_000, 2_000, 2_000)]
    [InlineData(12_345, 0, 0)]
    [InlineData(12_346, 10_000, 6_173)]
    [InlineData(1_000_000_000_000_000, 550, 52_132_701_421_801)]
    [InlineData(long.MaxValue, 10_000, 4_611_686_018_427_387_904)]
    public void The_tax_within_an_amount(long gross, int rate, long tax) => Assert.Equal(tax, Vat.Within(gross, rate));

    [Fact]
    public void Tax_and_net_make_the_gross_and_are_within_half_a_cent_of_the_truth() =>
        Check.QuickThrowOnFailure(Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(0, 10_000).ToArbitrary(), (gross, rate) =>
            Math.Abs(Vat.Within(gross, rate) - (decimal)gross * rate / (10_000 + rate)) <= 0.5m));

    [Fact]
    public void Channels_count_together_and_lines_stand_in_the_sessions_order() => Assert.Equal(
        "Carré or: Sold Plein 12 × 4500 = 54000 (2815 + 51185), Sold Réduit 2 × 3000 = 6000 (313 + 5687) | Balcon: Sold Plein 1 × 4500 = 4500 (235 + 4265)",
        Written(Of(Details, Line(1, category: "balcon", gross: 4_500), Line(2, tariff: "reduit", gross: 6_000), Line(10, gross: 45_000), Line(2, channel: "fnac", gross: 9_000))));

    [Fact]
    public void A_price_of_the_category_is_the_unit_price() => Assert.Equal(
        "Carré or: Sold Plein 2 × 5200 = 10400 (542 + 9858)",
        Written(Of(Details with { Prices = [new("or", "plein", 5_200)] }, Line(2, gross: 10_400))));

    [Fact]
    public void Exempt_places_stand_at_zero_and_count_as_places()
    {
        var statement = Of(Details, Line(2, gross: 9_000, free: 3), Line(0, tariff: "reduit", free: 1));
        Assert.Equal("Carré or: Sold Plein 2 × 4500 = 9000 (469 + 8531), Free  4 × 0 = 0 (0 + 0)", Written(statement));
        Assert.Equal((6, 9_000, 0), (statement.Total.Places, statement.Total.GrossMinor, statement.Total.Unknown));
    }

    [Fact]
    public void Places_sold_for_nothing_are_known_to_be() => Assert.Equal(
        "Carré or: Sold Invité 2 × 0 = 0 (0 + 0)",
        Written(Of(Details with { Tariffs = [new("plein", "Invité", 0)] }, Line(2, gross: 0))));

    [Fact]
    public void What_isnt_known_is_never_zero()
    {
        var statement = Of(Details with { Tariffs = [new("plein", "Plein", null), new("reduit", "Réduit", 3_000)] }, Line(10, gross: 45_000), Line(2, channel: "fnac", gross: null), Line(1, tariff: "reduit", gross: 3_000));
        Assert.Equal("Carré or: Sold Plein 12 × ? = ? (? + ?), Sold Réduit 1 × 3000 = 3000 (156 + 2844)", Written(statement));
        Assert.Equal(new TakingsSum(13, 3_000, 156, 2_844, 2, 1), statement.Total);
        Assert.False(statement.Total.IsKnown);
    }

    [Fact]
    public void A_revenue_that_isnt_the_price_times_the_places_is_marked() => Assert.Equal(
        "Carré or: Sold Plein 2 × 4500 = 8000 (417 + 7583)*", Written(Of(Details, Line(2, gross: 8_000))));

    [Fact]
    public void What_the_session_no_longer_has_is_kept_by_its_code() => Assert.Equal(
        "fosse: Sold pass 2 × ? = 8000 (417 + 7583)", Written(Of(Details, Line(2, category: "fosse", tariff: "pass", gross: 8_000))));

    [Fact]
    public void Totals_alone_make_one_line()
    {
        static TakingsStatement Totals(long? gross) => TakingsStatement.Of(Details, new Tally(3, [], new TallyFigures(40, 2, 5, gross), TallySource.Link, "Astérie", null, Now, "Astérie"));
        Assert.Equal(": Whole  40 × ? = ? (? + ?), Free  5 × 0 = 0 (0 + 0)", Written(Totals(null)));
        Assert.Equal(": Whole  40 × ? = 180000 (9384 + 170616), Free  5 × 0 = 0 (0 + 0)", Written(Totals(180_000)));
        Assert.Equal(2, Totals(null).Reserved);
    }

    [Fact]
    public void A_tally_of_nothing_took_nothing() => Assert.Equal(new TakingsSum(0, 0, 0, 0, 0, 0), Of(Details).Total);

    [Fact]
    public void Sums_are_the_sums_of_lines()
    {
        // Each line's tax rounds down; a tax on the sum would not.
        var statement = Of(Details with { Tariffs = [new("plein", "Plein", 9), new("reduit", "Réduit", 9)] }, Line(1, gross: 9), Line(1, tariff: "reduit", gross: 9));
        Assert.Equal((0, 18), (statement.Total.VatMinor, statement.Total.NetMinor));
        Assert.Equal(1, Vat.Within(18, 550));
    }
}
