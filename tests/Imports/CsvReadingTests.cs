using System.Text;
using Xunit;

namespace Guichet.Imports;

public class CsvReadingTests
{
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private static Taken<Table> Read(byte[] bytes, ImportLimits? limits = null) =>
        TabularFile.Read(new MemoryStream(bytes), "ventes.csv", limits ?? ImportLimits.Default);

    private static Taken<Table> Read(string text, ImportLimits? limits = null) => Read(Encoding.UTF8.GetBytes(text), limits);

    [Theory]
    [InlineData("a;b;c\n1;2;3\n", "1: a|b|c\n2: 1|2|3")]
    [InlineData("a,b,c\r\n1,2,3\r\n", "1: a|b|c\n2: 1|2|3")]
    [InlineData("a\tb\tc\r1\t2\t3", "1: a|b|c\n2: 1|2|3")]
    [InlineData("a|b\n1|2\n", "1: a|b\n2: 1|2")]
    [InlineData("titre;prix\nRoi, le;12,50\nFou, le;8,00\n", "1: titre|prix\n2: Roi, le|12,50\n3: Fou, le|8,00")]
    [InlineData("title,price\n\"Lear; King\",12.50\n", "1: title|price\n2: Lear; King|12.50")]
    [InlineData("sep=,\na,b;c\n1,2;3\n", "2: a|b;c\n3: 1|2;3")]
    [InlineData("seul\nun\ndeux\n", "1: seul\n2: un\n3: deux")]
    public void The_separator_is_found(string text, string shown) => Assert.Equal(shown, Xlsx.Shown(Read(text)));

    [Theory]
    [InlineData("a;b\n\"x\"\"y\";\"1;2\"\n", "1: a|b\n2: x\"y|1;2")]
    [InlineData("a;b\n\"deux\nlignes\";1\nx;2\n", "1: a|b\n2: deux\nlignes|1\n4: x|2")]
    [InlineData("a;b\nThéâtre \"Le Rond\";1\n", "1: a|b\n2: Théâtre \"Le Rond\"|1")]
    [InlineData("a;b\n\n;\nx;1\n", "1: a|b\n4: x|1")]
    [InlineData("a;b;;;\nx;1;;;\n", "1: a|b\n2: x|1")]
    [InlineData("a;b\n=1+1;@x\n'=1+1;'été\n", "1: a|b\n2: =1+1|@x\n3: =1+1|'été")]
    public void Lines_and_quotes_are_read_with_their_line_numbers(string text, string shown) => Assert.Equal(shown, Xlsx.Shown(Read(text)));

    public static TheoryData<string, byte[]> Encodings => new()
    {
        { "UTF-8", Encoding.UTF8.GetBytes("séance;œuvre\nCarré;8 €\n") },
        { "UTF-8 with mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes("séance;œuvre\nCarré;8 €\n")] },
        { "UTF-16 little-endian", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("séance;œuvre\nCarré;8 €\n")] },
        { "UTF-16 big-endian", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("séance;œuvre\nCarré;8 €\n")] },
        { "Windows-1252", Windows1252.GetBytes("séance;œuvre\nCarré;8 €\n") },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void The_encoding_is_found(string encoding, byte[] bytes)
    {
        Assert.NotEmpty(encoding);
        Assert.Equal("1: séance|œuvre\n2: Carré|8 €", Xlsx.Shown(Read(bytes)));
    }

    [Theory]
    [InlineData(16 * 1024 - 1)]
    [InlineData(16 * 1024)]
    [InlineData(32 * 1024 - 2)]
    [InlineData(100_000)]
    public void The_first_accent_decides_wherever_it_stands(int before)
    {
        var text = "a;b\n" + string.Concat(Enumerable.Repeat("xxxx;y\n", before / 7)) + new string('x', before % 7) + "é;ü\nfin;à\n";
        foreach (var encoding in new[] { Encoding.UTF8, Windows1252 })
        {
            var read = Read(encoding.GetBytes(text)).Accepted;
            Assert.Equal("ü", read.Rows[^2].Cells[1].Text);
            Assert.Equal("à", read.Rows[^1].Cells[1].Text);
        }
    }

    [Fact]
    public void An_encoding_that_changes_half_way_is_refused_with_its_line()
    {
        byte[] mixed = [.. Encoding.UTF8.GetBytes("a;b\né;1\nx;2\n"), .. Windows1252.GetBytes("é;3\n")];
        Assert.Equal("encoding-mixed() line 4 at '': ", Xlsx.Shown(Read(mixed)));
    }

    public static TheoryData<string, string> Refused => new()
    {
        { "", "file-empty() line 0 at '': " },
        { "\n\n;;\n", "file-empty() line 0 at '': " },
        { "a;b\nx\0;1\n", "control-character(U+0000) line 2 at '': " },
        { "a;b\r\nx;1\r\n\u001By;2\r\n", "control-character(U+001B) line 3 at '': " },
        { "a;b\n\"x;1\ny;2\n", "quotes-unclosed() line 2 at '': \"x;1\ny;2\n" },
        { "a;b\n\"x\"y;1\n", "quotes-unclosed() line 2 at '': \"x\"y;1" },
        { "%PDF-1.7\n", "file-not-tabular(pdf) line 0 at '': " },
        { "<html><table><tr><td>x</td></tr></table>", "file-not-tabular(html) line 0 at '': " },
        { "  <?xml version=\"1.0\"?><Workbook/>", "file-not-tabular(html) line 0 at '': " },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_no_table_is_refused_by_name(string text, string shown) => Assert.Equal(shown, Xlsx.Shown(Read(text)));

    [Fact]
    public void A_workbook_from_before_2007_is_told_from_an_encrypted_one()
    {
        byte[] compound = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[1024]];
        Assert.Equal("file-not-tabular(xls) line 0 at '': ", Xlsx.Shown(Read(compound)));
        byte[] encrypted = [.. compound, .. Encoding.Unicode.GetBytes("EncryptedPackage"), .. new byte[1024]];
        Assert.Equal("file-encrypted() line 0 at '': ", Xlsx.Shown(Read(encrypted)));
    }

    [Fact]
    public void Limits_name_the_line_where_they_are_passed()
    {
        var limits = new ImportLimits { Rows = 3, Columns = 3, CellLength = 5, Cells = 100, LineLength = 20_000 };
        Assert.Equal("too-many-rows(3) line 4 at '': ", Xlsx.Shown(Read("a\nb\nc\nd\ne\n", limits)));
        Assert.Equal("too-many-columns(3) line 2 at '': ", Xlsx.Shown(Read("a;b\n1;2;3;4\n", limits)));
        Assert.Equal("cell-too-long(5) line 2 at 'B2': sixsix\ncell-too-long(5) line 3 at 'A3': sevense", Xlsx.Shown(Read("a;b\nx;sixsix\nsevense;y\n", limits)));
        Assert.Equal("line-too-long(20000) line 2 at '': ", Xlsx.Shown(Read($"a;b\n{new string('x', 40_000)}\n", limits)));
        Assert.Equal("too-many-cells(5) line 3 at '': ", Xlsx.Shown(Read("a;b\n1;2\n;3\n", limits with { Cells = 5 })));
        Assert.Equal("file-unpacks-too-large(text) line 2 at '': ", Xlsx.Shown(Read("aa;bb\ncc;dd\n", limits with { TextLength = 7 })));
    }

    [Fact]
    public void Every_bad_cell_is_counted_and_two_hundred_are_kept()
    {
        var read = Read(string.Concat(Enumerable.Repeat("toolong\n", 1_000)), new ImportLimits { CellLength = 5 });
        Assert.Equal(1_000, read.RefusalCount);
        Assert.Equal(200, read.Refusals.Length);
    }
}
