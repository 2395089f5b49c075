using Guichet.Components;
using Guichet.Sessions;
using Guichet.Tallies;
using static Guichet.Tests.Sessions.Sample;

namespace Guichet.Tests.Tallies;

public sealed class TallySheetTests
{
    /// <summary>What is typed in a cell of revenue, at what price: what the line says.</summary>
    [Theory]
    [InlineData(10, null, 4500L, 45_000L)]
    [InlineData(10, 40_000L, 4500L, 40_000L)]
    [InlineData(10, 0L, 4500L, 0L)]
    [InlineData(10, null, 0L, 0L)]
    [InlineData(10, null, null, null)]
    [InlineData(10, 40_000L, null, 40_000L)]
    [InlineData(10, 0L, null, 0L)]
    public void Revenue_is_what_is_typed_else_what_the_price_gives_else_unknown(int sold, long? typed, long? price, long? gross)
    {
        var model = TallySheet.Model(Details with { Tariffs = [new Tariff("plein", "Plein", price)] });
        var line = Assert.Single(TallySheet.Lines([new TallyGridLine("or", "plein", "guichet", sold, 0, 0, typed)], model));
        Assert.Equal(gross, line.GrossMinor);
    }

    [Fact]
    public void Cells_keep_a_revenue_of_nothing_apart_from_one_that_is_unknown()
    {
        var cells = TallySheet.Cells([Line(10, gross: 0), Line(3, "balcon", gross: null), Line(0, "balcon", "reduit", free: 2, gross: 0)]);
        Assert.Equal(["sold|or|plein|guichet", "gross|or|plein|guichet", "sold|balcon|plein|guichet", "free|balcon|reduit|guichet"], cells.Keys);
    }

    [Fact]
    public void Merging_keeps_a_revenue_of_nothing_that_was_typed()
    {
        const string gross = "gross|or|plein|guichet";
        Assert.Equal(0, TallySheet.Merge(new Dictionary<string, long>(), new Dictionary<string, long> { [gross] = 0 }, new Dictionary<string, long>())[gross]);
        Assert.DoesNotContain(gross, TallySheet.Merge(new Dictionary<string, long> { [gross] = 0 }, new Dictionary<string, long> { [gross] = 0 }, new Dictionary<string, long>()).Keys);
    }
}
