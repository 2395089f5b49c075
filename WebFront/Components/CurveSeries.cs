namespace Guichet.Components;

/// <summary>Sales of one session over time, by days to its performance.</summary>
/// <param name="Current">The session the page is about; the others are there to compare.</param>
public sealed record CurveSeries(string Name, IReadOnlyList<CurveSeries.Point> Points, bool Current = false)
{
    /// <param name="Day">Days from the performance: -30 is a month before, 0 the day itself.</param>
    /// <param name="Sold">Sold in all at the end of that day.</param>
    public sealed record Point(int Day, long Sold);
}
