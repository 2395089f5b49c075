using System.IO.Compression;
using Guichet.Support;

namespace Guichet.Papers;

public sealed class PaperImageTests
{
    /// <summary>A file, and its pixels: in colour « red.green.blue.alpha », in grey « grey.alpha », alpha left out where nothing shines through.</summary>
    public static TheoryData<string, byte[], string> Kinds => new()
    {
        { "colour", Png.Of(2, 1, 8, 2, [[0, 1, 2, 3, 4, 5, 6]]), "1.2.3 4.5.6" },
        { "colour, clear key", Png.Of(2, 1, 8, 2, [[0, 1, 2, 3, 4, 5, 6]], clear: [0, 1, 0, 2, 0, 3]), "1.2.3.0 4.5.6.255" },
        { "colour of 16 bits", Png.Of(1, 1, 16, 2, [[0, 1, 99, 2, 99, 3, 99]]), "1.2.3" },
        { "colour with alpha", Png.Of(2, 1, 8, 6, [[0, 1, 2, 3, 128, 4, 5, 6, 255]]), "1.2.3.128 4.5.6.255" },
        { "colour with alpha that hides all", Png.Of(1, 1, 8, 6, [[0, 1, 2, 3, 255]]), "1.2.3" },
        { "grey", Png.Of(2, 2, 8, 0, [[0, 7, 8], [0, 9, 10]]), "7 8 9 10" },
        { "grey of 1 bit", Png.Of(3, 1, 1, 0, [[0, 0b1010_0000]]), "255 0 255" },
        { "grey of 2 bits", Png.Of(4, 1, 2, 0, [[0, 0b0001_1011]]), "0 85 170 255" },
        { "grey of 4 bits", Png.Of(3, 1, 4, 0, [[0, 0x0F, 0x80]]), "0 255 136" },
        { "grey of 16 bits", Png.Of(1, 1, 16, 0, [[0, 42, 0]]), "42" },
        { "grey, clear key", Png.Of(2, 1, 8, 0, [[0, 7, 8]], clear: [0, 8]), "7.255 8.0" },
        { "grey with alpha", Png.Of(1, 1, 8, 4, [[0, 7, 8]]), "7.8" },
        { "indexed", Png.Of(2, 1, 8, 3, [[0, 1, 0]], palette: [1, 2, 3, 4, 5, 6]), "4.5.6 1.2.3" },
        { "indexed of 4 bits, clear", Png.Of(2, 1, 4, 3, [[0, 0x10]], palette: [1, 2, 3, 4, 5, 6], clear: [9]), "4.5.6.255 1.2.3.9" },
        { "filters", Png.Of(2, 5, 8, 0, [[0, 10, 20], [1, 1, 2], [2, 5, 5], [3, 10, 10], [4, 1, 1]]), "10 20 1 3 6 8 13 20 14 21" },
        { "interlaced", Png.Of(3, 2, 8, 0, [[0, 1], [0, 3], [0, 2], [0, 4, 5, 6]], interlaced: true), "1 2 3 4 5 6" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_png_is_read(string kind, byte[] file, string pixels)
    {
        Assert.True(PaperImage.TryRead(file, out var image, out var refusal), $"{kind}: {refusal}");
        var parts = image.ColourSpace == "/DeviceGray" ? 1 : 3;
        var (colours, alphas) = (Inflated(image.Content), Inflated(image.Alpha));
        Assert.Equal(pixels, string.Join(' ', Enumerable.Range(0, image.Width * image.Height).Select(at =>
            string.Join('.', colours.Skip(parts * at).Take(parts).Concat(alphas.Skip(at).Take(1))))));
    }

    public static TheoryData<string, byte[], ImageRefusal> Wrong
    {
        get
        {
            var sound = Png.Of(2, 1, 8, 2, [[0, 1, 2, 3, 4, 5, 6]]);
            byte[] changed = [.. sound];
            changed[^20]++;
            return new()
            {
                { "nothing", [], ImageRefusal.NotAnImage },
                { "a page that calls itself logo.png", "<html>"u8.ToArray(), ImageRefusal.NotAnImage },
                { "a GIF", "GIF89a..........."u8.ToArray(), ImageRefusal.NotAnImage },
                { "cut in its header", sound[..20], ImageRefusal.Damaged },
                { "cut in its pixels", sound[..^16], ImageRefusal.Damaged },
                { "its end is missing", sound[..^12], ImageRefusal.Damaged },
                { "changed on its way", changed, ImageRefusal.Damaged },
                { "fewer rows than it says", Png.Of(2, 9, 8, 2, [[0, 1, 2, 3, 4, 5, 6]]), ImageRefusal.Damaged },
                { "a filter that isn't one", Png.Of(1, 1, 8, 0, [[9, 1]]), ImageRefusal.Damaged },
                { "a colour that isn't in the palette", Png.Of(1, 1, 8, 3, [[0, 2]], palette: [1, 2, 3]), ImageRefusal.Damaged },
                { "no palette", Png.Of(1, 1, 8, 3, [[0, 2]]), ImageRefusal.Damaged },
                { "a kind that isn't one", Png.Of(1, 1, 8, 5, [[0, 2]]), ImageRefusal.Damaged },
                { "no width", Png.Of(0, 1, 8, 0, [[0]]), ImageRefusal.WrongSize },
                { "a plane of pixels in a small file", Png.Of(40_000, 40_000, 1, 0, []), ImageRefusal.WrongSize },
                { "2^31 wide", Png.Of(int.MinValue, 1, 8, 0, []), ImageRefusal.WrongSize },
                { "too heavy", new byte[PaperImage.MostBytes + 1], ImageRefusal.TooManyBytes },
                { "a JPEG cut in its header", Jpeg.Of(2, 2)[..10], ImageRefusal.Damaged },
                { "a JPEG cut in its pixels", Jpeg.Of(2, 2)[..^2], ImageRefusal.Damaged },
                { "a JPEG without loss", Jpeg.Of(2, 2, frame: 0xC3), ImageRefusal.UnknownKind },
                { "a JPEG of 12 bits", Jpeg.Of(2, 2, depth: 12), ImageRefusal.UnknownKind },
                { "a JPEG of two inks", Jpeg.Of(2, 2, parts: 2), ImageRefusal.UnknownKind },
                { "a JPEG of 65,535 × 65,535", Jpeg.Of(65_535, 65_535), ImageRefusal.WrongSize },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cant_be_drawn_is_refused_by_name(string what, byte[] file, ImageRefusal refusal)
    {
        Assert.False(PaperImage.TryRead(file, out _, out var said), what);
        Assert.Equal(refusal, said);
    }

    [Fact]
    public async Task Of_a_file_of_50_MB_no_more_is_read_than_an_image_may_have()
    {
        using var file = new MemoryStream(new byte[50_000_000]);
        Assert.Equal((null, ImageRefusal.TooManyBytes), await PaperImage.Read(file));
        Assert.InRange(file.Position, 1, PaperImage.MostBytes + 100_000);
    }

    [Fact]
    public void A_jpeg_keeps_its_pixels_and_loses_what_a_camera_said()
    {
        Assert.True(PaperImage.TryRead(Jpeg.Of(3, 2, camera: "47.47 N"), out var image, out _));
        Assert.Equal((3, 2, "/DeviceRGB", " /Filter /DCTDecode"), (image.Width, image.Height, image.ColourSpace, image.Entries));
        Assert.Equal(Jpeg.Of(3, 2), image.Content.ToArray());
        Assert.True(PaperImage.TryRead(Jpeg.Of(3, 2, parts: 4, adobe: true), out var inks, out _));
        Assert.Contains("/Decode [1 0", inks.Entries, StringComparison.Ordinal);
    }

    [PdfFact]
    public async Task What_is_transparent_lets_the_page_shine_through()
    {
        // Red, half red, nothing; on white.
        Assert.True(PaperImage.TryRead(Png.Of(3, 1, 8, 6, [[0, 255, 0, 0, 255, 255, 0, 0, 128, 255, 0, 0, 0]]), out var image, out _));
        using var pdf = new MemoryStream();
        await using var document = new PdfDocument(pdf, new PaperDetails("Image", "fr", null, PaperTests.Noon));
        (await document.NewPage(new PaperSize(90, 30))).Image(image, 0, 0, 90, 30);
        await document.Finish();
        await PdfReading.Check(pdf.ToArray());
        var (width, _, pixels) = await PdfReading.Seen(pdf.ToArray());
        Assert.Equal(["255,0,0", "255,127,127", "255,255,255"], new[] { 15, 45, 75 }.Select(x => string.Join(',', pixels.AsSpan(3 * (15 * width + x), 3).ToArray())));
    }

    private static byte[] Inflated(ReadOnlyMemory<byte> content)
    {
        if (content.IsEmpty) return [];
        var inflated = new MemoryStream();
        using var zlib = new ZLibStream(new MemoryStream(content.ToArray()), CompressionMode.Decompress);
        zlib.CopyTo(inflated);
        return inflated.ToArray();
    }
}
