using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Xml;
using CsvHelper;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Spreadsheet;

namespace Guichet.Exports;

/// <summary>
/// Writes lists as separated text or as a workbook, row by row. No cell of either is ever run as a formula by who opens it.
/// </summary>
public static class Spreadsheet
{
    public const string CsvType = "text/csv; charset=utf-8";
    public const string XlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <summary>Lines that a workbook's sheet holds below its header; longer lists leave as text.</summary>
    public const int MostXlsxRows = 1_048_575;

    /// <summary>Characters that a workbook's cell holds; what is longer is cut.</summary>
    private const int LongestXlsxText = 32_767;

    private const int LongestSheetName = 31;

    /// <summary>UTF-8 with a byte order mark, without which Excel takes accents for Windows-1252.</summary>
    public static async Task WriteCsv(Stream to, Export export, CancellationToken cancellation = default)
    {
        var options = new CsvWriterOptions
        {
            Separator = export.Language == ExportLanguage.French ? ';' : ',',
            WriteByteOrderMark = true,
            FormatProvider = CultureInfo.InvariantCulture,
        };
        await using var writer = CsvWriter.Create(to, options, leaveOpen: true);
        foreach (var column in export.Columns) writer.WriteField(Formulas.Neutralised(Plain(column.HeaderText)));
        await writer.EndRecordAsync(cancellation);
        await foreach (var row in export.Rows.WithCancellation(cancellation))
        {
            for (var column = 0; column < export.Columns.Length; column++) writer.WriteField(CsvText(row[column], export.Columns[column], export.Language));
            await writer.EndRecordAsync(cancellation);
        }
        await writer.FlushAsync(cancellation);
    }

    /// <summary>An Open XML workbook of one sheet.</summary>
    /// <inheritdoc cref="WriteXlsx(Stream, ImmutableArray{Export}, CancellationToken)"/>
    public static Task WriteXlsx(Stream to, Export export, CancellationToken cancellation = default) => WriteXlsx(to, [export], cancellation);

    /// <summary>
    /// An Open XML workbook, its sheets one after another in that order; a sheet whose name is taken gets a number. The same sheets make the
    /// same bytes. Written forward only, so that it can go straight to a response; its zip is synchronous, so the response must
    /// allow that. The SDK's own packages can't be written forward, so its writers write into the archive's entries.
    /// </summary>
    /// <param name="sheets">1 or more, each of <see cref="MostXlsxRows"/> rows at most.</param>
    public static async Task WriteXlsx(Stream to, ImmutableArray<Export> sheets, CancellationToken cancellation = default)
    {
        if (sheets.IsDefaultOrEmpty) throw new ArgumentException("A workbook has a sheet.", nameof(sheets));
        var numbers = Enumerable.Range(1, sheets.Length).ToArray();
        var names = SheetNames([.. sheets.Select(sheet => sheet.Sheet)]);
        var styles = new SheetStyles();
        using var archive = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        WritePart(archive, "[Content_Types].xml", ContentTypes(numbers));
        WritePart(archive, "_rels/.rels", Relationships($"<Relationship Id=\"rId1\" Type=\"{OfficeRelationship}/officeDocument\" Target=\"xl/workbook.xml\"/>"));
        WritePart(archive, "xl/_rels/workbook.xml.rels", Relationships(
            string.Concat(numbers.Select(number => $"<Relationship Id=\"rId{number}\" Type=\"{OfficeRelationship}/worksheet\" Target=\"worksheets/sheet{number}.xml\"/>"))
            + $"<Relationship Id=\"rId{sheets.Length + 1}\" Type=\"{OfficeRelationship}/styles\" Target=\"styles.xml\"/>"));
        WriteElement(archive, "xl/workbook.xml", new Workbook(new Sheets(numbers.Select(number => new Sheet { Name = names[number - 1], SheetId = (uint)number, Id = $"rId{number}" }))));
        foreach (var number in numbers)
        {
            using var part = Entry(archive, $"xl/worksheets/sheet{number}.xml").Open();
            await SheetWriter.Write(part, sheets[number - 1], styles, cancellation);
        }
        WriteElement(archive, "xl/styles.xml", styles.Written());
    }

    private const string OfficeRelationship = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    /// <summary>The first day that a zip knows: what is written doesn't depend on when.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static string ContentTypes(int[] sheets)
    {
        const string spreadsheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
        return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
            + "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>"
            + $"<Override PartName=\"/xl/workbook.xml\" ContentType=\"{spreadsheet}sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"{spreadsheet}styles+xml\"/>"
            + string.Concat(sheets.Select(number => $"<Override PartName=\"/xl/worksheets/sheet{number}.xml\" ContentType=\"{spreadsheet}worksheet+xml\"/>"))
            + "</Types>";
    }

    private static string Relationships(string relationships) =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relationships}</Relationships>";

    private static ZipArchiveEntry Entry(ZipArchive archive, string part)
    {
        var entry = archive.CreateEntry(part, CompressionLevel.Fastest);
        entry.LastWriteTime = NoTime;
        return entry;
    }

    private static void WritePart(ZipArchive archive, string part, string text)
    {
        using var stream = Entry(archive, part).Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
    }

    private static void WriteElement(ZipArchive archive, string part, OpenXmlElement element)
    {
        using var stream = Entry(archive, part).Open();
        using var writer = OpenXmlWriter.Create(stream, Encoding.UTF8);
        writer.WriteStartDocument(standalone: true);
        writer.WriteElement(element);
    }

    private static string CsvText(ExportCell cell, ExportColumn column, ExportLanguage language)
    {
        if (cell.Text is { } text) return Formulas.Neutralised(Plain(text));
        var french = language == ExportLanguage.French;
        if (cell.Date is { } date)
        {
            var format = (french, column.Kind) switch
            {
                (true, ExportKind.Date) => "dd'/'MM'/'yyyy",
                (true, _) => "dd'/'MM'/'yyyy HH':'mm",
                (_, ExportKind.Date) => "yyyy'-'MM'-'dd",
                _ => "yyyy'-'MM'-'dd HH':'mm",
            };
            return date.ToString(format, CultureInfo.InvariantCulture);
        }
        if (cell.Number is not { } number) return "";
        var written = column.Kind switch
        {
            ExportKind.Amount or ExportKind.Money => number.ToString($"F{column.DecimalsOf(cell)}", CultureInfo.InvariantCulture),
            ExportKind.Ratio => (number * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %",
            _ => number.ToString("0.############", CultureInfo.InvariantCulture),
        };
        return french ? written.Replace('.', ',') : written;
    }

    /// <summary>Without NUL and the other characters that neither XML nor a text file holds; half a surrogate pair becomes U+FFFD.</summary>
    internal static string Plain(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\u001F') && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !text.AsSpan().ContainsAny('\u007F', '\uFFFE', '\uFFFF')) return text;
        var plain = new StringBuilder(text.Length);
        foreach (var letter in text.EnumerateRunes())
        {
            if (letter.Value is >= ' ' and not (0x7F or 0xFFFE or 0xFFFF) or '\t' or '\n' or '\r') plain.Append(letter.ToString());
        }
        return plain.ToString();
    }

    /// <inheritdoc cref="Plain"/>
    internal static string PlainCell(string text)
    {
        text = Plain(text);
        if (text.Length <= LongestXlsxText) return text;
        return text[..(char.IsHighSurrogate(text[LongestXlsxText - 1]) ? LongestXlsxText - 1 : LongestXlsxText)];
    }

    /// <summary>At most 31 characters, none of <c>[ ] : * ? / \</c>, no apostrophe at either end, never empty nor « History », which Excel keeps to itself.</summary>
    private static string SheetName(string name, int longest = LongestSheetName)
    {
        var allowed = new string([.. Plain(name).Select(letter => letter is '[' or ']' or ':' or '*' or '?' or '/' or '\\' or '\n' or '\r' or '\t' ? ' ' : letter)]).Trim(' ', '\'');
        if (allowed.Length > longest) allowed = allowed[..(char.IsHighSurrogate(allowed[longest - 1]) ? longest - 1 : longest)].Trim(' ', '\'');
        return allowed.Length == 0 ? "1" : allowed.Equals("History", StringComparison.OrdinalIgnoreCase) ? allowed + " 1" : allowed;
    }

    /// <summary>Names that differ by more than their case: a second one gets <c>(2)</c>.</summary>
    private static ImmutableArray<string> SheetNames(ImmutableArray<string> wanted)
    {
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var names = ImmutableArray.CreateBuilder<string>(wanted.Length);
        foreach (var name in wanted)
        {
            var free = SheetName(name);
            for (var number = 2; !taken.Add(free); number++)
            {
                var ending = string.Create(CultureInfo.InvariantCulture, $" ({number})");
                free = SheetName(name, LongestSheetName - ending.Length) + ending;
            }
            names.Add(free);
        }
        return names.ToImmutable();
    }
}

/// <summary>The cell formats of a workbook, numbered as they are first used and written once its sheets are.</summary>
internal sealed class SheetStyles
{
    public const uint Header = 1;

    private const uint FirstFormat = 164;
    private readonly Dictionary<Look, uint> known = [];

    /// <summary>The number of a cell's format.</summary>
    /// <param name="sum">In the row of the sums.</param>
    public uint Of(ExportCell cell, ExportColumn column, ExportLanguage language, bool sum)
    {
        var look = cell.Text is { } text
            ? new Look(ExportKind.Text, Formulas.IsLike(text), 0, null, language, sum)
            : new Look(column.Kind, false, column.DecimalsOf(cell), column.Kind == ExportKind.Money ? cell.Currency : null, language, sum);
        if (!known.TryGetValue(look, out var number)) known.Add(look, number = Header + 1 + (uint)known.Count);
        return number;
    }

    public Stylesheet Written()
    {
        var formats = known.Keys.Where(look => look.Kind != ExportKind.Text).Select(look => look.Format).Distinct().Select((format, at) => (format, Id: FirstFormat + (uint)at)).ToDictionary();
        var cellFormats = new CellFormats(
            new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0 },
            new CellFormat { NumberFormatId = 0, FontId = 1, FillId = 2, BorderId = 0, FormatId = 0, ApplyFont = true, ApplyFill = true });
        foreach (var look in known.OrderBy(one => one.Value).Select(one => one.Key))
        {
            var cellFormat = new CellFormat
            {
                NumberFormatId = look.Kind != ExportKind.Text ? formats[look.Format] : look.Quoted ? 49u : 0,
                FontId = look.Sum ? 1u : 0,
                FillId = 0,
                BorderId = look.Sum ? 1u : 0,
                FormatId = 0,
                ApplyNumberFormat = true,
            };
            if (look.Quoted) cellFormat.QuotePrefix = true;
            if (look.Sum) (cellFormat.ApplyFont, cellFormat.ApplyBorder) = (true, true);
            cellFormats.Append(cellFormat);
        }
        var sheet = new Stylesheet();
        if (formats.Count > 0) sheet.Append(new NumberingFormats(formats.Select(format => new NumberingFormat { NumberFormatId = format.Value, FormatCode = format.Key })));
        sheet.Append(
            new Fonts(new Font(new FontSize { Val = 11 }, new FontName { Val = "Calibri" }), new Font(new Bold(), new FontSize { Val = 11 }, new FontName { Val = "Calibri" })),
            new Fills(
                new Fill(new PatternFill { PatternType = PatternValues.None }),
                new Fill(new PatternFill { PatternType = PatternValues.Gray125 }),
                new Fill(new PatternFill(new ForegroundColor { Rgb = "FFE9ECEF" }) { PatternType = PatternValues.Solid })),
            new Borders(
                new Border(new LeftBorder(), new RightBorder(), new TopBorder(), new BottomBorder(), new DiagonalBorder()),
                new Border(new LeftBorder(), new RightBorder(), new TopBorder { Style = BorderStyleValues.Thin }, new BottomBorder(), new DiagonalBorder())),
            new CellStyleFormats(new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }),
            cellFormats,
            new CellStyles(new CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }));
        return sheet;
    }

    /// <param name="Quoted">A text with the apostrophe that spreadsheets keep out of sight: it stays text when the cell is edited.</param>
    /// <param name="Sum">In the row of the sums.</param>
    private readonly record struct Look(ExportKind Kind, bool Quoted, int Decimals, string? Currency, ExportLanguage Language, bool Sum)
    {
        public string Format => Kind switch
        {
            ExportKind.Whole => "#,##0",
            ExportKind.Amount => Number,
            ExportKind.Money => InCurrency,
            ExportKind.Ratio => "0.0%",
            ExportKind.Date => Language == ExportLanguage.French ? "dd/mm/yyyy" : "yyyy-mm-dd",
            ExportKind.DateTime => Language == ExportLanguage.French ? "dd/mm/yyyy hh:mm" : "yyyy-mm-dd hh:mm",
            _ => "General",
        };

        private string Number => Decimals == 0 ? "#,##0" : "#,##0." + new string('0', Decimals);

        /// <summary>With the currency's sign or, where that says too little, its code; letters alone may stand in a format.</summary>
        private string InCurrency
        {
            get
            {
                var sign = Currency switch { null => "", "EUR" => "€", "GBP" => "£", "USD" => "$", "JPY" => "¥", _ => string.Concat(Currency.Where(char.IsAsciiLetterUpper)) };
                if (sign.Length == 0) return Number;
                if (Language == ExportLanguage.French) return $"{Number}\"\u00A0{sign}\"";
                return sign.Length == 1 ? $"\"{sign}\"{Number}" : $"\"{sign}\u00A0\"{Number}";
            }
        }
    }
}

/// <summary>Writes a sheet's XML forward; by hand, since the SDK's writer takes four times as long for a cell.</summary>
internal static class SheetWriter
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    public static async Task Write(Stream to, Export export, SheetStyles styles, CancellationToken cancellation)
    {
        // What no XML holds is gone from texts already; checking every character again costs a third of the time.
        await using var writer = XmlWriter.Create(to, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CheckCharacters = false, Async = true });
        writer.WriteStartDocument(standalone: true);
        writer.WriteStartElement("worksheet", Main);
        writer.WriteRaw("<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols>");
        for (var column = 1; column <= export.Columns.Length; column++)
            writer.WriteRaw(string.Create(CultureInfo.InvariantCulture, $"<col min=\"{column}\" max=\"{column}\" width=\"{export.Columns[column - 1].Width}\" customWidth=\"1\"/>"));
        writer.WriteRaw("</cols>");
        writer.WriteStartElement("sheetData", Main);
        writer.WriteStartElement("row", Main);
        foreach (var column in export.Columns) WriteText(writer, Spreadsheet.PlainCell(column.HeaderText), SheetStyles.Header);
        writer.WriteEndElement();
        await foreach (var row in export.Rows.WithCancellation(cancellation)) WriteRow(writer, row, export, styles, sum: false);
        if (export.Totals is { } totals) WriteRow(writer, totals(), export, styles, sum: true);
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void WriteRow(XmlWriter writer, ImmutableArray<ExportCell> row, Export export, SheetStyles styles, bool sum)
    {
        writer.WriteStartElement("row", Main);
        for (var column = 0; column < export.Columns.Length; column++)
        {
            var cell = row[column];
            var style = styles.Of(cell, export.Columns[column], export.Language, sum);
            if (cell.Text is { } text) WriteText(writer, Spreadsheet.PlainCell(text), style);
            else if (cell.Number is { } number) WriteNumber(writer, number, style);
            else if (cell.Date is { } date) WriteNumber(writer, Serial(date), style);
            else WriteStart(writer, style, null, close: true);
        }
        writer.WriteEndElement();
    }

    private static void WriteText(XmlWriter writer, string text, uint style)
    {
        WriteStart(writer, style, "inlineStr", close: false);
        writer.WriteStartElement("is", Main);
        writer.WriteStartElement("t", Main);
        writer.WriteAttributeString("xml", "space", null, "preserve");
        writer.WriteString(Escaped(text));
        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void WriteNumber(XmlWriter writer, decimal number, uint style)
    {
        WriteStart(writer, style, null, close: false);
        writer.WriteElementString("v", Main, number.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndElement();
    }

    private static void WriteStart(XmlWriter writer, uint style, string? type, bool close)
    {
        writer.WriteStartElement("c", Main);
        writer.WriteAttributeString("s", style.ToString(CultureInfo.InvariantCulture));
        if (type is not null) writer.WriteAttributeString("t", type);
        if (close) writer.WriteEndElement();
    }

    /// <summary>Days since 1900 as spreadsheets count them, exact to the second.</summary>
    private static decimal Serial(DateTime date) =>
        (date.Date - new DateTime(1899, 12, 30)).Days + Math.Round((decimal)date.TimeOfDay.Ticks / TimeSpan.TicksPerDay, 11);

    /// <summary>A carriage return is written <c>_x000D_</c>, since XML would read it as a line feed; what looks like such an escape is escaped.</summary>
    private static string Escaped(string text)
    {
        if (text.Contains("_x", StringComparison.Ordinal)) text = text.Replace("_x", "_x005F_x", StringComparison.Ordinal);
        return text.Contains('\r', StringComparison.Ordinal) ? text.Replace("\r", "_x000D_", StringComparison.Ordinal) : text;
    }
}
