using System.Collections.Immutable;

namespace Guichet.Papers;

/// <param name="Points">In the chart's own units, in the order of their X; a NaN is a gap.</param>
/// <param name="Smooth">A curve through the points; else straight lines.</param>
public sealed record PaperSeries(string Name, PaperColour Colour, ImmutableArray<PaperPoint> Points, bool Dashed = false, bool Smooth = true);

/// <summary>Curves on axes: what was sold over the days, beside what was sold of an earlier session.</summary>
/// <param name="XTicks">Where the bottom axis is written on, in the order of their X; those that would touch the one before are left out.</param>
/// <param name="WriteY">How a figure of the left axis is written.</param>
/// <param name="Height">In points, with axes and names.</param>
public sealed record PaperChart(ImmutableArray<PaperSeries> Series, ImmutableArray<(double X, string Text)> XTicks, Func<double, string> WriteY, double Height = 180)
{
    private const int MostSteps = 5;

    /// <summary>The left axis goes by whole numbers.</summary>
    public bool Whole { get; init; } = true;

    internal void Draw(PdfPage page, double left, double top, double width)
    {
        var style = PaperStyle.Small;
        var names = Series.Where(series => series.Name.Length > 0).ToList();
        var legend = names.Count > 0 ? style.LineHeight + 4 : 0;
        var known = Series.SelectMany(series => series.Points).Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToList();
        var (bottomY, topY, step) = Scale(known.Select(point => point.Y).DefaultIfEmpty(0).Min(), known.Select(point => point.Y).DefaultIfEmpty(0).Max());
        var ticks = Enumerable.Range(0, (int)Math.Round((topY - bottomY) / step) + 1).Select(at => bottomY + at * step).ToList();
        var margin = ticks.Max(tick => style.Width(PaperText.Plain(WriteY(tick)))) + 6;
        double plotLeft = left + margin, plotRight = left + width - 4, plotTop = top + legend + 4, plotBottom = top + Height - style.LineHeight - 4;

        var xs = known.Select(point => point.X).Concat(XTicks.Select(tick => tick.X).Where(double.IsFinite)).DefaultIfEmpty(0).ToList();
        var (firstX, lastX) = (xs.Min(), Math.Max(xs.Max(), xs.Min() + 1));
        double X(double x) => plotLeft + (x - firstX) / (lastX - firstX) * (plotRight - plotLeft);
        double Y(double y) => plotBottom - (y - bottomY) / (topY - bottomY) * (plotBottom - plotTop);

        foreach (var tick in ticks)
        {
            page.Line(plotLeft, Y(tick), plotRight, Y(tick), tick == 0 ? PaperColour.Grey : PaperColour.Rule, 0.4);
            page.Text(WriteY(tick), plotLeft - 5, Y(tick) + style.Font.CapHeight * style.Size / 2, style, PaperAlign.Right);
        }
        var free = double.NegativeInfinity;
        foreach (var (x, text) in XTicks.Where(tick => double.IsFinite(tick.X)))
        {
            var half = style.Width(PaperText.Plain(text)) / 2;
            var centre = Math.Clamp(X(x), left + half, Math.Max(left + half, left + width - half));
            if (centre - half < free) continue;
            page.Line(X(x), plotBottom, X(x), plotBottom + 3, PaperColour.Grey, 0.4);
            page.Text(text, centre, plotBottom + 5 + Paper.Baseline(style.LineHeight, style), style, PaperAlign.Centre);
            free = centre + half + 6;
        }
        foreach (var series in Series)
        {
            PaperPoint[] points = [.. series.Points.Select(point => new PaperPoint(X(point.X), Y(point.Y)))];
            if (series.Smooth) page.Curve(points, series.Colour, 1.4, series.Dashed);
            else page.Path(points, series.Colour, 1.4, series.Dashed);
        }
        var at = plotLeft;
        foreach (var series in names)
        {
            var room = plotRight - at - 16;
            if (room < 40) break;
            var middle = top + style.LineHeight / 2;
            page.Line(at, middle, at + 12, middle, series.Colour, 1.8, series.Dashed);
            var name = PaperText.Shortened(series.Name, style, room);
            page.Text(name, at + 16, top + Paper.Baseline(style.LineHeight, style), style);
            at += 16 + style.Width(name) + 14;
        }
    }

    /// <summary>From 0, or below it, to a round figure above the highest, by steps of 1, 2 or 5 of a power of ten.</summary>
    private (double Bottom, double Top, double Step) Scale(double lowest, double highest)
    {
        var (bottom, top) = (Math.Min(0, lowest), Math.Max(0, highest));
        if (top - bottom <= 0) top = Whole ? MostSteps - 1 : 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10((top - bottom) / MostSteps)));
        var step = new[] { 1, 2, 5, 10 }.Select(times => times * power).First(size => (top - bottom) / size <= MostSteps);
        if (Whole) step = Math.Max(1, step);
        return (Math.Floor(bottom / step) * step, Math.Ceiling(top / step) * step, step);
    }
}
