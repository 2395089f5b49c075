using System.Collections.Immutable;
using System.Globalization;
using NodaTime;
using NodaTime.Text;

namespace Guichet.Imports;

public enum FileFormat
{
    Csv = 0,
    Xlsx = 1,

    /// <summary>An address book; its columns are those of <see cref="ContactFields"/>.</summary>
    VCard = 2,
}

/// <summary>
/// A file's lines as they were read, before anyone says what its columns mean. Immutable.
/// </summary>
/// <param name="Name">The file's name, as uploaded.</param>
/// <param name="Sheet">The sheet that was read; empty for text.</param>
/// <param name="Sheets">All visible sheets, in the workbook's order.</param>
/// <param name="Separator">What separates a text file's cells; NUL for a workbook and an address book.</param>
/// <param name="Rows">The lines that hold anything, in order.</param>
/// <param name="Width">Cells of the widest row.</param>
public sealed record Table(
    string Name, FileFormat Format, string Sheet, ImmutableArray<string> Sheets, char Separator, ImmutableArray<TableRow> Rows, int Width);

/// <summary>One line: where it stands in the file (from 1) and its cells, those at the end that are empty left out.</summary>
public sealed record TableRow(int Line, ImmutableArray<Cell> Cells)
{
    /// <summary>The cell of a column (from 0); empty past the last.</summary>
    public Cell this[int column] => column < Cells.Length ? Cells[column] : default;
}

public enum CellKind
{
    Empty = 0,
    Text = 1,

    /// <summary>A workbook's number, exact. A text file has only text.</summary>
    Number = 2,

    /// <summary>A workbook's number that its style shows as a date, with or without a time.</summary>
    Date = 3,

    /// <summary>A workbook's number under 1 that its style shows as a date or time.</summary>
    Time = 4,
    Boolean = 5,
}

/// <summary>What stands in one cell. One reference wide: a table may hold millions of them.</summary>
public readonly record struct Cell
{
    private readonly object? _value;

    private Cell(object? value) => _value = value;

    public static Cell Of(string text) => text.Length == 0 ? default : new Cell(text);

    public static Cell Of(decimal number) => new(number);

    public static Cell Of(LocalDateTime date) => new(date);

    public static Cell Of(LocalTime time) => new(time);

    public static Cell Of(bool value) => new(value ? True : False);

    private static readonly object True = true;
    private static readonly object False = false;

    public CellKind Kind => _value switch
    {
        null => CellKind.Empty,
        string => CellKind.Text,
        decimal => CellKind.Number,
        LocalDateTime => CellKind.Date,
        LocalTime => CellKind.Time,
        _ => CellKind.Boolean,
    };

    public bool IsEmpty => _value is null || (_value is string text && string.IsNullOrWhiteSpace(text));

    /// <summary>Characters that a text takes; 0 for anything else.</summary>
    internal int TextLength => _value is string text ? text.Length : 0;

    public decimal Number => (decimal)_value!;

    public LocalDateTime Date => (LocalDateTime)_value!;

    public LocalTime Time => (LocalTime)_value!;

    public bool Boolean => (bool)_value!;

    /// <summary>The cell as text, trimmed: text as it is, numbers in digits with a point, dates as ISO 8601.</summary>
    public string Text => _value switch
    {
        null => "",
        string text => text.Trim(),
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        LocalDateTime date when date.TimeOfDay == LocalTime.Midnight => LocalDatePattern.Iso.Format(date.Date),
        LocalDateTime date => LocalDateTimePattern.GeneralIso.Format(date),
        LocalTime time => LocalTimePattern.GeneralIso.Format(time),
        bool value => value ? "TRUE" : "FALSE",
        _ => "",
    };

    public override string ToString() => Text;
}

/// <summary>Columns as spreadsheets name them.</summary>
internal static class CellAddress
{
    /// <summary>0 → A, 26 → AA.</summary>
    public static string Column(int column)
    {
        Span<char> letters = stackalloc char[8];
        var start = letters.Length;
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26) letters[--start] = (char)('A' + (rest - 1) % 26);
        return new string(letters[start..]);
    }

    public static string Of(int line, int column) => string.Create(CultureInfo.InvariantCulture, $"{Column(column)}{line}");

    /// <summary>C12 → line 12, column 2. False for what no sheet has.</summary>
    public static bool TryParse(ReadOnlySpan<char> address, out int line, out int column)
    {
        (line, column) = (0, 0);
        var letters = 0;
        for (; letters < address.Length && letters < 4 && char.IsAsciiLetter(address[letters]); letters++)
            column = column * 26 + (address[letters] & 0x1F);
        column--;
        return letters is > 0 and < 4
            && int.TryParse(address[letters..], NumberStyles.None, CultureInfo.InvariantCulture, out line)
            && line is > 0 and <= 1_048_576;
    }
}
