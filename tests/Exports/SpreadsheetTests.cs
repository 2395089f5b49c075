using System.Collections.Immutable;
using System.Text;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using FsCheck;
using FsCheck.Fluent;
using Guichet.Imports;
using Xunit;

namespace Guichet.Exports;

public class SpreadsheetTests
{
    private static readonly ImmutableArray<ExportColumn> Columns =
    [
        new("Spectacle", ExportKind.Text, 30), new("Date", ExportKind.DateTime), new("Jour", ExportKind.Date), new("Vendus", ExportKind.Whole),
        new("CA (EUR)", ExportKind.Amount), new("Remplissage", ExportKind.Ratio),
    ];

    private static readonly ImmutableArray<ExportCell> Lear =
    [
        ExportCell.Of("L’Œuvre; \"à\" lire"), ExportCell.Of(new DateTime(2026, 11, 24, 20, 30, 0)), ExportCell.Of(new DateOnly(2026, 11, 24)), ExportCell.Of(1234),
        ExportCell.Of(new Money(123456, "EUR")), ExportCell.Of(0.875m),
    ];

    private static Export ExportOf(ExportLanguage language, params ImmutableArray<ExportCell>[] rows) => new("Séances", Columns, rows.ToAsyncEnumerable(), language);

    private static async Task<byte[]> Csv(Export export)
    {
        using var bytes = new MemoryStream();
        await Spreadsheet.WriteCsv(bytes, export);
        return bytes.ToArray();
    }

    private static async Task<byte[]> Xlsx(Export export)
    {
        using var bytes = new MemoryStream();
        await Spreadsheet.WriteXlsx(bytes, export);
        return bytes.ToArray();
    }

    private static Table Read(byte[] bytes) => TabularFile.Read(new MemoryStream(bytes), "x", ImportLimits.Default).Accepted;

    [Fact]
    public async Task French_text_has_semicolons_commas_and_a_mark() => Assert.Equal(
        "\uFEFFSpectacle;Date;Jour;Vendus;CA (EUR);Remplissage\r\n\"L’Œuvre; \"\"à\"\" lire\";24/11/2026 20:30;24/11/2026;1234;1234,56;87,5 %\r\n;;;;;\r\n",
        Encoding.UTF8.GetString(await Csv(ExportOf(ExportLanguage.French, Lear, [.. new ExportCell[6]]))));

    [Fact]
    public async Task English_text_has_commas_and_points() => Assert.Equal(
        "\uFEFFSpectacle,Date,Jour,Vendus,CA (EUR),Remplissage\r\n\"L’Œuvre; \"\"à\"\" lire\",2026-11-24 20:30,2026-11-24,1234,1234.56,87.5 %\r\n",
        Encoding.UTF8.GetString(await Csv(ExportOf(ExportLanguage.English, Lear))));

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+33 6", "'+33 6")]
    [InlineData("-12", "'-12")]
    [InlineData("@sum", "'@sum")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("'=x", "''=x")]
    [InlineData("\0=1", "'=1")]
    [InlineData("a\0b", "ab")]
    [InlineData("'t Hooft", "'t Hooft")]
    public async Task A_text_that_looks_like_a_formula_is_neutralised(string text, string written)
    {
        var export = new Export("x", [new("A", ExportKind.Text)], new[] { ImmutableArray.Create(ExportCell.Of(text)) }.ToAsyncEnumerable(), ExportLanguage.French);
        Assert.Equal($"\uFEFFA\r\n{written}\r\n", Encoding.UTF8.GetString(await Csv(export)));
    }

    [Fact]
    public async Task A_negative_number_stays_a_number()
    {
        var export = new Export("x", [new("A", ExportKind.Whole)], new[] { ImmutableArray.Create(ExportCell.Of(-12)) }.ToAsyncEnumerable(), ExportLanguage.French);
        Assert.Equal("\uFEFFA\r\n-12\r\n", Encoding.UTF8.GetString(await Csv(export)));
    }

    [Theory]
    [InlineData(ExportLanguage.French)]
    [InlineData(ExportLanguage.English)]
    public async Task A_workbook_has_typed_values_and_reads_back(ExportLanguage language)
    {
        var row = Read(await Xlsx(ExportOf(language, Lear))).Rows[1];
        Assert.Equal("L’Œuvre; \"à\" lire|2026-11-24T20:30:00|2026-11-24|1234|1234.56|0.875", string.Join('|', row.Cells.Select(cell => cell.Text)));
        Assert.Equal([CellKind.Text, CellKind.Date, CellKind.Date, CellKind.Number, CellKind.Number, CellKind.Number], row.Cells.Select(cell => cell.Kind));
    }

    [Fact]
    public async Task A_workbook_is_valid_Open_XML_with_a_frozen_header_and_no_formula()
    {
        var bytes = await Xlsx(ExportOf(ExportLanguage.French, Lear, [ExportCell.Of("=1+1\0\uD800"), .. new ExportCell[5]]) with { Sheet = "Ventes: [saison] 2026/2027 et au-delà '" });
        using var document = Valid(bytes);
        var sheet = document.WorkbookPart!.WorksheetParts.Single().Worksheet;
        Assert.Equal("A2", sheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.Pane>().Single().TopLeftCell?.Value);
        Assert.Empty(sheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.CellFormula>());
        Assert.Equal("=1+1\uFFFD", sheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.Text>().Last().Text);
    }

    private static SpreadsheetDocument Valid(byte[] bytes)
    {
        var document = SpreadsheetDocument.Open(new MemoryStream(bytes), isEditable: false);
        Assert.Empty(new OpenXmlValidator(DocumentFormat.OpenXml.FileFormatVersions.Office2019).Validate(document).Select(error => $"{error.Part?.Uri} {error.Path?.XPath} {error.Description}"));
        return document;
    }

    private static async Task<byte[]> Xlsx(params ImmutableArray<Export> sheets)
    {
        using var bytes = new MemoryStream();
        await Spreadsheet.WriteXlsx(bytes, sheets);
        return bytes.ToArray();
    }

    [Fact]
    public async Task A_workbook_has_several_sheets_whose_names_spreadsheets_allow_and_tell_apart()
    {
        string[] wanted = ["Séances", "séances", "Séances", "", "History", "La nuit de la très longue création, reprise", "La nuit de la très longue création, tournée", "'='/[x]"];
        using var document = Valid(await Xlsx([.. wanted.Select(name => ExportOf(ExportLanguage.French, Lear) with { Sheet = name })]));
        var sheets = document.WorkbookPart!.Workbook.Descendants<DocumentFormat.OpenXml.Spreadsheet.Sheet>().ToList();
        Assert.Equal(
            ["Séances", "séances (2)", "Séances (3)", "1", "History 1", "La nuit de la très longue créat", "La nuit de la très longue c (2)", "='  x"],
            sheets.Select(sheet => sheet.Name!.Value));
        Assert.All(sheets, sheet => Assert.Equal(2, ((WorksheetPart)document.WorkbookPart.GetPartById(sheet.Id!.Value!)).Worksheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.Row>().Count()));
    }

    [Theory]
    [InlineData(ExportLanguage.French, "EUR", "#,##0.00\"\u00A0€\"", "1234.5")]
    [InlineData(ExportLanguage.English, "EUR", "\"€\"#,##0.00", "1234.5")]
    [InlineData(ExportLanguage.English, "CHF", "\"CHF\u00A0\"#,##0.00", "1234.5")]
    [InlineData(ExportLanguage.French, "JPY", "#,##0\"\u00A0¥\"", "123450")]
    [InlineData(ExportLanguage.French, "TND", "#,##0.000\"\u00A0TND\"", "123.45")]
    [InlineData(ExportLanguage.French, "\"0", "#,##0.00", "1234.5")]
    public async Task Money_is_a_number_in_its_own_currency(ExportLanguage language, string currency, string format, string value)
    {
        var export = new Export("x", [new("Recette", ExportKind.Money)], new[] { ImmutableArray.Create(ExportCell.Of(new Money(123_450, currency))), [ExportCell.Empty] }.ToAsyncEnumerable(), language);
        using var document = Valid(await Xlsx([export]));
        var cell = document.WorkbookPart!.WorksheetParts.Single().Worksheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.Cell>().ElementAt(1);
        var sheet = document.WorkbookPart.WorkbookStylesPart!.Stylesheet;
        var id = sheet.CellFormats!.Elements<DocumentFormat.OpenXml.Spreadsheet.CellFormat>().ElementAt((int)cell.StyleIndex!.Value).NumberFormatId!.Value;
        Assert.Equal(value, decimal.Parse(cell.CellValue!.Text, System.Globalization.CultureInfo.InvariantCulture).ToString("0.###", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(format, sheet.NumberingFormats!.Elements<DocumentFormat.OpenXml.Spreadsheet.NumberingFormat>().Single(one => one.NumberFormatId!.Value == id).FormatCode!.Value);
    }

    [Fact]
    public async Task Sums_are_the_last_row_of_a_workbook_in_bold_and_not_of_separated_text()
    {
        var sold = 0;
        async IAsyncEnumerable<ImmutableArray<ExportCell>> Rows()
        {
            foreach (var places in new[] { 3, 4 })
            {
                sold += places;
                yield return [ExportCell.Of("Lear"), ExportCell.Of(places)];
            }
            await Task.CompletedTask;
        }

        Export Summed() => new("x", [new("Spectacle", ExportKind.Text), new("Vendus", ExportKind.Whole)], Rows(), ExportLanguage.French) { Totals = () => [ExportCell.Of("Total"), ExportCell.Of(sold)] };
        using var document = Valid(await Xlsx([Summed()]));
        var last = document.WorkbookPart!.WorksheetParts.Single().Worksheet.Descendants<DocumentFormat.OpenXml.Spreadsheet.Row>().Last();
        var fonts = document.WorkbookPart.WorkbookStylesPart!.Stylesheet.CellFormats!.Elements<DocumentFormat.OpenXml.Spreadsheet.CellFormat>().ToList();
        Assert.Equal("Total7", last.InnerText);
        Assert.All(last.Elements<DocumentFormat.OpenXml.Spreadsheet.Cell>(), cell => Assert.Equal(1u, fonts[(int)cell.StyleIndex!.Value].FontId!.Value));
        Assert.DoesNotContain("Total", Encoding.UTF8.GetString(await Csv(Summed())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_column_of_times_says_its_zone()
    {
        var export = new Export("x", [new("Début", ExportKind.DateTime) { Zone = "America/Cayenne" }], new[] { ImmutableArray.Create(ExportCell.Of(new DateTime(2026, 11, 24, 20, 30, 0))) }.ToAsyncEnumerable(), ExportLanguage.French);
        Assert.Equal("\uFEFFDébut (America/Cayenne)\r\n24/11/2026 20:30\r\n", Encoding.UTF8.GetString(await Csv(export)));
    }

    [Fact]
    public async Task The_same_list_makes_the_same_bytes() =>
        Assert.Equal(await Xlsx([ExportOf(ExportLanguage.French, Lear)]), await Xlsx([ExportOf(ExportLanguage.French, Lear)]));

    [Fact]
    public async Task A_long_list_takes_the_memory_of_a_row()
    {
        static async IAsyncEnumerable<ImmutableArray<ExportCell>> Many()
        {
            for (var i = 0; i < 50_000; i++) yield return Lear;
            await Task.CompletedTask;
        }

        using var counted = new CountingStream();
        await Spreadsheet.WriteXlsx(counted, new Export("x", Columns, Many(), ExportLanguage.French));
        Assert.InRange(counted.Written, 100_000, 20_000_000);
        Assert.True(counted.LargestWrite < 200_000);
    }

    [Fact]
    public void What_is_written_reads_back()
    {
        var texts = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(text => Spreadsheet.Plain(text ?? "").Trim()),
            Gen.Elements("=1", "''=1", "a;b", "x\ny", "\"", "'", "_x000D_", "é\u00A0", "a\rb", "  "));
        var rows = from text in texts from minor in Gen.Choose(int.MinValue, int.MaxValue) from minutes in Gen.Choose(0, 60_000_000) select (text.Trim(), minor, minutes);
        var columns = ImmutableArray.Create(new ExportColumn("T", ExportKind.Text), new ExportColumn("M", ExportKind.Amount), new ExportColumn("D", ExportKind.DateTime));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(rows.NonEmptyListOf().ToArbitrary(), list =>
        {
            foreach (var language in Enum.GetValues<ExportLanguage>())
            {
                var export = new Export("x", columns, list.Select(Cells).ToAsyncEnumerable(), language);
                var style = language == ExportLanguage.French ? NumberStyle.French : NumberStyle.English;
                var csv = Read(Csv(export).GetAwaiter().GetResult());
                var xlsx = Read(Xlsx(export with { Rows = list.Select(Cells).ToAsyncEnumerable() }).GetAwaiter().GetResult());
                foreach (var ((text, minor, minutes), at) in list.Select((row, at) => (row, at + 1)))
                {
                    var date = Day.AddMinutes(minutes);
                    Assert.Equal(text, csv.Rows[at][0].Text);
                    Assert.Equal(text, xlsx.Rows[at][0].Text);
                    Assert.True(Numbers.TryRead(csv.Rows[at][1].Text, style, out var amount));
                    Assert.Equal(minor / 100m, amount.Value);
                    Assert.Equal(minor / 100m, xlsx.Rows[at][1].Number);
                    Assert.Equal(date, xlsx.Rows[at][2].Date.ToDateTimeUnspecified());
                    var read = Dates.Read(csv.Rows[at][2].Text, DateOrder.DayFirst);
                    Assert.Equal(date, read.Date.At(read.Time!.Value).ToDateTimeUnspecified());
                }
            }
        }));

        static ImmutableArray<ExportCell> Cells((string Text, int Minor, int Minutes) row) =>
            [ExportCell.Of(row.Text), ExportCell.Of(row.Minor / 100m), ExportCell.Of(Day.AddMinutes(row.Minutes))];
    }

    private static readonly DateTime Day = new(1950, 1, 1);

    private sealed class CountingStream : Stream
    {
        public long Written { get; private set; }
        public int LargestWrite { get; private set; }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count)
        {
            Written += count;
            LargestWrite = Math.Max(LargestWrite, count);
        }
    }
}
