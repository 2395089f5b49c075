using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Guichet.Support;

namespace Guichet.Papers;

public sealed class PaperTests
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.FromHours(1));

    private static readonly PaperTable Table = new(
        [new("Tarif", 3), PaperColumn.Figures("Places", 1), PaperColumn.Figures("Recette TTC", 2)], Continued: "suite");

    private static async Task<byte[]> Made(Func<Paper, Task> write, PaperSize? size = null)
    {
        using var pdf = new MemoryStream();
        await using var paper = new Paper(pdf, new PaperDetails("Relevé « œuvre »", "fr", "Théâtre du Port", Noon), size) { Footer = (page, pages) => new("Théâtre du Port", $"page {page} / {pages}") };
        await write(paper);
        await paper.Finish();
        return pdf.ToArray();
    }

    /// <summary>As pdftotext writes it: every space is one.</summary>
    private static string Plain(string text) => text.Replace('\u202F', ' ').Replace('\u00A0', ' ');

    private static string[] Lines(string text) => text.Split(['\n', '\f'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    [PdfTheory]
    [InlineData("L’Œuvre à 1\u202F234,56\u00A0€ — « ça ! » n° 1ᵉʳ ½ −12 %")]
    [InlineData("Γιώργος Σεφέρης")]
    [InlineData("Чайка, Антон Чехов")]
    [InlineData("Nguyễn Thị Hồng Đỗ ŽŁşİ")]
    [InlineData("漢字 and 😀 are boxes")]
    [InlineData("fin")]
    public async Task Text_is_read_back_as_it_was_written(string text)
    {
        var pdf = await Made(paper => paper.Text(text));
        await PdfReading.Check(pdf);
        Assert.Equal(Plain(text), Lines(await PdfReading.Text(pdf))[0]);
    }

    [Theory]
    [InlineData("a\tb\nc\r\0\u0007\u001Bd", "a b c d")]
    [InlineData("\u202Eshalom\u202C \u200Bzero\uFEFF so\u00ADft \u2066x\u2069", "shalom zero soft x")]
    [InlineData("e\u0301te\u0301", "été")]
    [InlineData("❤\uFE0F", "❤")]
    [InlineData("a\u2028b", "a b")]
    [InlineData(null, "")]
    public void What_has_no_shape_is_left_out(string? text, string plain) => Assert.Equal(plain, PaperText.Plain(text));

    [Fact]
    public void Half_a_pair_is_shown_as_what_cant_be_shown() => Assert.Equal("half \uFFFD pair", PaperText.Plain("half \uD83D pair"));

    [Fact]
    public void Every_character_keeps_its_own_meaning_also_where_glyphs_are_the_same()
    {
        var subset = new FontSubset(PaperFont.Regular);
        foreach (var letter in "a \u202F\u00A0漢😀".EnumerateRunes()) subset.NumberOf(letter);
        var map = Encoding.ASCII.GetString(subset.ToUnicode());
        foreach (var expected in new[] { "<0001> <0061>", "<0002> <0020>", "<0003> <202F>", "<0004> <00A0>", "<0005> <6F22>", "<0006> <D83DDE00>" }) Assert.Contains(expected, map, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_font_lacks_is_a_box_that_is_seen_and_measured()
    {
        Assert.Equal(0, PaperFont.Regular.GlyphOf(new Rune('漢')));
        Assert.NotEqual(0, PaperFont.Regular.Outline(0).Length);
        Assert.True(PaperFont.Regular.Width("漢", 10) > 3);
    }

    [Fact]
    public void Figures_are_as_wide_as_one_another()
    {
        foreach (var font in new[] { PaperFont.Regular, PaperFont.Bold })
            Assert.Single(Enumerable.Range(0, 10).Select(digit => font.Width(digit.ToString(CultureInfo.InvariantCulture), 10)).Distinct());
    }

    [Theory]
    [InlineData("Un deux trois", 40, "Un deux|trois")]
    [InlineData("Un deux trois", 1000, "Un deux trois")]
    [InlineData("Un  deux ", 1000, "Un  deux")]
    [InlineData("mot-composé", 44, "mot-|composé")]
    [InlineData("12-34 12\u00A0000\u00A0€", 46, "12-34|12\u00A0000\u00A0€")]
    [InlineData("aaaaaaaaaaaa", 21, "aaaa|aaaa|aaaa")]
    [InlineData("a\nb\r\n\nc", 100, "a|b||c")]
    [InlineData("", 100, "")]
    [InlineData("large", 0, "l|a|r|g|e")]
    public void Lines_end_where_they_may(string text, double width, string lines) =>
        Assert.Equal(lines, string.Join('|', PaperText.Lines(text, PaperStyle.Text, width)));

    [Theory]
    [InlineData("Les Vagues immobiles", 200, "Les Vagues immobiles")]
    [InlineData("Les Vagues immobiles", 60, "Les Vagues…")]
    [InlineData("Les Vagues immobiles", 20, "Le…")]
    [InlineData("Les Vagues immobiles", 0, "…")]
    public void What_doesnt_fit_is_shortened(string text, double width, string shown) => Assert.Equal(shown, PaperText.Shortened(text, PaperStyle.Text, width));

    [PdfFact]
    public async Task A_table_goes_on_over_pages_with_its_header_its_group_and_its_sums()
    {
        var rows = new List<PaperRow> { PaperRow.Group("Carré or") };
        rows.AddRange(Enumerable.Range(1, 200).Select(at => PaperRow.Of($"Tarif {at}", "1\u202F234", "12,00\u00A0€")));
        rows.Add(PaperRow.Subtotal("Sous-total", "246\u202F800", "2\u202F400,00\u00A0€"));
        rows.Add(PaperRow.Total("Total", "246\u202F800", "2\u202F400,00\u00A0€"));
        var pdf = await Made(paper => paper.Table(Table, rows));
        await PdfReading.Check(pdf);
        var pages = (await PdfReading.Text(pdf, "-layout")).TrimEnd('\f').Split('\f').Select(Lines).ToList();
        Assert.InRange(pages.Count, 4, 9);
        Assert.All(pages, page => Assert.StartsWith("Tarif  ", page[0], StringComparison.Ordinal));
        Assert.Equal("Carré or", pages[0][1]);
        Assert.All(pages.Skip(1), page => Assert.Equal("Carré or (suite)", page[1]));
        Assert.Equal(Enumerable.Range(1, pages.Count).Select(page => $"page {page} / {pages.Count}"), pages.Select(page => page[^1][^$"page 1 / {pages.Count}".Length..]));
        Assert.Equal(Enumerable.Range(1, 200), pages.SelectMany(page => page).Where(line => line.StartsWith("Tarif ", StringComparison.Ordinal) && char.IsDigit(line[6])).Select(line => int.Parse(line[6..].Split(' ')[0], CultureInfo.InvariantCulture)));
        // Sums stay with the row they belong to.
        Assert.Contains(pages[^1], line => line.StartsWith("Tarif 200 ", StringComparison.Ordinal));
        Assert.Contains(pages[^1], line => line.StartsWith("Total ", StringComparison.Ordinal));
    }

    [PdfFact]
    public async Task Sums_never_stand_alone_at_the_top_of_a_page()
    {
        for (var before = 20; before < 60; before++)
        {
            var rows = Enumerable.Range(1, before).Select(at => PaperRow.Of($"Tarif {at}", "1", "2")).Append(PaperRow.Subtotal("Sous-total", "1", "2")).Append(PaperRow.Total("Total", "1", "2"));
            var last = Lines((await PdfReading.Text(await Made(paper => paper.Table(Table, rows)), "-layout")).TrimEnd('\f').Split('\f')[^1]);
            Assert.Contains(last, line => line.StartsWith($"Tarif {before} ", StringComparison.Ordinal));
        }
    }

    [PdfFact]
    public async Task A_cell_that_no_page_holds_goes_on_over_pages_and_loses_nothing()
    {
        var words = string.Join(' ', Enumerable.Range(1, 3_000).Select(at => $"mot{at}"));
        var pdf = await Made(paper => paper.Table(Table, [PaperRow.Of(words, "1", "2"), PaperRow.Of(new string('x', 5_000), "3", "4")]));
        await PdfReading.Check(pdf);
        var text = await PdfReading.Text(pdf, "-raw");
        Assert.Equal(Enumerable.Range(1, 3_000), System.Text.RegularExpressions.Regex.Matches(text, @"mot(\d+)").Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)));
        Assert.Equal(5_000, text.Count(letter => letter == 'x'));
    }

    [PdfFact]
    public async Task A_figure_is_never_cut()
    {
        var pdf = await Made(paper => paper.Table(new PaperTable([new("A", 9), PaperColumn.Figures("B", 1)]), [PaperRow.Of("x", "1\u202F234\u202F567,89\u00A0€"), PaperRow.Of("y", "1\u202F234\u202F567\u202F890\u202F123\u202F456,89\u00A0€")]));
        Assert.Contains("1 234 567,89 €", await PdfReading.Text(pdf), StringComparison.Ordinal);
        Assert.Equal("1234567890123456,89€", string.Concat((await PdfReading.Text(pdf, "-raw")).Split("y ")[1].Split("page")[0].Where(letter => !char.IsWhiteSpace(letter))));
    }

    [PdfFact]
    public async Task A_chart_shows_its_names_ticks_and_curves_and_leaves_gaps_for_what_isnt_known()
    {
        PaperPoint[] points = [new(0, 0), new(1, 120), new(2, double.NaN), new(3, double.PositiveInfinity), new(4, 480), new(5, 480)];
        var chart = new PaperChart([new("La Mouette", PaperColour.Accent, [.. points]), new("Rien", PaperColour.Grey, [], Dashed: true)], [(0, "J-5"), (double.NaN, "?"), (5, "J")], value => value.ToString("0", CultureInfo.InvariantCulture));
        var pdf = await Made(async paper =>
        {
            await paper.Chart(chart);
            await paper.Chart(chart with { Series = [] });
        });
        await PdfReading.Check(pdf);
        var text = Lines(await PdfReading.Text(pdf, "-raw"));
        foreach (var expected in new[] { "La Mouette", "J-5", "J", "0", "100", "500" }) Assert.Contains(text, line => line.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_place_that_isnt_a_number_is_refused()
    {
        await using var document = new PdfDocument(Stream.Null, new PaperDetails("x", "fr", null, Noon));
        var page = await document.NewPage(PaperSize.A4);
        Assert.Throws<ArgumentOutOfRangeException>(() => page.Text("x", double.NaN, 0, PaperStyle.Text));
        Assert.Throws<ArgumentOutOfRangeException>(() => page.Rectangle(0, 0, double.PositiveInfinity, 1, PaperColour.Ink));
    }

    [PdfFact]
    public async Task Everything_at_once_is_a_sound_document()
    {
        Assert.True(PaperImage.TryRead(Png.Of(2, 1, 8, 6, [[0, 255, 0, 0, 128, 0, 255, 0, 255]]), out var logo, out _));
        var pdf = await Made(
            async paper =>
            {
                await paper.Picture(logo, 100, 40, PaperAlign.Right);
                await paper.Title("Titre) Tj << >> \\ (");
                await paper.Facts([("Séance", "La Mouette"), ("Vide", ""), ("Long", new string('y', 900)), ("Lieu", "Théâtre\ndu Port")]);
                await paper.Rule();
                await paper.Heading("Première partie");
                await paper.NewPage();
                await paper.Heading("Deuxième partie");
                await paper.Table(new PaperTable([new("A", 1)]) { Zebra = true }, [PaperRow.Of(), default, PaperRow.Of("b", "too many")]);
                await paper.Table(Table, []);
            },
            PaperSize.A4Landscape);
        await PdfReading.Check(pdf);
        Assert.Contains("Titre) Tj << >> \\ (", await PdfReading.Text(pdf), StringComparison.Ordinal);
    }

    [PdfFact]
    public async Task A_paper_with_nothing_on_it_is_a_page() => await PdfReading.Check(await Made(_ => Task.CompletedTask));

    [Fact]
    public async Task The_same_content_makes_the_same_bytes_and_other_content_another_identifier()
    {
        static Task Write(Paper paper) => paper.Table(Table, [PaperRow.Of("Plein", "1", "2"), PaperRow.Total("Total", "1", "2")]);
        var first = await Made(Write);
        Assert.Equal(first, await Made(Write));
        var other = await Made(paper => paper.Text("autre"));
        Assert.NotEqual(Identifier(first), Identifier(other));

        static string Identifier(byte[] pdf) => Encoding.Latin1.GetString(pdf).Split("/ID [<")[1][..32];
    }

    [Fact]
    public async Task Pages_leave_the_memory_as_they_are_finished()
    {
        using var to = new CountedStream();
        var behind = 0L;
        await using var paper = new Paper(to, new PaperDetails("Long", "fr", null, Noon));
        async IAsyncEnumerable<PaperRow> Rows()
        {
            for (var at = 0; at < 100_000; at++)
            {
                if (at == 50_000) behind = to.Written;
                yield return PaperRow.Of("Plein tarif", "1\u202F234", "12,00\u00A0€");
            }
            await Task.CompletedTask;
        }

        await paper.Table(Table, Rows());
        await paper.Finish();
        Assert.InRange(behind, to.Written * 0.4, to.Written * 0.6);
        Assert.InRange(to.LargestWrite, 1, 200_000);
    }

    [Fact]
    public void A_subset_is_a_sound_font_with_the_parts_of_its_glyphs()
    {
        var subset = new FontSubset(PaperFont.Regular);
        foreach (var letter in "éàœ€Ж1".EnumerateRunes()) subset.NumberOf(letter);
        var file = subset.FontFile();
        uint sum = 0;
        for (var at = 0; at < file.Length; at += 4) sum = unchecked(sum + BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at)));
        Assert.Equal(0xB1B0AFBA, sum);
        Assert.InRange(file.Length, 1_000, 12_000);
        var read = Record.Exception(() => PaperFont.Read(file));
        // It lacks the tables that tell characters, which the document does; its outlines are there.
        Assert.IsType<InvalidDataException>(read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("OTTO with other outlines")]
    [InlineData("\0\u0001\0\0\0\u0009")]
    public void What_isnt_a_font_is_refused(string file) => Assert.Throws<InvalidDataException>(() => PaperFont.Read(Encoding.ASCII.GetBytes(file)));

    private sealed class CountedStream : MemoryStream
    {
        public long Written { get; private set; }

        public int LargestWrite { get; private set; }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Written += buffer.Length;
            LargestWrite = Math.Max(LargestWrite, buffer.Length);
            return ValueTask.CompletedTask;
        }
    }
}
