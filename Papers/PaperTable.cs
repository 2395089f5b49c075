using System.Collections.Immutable;

namespace Guichet.Papers;

/// <summary>What becomes of a cell's text that is wider than its column.</summary>
public enum PaperFit
{
    /// <summary>Goes on below.</summary>
    Wrap = 0,

    /// <summary>Ends with « … ».</summary>
    Shorten = 1,

    /// <summary>Is set smaller, for figures, which may neither be cut nor broken; below half its size it wraps.</summary>
    Shrink = 2,
}

/// <param name="Share">Of the table's width, beside the other columns' shares; more than 0.</param>
public sealed record PaperColumn(string Header, double Share, PaperAlign Align = PaperAlign.Left, PaperFit Fit = PaperFit.Wrap)
{
    /// <summary>A column of figures: to the right, never cut.</summary>
    public static PaperColumn Figures(string header, double share) => new(header, share, PaperAlign.Right, PaperFit.Shrink);
}

public enum PaperRowKind
{
    Plain = 0,

    /// <summary>Begins a group: its first cell in bold over the whole width, kept with the row that follows.</summary>
    Group = 1,

    /// <summary>In bold, a thin rule above.</summary>
    Subtotal = 2,

    /// <summary>In bold, shaded, a strong rule above.</summary>
    Total = 3,
}

/// <param name="Cells">One for each column; those that are missing are empty.</param>
public readonly record struct PaperRow(ImmutableArray<string> Cells, PaperRowKind Kind = PaperRowKind.Plain)
{
    public static PaperRow Of(params ReadOnlySpan<string> cells) => new([.. cells]);

    public static PaperRow Group(string name) => new([name], PaperRowKind.Group);

    public static PaperRow Subtotal(params ReadOnlySpan<string> cells) => new([.. cells], PaperRowKind.Subtotal);

    public static PaperRow Total(params ReadOnlySpan<string> cells) => new([.. cells], PaperRowKind.Total);
}

/// <summary>A table; its header stands again on every page that it goes on to.</summary>
/// <param name="Columns">1 or more.</param>
/// <param name="Continued">Said after the name of a group that goes on on another page: <c>suite</c>. Null doesn't name it again.</param>
public sealed record PaperTable(ImmutableArray<PaperColumn> Columns, string? Continued = null)
{
    public PaperStyle Style { get; init; } = PaperStyle.Text with { Size = 8.5 };

    /// <summary>Every second plain row is shaded, instead of a rule below each.</summary>
    public bool Zebra { get; init; }

    /// <summary>Of the header's rule and the total's.</summary>
    public PaperColour Accent { get; init; } = PaperColour.Ink;
}

/// <summary>Sets a table's rows on the pages of a paper: a row in memory at a time.</summary>
internal sealed class TableSetter
{
    private const double Side = 4, Above = 3;

    /// <summary>Rows that are held to stand together, so that a table of sums alone takes no more memory.</summary>
    private const int MostTogether = 6;
    private readonly Paper paper;
    private readonly PaperTable table;
    private readonly double[] lefts, widths;
    private string? group;
    private int plainRows;

    public TableSetter(Paper paper, PaperTable table)
    {
        if (table.Columns.IsDefaultOrEmpty) throw new ArgumentException("A table has columns.", nameof(table));
        (this.paper, this.table) = (paper, table);
        var shares = table.Columns.Sum(column => column.Share);
        widths = [.. table.Columns.Select(column => paper.Width * column.Share / shares)];
        lefts = new double[widths.Length];
        for (var at = 0; at < lefts.Length; at++) lefts[at] = at == 0 ? paper.Left : lefts[at - 1] + widths[at - 1];
    }

    public async Task Set(IAsyncEnumerable<PaperRow> rows, CancellationToken cancellation)
    {
        var header = Header();
        // A header alone at the foot of a page is of no use.
        await paper.Room(header.Height + 2 * table.Style.LineHeight + 4 * Above);
        Draw(header, 0, header.Lines);
        var block = new List<PaperRow>();
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            if (block.Count > 0 && (row.Kind is not (PaperRowKind.Subtotal or PaperRowKind.Total) || block.Count == MostTogether))
            {
                await Set(block, header);
                block.Clear();
            }
            block.Add(row);
        }
        await Set(block, header);
        paper.Gap(6);
    }

    /// <summary>A row and the sums below it, on one page.</summary>
    private async Task Set(List<PaperRow> block, SetRow header)
    {
        if (block.Count > 1 && block.Sum(row => Laid(row).Height) is var height && height > paper.Remaining && height <= paper.Height - header.Height)
            await Continue(header, block[0].Kind);
        foreach (var row in block) await Set(row, header);
    }

    private async Task Set(PaperRow row, SetRow header)
    {
        var set = Laid(row);
        if (row.Kind == PaperRowKind.Group) group = set.Cells[0].Lines[0];
        else plainRows = row.Kind == PaperRowKind.Plain ? plainRows + 1 : 0;
        var wanted = row.Kind == PaperRowKind.Group ? set.Height + table.Style.LineHeight + 2 * Above : set.Height;
        if (wanted <= paper.Remaining)
        {
            Draw(set, 0, set.Lines);
            return;
        }
        if (wanted <= paper.Height - header.Height)
        {
            await Continue(header, row.Kind);
            Draw(set, 0, set.Lines);
            return;
        }
        // A row that no page holds goes on line by line.
        for (var from = 0; from < set.Lines;)
        {
            var lines = Math.Min(set.Lines - from, (int)((paper.Remaining - 2 * Above) / set.LineHeight));
            if (lines <= 0)
            {
                await Continue(header, row.Kind);
                lines = Math.Min(set.Lines - from, Math.Max(1, (int)((paper.Remaining - 2 * Above) / set.LineHeight)));
            }
            Draw(set, from, lines);
            from += lines;
        }
    }

    private async Task Continue(SetRow header, PaperRowKind next)
    {
        await paper.NewPage();
        Draw(header, 0, header.Lines);
        if (group is not null && table.Continued is not null && next is PaperRowKind.Plain or PaperRowKind.Subtotal)
        {
            var again = Laid(PaperRow.Group($"{group} ({table.Continued})"));
            Draw(again, 0, again.Lines);
        }
    }

    private SetRow Header()
    {
        var style = table.Style with { Font = PaperFont.Bold, Size = table.Style.Size * 0.88, Colour = PaperColour.Grey };
        return new SetRow(null, [.. table.Columns.Select((column, at) => new SetCell(PaperText.Lines(column.Header, style, widths[at] - 2 * Side), style))], style.LineHeight);
    }

    private SetRow Laid(PaperRow row)
    {
        var style = row.Kind == PaperRowKind.Plain ? table.Style : table.Style with { Font = PaperFont.Bold };
        if (row.Kind == PaperRowKind.Group)
            return new SetRow(row.Kind, [new SetCell([PaperText.Shortened(row.Cells.IsDefaultOrEmpty ? "" : row.Cells[0], style, paper.Width - 2 * Side)], style)], style.LineHeight);
        return new SetRow(row.Kind, [.. table.Columns.Select((column, at) => Laid(!row.Cells.IsDefault && at < row.Cells.Length ? row.Cells[at] : "", column, widths[at] - 2 * Side, style))], style.LineHeight);
    }

    private static SetCell Laid(string text, PaperColumn column, double width, PaperStyle style)
    {
        switch (column.Fit)
        {
            case PaperFit.Shorten:
                return new SetCell([PaperText.Shortened(text, style, width)], style);
            case PaperFit.Shrink when style.Width(PaperText.Plain(text)) is var wide && wide > width && wide * 0.5 <= width:
                return new SetCell([PaperText.Plain(text)], style with { Size = style.Size * width / wide });
            default:
                return new SetCell(PaperText.Lines(text, style, width), style);
        }
    }

    private void Draw(SetRow row, int from, int lines)
    {
        var (page, top) = paper.Taken(row.HeightOf(lines));
        var bottom = top + row.HeightOf(lines);
        var right = paper.Left + paper.Width;
        if (row.Kind == PaperRowKind.Total || (table.Zebra && row.Kind == PaperRowKind.Plain && plainRows % 2 == 0)) page.Rectangle(paper.Left, top, paper.Width, bottom - top, PaperColour.Shade);
        if (from == 0 && row.Kind == PaperRowKind.Total) page.Line(paper.Left, top, right, top, table.Accent, 1);
        if (from == 0 && row.Kind == PaperRowKind.Subtotal) page.Line(paper.Left, top, right, top, PaperColour.Grey, 0.5);
        for (var at = 0; at < row.Cells.Length; at++)
        {
            var cell = row.Cells[at];
            var align = row.Kind == PaperRowKind.Group ? PaperAlign.Left : table.Columns[at].Align;
            var x = align switch
            {
                PaperAlign.Right => lefts[at] + widths[at] - Side,
                PaperAlign.Centre => lefts[at] + widths[at] / 2,
                _ => lefts[at] + Side,
            };
            // Headers of several lines end together, at the rule.
            var down = row.Kind is null ? row.Lines - cell.Lines.Count : 0;
            for (var line = from; line < Math.Min(from + lines, cell.Lines.Count); line++)
                page.Text(cell.Lines[line], x, top + Above + (line - from + down) * row.LineHeight + Paper.Baseline(row.LineHeight, cell.Style), cell.Style, align);
        }
        if (row.Kind is null) page.Line(paper.Left, bottom, right, bottom, table.Accent, 1);
        else if (row.Kind == PaperRowKind.Group || (row.Kind == PaperRowKind.Plain && !table.Zebra)) page.Line(paper.Left, bottom, right, bottom, PaperColour.Rule, 0.4);
    }

    private readonly record struct SetCell(List<string> Lines, PaperStyle Style);

    /// <param name="Kind">Null for the header.</param>
    private sealed record SetRow(PaperRowKind? Kind, ImmutableArray<SetCell> Cells, double LineHeight)
    {
        public int Lines => Cells.Max(cell => cell.Lines.Count);

        public double Height => HeightOf(Lines);

        public double HeightOf(int lines) => lines * LineHeight + 2 * Above;
    }
}
