using System.Text;

namespace Guichet.Papers;

/// <summary>
/// One page to draw on. Places are in points from its left and top; later drawings cover earlier ones; what lies outside isn't seen.
/// A place that isn't a finite number is refused with <see cref="ArgumentOutOfRangeException"/>, except in a path, where it is a gap.
/// </summary>
public sealed class PdfPage
{
    private readonly PdfDocument document;

    internal PdfPage(PdfDocument document, PaperSize size)
    {
        this.document = document;
        Size = size;
    }

    public PaperSize Size { get; }

    internal PageContent Content { get; } = new();

    /// <summary>A line of text. What the font lacks is a visible box; what has no shape is left out.</summary>
    /// <param name="x">Its left, centre or right, as <paramref name="align"/> says.</param>
    /// <param name="baseline">From the page's top.</param>
    public void Text(string? text, double x, double baseline, PaperStyle style, PaperAlign align = PaperAlign.Left)
    {
        var plain = PaperText.Plain(text);
        if (plain.Length == 0) return;
        if (align != PaperAlign.Left) x -= style.Width(plain) / (align == PaperAlign.Right ? 1 : 2);
        var subset = document.Subset(style.Font, out var font);
        Content.Raw("BT "u8).Colour(style.Colour, "rg "u8).Raw("/F"u8).Whole(font).Raw(" "u8).Number(style.Size).Raw("Tf 1 0 0 1 "u8).Number(x).Number(Size.Height - baseline).Raw("Tm <"u8);
        foreach (var letter in plain.EnumerateRunes()) Content.Hex(subset.NumberOf(letter));
        Content.Raw("> Tj ET\n"u8);
    }

    public void Line(double x1, double y1, double x2, double y2, PaperColour colour, double width = 0.5, bool dashed = false) =>
        Path([new(x1, y1), new(x2, y2)], colour, width, dashed);

    /// <summary>From its left and top.</summary>
    public void Rectangle(double x, double y, double width, double height, PaperColour fill) =>
        Content.Colour(fill, "rg "u8).Number(x).Number(Size.Height - y - height).Number(width).Number(height).Raw("re f\n"u8);

    /// <summary>Straight lines from point to point; a point with a NaN parts the line.</summary>
    public void Path(ReadOnlySpan<PaperPoint> points, PaperColour colour, double width = 0.75, bool dashed = false) =>
        Stroke(points, colour, width, dashed, smooth: false);

    /// <summary>
    /// A smooth line through every point, that never goes above or below two neighbours between them (monotone cubic), for points in the
    /// order of their X; a point with a NaN parts the line.
    /// </summary>
    public void Curve(ReadOnlySpan<PaperPoint> points, PaperColour colour, double width = 1.25, bool dashed = false) =>
        Stroke(points, colour, width, dashed, smooth: true);

    /// <summary>A filled shape with straight edges.</summary>
    public void Shape(ReadOnlySpan<PaperPoint> points, PaperColour fill)
    {
        if (points.Length < 3) return;
        Content.Colour(fill, "rg "u8);
        for (var at = 0; at < points.Length; at++) To(points[at], at == 0 ? "m "u8 : "l "u8);
        Content.Raw("h f\n"u8);
    }

    /// <summary>An image in a rectangle, from its left and top; it is stretched to it.</summary>
    public void Image(PaperImage image, double x, double y, double width, double height) =>
        Content.Raw("q "u8).Number(width).Raw("0 0 "u8).Number(height).Number(x).Number(Size.Height - y - height).Raw("cm /I"u8).Whole(document.Register(image)).Raw(" Do Q\n"u8);

    private void Stroke(ReadOnlySpan<PaperPoint> points, PaperColour colour, double width, bool dashed, bool smooth)
    {
        Content.Raw("q "u8).Colour(colour, "RG "u8).Number(width).Raw(smooth ? "w 1 J 1 j "u8 : "w "u8);
        if (dashed) Content.Raw("[3 2] 0 d "u8);
        var from = 0;
        for (var at = 0; at <= points.Length; at++)
        {
            if (at < points.Length && double.IsFinite(points[at].X) && double.IsFinite(points[at].Y)) continue;
            Run(points[from..at], smooth);
            from = at + 1;
        }
        Content.Raw("S Q\n"u8);
    }

    private void Run(ReadOnlySpan<PaperPoint> points, bool smooth)
    {
        if (points.IsEmpty) return;
        To(points[0], "m "u8);
        // A single point is drawn as a dot.
        if (points.Length == 1) To(points[0], "l "u8);
        var slopes = smooth ? Slopes(points) : [];
        for (var at = 1; at < points.Length; at++)
        {
            if (smooth)
            {
                var third = (points[at].X - points[at - 1].X) / 3;
                Place(new(points[at - 1].X + third, points[at - 1].Y + third * slopes[at - 1]));
                Place(new(points[at].X - third, points[at].Y - third * slopes[at]));
            }
            To(points[at], smooth ? "c "u8 : "l "u8);
        }
    }

    /// <summary>Of the curve at each point (Fritsch and Carlson, 1980): flat where neighbours don't go the same way, else the harmonic mean.</summary>
    private static double[] Slopes(ReadOnlySpan<PaperPoint> points)
    {
        var slopes = new double[points.Length];
        if (points.Length < 2) return slopes;
        var secants = new double[points.Length - 1];
        for (var at = 0; at < secants.Length; at++)
        {
            var width = points[at + 1].X - points[at].X;
            secants[at] = width > 0 ? (points[at + 1].Y - points[at].Y) / width : 0;
        }
        slopes[0] = secants[0];
        slopes[^1] = secants[^1];
        for (var at = 1; at < secants.Length; at++)
            slopes[at] = secants[at - 1] * secants[at] <= 0 ? 0 : 2 * secants[at - 1] * secants[at] / (secants[at - 1] + secants[at]);
        return slopes;
    }

    private void Place(PaperPoint point) => Content.Number(point.X).Number(Size.Height - point.Y);

    private void To(PaperPoint point, ReadOnlySpan<byte> operation)
    {
        Place(point);
        Content.Raw(operation);
    }
}
