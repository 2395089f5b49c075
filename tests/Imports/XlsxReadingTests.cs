using Xunit;

namespace Guichet.Imports;

public class XlsxReadingTests
{
    [Fact]
    public void Every_kind_of_cell_is_read_as_what_it_is()
    {
        var read = Xlsx.OfRows("""
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>prix</t></is></c></row>
            <row r="3"><c r="A3"><v>12</v></c><c r="B3" s="1"><v>46350.854166666664</v></c><c r="C3"><v>4.0999999999999996</v></c>
            <c r="D3" t="b"><v>1</v></c><c r="E3" s="2"><v>46350</v></c><c r="F3" s="3"><v>2.5</v></c><c r="G3" s="4"><v>0.85416666666666663</v></c>
            <c r="H3" t="d"><v>2026-11-24T20:30:00</v></c><c r="I3" t="str"><v>a_x000A_b</v></c><c r="J3"><v>1E-3</v></c><c r="K3"><v>100000</v></c></row>
            """)
            .With("xl/sharedStrings.xml", $"<sst {Xlsx.Main}><si><t>titre</t></si><si><r><t>sé</t></r><r><t xml:space=\"preserve\">ance </t></r><rPh><t>x</t></rPh></si></sst>")
            .Read();
        Assert.Equal("1: titre|séance|prix\n3: 12|2026-11-24T20:30:00|4.1|TRUE|2026-11-24|2.5|20:30:00|2026-11-24T20:30:00|a\nb|0.001|100000", Xlsx.Shown(read));
        Assert.Equal(
            [CellKind.Number, CellKind.Date, CellKind.Number, CellKind.Boolean, CellKind.Date, CellKind.Number, CellKind.Time, CellKind.Date, CellKind.Text, CellKind.Number, CellKind.Number],
            read.Accepted.Rows[1].Cells.Select(cell => cell.Kind));
    }

    [Fact]
    public void Addresses_may_be_left_out_and_empty_styled_cells_are_nothing()
    {
        var read = Xlsx.OfRows("<row><c><v>1</v></c><c><v>2</v></c></row><row><c s=\"1\"/><c r=\"XFD2\" s=\"1\"/></row><row r=\"5\"><c r=\"C5\"><v>3</v></c><c><v>4</v></c></row>").Read();
        Assert.Equal("1: 1|2\n5: ||3|4", Xlsx.Shown(read));
    }

    [Fact]
    public void A_merged_text_stands_in_each_of_its_cells_and_a_merged_number_only_in_its_own()
    {
        var read = Xlsx.OfRows(
            """
            <row r="1"><c r="A1" t="str"><v>Lear</v></c><c r="B1" t="str"><v>Normal</v></c></row>
            <row r="2"><c r="B2"><v>5</v></c><c r="C2"><v>6</v></c></row>
            <row r="3"><c r="D3"><v>7</v></c></row>
            """,
            "<mergeCells><mergeCell ref=\"A1:A3\"/><mergeCell ref=\"B1:C1\"/><mergeCell ref=\"B2:B3\"/><mergeCell ref=\"Z9:A1\"/></mergeCells>").Read();
        Assert.Equal("1: Lear|Normal|Normal\n2: Lear|5|6\n3: Lear|||7", Xlsx.Shown(read));
    }

    [Fact]
    public void Dates_count_from_1904_where_the_workbook_says_so()
    {
        var read = Xlsx.OfRows("<row r=\"1\"><c r=\"A1\" s=\"1\"><v>44888.5</v></c></row>")
            .With("xl/workbook.xml", $"<workbook {Xlsx.Main} xmlns:r=\"urn:r\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"A\" r:id=\"rId1\"/></sheets></workbook>")
            .Read();
        Assert.Equal("1: 2026-11-24T12:00:00", Xlsx.Shown(read));
    }

    [Theory]
    [InlineData(null, "1: deux")]
    [InlineData("feuille DEUX", "1: deux")]
    [InlineData("Cachée", "1: un")]
    [InlineData("Trois", "sheet-unknown(Trois) line 0 at '': ")]
    public void The_first_visible_sheet_is_read_or_the_one_asked_for(string? sheet, string shown)
    {
        var read = Xlsx.OfRows("<row><c t=\"str\"><v>un</v></c></row>")
            .With("xl/worksheets/sheet2.xml", $"<worksheet {Xlsx.Main}><sheetData><row><c t=\"str\"><v>deux</v></c></row></sheetData></worksheet>")
            .With("xl/workbook.xml", $"""
                <workbook {Xlsx.Main} xmlns:r="urn:r"><sheets><sheet name="Cachée" state="hidden" r:id="rId1"/><sheet name="Feuille deux" r:id="rId4"/></sheets></workbook>
                """)
            .With("xl/_rels/workbook.xml.rels", Xlsx.Relationships(("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId4", "worksheet", "/xl/worksheets/../worksheets/sheet2.xml")))
            .Read(sheet: sheet);
        Assert.Equal(shown, Xlsx.Shown(read));
        if (!read.IsRefused) Assert.Equal("Feuille deux", Assert.Single(read.Accepted.Sheets));
    }

    [Theory]
    [InlineData("<c r=\"B2\"><f>A1*2</f><v>24</v></c>", "cell-formula() line 2 at 'B2': 24")]
    [InlineData("<c r=\"B2\" t=\"str\"><f/><v>x</v></c><c r=\"C2\"><f t=\"shared\" si=\"0\"/><v>1</v></c>", "cell-formula() line 2 at 'B2': x\ncell-formula() line 2 at 'C2': 1")]
    [InlineData("<c r=\"B2\" t=\"e\"><v>#REF!</v></c>", "cell-error() line 2 at 'B2': #REF!")]
    [InlineData("<c r=\"B2\"><v>douze</v></c>", "number-expected() line 2 at 'B2': douze")]
    [InlineData("<c r=\"B2\" s=\"1\"><v>60</v></c>", "date-not-in-calendar() line 2 at 'B2': 60")]
    [InlineData("<c r=\"B2\" s=\"1\"><v>-3</v></c>", "date-not-in-calendar() line 2 at 'B2': -3")]
    [InlineData("<c r=\"B2\" t=\"d\"><v>demain</v></c>", "date-expected() line 2 at 'B2': demain")]
    [InlineData("<c r=\"B2\" t=\"s\"><v>7</v></c>", "file-damaged() line 2 at 'B2': 7")]
    [InlineData("<c r=\"B2\" t=\"str\"><v>a_x0000_b</v></c>", "control-character(U+0000) line 2 at 'B2': ")]
    [InlineData("<c r=\"B2\" t=\"str\"><v>a_xD83D_b</v></c>", "control-character(U+D83D) line 2 at 'B2': ")]
    [InlineData("<c r=\"GS2\"><v>1</v></c>", "too-many-columns(200) line 2 at 'GS2': 1")]
    public void A_cell_that_cannot_be_taken_is_refused_by_its_address(string cells, string shown) =>
        Assert.Equal(shown, Xlsx.Shown(Xlsx.OfRows($"<row r=\"2\">{cells}</row>").Read()));

    [Fact]
    public void A_shared_string_that_is_too_long_is_refused_where_it_is_shown()
    {
        var read = Xlsx.OfRows("<row r=\"2\"><c r=\"A2\" t=\"s\"><v>1</v></c><c r=\"D2\" t=\"s\"><v>0</v></c></row>")
            .With("xl/sharedStrings.xml", $"<sst {Xlsx.Main}><si><t>{new string('x', 10_001)}</t></si><si><t>ok</t></si></sst>").Read();
        Assert.Equal("cell-too-long(10000) line 2 at 'D2': ", Xlsx.Shown(read));
    }

    [Theory]
    [InlineData("0.00", false)]
    [InlineData("General", false)]
    [InlineData("#,##0 \"jours\"", false)]
    [InlineData("0\\h", false)]
    [InlineData("[Red]0;[Blue]-0;dd", false)]
    [InlineData("dd/mm/yyyy", true)]
    [InlineData("[$-F800]dddd, mmmm dd, yyyy", true)]
    [InlineData("[h]:mm", true)]
    [InlineData("h\"h\"mm", true)]
    public void A_number_is_a_date_when_its_style_shows_one(string format, bool isDate) => Assert.Equal(isDate, XlsxWorkbook.IsDateFormat(format));
}
