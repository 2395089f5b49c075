using System.Globalization;
using CsvHelper;
using Guichet.Exports;

namespace Guichet.Imports;

/// <summary>A text file with separators.</summary>
internal static class CsvFile
{
    /// <summary>In order of preference where two fit equally: French spreadsheets write <c>;</c> and keep <c>,</c> for decimals.</summary>
    private const string Separators = ";\t,|";

    public static Taken<Table> Read(Stream bytes, string name, ImportLimits limits)
    {
        var decoder = new TextDecoder(bytes, limits.LineLength);
        var declared = DeclaredSeparator(decoder);
        var linesBefore = declared is null ? 0 : 1;
        var separator = declared ?? DetectSeparator(decoder.Head());
        var refusals = new RefusalList();
        var rows = new TableRows(limits, refusals);
        using var reader = CsvReader.Create(decoder, Options(separator, limits, linesBefore), leaveOpen: true);
        while (!rows.IsFull && ReadRecord(reader, linesBefore))
        {
            var line = linesBefore + (int)reader.LineNumber;
            rows.Add(line, Cells(reader, line, limits, refusals));
        }
        return rows.Count == 0 && refusals.Count == 0
            ? ImportRefusal.Of(ImportCodes.FileEmpty)
            : refusals.Or(() => new Table(name, FileFormat.Csv, "", [], separator, rows.Done(), rows.Width));
    }

    private static CsvReaderOptions Options(char separator, ImportLimits limits, int linesBefore) => new()
    {
        Separator = separator,
        HasHeader = false,
        TrackLineNumbers = true,
        // The same few words fill a season: kept once.
        PoolStrings = true,
        // In bytes; a record may run over lines only inside of quotes.
        MaxRecordSize = 4 * limits.LineLength,
        OnMalformedRecord = bad =>
        {
            // A quote inside an unquoted cell (Théâtre "Le Rond") is a letter like another.
            if (bad.Reason == CsvMalformedReason.StrayQuote) return;
            throw QuotesUnclosed(linesBefore + (int)bad.LineNumber, bad.RawRecord);
        },
    };

    private static bool ReadRecord(CsvReader reader, int linesBefore)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException tooLarge)
        {
            // Physical lines are bounded already: only a quote that is never closed makes a record this large.
            throw QuotesUnclosed(linesBefore + (int)tooLarge.LineNumber, "");
        }
    }

    private static FileRefusedException QuotesUnclosed(int line, string value) =>
        new(ImportRefusal.At(ImportCodes.QuotesUnclosed, line, "", value));

    private static Cell[] Cells(CsvReader reader, int line, ImportLimits limits, RefusalList refusals)
    {
        var count = reader.FieldCount;
        // Spreadsheets end lines with separators for columns that were once used.
        while (count > 0 && reader.GetRawSpan(count - 1).IsEmpty) count--;
        if (count > limits.Columns)
        {
            throw new FileRefusedException(ImportRefusal.At(
                ImportCodes.TooManyColumns, line, "", "", limits.Columns.ToString(CultureInfo.InvariantCulture)));
        }
        var cells = new Cell[count];
        for (var column = 0; column < count; column++)
        {
            var text = reader.GetString(column);
            if (text.Length > limits.CellLength) refusals.Add(TableRows.CellTooLong(line, CellAddress.Of(line, column), text, limits));
            cells[column] = Cell.Of(Formulas.AsWritten(text));
        }
        return cells;
    }

    /// <summary>The separator of a first line <c>sep=;</c>, which is then taken off.</summary>
    private static char? DeclaredSeparator(TextDecoder decoder)
    {
        var head = decoder.Head();
        if (head.Length < 5 || !head.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) || !Separators.Contains(head[4])) return null;
        var separator = head[4];
        var end = head[5..] switch { ['\r', '\n', ..] => 2, ['\r' or '\n', ..] => 1, [] => 0, _ => -1 };
        if (end < 0) return null;
        decoder.Skip(5 + end);
        return separator;
    }

    /// <summary>
    /// The separator that gives the most lines the same number of cells, over the lines of the text's first block.
    /// A text without any is one column: <c>;</c>.
    /// </summary>
    internal static char DetectSeparator(ReadOnlySpan<char> head)
    {
        var best = (Separator: Separators[0], Score: 0);
        foreach (var separator in Separators)
        {
            var score = Score(CellsPerLine(head, separator));
            if (score > best.Score) best = (separator, score);
        }
        return best.Separator;
    }

    /// <summary>How many lines agree on their commonest width, weighed by that width (which is at most 200 here); lines of one cell don't count.</summary>
    private static int Score(List<int> widths)
    {
        var commonest = widths.Where(width => width > 1).GroupBy(width => width)
            .OrderByDescending(group => group.Count()).ThenByDescending(group => group.Key).FirstOrDefault();
        return commonest is null ? 0 : commonest.Count() * 1_000 / widths.Count * 200 + Math.Min(commonest.Key, 199);
    }

    private static List<int> CellsPerLine(ReadOnlySpan<char> head, char separator)
    {
        var widths = new List<int>();
        int cells = 1, length = 0;
        var quoted = false;
        foreach (var letter in head)
        {
            if (letter == '"') quoted = !quoted;
            else if (quoted) continue;
            else if (letter == separator) cells++;
            else if (letter is '\n' or '\r')
            {
                if (length > 0) widths.Add(cells);
                if (widths.Count == 50) return widths;
                (cells, length) = (1, 0);
                continue;
            }
            length++;
        }
        // The last line of a block may be cut; it counts only when it is the only one.
        if (widths.Count == 0 && length > 0) widths.Add(cells);
        return widths;
    }
}
