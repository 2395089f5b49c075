using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Guichet.Imports;

/// <summary>A workbook (XLSX, ECMA-376), read in one pass over each part that is needed.</summary>
internal static class XlsxFile
{
    public static Taken<Table> Read(BlockStream bytes, string name, ImportLimits limits, string? sheet)
    {
        try
        {
            using var parts = XlsxParts.Open(bytes, limits);
            if (NotAWorkbook(parts) is { } kind) return TabularFile.NotTabular(kind);
            var workbook = XlsxWorkbook.Read(parts);
            var visible = workbook.Sheets.Where(found => found.IsVisible).Select(found => found.Name).ToImmutableArray();
            var wanted = sheet is null
                ? workbook.Sheets.FirstOrDefault(found => found.IsVisible)
                : workbook.Sheets.FirstOrDefault(found => string.Equals(found.Name, sheet, StringComparison.OrdinalIgnoreCase));
            if (wanted is null) return sheet is null ? ImportRefusal.Of(ImportCodes.FileEmpty) : ImportRefusal.Of(ImportCodes.SheetUnknown, sheet);
            var refusals = new RefusalList();
            var rows = new TableRows(limits, refusals);
            new XlsxSheet(workbook, limits, refusals, rows).Read(parts, wanted.Part);
            return rows.Count == 0 && refusals.Count == 0
                ? ImportRefusal.Of(ImportCodes.FileEmpty)
                : refusals.Or(() => new Table(name, FileFormat.Xlsx, wanted.Name, visible, '\0', rows.Done(), rows.Width));
        }
        catch (InvalidDataException)
        {
            return ImportRefusal.Of(ImportCodes.FileDamaged, "");
        }
    }

    private static string? NotAWorkbook(XlsxParts parts) =>
        parts.Has("xl/workbook.bin") ? "xlsb"
        : parts.Has("content.xml") && parts.Has("mimetype") ? "ods"
        : parts.Has("_rels/.rels") && parts.Has("[Content_Types].xml") ? null
        : "zip";
}

/// <summary>What the cells of every sheet refer to.</summary>
/// <param name="Styles">By the cells' <c>s</c>: whether the number is shown as a date.</param>
internal sealed record XlsxWorkbook(
    ImmutableArray<XlsxWorkbook.SheetEntry> Sheets, bool Date1904, string? SharedStringsPart, ImmutableArray<bool> Styles)
{
    /// <summary>Excel allows 65,490 cell formats.</summary>
    private const int MostStyles = 70_000;
    private const int LongestFormat = 1_000;

    internal sealed record SheetEntry(string Name, string Part, bool IsVisible);

    public static XlsxWorkbook Read(XlsxParts parts)
    {
        var part = Relations(parts, "").Values.FirstOrDefault(to => to.Type.EndsWith("/officeDocument", StringComparison.Ordinal)).Part;
        if (part is null || !parts.Has(part)) throw new FileRefusedException(TabularFile.NotTabular("zip"));
        var relations = Relations(parts, part);
        var sheets = ImmutableArray.CreateBuilder<SheetEntry>();
        var date1904 = false;
        parts.Read(part, reader =>
        {
            while (reader.NextElement() is { } element)
            {
                if (element == "workbookPr") date1904 = reader.Attribute("date1904") is "1" or "true";
                if (element != "sheet" || reader.Attribute("name") is not { } name) continue;
                var state = reader.Attribute("state");
                if (relations.TryGetValue(reader.AttributeInAnyNamespace("id") ?? "", out var to) && to.Type.EndsWith("/worksheet", StringComparison.Ordinal))
                    sheets.Add(new SheetEntry(name, to.Part, state is null or "visible"));
            }
        });
        return new XlsxWorkbook(sheets.DrainToImmutable(), date1904, PartOf("/sharedStrings"), Formats(parts, PartOf("/styles")));

        string? PartOf(string type) => relations.Values.FirstOrDefault(to => to.Type.EndsWith(type, StringComparison.Ordinal)).Part;
    }

    /// <summary>A part's relationships by their id; those that lead outside of the file are passed over.</summary>
    private static Dictionary<string, (string Type, string Part)> Relations(XlsxParts parts, string of)
    {
        var slash = of.LastIndexOf('/');
        var folder = of[..(slash + 1)];
        var relations = new Dictionary<string, (string Type, string Part)>(StringComparer.Ordinal);
        parts.Read($"{folder}_rels/{of[(slash + 1)..]}.rels", reader =>
        {
            while (reader.NextElement() is { } element)
            {
                if (element != "Relationship" || reader.Attribute("TargetMode") == "External") continue;
                if (reader.Attribute("Id") is { } id && reader.Attribute("Type") is { } type && reader.Attribute("Target") is { } target)
                    relations[id] = (type, Resolve(folder, target));
            }
        });
        return relations;
    }

    private static string Resolve(string folder, string target)
    {
        var path = new List<string>(target.StartsWith('/') ? [] : folder.Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var step in target.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (step == "..")
            {
                if (path.Count > 0) path.RemoveAt(path.Count - 1);
            }
            else if (step != ".")
            {
                path.Add(step);
            }
        }
        return string.Join('/', path);
    }

    private static ImmutableArray<bool> Formats(XlsxParts parts, string? part)
    {
        var styles = ImmutableArray.CreateBuilder<bool>();
        if (part is null) return [];
        var dates = new HashSet<int>();
        parts.Read(part, reader =>
        {
            while (reader.NextElement() is { } element)
            {
                if (element == "numFmt" && Number(reader.Attribute("numFmtId")) is { } id && reader.Attribute("formatCode") is { Length: <= LongestFormat } code)
                {
                    if (IsDateFormat(code)) dates.Add(id);
                }
                else if (element == "cellXfs" && !reader.IsEmpty)
                {
                    ReadCellFormats(reader, dates, styles);
                }
            }
        });
        return styles.DrainToImmutable();
    }

    private static void ReadCellFormats(PartReader reader, HashSet<int> dates, ImmutableArray<bool>.Builder styles)
    {
        var depth = reader.Depth;
        while (reader.NextInside(depth) is { } element)
        {
            if (element != "xf" || reader.Depth != depth + 1) continue;
            if (styles.Count == MostStyles) throw XlsxParts.Damaged(reader.Part);
            var format = Number(reader.Attribute("numFmtId")) ?? 0;
            styles.Add(IsBuiltInDate(format) || dates.Contains(format));
        }
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>ECMA-376 part 1, 18.8.30, with the East Asian ones.</summary>
    private static bool IsBuiltInDate(int format) => format is (>= 14 and <= 22) or (>= 27 and <= 36) or (>= 45 and <= 47) or (>= 50 and <= 58);

    /// <summary>
    /// A format shows a date when its first section has a letter of one (y, m, d, h, s) outside quotes, escapes and brackets.
    /// Elapsed times stand in brackets themselves: [h].
    /// </summary>
    internal static bool IsDateFormat(string code)
    {
        for (var i = 0; i < code.Length; i++)
        {
            switch (code[i])
            {
                case '"':
                    i = code.IndexOf('"', i + 1) is >= 0 and var close ? close : code.Length;
                    break;
                case '\\' or '_' or '*':
                    i++;
                    break;
                case '[':
                    var end = code.IndexOf(']', i);
                    if (end < 0) return false;
                    if (code.AsSpan(i + 1, end - i - 1).Trim("hHmMsS").IsEmpty) return true;
                    i = end;
                    break;
                case ';':
                    return false;
                case 'y' or 'Y' or 'm' or 'M' or 'd' or 'D' or 'h' or 'H' or 's' or 'S':
                    return true;
            }
        }
        return false;
    }
}

/// <summary>One sheet's cells.</summary>
internal sealed class XlsxSheet(XlsxWorkbook workbook, ImportLimits limits, RefusalList refusals, TableRows rows)
{
    private const int MostMergedRanges = 100_000;

    /// <summary>A shared string that is longer than a cell may be: refused where a cell shows it, by its address.</summary>
    private static readonly string TooLong = new('…', 1);

    private readonly List<string> _shared = [];
    private readonly Cell[] _cells = new Cell[limits.Columns];

    public void Read(XlsxParts parts, string part)
    {
        if (!parts.Has(part)) throw XlsxParts.Damaged(part);
        if (workbook.SharedStringsPart is { } shared) parts.Read(shared, ReadSharedStrings);
        var merged = new List<CellRange>();
        parts.Read(part, reader =>
        {
            var line = 0;
            while (!rows.IsFull && reader.NextElement() is { } element)
            {
                if (element == "row") line = ReadRow(reader, line);
                else if (element == "mergeCell" && CellRange.TryParse(reader.Attribute("ref") ?? "", out var range) && merged.Count < MostMergedRanges) merged.Add(range);
            }
        });
        rows.Spread(merged);
    }

    private void ReadSharedStrings(PartReader reader)
    {
        long length = 0;
        while (reader.NextElement() is { } element)
        {
            if (element != "si") continue;
            var text = reader.IsEmpty ? "" : RichText(reader);
            length += text.Length;
            if (length > limits.TextLength || _shared.Count == limits.Cells) throw XlsxParts.UnpacksTooLarge("text");
            _shared.Add(text);
        }
    }

    /// <summary>The text of an element that holds <c>t</c>, or runs of it; phonetic hints (<c>rPh</c>) are left out.</summary>
    private string RichText(PartReader reader)
    {
        var depth = reader.Depth;
        string text = "";
        StringBuilder? runs = null;
        var phonetic = int.MaxValue;
        while (reader.NextInside(depth) is { } element)
        {
            if (reader.Depth <= phonetic) phonetic = element == "rPh" ? reader.Depth : int.MaxValue;
            if (element != "t" || phonetic < int.MaxValue) continue;
            if (reader.Text(limits.CellLength) is not { } run) text = TooLong;
            else if (ReferenceEquals(text, TooLong)) continue;
            else if (runs is null && text.Length == 0) text = run;
            else text = Joined(ref runs, text, run);
        }
        return ReferenceEquals(text, TooLong) ? TooLong : Unescaped(runs?.ToString() ?? text);
    }

    private string Joined(ref StringBuilder? runs, string text, string run)
    {
        runs ??= new StringBuilder(text);
        runs.Append(run);
        return runs.Length > limits.CellLength ? TooLong : text;
    }

    /// <summary>The line that was read.</summary>
    private int ReadRow(PartReader reader, int before)
    {
        var line = int.TryParse(reader.Attribute("r"), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : before + 1;
        if (line <= before) throw XlsxParts.Damaged(reader.Part);
        if (reader.IsEmpty) return line;
        var depth = reader.Depth;
        int next = 0, width = 0;
        while (reader.NextInside(depth) is { } element)
        {
            if (element != "c") continue;
            var column = CellAddress.TryParse(reader.Attribute("r"), out _, out var addressed) ? addressed : next;
            if (column < next) throw XlsxParts.Damaged(reader.Part);
            next = column + 1;
            var cell = ReadCell(reader, line, column);
            if (cell.IsEmpty) continue;
            if (column >= limits.Columns)
            {
                var limit = limits.Columns.ToString(CultureInfo.InvariantCulture);
                throw new FileRefusedException(ImportRefusal.At(ImportCodes.TooManyColumns, line, CellAddress.Of(line, column), cell.Text, limit));
            }
            _cells[column] = cell;
            width = column + 1;
        }
        rows.Add(line, _cells.AsSpan(0, width));
        _cells.AsSpan(0, width).Clear();
        return line;
    }

    private Cell ReadCell(PartReader reader, int line, int column)
    {
        var type = reader.Attribute("t") ?? "n";
        var style = int.TryParse(reader.Attribute("s"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        if (reader.IsEmpty) return default;
        var depth = reader.Depth;
        string? value = "";
        var isFormula = false;
        while (reader.NextInside(depth) is { } element)
        {
            if (element == "f") isFormula = true;
            else if (element == "v") value = reader.Text(limits.CellLength);
            else if (element == "is" && !reader.IsEmpty) value = RichText(reader);
        }
        if (isFormula) return Refused(ImportCodes.CellFormula, line, column, value ?? "");
        return value is null || ReferenceEquals(value, TooLong) ? RefusedAsTooLong(line, column) : Typed(type, value, style, line, column);
    }

    private Cell Typed(string type, string value, int style, int line, int column) => type switch
    {
        "s" => Shared(value, line, column),
        "inlineStr" => Checked(value, line, column),
        "str" => Checked(Unescaped(value), line, column),
        "b" => value.Length == 0 ? default : Cell.Of(value is "1" or "true"),
        "e" => Refused(ImportCodes.CellError, line, column, value),
        "d" => Dated(value, line, column),
        _ => value.Length == 0 ? default : Numeric(value, style, line, column),
    };

    private Cell Shared(string value, int line, int column)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= _shared.Count)
            return Refused(ImportCodes.FileDamaged, line, column, value, "");
        var text = _shared[index];
        return ReferenceEquals(text, TooLong) ? RefusedAsTooLong(line, column) : Checked(text, line, column);
    }

    private Cell Checked(string text, int line, int column)
    {
        for (var i = 0; i < text.Length; i++)
        {
            // XML holds neither, but the escapes of cells do.
            var isPaired = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (text[i] is < ' ' and not ('\t' or '\n' or '\v' or '\f' or '\r') || (char.IsSurrogate(text[i]) && !isPaired))
                return Refused(ImportCodes.ControlCharacter, line, column, "", string.Create(CultureInfo.InvariantCulture, $"U+{(int)text[i]:X4}"));
            if (isPaired) i++;
        }
        return Cell.Of(text);
    }

    private Cell Dated(string value, int line, int column) =>
        Dates.TryReadIso(value, out var date) ? Cell.Of(date) : Refused(ImportCodes.DateExpected, line, column, value);

    private Cell Numeric(string value, int style, int line, int column)
    {
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            return Refused(ImportCodes.NumberExpected, line, column, value);
        number = Numbers.AsShown(number);
        if (style >= workbook.Styles.Length || !workbook.Styles[style]) return Cell.Of(number);
        if (number is >= 0 and < 1) return Cell.Of(Dates.TimeOfSerial(number));
        return Dates.TryReadSerial(number, workbook.Date1904, out var date)
            ? Cell.Of(date)
            : Refused(ImportCodes.DateNotInCalendar, line, column, value);
    }

    private Cell RefusedAsTooLong(int line, int column)
    {
        refusals.Add(TableRows.CellTooLong(line, CellAddress.Of(line, column), "", limits));
        return default;
    }

    private Cell Refused(string code, int line, int column, string value, params ReadOnlySpan<string> arguments)
    {
        refusals.Add(ImportRefusal.At(code, line, CellAddress.Of(line, column), value, arguments));
        return default;
    }

    /// <summary>Characters that XML can't hold are written <c>_x000D_</c> (ECMA-376 part 1, 22.9.2.19).</summary>
    internal static string Unescaped(string text)
    {
        var at = text.IndexOf("_x", StringComparison.Ordinal);
        if (at < 0) return text;
        var plain = new StringBuilder(text.Length);
        var from = 0;
        while ((at = text.IndexOf("_x", at, StringComparison.Ordinal)) >= 0)
        {
            if (at + 7 > text.Length || text[at + 6] != '_'
                || !ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
            {
                at += 2;
                continue;
            }
            plain.Append(text, from, at - from).Append((char)code);
            from = at += 7;
        }
        return plain.Append(text, from, text.Length - from).ToString();
    }
}
