namespace Guichet.Operations;

public class LatencyDistributionTests
{
    private static readonly LatencyDistribution Sample = Of((1, 50), (2, 40), (10, 9), (100, 1));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.5, 1)]
    [InlineData(0.51, 2)]
    [InlineData(0.9, 2)]
    [InlineData(0.99, 10)]
    [InlineData(0.991, 100)]
    [InlineData(1, 100)]
    public void A_percentile_is_the_bound_that_this_share_lies_below(double share, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Sample.Percentile(share));

    [Fact]
    public void Without_calls_there_is_no_percentile()
    {
        Assert.Null(LatencyDistribution.Empty.Percentile(0.5));
        Assert.Null(Of((1, 0), (2, 0)).Percentile(0.5));
    }

    [Fact]
    public void What_came_since_a_reading_is_the_difference()
    {
        var since = Of((1, 60), (2, 40), (10, 19), (100, 1)).Since(Sample);
        Assert.Equal(20, since.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(10), since.Percentile(0.9));
        Assert.Equal(Sample.Buckets.AsEnumerable(), Sample.Since(LatencyDistribution.Empty).Buckets);
    }

    private static LatencyDistribution Of(params (int Milliseconds, long Count)[] buckets) =>
        new([.. buckets.Select(one => (TimeSpan.FromMilliseconds(one.Milliseconds), one.Count))]);
}
