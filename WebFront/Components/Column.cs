using Microsoft.AspNetCore.Components;

namespace Guichet.Components;

/// <summary>A column of a <see cref="DataTable{TRow}"/>.</summary>
/// <param name="Key">Its name in the address: sort, columns.</param>
/// <param name="Title">Its word, in the reader's language.</param>
public sealed record Column<TRow>(string Key, string Title)
{
    /// <summary>What a cell shows, when it is more than a text.</summary>
    public Func<TRow, RenderFragment>? Cell { get; init; }

    /// <summary>What a cell shows, already formatted.</summary>
    public Func<TRow, string?>? Text { get; init; }

    /// <summary>The live key of a cell's text.</summary>
    public Func<TRow, string?>? Live { get; init; }

    /// <summary>Figures: right-aligned, tabular, sorted from the largest first.</summary>
    public bool Numeric { get; init; }

    public bool Sortable { get; init; }

    /// <summary>The first column that names the row: stays in sight when the table scrolls sideways, can't be hidden.</summary>
    public bool Names { get; init; }

    /// <summary>A name that is a sentence: it gets the room that is left.</summary>
    public bool Wide { get; init; }

    /// <summary>Not shown until it is chosen.</summary>
    public bool Extra { get; init; }

    /// <summary>Left out where the table is narrow, before anything scrolls sideways.</summary>
    public bool WideOnly { get; init; }

    /// <summary>A sentence: may take several lines.</summary>
    public bool Wraps { get; init; }

    /// <summary>What the sum line says under it, already formatted.</summary>
    public string? Sum { get; init; }

    public string? SumLive { get; init; }

    /// <summary>Cells are bars with their figure at the end: the sum stands under the figures.</summary>
    public bool Bars { get; init; }

    /// <summary>What the column means, one hover away.</summary>
    public string? Hint { get; init; }

    /// <summary>The answers of the filter above the column; its key in the address is the column's.</summary>
    public IReadOnlyList<Option>? Filter { get; init; }

    /// <summary>A text filter above the column.</summary>
    public bool FilterText { get; init; }
}
