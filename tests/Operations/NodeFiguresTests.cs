using Guichet.Operations;
using Guichet.Support;

namespace Guichet.Tests.Operations;

public sealed class NodeFiguresTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void Rates_and_quantiles_are_those_of_the_last_minute()
    {
        var figures = new NodeFigures(time);
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < 99; i++) figures.Called("SessionGrain", TimeSpan.FromMilliseconds(1), failed: false);
            figures.Called("SessionGrain", TimeSpan.FromMilliseconds(80), failed: true);
            figures.Committed(5, TimeSpan.FromMilliseconds(2));
            time.Advance(TimeSpan.FromSeconds(1));
        }
        var read = figures.Read();
        Assert.InRange(read.CallsPerSecond, 90, 101);
        Assert.InRange(read.FailuresPerSecond, 0.9, 1.1);
        Assert.InRange(read.MedianMs!.Value, 1, 1.2);
        Assert.InRange(read.P99Ms!.Value, 1, 1.2);
        Assert.InRange(read.CommitsPerSecond, 4.5, 5.1);
        Assert.InRange(read.TransactionsPerSecond, 0.9, 1.1);
        Assert.InRange(read.CommitMedianMs!.Value, 2, 2.4);
        Assert.Equal(12, read.Trend.Length);

        time.Advance(TimeSpan.FromMinutes(2));
        var later = figures.Read();
        Assert.Equal(0, later.CallsPerSecond);
        Assert.Null(later.MedianMs);
        Assert.Empty(later.Kinds);
    }

    [Fact]
    public void Kinds_are_listed_by_how_much_they_are_called()
    {
        var figures = new NodeFigures(time);
        figures.Called("LinkGrain", TimeSpan.FromMilliseconds(1), failed: false);
        figures.Called("SessionGrain", TimeSpan.FromMilliseconds(1), failed: false);
        figures.Called("SessionGrain", TimeSpan.FromMilliseconds(3), failed: false);
        Assert.Equal(["SessionGrain", "LinkGrain"], figures.Read().Kinds.Select(kind => kind.Kind));
    }
}
