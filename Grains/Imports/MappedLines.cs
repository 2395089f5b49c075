using System.Collections.Immutable;
using System.Globalization;
using NodaTime;

namespace Guichet.Imports;

/// <summary>One thing that a line counts, and of what.</summary>
internal readonly record struct Measure(string Field, string Header, string? Category, string? Tariff, string? Channel, NumberRead Number, string Text);

/// <summary>A line as the mapping reads it. Nothing in it is known to exist yet.</summary>
internal sealed class MappedLine(int line)
{
    private readonly Dictionary<string, string> _texts = [];

    public int Line { get; } = line;

    public LocalDate? Date { get; set; }

    public LocalTime? Time { get; set; }

    public Offset? Offset { get; set; }

    public List<Measure> Measures { get; } = [];

    /// <summary>What several columns may say, each by itself and with its header.</summary>
    public List<(string Field, string Header, string Text)> Repeated { get; } = [];

    /// <summary>Something in it was refused already: what else it says is not worth a refusal of its own.</summary>
    public bool IsRefused { get; set; }

    public string this[string field]
    {
        get => _texts.GetValueOrDefault(field, "");
        set => _texts[field] = value;
    }

    /// <summary>Date and time on the wall in the zone; null when either is missing.</summary>
    public LocalDateTime? LocalIn(DateTimeZone zone) => (Date, Time) switch
    {
        ({ } date, { } time) when Offset is { } offset => date.At(time).WithOffset(offset).ToInstant().InZone(zone).LocalDateTime,
        ({ } date, { } time) => date.At(time),
        _ => null,
    };
}

/// <summary>The lines of a table as a mapping reads them: typed values, each refused with its line and column where it isn't one.</summary>
internal sealed class MappedLines
{
    public const int LongestText = 200;
    public const int LargestCount = 1_000_000;

    private readonly Table _table;
    private readonly int _firstRow;
    private readonly ImmutableArray<(int Index, TargetField Field, ColumnMapping Column)> _columns;
    private readonly Mapping _mapping;
    private readonly RefusalList _refusals;
    private readonly int _dateColumn;
    private readonly ImmutableArray<int>.Builder _leftOut = ImmutableArray.CreateBuilder<int>();

    private MappedLines(Table table, int firstRow, ImmutableArray<(int, TargetField, ColumnMapping)> columns, Mapping mapping, RefusalList refusals)
    {
        (_table, _firstRow, _columns, _mapping, _refusals) = (table, firstRow, columns, mapping, refusals);
        _dateColumn = _columns.Where(column => column.Field.Name == ImportFields.Date).Select(column => column.Index).DefaultIfEmpty(-1).First();
    }

    /// <summary>Lines of totals that were passed over, known once all lines are read.</summary>
    public ImmutableArray<int> LeftOut => _leftOut.ToImmutable();

    /// <summary>Null when the mapping doesn't fit the table; the refusals say why.</summary>
    public static MappedLines? Open(Table table, Mapping mapping, RefusalList refusals, bool oneSession = false)
    {
        var expected = mapping.Headers.Select(Words.FoldHeader).ToHashSet();
        var matcher = new HeaderMatcher(mapping.Kind, KnownNames.None);
        if (HeaderBlock.Find(table, text => expected.Contains(Words.FoldHeader(text)) || matcher.IsKnown(text), matcher.IsMeasure) is not { } block)
        {
            refusals.Add(ImportRefusal.Of(ImportCodes.HeadersNotFound));
            return null;
        }
        var columns = ImmutableArray.CreateBuilder<(int, TargetField, ColumnMapping)>();
        foreach (var column in mapping.Columns)
        {
            var index = block.Headers.IndexOf(column.Header);
            if (index < 0) refusals.Add(ImportRefusal.At(ImportCodes.ColumnMissing, 0, column.Header, "", column.Field));
            else if (ImportFields.Find(mapping.Kind, column.Field) is { } field) columns.Add((index, field, column));
            else refusals.Add(ImportRefusal.At(ImportCodes.FieldUnmapped, 0, column.Header, "", column.Field));
        }
        foreach (var twice in mapping.Columns.Where(column => ImportFields.Find(mapping.Kind, column.Field) is not { Repeats: true }).GroupBy(column => (column.Field, column.Category, column.Tariff, column.Channel)).Where(group => group.Count() > 1))
            refusals.Add(ImportRefusal.At(ImportCodes.FieldMappedTwice, 0, twice.Last().Header, "", twice.Key.Field));
        foreach (var unmapped in Mappings.Unmapped(mapping, oneSession)) refusals.Add(ImportRefusal.Of(ImportCodes.FieldUnmapped, unmapped));
        return refusals.Count > 0 ? null : new MappedLines(table, block.FirstDataRow, columns.DrainToImmutable(), mapping, refusals);
    }

    public IEnumerable<MappedLine> Read()
    {
        var read = 0;
        foreach (var row in _table.Rows.Skip(_firstRow))
        {
            if (_mapping.LeavesOutTotals && Mappings.IsTotal(row, _dateColumn))
            {
                _leftOut.Add(row.Line);
                continue;
            }
            read++;
            yield return Read(row);
        }
        if (read == 0) _refusals.Add(ImportRefusal.Of(ImportCodes.NoLines));
    }

    /// <summary>Lines below the headers, totals among them.</summary>
    public int Count => Math.Max(0, _table.Rows.Length - _firstRow);

    /// <summary>Some of the lines, from one on (from 0).</summary>
    public IEnumerable<MappedLine> Read(int from, int most)
    {
        for (var row = _firstRow + from; row < Math.Min(_table.Rows.Length, _firstRow + from + most); row++) yield return Read(_table.Rows[row]);
    }

    /// <summary>A line's cells as they stand in the file.</summary>
    public TableRow Row(int index) => _table.Rows[_firstRow + index];

    private MappedLine Read(TableRow row)
    {
        var line = new MappedLine(row.Line);
        var before = _refusals.Count;
        foreach (var constant in _mapping.Constants) ReadConstant(line, constant);
        foreach (var (index, field, column) in _columns)
        {
            var cell = row[index];
            if (cell.IsEmpty) continue;
            switch (field.Kind)
            {
                case FieldKind.Text: ReadText(line, field, column, cell); break;
                case FieldKind.Date: ReadDate(line, column, cell); break;
                case FieldKind.Time: ReadTime(line, column, cell); break;
                default: ReadNumber(line, field, column, cell); break;
            }
        }
        line.IsRefused = _refusals.Count > before;
        return line;
    }

    /// <summary>Constants are typed by a person on the mapping's page, which checks them; what isn't a value there is as if it weren't said.</summary>
    private void ReadConstant(MappedLine line, FieldConstant constant)
    {
        switch (ImportFields.Find(_mapping.Kind, constant.Field)?.Kind)
        {
            case FieldKind.Text when ImportFields.Find(_mapping.Kind, constant.Field) is { Repeats: true }: line.Repeated.Add((constant.Field, "", constant.Value.Trim())); break;
            case FieldKind.Text: line[constant.Field] = constant.Value.Trim(); break;
            case FieldKind.Time when Dates.TryReadTime(constant.Value, out var time): line.Time = time; break;
            case FieldKind.Date when Dates.Read(constant.Value, DateOrder.DayFirst) is { IsRead: true } read: (line.Date, line.Time) = (read.Date, read.Time ?? line.Time); break;
            case FieldKind.Count or FieldKind.Money when TryReadEitherWay(constant.Value, out var number) && _columns.All(column => column.Field.Name != constant.Field):
                line.Measures.Add(new Measure(constant.Field, "", null, null, null, number, constant.Value));
                break;
        }
    }

    private static bool TryReadEitherWay(string text, out NumberRead number) =>
        Numbers.TryRead(text, NumberStyle.French, out number) || Numbers.TryRead(text, NumberStyle.English, out number);

    private void ReadText(MappedLine line, TargetField field, ColumnMapping column, Cell cell)
    {
        var text = cell.Text;
        if (text.Length > field.LongestText) Refuse(ImportCodes.TextTooLong, line, column, cell, Text(field.LongestText));
        else if (field.Repeats) line.Repeated.Add((column.Field, column.Header, text));
        else line[column.Field] = text;
    }

    private void ReadDate(MappedLine line, ColumnMapping column, Cell cell)
    {
        if (cell.Kind == CellKind.Text)
        {
            ReadDateText(line, column, cell);
            return;
        }
        // A workbook's date whose style was lost shows as a number; those of this and the next century are five digits.
        if (cell.Kind == CellKind.Number && cell.Number is >= 30_000 and < 90_000 && Dates.TryReadSerial(cell.Number, false, out var serial)) Take(line, serial);
        else if (cell.Kind == CellKind.Date) Take(line, cell.Date);
        else Refuse(ImportCodes.DateExpected, line, column, cell);
    }

    private static void Take(MappedLine line, LocalDateTime read)
    {
        line.Date = read.Date;
        // Midnight in a workbook is a date without a time.
        if (read.TimeOfDay != LocalTime.Midnight) line.Time = read.TimeOfDay;
    }

    private void ReadDateText(MappedLine line, ColumnMapping column, Cell cell)
    {
        var read = Dates.Read(cell.Text, column.Dates ?? DateOrder.DayFirst);
        if (column.Dates is null && Dates.Read(cell.Text, DateOrder.MonthFirst) is { IsRead: true } other && read.IsRead && other.Date != read.Date)
        {
            Refuse(ImportCodes.DateAmbiguous, line, column, cell, Cell.Of(read.Date.AtMidnight()).Text, Cell.Of(other.Date.AtMidnight()).Text);
            return;
        }
        if (read.Code == ImportCodes.DateNotThatWeekday) Refuse(read.Code, line, column, cell, Text((int)read.Date.DayOfWeek));
        else if (read.Code is not null) Refuse(read.Code, line, column, cell);
        else (line.Date, line.Time, line.Offset) = (read.Date, read.Time ?? line.Time, read.Offset);
    }

    private void ReadTime(MappedLine line, ColumnMapping column, Cell cell)
    {
        if (cell.Kind == CellKind.Time) line.Time = cell.Time;
        else if (cell.Kind == CellKind.Date) line.Time = cell.Date.TimeOfDay;
        else if (cell.Kind == CellKind.Number && cell.Number is >= 0 and < 1) line.Time = Dates.TimeOfSerial(cell.Number);
        else if (cell.Kind == CellKind.Text && Dates.TryReadTime(cell.Text, out var time)) line.Time = time;
        else Refuse(ImportCodes.TimeExpected, line, column, cell);
    }

    private void ReadNumber(MappedLine line, TargetField field, ColumnMapping column, Cell cell)
    {
        if (!TryReadNumber(line, column, cell, out var number)) return;
        if (number.IsPercent) Refuse(ImportCodes.PercentUnexpected, line, column, cell);
        else if (number.Value < 0) Refuse(ImportCodes.NumberNegative, line, column, cell);
        else if (field.Kind == FieldKind.Count && number.Currency.Length > 0) Refuse(ImportCodes.NumberExpected, line, column, cell);
        else if (field.Kind == FieldKind.Count && number.Value != decimal.Truncate(number.Value)) Refuse(ImportCodes.WholeNumberExpected, line, column, cell);
        else if (field.Kind == FieldKind.Count && number.Value > LargestCount) Refuse(ImportCodes.NumberTooLarge, line, column, cell, Text(LargestCount));
        else line.Measures.Add(new Measure(field.Name, column.Header, column.Category, column.Tariff, column.Channel, number, cell.Text));
    }

    private bool TryReadNumber(MappedLine line, ColumnMapping column, Cell cell, out NumberRead number)
    {
        number = default;
        if (cell.Kind == CellKind.Number)
        {
            number = new NumberRead(cell.Number, false, "");
            return true;
        }
        var isText = cell.Kind == CellKind.Text;
        if (column.Numbers is { } style && isText && Numbers.TryRead(cell.Text, style, out number)) return true;
        if (column.Numbers is null && isText)
        {
            var french = Numbers.TryRead(cell.Text, NumberStyle.French, out number);
            if (Numbers.TryRead(cell.Text, NumberStyle.English, out var english) != french) number = french ? number : english;
            else if (french && number.Value != english.Value && !OnlyOneIsWhole(column, ref number, english))
            {
                Refuse(ImportCodes.NumberAmbiguous, line, column, cell, Cell.Of(number.Value).Text, Cell.Of(english.Value).Text);
                return false;
            }
            else if (!french)
            {
                Refuse(ImportCodes.NumberExpected, line, column, cell);
                return false;
            }
            return true;
        }
        Refuse(ImportCodes.NumberExpected, line, column, cell);
        return false;
    }

    /// <summary>Of a count, the one reading that is whole.</summary>
    private static bool OnlyOneIsWhole(ColumnMapping column, ref NumberRead number, NumberRead english)
    {
        var isWhole = number.Value == decimal.Truncate(number.Value);
        if (ImportFields.KindOf(column.Field) != FieldKind.Count || isWhole == (english.Value == decimal.Truncate(english.Value))) return false;
        if (!isWhole) number = english;
        return true;
    }

    private void Refuse(string code, MappedLine line, ColumnMapping column, Cell cell, params ReadOnlySpan<string> arguments) =>
        _refusals.Add(ImportRefusal.At(code, line.Line, column.Header, cell.Text, arguments));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
