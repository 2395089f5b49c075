using System.Collections.Immutable;

namespace Guichet.Papers;

/// <summary>What stands at the foot of a page, each part on one line.</summary>
public sealed record PaperFooter(string? Left, string? Right);

/// <summary>
/// A paper that is written from its top to its end: headings, texts, facts, tables, curves and pictures below one another, on as many
/// pages as they take. Made for statements, reports, invoices; what stands at given places (tickets) is drawn on a
/// <see cref="PdfDocument"/>'s pages.
/// </summary>
/// <example><code>
/// await using var paper = new Paper(response.Body, new PaperDetails("Relevé de recettes", "fr", "Théâtre du Port", now))
/// {
///     Footer = (page, pages) => new("Théâtre du Port", $"page {page} / {pages}"),
/// };
/// await paper.Title("Relevé de recettes");
/// await paper.Table(new PaperTable([new("Tarif", 3), PaperColumn.Figures("Places", 1)]), [PaperRow.Of("Plein", "120"), PaperRow.Total("Total", "120")]);
/// await paper.Finish();
/// </code></example>
public sealed class Paper : IAsyncDisposable
{
    private const double Margin = 42, FooterHeight = 26;
    private readonly PdfDocument document;
    private readonly PaperSize size;
    private readonly CancellationToken cancellation;
    private PdfPage? page;
    private double down;

    /// <param name="to">Written forward only, and left open.</param>
    /// <param name="size">A4 upright when not given.</param>
    public Paper(Stream to, PaperDetails details, PaperSize? size = null, CancellationToken cancellation = default)
    {
        (this.size, this.cancellation) = (size ?? PaperSize.A4, cancellation);
        document = new PdfDocument(to, details) { Edges = DrawFooter };
    }

    /// <summary>By the page's number and the number of pages.</summary>
    public Func<int, int, PaperFooter>? Footer { get; init; }

    /// <summary>Where the body of every page begins, in points from the left.</summary>
    public double Left => Margin;

    /// <summary>Of the body of a page, in points.</summary>
    public double Width => size.Width - 2 * Margin;

    /// <inheritdoc cref="Width"/>
    public double Height => size.Height - 2 * Margin - FooterHeight;

    /// <summary>What is left of the page's height, in points.</summary>
    public double Remaining => page is null ? Height : Height - down;

    public async Task NewPage()
    {
        page = await document.NewPage(size, cancellation);
        down = 0;
    }

    /// <summary>The largest heading, once.</summary>
    public Task Title(string text) => Text(text, PaperStyle.Title);

    /// <summary>A heading, kept with the lines that follow it, and an entry of the document's outline.</summary>
    public async Task Heading(string text)
    {
        await Room(PaperStyle.Heading.LineHeight + 60);
        if (down > 0) Gap(8);
        document.Bookmark(text);
        await Text(text, PaperStyle.Heading);
        Gap(3);
    }

    /// <summary>A text of any length, by the width of the page; its line ends are kept.</summary>
    public async Task Text(string? text, PaperStyle? style = null, PaperAlign align = PaperAlign.Left)
    {
        style ??= PaperStyle.Text;
        foreach (var line in PaperText.Lines(text, style, Width))
        {
            await Room(style.LineHeight);
            var (canvas, top) = Taken(style.LineHeight);
            canvas.Text(line, align switch { PaperAlign.Right => Left + Width, PaperAlign.Centre => Left + Width / 2, _ => Left }, top + Baseline(style.LineHeight, style), style, align);
        }
    }

    /// <summary>What each thing is, its name small above it, side by side in so many columns. A value that is too long goes on below.</summary>
    public async Task Facts(IReadOnlyList<(string Name, string Value)> facts, int columns = 3)
    {
        const double between = 12;
        var width = (Width - between * (columns - 1)) / columns;
        foreach (var line in facts.Chunk(columns))
        {
            var values = line.Select(fact => PaperText.Lines(fact.Value, PaperStyle.Strong, width)).ToList();
            var height = PaperStyle.Small.LineHeight + values.Max(value => Math.Min(value.Count, 8)) * PaperStyle.Strong.LineHeight + 6;
            await Room(height);
            var (canvas, top) = Taken(height);
            for (var at = 0; at < line.Length; at++)
            {
                var x = Left + at * (width + between);
                canvas.Text(PaperText.Shortened(line[at].Name, PaperStyle.Small, width), x, top + Baseline(PaperStyle.Small.LineHeight, PaperStyle.Small), PaperStyle.Small);
                for (var row = 0; row < Math.Min(values[at].Count, 8); row++)
                    canvas.Text(values[at][row], x, top + PaperStyle.Small.LineHeight + row * PaperStyle.Strong.LineHeight + Baseline(PaperStyle.Strong.LineHeight, PaperStyle.Strong), PaperStyle.Strong);
            }
        }
    }

    /// <param name="rows">Read once, while they are set: a table of any length takes the memory of a row.</param>
    public Task Table(PaperTable table, IAsyncEnumerable<PaperRow> rows) => new TableSetter(this, table).Set(rows, cancellation);

    /// <inheritdoc cref="Table(PaperTable, IAsyncEnumerable{PaperRow})"/>
    public Task Table(PaperTable table, IEnumerable<PaperRow> rows) => Table(table, rows.ToAsyncEnumerable());

    public async Task Chart(PaperChart chart)
    {
        await Room(chart.Height);
        var (canvas, top) = Taken(chart.Height);
        chart.Draw(canvas, Left, top, Width);
        Gap(6);
    }

    /// <summary>A picture in its shape, no larger than that, in points.</summary>
    public async Task Picture(PaperImage image, double width, double height, PaperAlign align = PaperAlign.Left)
    {
        var shown = image.Within(Math.Min(width, Width), Math.Min(height, Height));
        await Room(shown.Height);
        var (canvas, top) = Taken(shown.Height);
        var x = align switch { PaperAlign.Right => Left + Width - shown.Width, PaperAlign.Centre => Left + (Width - shown.Width) / 2, _ => Left };
        canvas.Image(image, x, top, shown.Width, shown.Height);
        Gap(6);
    }

    public async Task Rule()
    {
        await Room(9);
        var (canvas, top) = Taken(9);
        canvas.Line(Left, top + 4, Left + Width, top + 4, PaperColour.Rule, 0.6);
    }

    /// <summary>Leaves room, in points; none at the top of a page.</summary>
    public void Gap(double height)
    {
        if (page is not null && down > 0) down += height;
    }

    /// <summary>Goes on on another page if this one hasn't that much height left; one that no page has is what a page has.</summary>
    public async Task Room(double height)
    {
        if (page is null || (Remaining < height && down > 0)) await NewPage();
    }

    /// <summary>Takes so much height of the page for a drawing, and says on which page and how far from its top it begins. Ask for <see cref="Room"/> first.</summary>
    public (PdfPage Page, double Top) Taken(double height)
    {
        var top = Margin + down;
        down += height;
        return (page ?? throw new InvalidOperationException("There is no page yet."), top);
    }

    /// <summary>Writes what is left; a paper that isn't finished isn't a PDF.</summary>
    public async Task Finish()
    {
        if (page is null) await NewPage();
        await document.Finish(cancellation);
    }

    public ValueTask DisposeAsync() => document.DisposeAsync();

    /// <summary>How far below the top of a line of that height its letters stand.</summary>
    internal static double Baseline(double lineHeight, PaperStyle style) => (lineHeight + style.Font.CapHeight * style.Size) / 2;

    private void DrawFooter(PdfPage canvas, int number, int pages)
    {
        if (Footer?.Invoke(number, pages) is not { } footer) return;
        var style = PaperStyle.Small;
        var top = canvas.Size.Height - Margin - FooterHeight + 12;
        canvas.Line(Left, top, Left + Width, top, PaperColour.Rule, 0.6);
        var baseline = top + 4 + Baseline(style.LineHeight, style);
        var right = PaperText.Shortened(footer.Right, style, Width / 2);
        canvas.Text(right, Left + Width, baseline, style, PaperAlign.Right);
        canvas.Text(PaperText.Shortened(footer.Left, style, Width - style.Width(right) - 12), Left, baseline, style);
    }
}
