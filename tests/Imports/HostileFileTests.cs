using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Guichet.Imports;

/// <summary>
/// Files made to hurt. What a reading allocates in all is an upper bound of what it ever holds, so that is what is asserted.
/// </summary>
public class HostileFileTests
{
    private const long Megabyte = 1024 * 1024;

    private static (Taken<Table> Read, long AllocatedBytes) Measured(Stream stream, ImportLimits? limits = null)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = TabularFile.Read(stream, "x", limits ?? ImportLimits.Default);
        return (read, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static string Line(int columns, int width) => string.Join(';', Enumerable.Repeat(new string('x', width), columns)) + "\n";

    [Fact]
    public void Two_hundred_megabytes_of_text_are_refused_after_twenty()
    {
        using var upload = new EndlessStream(200 * Megabyte, Encoding.UTF8.GetBytes(Line(10, 99)));
        var (read, allocated) = Measured(upload);
        Assert.Equal("file-too-large(20000000) line 0 at '': ", Xlsx.Shown(read));
        Assert.InRange(upload.BytesRead, 20_000_000, 20_000_000 + 64 * 1024);
        Assert.InRange(allocated, 0, 100 * Megabyte);
    }

    [Fact]
    public void Two_hundred_megabytes_without_a_line_end_are_refused_after_one()
    {
        using var upload = new EndlessStream(200 * Megabyte, "x"u8.ToArray());
        var (read, allocated) = Measured(upload);
        Assert.Equal("line-too-long(1000000) line 1 at '': ", Xlsx.Shown(read));
        Assert.InRange(upload.BytesRead, 0, 2 * Megabyte);
        Assert.InRange(allocated, 0, 20 * Megabyte);
    }

    [Fact]
    public void Two_hundred_megabytes_that_begin_like_a_workbook_are_refused_after_twenty()
    {
        using var upload = new EndlessStream(200 * Megabyte, [0x50, 0x4B, 0x03, 0x04, .. new byte[1020]]);
        var (read, allocated) = Measured(upload);
        Assert.Equal("file-too-large(20000000) line 0 at '': ", Xlsx.Shown(read));
        Assert.InRange(upload.BytesRead, 20_000_000, 20_000_000 + 128 * 1024);
        Assert.InRange(allocated, 0, 22 * Megabyte);
    }

    [Fact]
    public async Task An_upload_over_the_network_is_left_where_it_passes_the_limit()
    {
        using var upload = new EndlessStream(200 * Megabyte, Encoding.UTF8.GetBytes(Line(10, 99)));
        var read = await TabularFile.ReadAsync(upload, "x.csv", ImportLimits.Default);
        Assert.Equal("file-too-large(20000000) line 0 at '': ", Xlsx.Shown(read));
        Assert.InRange(upload.BytesRead, 20_000_000, 20_000_000 + 128 * 1024);
    }

    [Fact]
    public void A_file_whose_length_is_known_is_refused_unread()
    {
        using var file = new MemoryStream(new byte[100]);
        var (read, _) = Measured(file, new ImportLimits { FileBytes = 99 });
        Assert.Equal("file-too-large(99) line 0 at '': ", Xlsx.Shown(read));
        Assert.Equal(0, file.Position);
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(400_000)]
    public void Ten_thousand_columns_are_refused(int columns)
    {
        var (read, allocated) = Measured(new MemoryStream(Encoding.UTF8.GetBytes(Line(columns, 1))));
        Assert.Equal("too-many-columns(200) line 1 at '': ", Xlsx.Shown(read));
        Assert.InRange(allocated, 0, 30 * Megabyte);
    }

    [Fact]
    public void A_quote_that_is_never_closed_does_not_swallow_the_file()
    {
        using var upload = new EndlessStream(200 * Megabyte, Encoding.UTF8.GetBytes(Line(2, 30)), Encoding.UTF8.GetBytes("a;b\nx;\"y\n"));
        var (read, allocated) = Measured(upload);
        Assert.Equal("quotes-unclosed() line 2 at '': ", Xlsx.Shown(read));
        Assert.InRange(allocated, 0, 60 * Megabyte);
    }

    [Fact]
    public void A_part_that_unpacks_a_hundredfold_is_refused_by_its_ratio()
    {
        var bytes = Bomb(100 * Megabyte);
        Assert.InRange(bytes.Length, 0, Megabyte);
        var (read, allocated) = Measured(new MemoryStream(bytes));
        Assert.Equal("file-unpacks-too-large(ratio) line 0 at '': ", Xlsx.Shown(read));
        Assert.InRange(allocated, 0, 40 * Megabyte);
    }

    [Fact]
    public void Sizes_that_lie_change_nothing()
    {
        var bytes = Bomb(100 * Megabyte);
        DeclareSizes(bytes, 1000);
        var (read, allocated) = Measured(new MemoryStream(bytes));
        Assert.Contains(read.Refusals[0].Code, new[] { "file-unpacks-too-large", "file-damaged" });
        Assert.InRange(allocated, 0, 40 * Megabyte);
    }

    [Fact]
    public void All_parts_together_are_bounded()
    {
        var random = new Random(1);
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(_ => $"<si><t>{random.NextInt64():x}</t></si>"));
        var workbook = Xlsx.OfRows($"<row><c><v>1</v></c></row><!--{text.Replace("<", "", StringComparison.Ordinal).Replace(">", " ", StringComparison.Ordinal)}-->")
            .With("xl/sharedStrings.xml", $"<sst {Xlsx.Main}>{text}</sst>");
        Assert.Equal("file-unpacks-too-large(bytes) line 0 at '': ", Xlsx.Shown(workbook.Read(new ImportLimits { UnpackedBytes = Megabyte / 2 })));
    }

    public static TheoryData<string, string, string> Shapes => new()
    {
        { "an attribute of 8 MB", $"<row><c r=\"{new string('A', 8_000_000)}\"/></row>", "file-unpacks-too-large(text) line 0 at '': " },
        { "a text of 8 MB", $"<row><c t=\"str\"><v>{new string('A', 8_000_000)}</v></c></row>", "file-unpacks-too-large(text) line 0 at '': " },
        { "a text a little too long", $"<row><c t=\"str\"><v>{new string('A', 20_000)}</v></c></row>", "cell-too-long(10000) line 1 at 'A1': " },
        { "100,000 elements deep", string.Concat(Enumerable.Repeat("<a>", 100_000)), "file-damaged(xl/worksheets/sheet1.xml) line 0 at '': " },
        { "100,000 names", string.Concat(Enumerable.Range(0, 100_000).Select(name => $"<n{name}/>")), "file-unpacks-too-large(text) line 0 at '': " },
        { "rows that go back", "<row r=\"5\"><c><v>1</v></c></row><row r=\"4\"><c><v>1</v></c></row>", "file-damaged(xl/worksheets/sheet1.xml) line 0 at '': " },
        { "cells that go back", "<row><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c></row>", "file-damaged(xl/worksheets/sheet1.xml) line 0 at '': " },
        { "text that is no XML", "<row><c><v>1</v>", "file-damaged(xl/worksheets/sheet1.xml) line 0 at '': " },
        { "an entity", "<row><c><v>&lol;</v></c></row>", "file-damaged(xl/worksheets/sheet1.xml) line 0 at '': " },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_sheet_of_an_impossible_shape_is_refused_in_bounded_memory(string shape, string rows, string shown)
    {
        Assert.NotEmpty(shape);
        var (read, allocated) = Measured(new MemoryStream(Xlsx.OfRows(rows).Bytes()));
        Assert.Equal(shown, Xlsx.Shown(read));
        Assert.InRange(allocated, 0, 10 * Megabyte);
    }

    [Fact]
    public void Merged_ranges_over_the_whole_sheet_are_bounded()
    {
        var rows = string.Concat(Enumerable.Range(1, 2_000).Select(line => $"<row r=\"{line}\"><c t=\"str\"><v>x</v></c></row>"));
        var merged = string.Concat(Enumerable.Repeat("<mergeCell ref=\"A1:XFD1048576\"/>", 50_000));
        var (read, allocated) = Measured(new MemoryStream(Xlsx.OfRows(rows, $"<mergeCells>{merged}</mergeCells>").Bytes()));
        Assert.Equal("too-many-cells", Assert.Single(read.Refusals).Code);
        Assert.InRange(allocated, 0, 120 * Megabyte);
    }

    [Fact]
    public void An_archive_of_very_many_entries_is_refused_before_its_directory_is_read()
    {
        var workbook = Xlsx.OfRows("");
        for (var i = 0; i < 2_000; i++) workbook.With($"xl/media/{i}", "x");
        Assert.Equal("file-unpacks-too-large(entries) line 0 at '': ", Xlsx.Shown(workbook.Read()));
    }

    private const string BillionLaughs = """
        <?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
        """;

    [Theory]
    [InlineData("xl/worksheets/sheet1.xml", false)]
    [InlineData("xl/worksheets/sheet1.xml", true)]
    [InlineData("xl/sharedStrings.xml", false)]
    [InlineData("xl/styles.xml", false)]
    [InlineData("xl/workbook.xml", false)]
    [InlineData("_rels/.rels", false)]
    public void A_document_type_in_any_part_is_refused(string part, bool inUtf16)
    {
        var text = BillionLaughs + $"<worksheet {Xlsx.Main}><sheetData><row><c t=\"str\"><v>&b;&x;</v></c></row></sheetData></worksheet>";
        byte[] bytes = inUtf16
            ? [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(text.Replace("version=\"1.0\"", "version=\"1.0\" encoding=\"utf-16\"", StringComparison.Ordinal))]
            : Encoding.UTF8.GetBytes(text);
        Assert.Equal($"xml-doctype({part}) line 0 at '': ", Xlsx.Shown(Xlsx.OfRows("").With(part, bytes).Read()));
    }

    [Theory]
    [InlineData("word/document.xml", "zip")]
    [InlineData("xl/workbook.bin", "xlsb")]
    public void Another_kind_of_archive_is_named(string part, string kind)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true)) archive.CreateEntry(part).Open().Dispose();
        Assert.Equal($"file-not-tabular({kind}) line 0 at '': ", Xlsx.Shown(TabularFile.Read(new MemoryStream(bytes.ToArray()), "x", ImportLimits.Default)));
    }

    [Fact]
    public void A_workbook_cut_anywhere_is_refused()
    {
        var bytes = Xlsx.OfRows(string.Concat(Enumerable.Range(1, 300).Select(line => $"<row><c><v>{line}</v></c></row>"))).Bytes();
        for (var length = 4; length < bytes.Length; length += 7)
        {
            var read = TabularFile.Read(new MemoryStream(bytes, 0, length), "x", ImportLimits.Default);
            Assert.Equal("file-damaged() line 0 at '': ", Xlsx.Shown(read));
        }
    }

    [Fact]
    public void Damage_anywhere_is_an_answer_and_never_an_exception()
    {
        var workbook = Xlsx.OfRows("<row><c t=\"s\"><v>0</v></c><c><v>46350.5</v></c></row>", "<mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells>")
            .With("xl/sharedStrings.xml", $"<sst {Xlsx.Main}><si><t>x</t></si></sst>").Bytes();
        var text = Encoding.UTF8.GetBytes("titre;date;\"prix\"\nété;24/11/2026;12,50\n");
        var cases =
            from file in Gen.Elements(workbook, text)
            from places in Gen.Choose(0, file.Length - 1).ArrayOf(4)
            from values in Gen.Choose(0, 255).ArrayOf(4)
            select (file, places, values);
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3_000),
            Prop.ForAll(cases.ToArbitrary(), one =>
            {
                var bytes = one.file.ToArray();
                foreach (var (place, value) in one.places.Zip(one.values)) bytes[place] = (byte)value;
                var read = TabularFile.Read(new MemoryStream(bytes), "x", ImportLimits.Default);
                return read.IsRefused == (read.Value is null);
            }));
    }

    /// <summary>A workbook whose one sheet goes on for this long with rows of nothing.</summary>
    private static byte[] Bomb(long length) => Xlsx.OfRows("").With("xl/worksheets/sheet1.xml", sheet =>
    {
        sheet.Write(Encoding.UTF8.GetBytes($"<worksheet {Xlsx.Main}><sheetData>"));
        var block = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<row><c><v></v></c></row>", 10_000)));
        for (long written = 0; written < length; written += block.Length) sheet.Write(block);
        sheet.Write("</sheetData></worksheet>"u8);
    }).Bytes();

    /// <summary>Makes every entry of the archive's directory, and its local header, say this size.</summary>
    private static void DeclareSizes(byte[] archive, int size)
    {
        for (var i = 0; i + 46 < archive.Length; i++)
        {
            if (archive.AsSpan(i).StartsWith("PK\u0001\u0002"u8)) BitConverter.TryWriteBytes(archive.AsSpan(i + 24), size);
            if (archive.AsSpan(i).StartsWith("PK\u0003\u0004"u8)) BitConverter.TryWriteBytes(archive.AsSpan(i + 22), size);
        }
    }

    /// <summary>A stream that repeats a block up to a length, made while it is read, and counts what was taken from it.</summary>
    private sealed class EndlessStream(long length, byte[] block, byte[]? first = null) : Stream
    {
        public long BytesRead { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - BytesRead);
            for (var i = 0; i < read; i++)
            {
                var at = BytesRead + i;
                buffer[offset + i] = first is not null && at < first.Length ? first[at] : block[at % block.Length];
            }
            BytesRead += read;
            return read;
        }

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
