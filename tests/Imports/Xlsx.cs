using System.IO.Compression;
using System.Text;

namespace Guichet.Imports;

/// <summary>Builds workbooks part by part, also such as no spreadsheet program would write.</summary>
internal sealed class Xlsx
{
    private readonly Dictionary<string, Action<Stream>> _parts = [];

    public const string Main = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

    /// <summary>A workbook of one sheet with these rows' XML.</summary>
    public static Xlsx OfRows(string rows, string afterRows = "") => new Xlsx()
        .With("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>")
        .With("_rels/.rels", Relationships(("rId1", "officeDocument", "xl/workbook.xml")))
        .With("xl/workbook.xml", $"<workbook {Main} xmlns:r=\"urn:r\"><sheets><sheet name=\"Feuil1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>")
        .With("xl/_rels/workbook.xml.rels", Relationships(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "sharedStrings", "sharedStrings.xml"), ("rId3", "styles", "/xl/styles.xml")))
        .With("xl/styles.xml", $"""
            <styleSheet {Main}><numFmts><numFmt numFmtId="164" formatCode="[$-40C]d\ mmm\ yyyy"/><numFmt numFmtId="165" formatCode="#,##0.00\ &quot;jours&quot;"/></numFmts>
            <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>
            <cellXfs><xf numFmtId="0"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="20"/></cellXfs></styleSheet>
            """)
        .With("xl/worksheets/sheet1.xml", $"<worksheet {Main}><sheetData>{rows}</sheetData>{afterRows}</worksheet>");

    public static string Relationships(params (string Id, string Type, string Target)[] relations) =>
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
        + string.Concat(relations.Select(one => $"<Relationship Id=\"{one.Id}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{one.Type}\" Target=\"{one.Target}\"/>"))
        + "</Relationships>";

    public Xlsx With(string part, string text) => With(part, Encoding.UTF8.GetBytes(text));

    public Xlsx With(string part, byte[] bytes) => With(part, stream => stream.Write(bytes));

    public Xlsx With(string part, Action<Stream> write)
    {
        _parts[part] = write;
        return this;
    }

    public byte[] Bytes()
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (part, write) in _parts)
            {
                using var entry = archive.CreateEntry(part).Open();
                write(entry);
            }
        }
        return bytes.ToArray();
    }

    public Taken<Table> Read(ImportLimits? limits = null, string? sheet = null) =>
        TabularFile.Read(new MemoryStream(Bytes()), "saison.xlsx", limits ?? ImportLimits.Default, sheet);

    /// <summary>The text that a reading of a sheet of these rows has in its cells, <c>|</c> between cells and a line's number before each row.</summary>
    public static string Shown(Taken<Table> read) =>
        read.IsRefused ? string.Join("\n", read.Refusals.Select(Shown)) : string.Join("\n", read.Accepted.Rows.Select(Shown));

    public static string Shown(ImportRefusal refusal) =>
        $"{refusal.Code}({string.Join(",", refusal.Arguments)}) line {refusal.Line} at '{refusal.Column}': {refusal.Value}";

    private static string Shown(TableRow row) => $"{row.Line}: {string.Join('|', row.Cells.Select(cell => cell.Text))}";
}
