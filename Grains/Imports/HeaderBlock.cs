using System.Collections.Immutable;

namespace Guichet.Imports;

/// <summary>Where a table's headers stand, and what they are.</summary>
/// <param name="FirstDataRow">Index of the row after them.</param>
/// <param name="Headers">One for each column, each different; a column without one goes by its letter.</param>
internal sealed record HeaderBlock(int FirstDataRow, ImmutableArray<string> Headers)
{
    /// <summary>Titles, dates of export and empty lines may stand above the headers, but not more than this.</summary>
    private const int RowsSearched = 25;

    /// <summary>
    /// Finds the headers: of the first rows, the one with the most cells that are known as such, or else the first that is all words.
    /// Null when there is none.
    /// </summary>
    public static HeaderBlock? Find(Table table, Func<string, bool> isKnown, Func<string, bool> isMeasure)
    {
        var rows = table.Rows;
        var best = (Row: -1, Known: 0);
        for (var row = 0; row < Math.Min(RowsSearched, rows.Length); row++)
        {
            var known = rows[row].Cells.Where(cell => IsWord(cell) && isKnown(cell.Text)).DistinctBy(cell => Words.FoldHeader(cell.Text)).Count();
            if (known > best.Known) best = (row, known);
        }
        if (best.Row < 0) best.Row = FirstRowOfWords(rows);
        if (best.Row < 0) return null;
        // Names above, what is counted of them below (Normal | Normal / Vendus | CA): the row below is the last of the headers.
        if (best.Row + 1 < rows.Length && IsAllWords(rows[best.Row + 1]) && rows[best.Row + 1].Cells.Count(cell => isMeasure(cell.Text)) >= 2) best.Row++;
        return new HeaderBlock(best.Row + 1, Named(table, best.Row));
    }

    private static int FirstRowOfWords(ImmutableArray<TableRow> rows)
    {
        for (var row = 0; row < Math.Min(RowsSearched, rows.Length); row++)
        {
            if (IsAllWords(rows[row]) && rows[row].Cells.Count(cell => !cell.IsEmpty) >= Math.Min(2, rows[row].Cells.Length)) return row;
        }
        return -1;
    }

    private static bool IsAllWords(TableRow row) => row.Cells.All(cell => cell.IsEmpty || IsWord(cell));

    private static bool IsWord(Cell cell) => cell.Kind == CellKind.Text
        && !Numbers.TryRead(cell.Text, NumberStyle.French, out _) && !Numbers.TryRead(cell.Text, NumberStyle.English, out _)
        && Dates.Read(cell.Text, DateOrder.DayFirst).Code == ImportCodes.DateExpected;

    private static ImmutableArray<string> Named(Table table, int row)
    {
        var texts = new string[table.Width];
        for (var column = 0; column < texts.Length; column++) texts[column] = table.Rows[row][column].Text;
        var groups = row > 0 ? Groups(table, row - 1, texts) : null;
        var repeated = texts.Where(text => text.Length > 0).GroupBy(Words.FoldHeader).Where(group => group.Count() > 1).Select(group => group.Key).ToHashSet();
        var used = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var headers = ImmutableArray.CreateBuilder<string>(texts.Length);
        for (var column = 0; column < texts.Length; column++)
        {
            var text = texts[column];
            var group = groups?[column] ?? "";
            if (text.Length == 0) text = group.Length > 0 ? group : $"({CellAddress.Column(column)})";
            else if (group.Length > 0 && group != text && repeated.Contains(Words.FoldHeader(text))) text = $"{group} {text}";
            var unique = text;
            for (var n = 2; !used.Add(unique); n++) unique = $"{text} ({n})";
            headers.Add(unique);
        }
        return headers.MoveToImmutable();
    }

    /// <summary>
    /// The row above repeated headers, each text spread over the columns up to the next (text files have no merged cells).
    /// Null when it isn't one of headers.
    /// </summary>
    private static string[]? Groups(Table table, int row, string[] below)
    {
        if (!IsAllWords(table.Rows[row]) || table.Rows[row].Cells.Where(cell => !cell.IsEmpty).DistinctBy(cell => cell.Text).Count() < 2) return null;
        var groups = new string[below.Length];
        for (var column = 0; column < groups.Length; column++)
        {
            groups[column] = table.Rows[row][column].Text;
            if (groups[column].Length == 0 && column > 0 && below[column].Length > 0) groups[column] = groups[column - 1];
        }
        return groups;
    }
}
