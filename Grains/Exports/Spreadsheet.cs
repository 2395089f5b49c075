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
        foreach (var column in export.Columns) writer.WriteField(Plain(column.Header));
        await writer.EndRecordAsync(cancellation);
        await foreach (var row in export.Rows.WithCancellation(cancellation))
        {
            for (var column = 0; column < export.Columns.Length; column++) writer.WriteField(CsvText(row[column], export.Columns[column], export.Language));
            await writer.EndRecordAsync(cancellation);
        }
        await writer.FlushAsync(cancellation);
    }

    /// <summary>
    /// An Open XML workbook. Written forward only, so that it can go straight to a response; its zip is synchronous, so the response must
    /// allow that. The SDK's own packages can't be written forward, so its writers write into the archive's entries.
    /// </summary>
    public static async Task WriteXlsx(Stream to, Export export, CancellationToken cancellation = default)
    {
        using var archive = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        WritePart(archive, "[Content_Types].xml", ContentTypes);
        WritePart(archive, "_rels/.rels", Relationships($"<Relationship Id=\"rId1\" Type=\"{OfficeRelationship}/officeDocument\" Target=\"xl/workbook.xml\"/>"));
        WritePart(archive, "xl/_rels/workbook.xml.rels", Relationships(
            $"<Relationship Id=\"rId1\" Type=\"{OfficeRelationship}/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
            + $"<Relationship Id=\"rId2\" Type=\"{OfficeRelationship}/styles\" Target=\"styles.xml\"/>"));
        using (var part = archive.CreateEntry("xl/workbook.xml").Open())
        using (var writer = OpenXmlWriter.Create(part, Encoding.UTF8))
        {
            writer.WriteStartDocument(standalone: true);
            writer.WriteElement(new Workbook(new Sheets(new Sheet { Name = SheetName(export.Sheet), SheetId = 1, Id = "rId1" })));
        }
        using (var part = archive.CreateEntry("xl/styles.xml").Open())
        using (var writer = OpenXmlWriter.Create(part, Encoding.UTF8))
        {
            writer.WriteStartDocument(standalone: true);
            writer.WriteElement(SheetStyles.For(export));
        }
        using (var part = archive.CreateEntry("xl/worksheets/sheet1.xml", CompressionLevel.Fastest).Open())
        {
            await SheetWriter.Write(part, export, cancellation);
        }
    }

    private const string OfficeRelationship = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private const string ContentTypes = """
        <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>
        """;

    private static string Relationships(string relationships) =>
        $"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{relationships}</Relationships>";

    private static void WritePart(ZipArchive archive, string part, string text)
    {
        using var stream = archive.CreateEntry(part).Open();
        stream.Write(Encoding.UTF8.GetBytes(text));
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
            ExportKind.Amount => number.ToString($"F{column.Decimals}", CultureInfo.InvariantCulture),
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

    /// <summary>At most 31 characters, none of <c>[ ] : * ? / \</c>, no apostrophe at either end, never empty.</summary>
    private static string SheetName(string name)
    {
        var allowed = new string([.. Plain(name).Select(letter => letter is '[' or ']' or ':' or '*' or '?' or '/' or '\\' or '\n' or '\r' or '\t' ? ' ' : letter)]);
        if (allowed.Length > 31) allowed = allowed[..(char.IsHighSurrogate(allowed[30]) ? 30 : 31)];
        allowed = allowed.Trim(' ', '\'');
        return allowed.Length > 0 ? allowed : "1";
    }
}

/// <summary>The cell formats of a workbook, one for each column and one for texts that look like formulas.</summary>
internal static class SheetStyles
{
    public const uint Header = 1;

    /// <summary>A text with the apostrophe that spreadsheets keep out of sight: it stays text when the cell is edited.</summary>
    public const uint QuotedText = 2;
    private const uint FirstColumn = 3;
    private const uint FirstFormat = 164;

    public static uint OfColumn(int column) => FirstColumn + (uint)column;

    public static Stylesheet For(Export export)
    {
        var numberFormats = new NumberingFormats();
        var cellFormats = new CellFormats(
            new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0 },
            new CellFormat { NumberFormatId = 0, FontId = 1, FillId = 2, BorderId = 0, FormatId = 0, ApplyFont = true, ApplyFill = true },
            new CellFormat { NumberFormatId = 49, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0, ApplyNumberFormat = true, QuotePrefix = true });
        for (var column = 0; column < export.Columns.Length; column++)
        {
            var id = FirstFormat + (uint)column;
            numberFormats.Append(new NumberingFormat { NumberFormatId = id, FormatCode = Format(export.Columns[column], export.Language) });
            cellFormats.Append(new CellFormat { NumberFormatId = id, FontId = 0, FillId = 0, BorderId = 0, FormatId = 0, ApplyNumberFormat = true });
        }
        return new Stylesheet(
            numberFormats,
            new Fonts(new Font(new FontSize { Val = 11 }, new FontName { Val = "Calibri" }), new Font(new Bold(), new FontSize { Val = 11 }, new FontName { Val = "Calibri" })),
            new Fills(
                new Fill(new PatternFill { PatternType = PatternValues.None }),
                new Fill(new PatternFill { PatternType = PatternValues.Gray125 }),
                new Fill(new PatternFill(new ForegroundColor { Rgb = "FFE9ECEF" }) { PatternType = PatternValues.Solid })),
            new Borders(new Border()),
            new CellStyleFormats(new CellFormat { NumberFormatId = 0, FontId = 0, FillId = 0, BorderId = 0 }),
            cellFormats,
            new CellStyles(new CellStyle { Name = "Normal", FormatId = 0, BuiltinId = 0 }));
    }

    private static string Format(ExportColumn column, ExportLanguage language) => column.Kind switch
    {
        ExportKind.Whole => "#,##0",
        ExportKind.Amount => column.Decimals == 0 ? "#,##0" : "#,##0." + new string('0', column.Decimals),
        ExportKind.Ratio => "0.0%",
        ExportKind.Date => language == ExportLanguage.French ? "dd/mm/yyyy" : "yyyy-mm-dd",
        ExportKind.DateTime => language == ExportLanguage.French ? "dd/mm/yyyy hh:mm" : "yyyy-mm-dd hh:mm",
        _ => "General",
    };
}

/// <summary>Writes a sheet's XML forward; by hand, since the SDK's writer takes four times as long for a cell.</summary>
internal static class SheetWriter
{
    private const string Main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

    public static async Task Write(Stream to, Export export, CancellationToken cancellation)
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
        foreach (var column in export.Columns) WriteText(writer, Spreadsheet.PlainCell(column.Header), SheetStyles.Header);
        writer.WriteEndElement();
        await foreach (var row in export.Rows.WithCancellation(cancellation)) WriteRow(writer, row, export.Columns.Length);
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void WriteRow(XmlWriter writer, ImmutableArray<ExportCell> row, int columns)
    {
        writer.WriteStartElement("row", Main);
        for (var column = 0; column < columns; column++)
        {
            var cell = row[column];
            var style = SheetStyles.OfColumn(column);
            if (cell.Text is { } text) WriteText(writer, Spreadsheet.PlainCell(text), Formulas.IsLike(text) ? SheetStyles.QuotedText : style);
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
