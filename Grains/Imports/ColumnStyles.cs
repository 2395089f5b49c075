using System.Globalization;
using NodaTime.Text;

namespace Guichet.Imports;

/// <summary>What the cells of one column say of how it is written.</summary>
/// <param name="Style">Null when nothing depends on it, or when <paramref name="Doubt"/> has to be asked.</param>
/// <param name="Doubt">A cell that reads as two different values, in a column where no other cell decides.</param>
internal sealed record ColumnStyle<T>(T? Style, (int Line, string Text, string First, string Second)? Doubt) where T : struct, Enum;

/// <summary>
/// Decides, column by column, between the French and the English way of numbers and dates: by the cells that can only be read one way.
/// A column without any such cell, in which some cell would be two different values, is never guessed.
/// </summary>
internal static class ColumnStyles
{
    /// <param name="kind">Count: a reading that isn't whole is no reading, so 1,234 places can only be 1234.</param>
    public static ColumnStyle<NumberStyle> OfNumbers(IEnumerable<(int Line, Cell Cell)> column, FieldKind kind) =>
        Decide(column, NumberStyle.French, NumberStyle.English, (text, style) =>
            Numbers.TryRead(text, style, out var read) && (kind != FieldKind.Count || read.Value == decimal.Truncate(read.Value))
                ? read.Value.ToString("0.############################", CultureInfo.InvariantCulture)
                : null);

    public static ColumnStyle<DateOrder> OfDates(IEnumerable<(int Line, Cell Cell)> column) =>
        Decide(column, DateOrder.DayFirst, DateOrder.MonthFirst, (text, order) =>
            Dates.Read(text, order) is { Code: null or ImportCodes.DateNotThatWeekday } read ? LocalDatePattern.Iso.Format(read.Date) : null);

    private static ColumnStyle<T> Decide<T>(IEnumerable<(int Line, Cell Cell)> column, T first, T second, Func<string, T, string?> read) where T : struct, Enum
    {
        int onlyFirst = 0, onlySecond = 0;
        (int Line, string Text, string First, string Second)? doubt = null;
        foreach (var (line, cell) in column)
        {
            if (cell.Kind != CellKind.Text) continue;
            switch (read(cell.Text, first), read(cell.Text, second))
            {
                case (null, null): break;
                case (_, null): onlyFirst++; break;
                case (null, _): onlySecond++; break;
                case var (one, other) when one != other: doubt ??= (line, cell.Text, one!, other!); break;
            }
        }
        // Where cells contradict each other the most have it, and the others are refused by their lines.
        if (onlyFirst > 0 || onlySecond > 0) return new ColumnStyle<T>(onlyFirst >= onlySecond ? first : second, null);
        return new ColumnStyle<T>(null, doubt);
    }
}
