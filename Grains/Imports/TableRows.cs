using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Guichet.Imports;

/// <summary>The rows of a table while they are read, within the limits.</summary>
internal sealed class TableRows(ImportLimits limits, RefusalList refusals)
{
    private readonly List<(int Line, Cell[] Cells)> _rows = [];
    private int _cells;
    private long _text;

    public int Count => _rows.Count;

    public int Width { get; private set; }

    /// <summary>A limit of the whole table was passed: reading on would only cost.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Takes a line, unless nothing stands on it. Lines come in ascending order.</summary>
    public void Add(int line, ReadOnlySpan<Cell> cells)
    {
        while (cells is [.., { IsEmpty: true }]) cells = cells[..^1];
        if (cells.IsEmpty) return;
        _cells += cells.Length;
        foreach (var cell in cells) _text += cell.TextLength;
        if (_rows.Count == limits.Rows) Refuse(line, ImportCodes.TooManyRows, limits.Rows.ToString(CultureInfo.InvariantCulture));
        else if (_cells > limits.Cells) Refuse(line, ImportCodes.TooManyCells, limits.Cells.ToString(CultureInfo.InvariantCulture));
        else if (_text > limits.TextLength) Refuse(line, ImportCodes.FileUnpacksTooLarge, "text");
        if (IsFull) return;
        Width = Math.Max(Width, cells.Length);
        _rows.Add((line, cells.ToArray()));
    }

    /// <summary>
    /// What a person sees in a merged range stands in each of its cells; but not a number, which would then be counted more than once.
    /// </summary>
    public void Spread(IEnumerable<CellRange> merged)
    {
        foreach (var range in merged)
        {
            var from = IndexOf(range.FirstLine);
            if (from < 0 || range.FirstColumn >= _rows[from].Cells.Length) continue;
            var shown = _rows[from].Cells[range.FirstColumn];
            if (shown.Kind is not (CellKind.Text or CellKind.Date)) continue;
            for (var index = from; index < _rows.Count && _rows[index].Line <= range.LastLine && !IsFull; index++) SpreadOver(index, range, shown);
        }
    }

    private void SpreadOver(int index, CellRange range, Cell shown)
    {
        var (line, cells) = _rows[index];
        var end = Math.Min(range.LastColumn + 1, limits.Columns);
        _cells += end - range.FirstColumn;
        if (_cells > limits.Cells)
        {
            Refuse(line, ImportCodes.TooManyCells, limits.Cells.ToString(CultureInfo.InvariantCulture));
            return;
        }
        if (cells.Length < end) Array.Resize(ref cells, end);
        for (var column = range.FirstColumn; column < end; column++)
        {
            if (cells[column].IsEmpty) cells[column] = shown;
        }
        _rows[index] = (line, cells);
        Width = Math.Max(Width, end);
    }

    private int IndexOf(int line) => CollectionsMarshal.AsSpan(_rows).BinarySearch(new AtLine(line));

    private readonly struct AtLine(int line) : IComparable<(int Line, Cell[] Cells)>
    {
        public int CompareTo((int Line, Cell[] Cells) other) => line.CompareTo(other.Line);
    }

    public ImmutableArray<TableRow> Done() => [.. _rows.Select(row => new TableRow(row.Line, ImmutableCollectionsMarshal.AsImmutableArray(row.Cells)))];

    public static ImportRefusal CellTooLong(int line, string address, string text, ImportLimits limits) =>
        ImportRefusal.At(ImportCodes.CellTooLong, line, address, text, limits.CellLength.ToString(CultureInfo.InvariantCulture));

    private void Refuse(int line, string code, string limit)
    {
        IsFull = true;
        refusals.Add(ImportRefusal.At(code, line, "", "", limit));
    }
}

/// <summary>A rectangle of cells, ends included; columns from 0, lines from 1.</summary>
internal readonly record struct CellRange(int FirstLine, int FirstColumn, int LastLine, int LastColumn)
{
    /// <summary><c>B2:D3</c></summary>
    public static bool TryParse(string reference, out CellRange range)
    {
        range = default;
        var colon = reference.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0
            || !CellAddress.TryParse(reference.AsSpan(0, colon), out var firstLine, out var firstColumn)
            || !CellAddress.TryParse(reference.AsSpan(colon + 1), out var lastLine, out var lastColumn)) return false;
        range = new CellRange(firstLine, firstColumn, lastLine, lastColumn);
        return firstLine <= lastLine && firstColumn <= lastColumn;
    }
}
