using System.Globalization;
using System.Text;

namespace Guichet.Papers;

/// <summary>What a document says of itself.</summary>
/// <param name="Title">Shown by readers instead of the file's name.</param>
/// <param name="Language">BCP 47, for those who have it read to them: <c>fr</c>.</param>
/// <param name="Author">Whose paper it is.</param>
/// <param name="Created">Given, never taken from a clock: the same input makes the same bytes.</param>
public sealed record PaperDetails(string Title, string Language, string? Author, DateTimeOffset Created);

/// <summary>
/// A PDF written to a stream page by page: a finished page leaves the memory, whose use grows by a few dozen bytes a page, by the images
/// drawn, and by the characters used. The same calls write the same bytes. Not for several threads.
/// </summary>
/// <remarks>PDF 1.7 (ISO 32000-1): compressed, fonts embedded as subsets with their characters, so that text can be searched and copied.</remarks>
public sealed class PdfDocument : IAsyncDisposable
{
    private readonly PdfWriter writer;
    private readonly PaperDetails details;
    private readonly int catalogue, pageTree, about, resources;
    private readonly List<(int Number, PaperSize Size, int Edge)> pages = [];
    private readonly List<(string Title, int Page)> bookmarks = [];
    private readonly Dictionary<PaperFont, (int Name, int Object, FontSubset Subset)> fonts = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<PaperImage, (int Name, int Object)> images = new(ReferenceEqualityComparer.Instance);
    private readonly List<PaperImage> unwritten = [];
    private PdfPage? current;
    private bool begun, finished;

    /// <param name="to">Written forward only, and left open.</param>
    public PdfDocument(Stream to, PaperDetails details)
    {
        writer = new PdfWriter(to);
        this.details = details;
        (catalogue, pageTree, about, resources) = (writer.Reserve(), writer.Reserve(), writer.Reserve(), writer.Reserve());
    }

    /// <summary>
    /// Draws what every page has at its edges, once the number of pages is known: given the page, its number from 1, and how many there
    /// are. To be set before the first page.
    /// </summary>
    public Action<PdfPage, int, int>? Edges { get; set; }

    /// <summary>Of the page being drawn, from 1.</summary>
    public int PageNumber => pages.Count + (current is null ? 0 : 1);

    /// <summary>Finishes the page before and begins another.</summary>
    public async Task<PdfPage> NewPage(PaperSize size, CancellationToken cancellation = default)
    {
        if (finished) throw new InvalidOperationException("The document is finished.");
        await EndPage(cancellation);
        return current = new PdfPage(this, size);
    }

    /// <summary>An entry of the outline, which leads to the page being drawn.</summary>
    public void Bookmark(string title) => bookmarks.Add((title, PageNumber - 1));

    /// <summary>Writes what is left. A document without a page gets an empty one. What isn't finished isn't a PDF.</summary>
    public async Task Finish(CancellationToken cancellation = default)
    {
        if (finished) return;
        if (PageNumber == 0) await NewPage(PaperSize.A4, cancellation);
        await EndPage(cancellation);
        finished = true;
        await WriteEdges(cancellation);
        await WriteImages(cancellation);
        foreach (var (_, number, subset) in fonts.Values) await WriteFont(number, subset, cancellation);
        await writer.Object(resources, Resources(), cancellation);
        await writer.Object(pageTree, string.Create(CultureInfo.InvariantCulture, $"<< /Type /Pages /Count {pages.Count} /Kids [{string.Join(' ', pages.Select(page => Reference(page.Number)))}] >>"), cancellation);
        var outline = await WriteBookmarks(cancellation);
        await writer.Object(catalogue, $"<< /Type /Catalog /Pages {Reference(pageTree)} /Lang {PdfWriter.Text(details.Language)} /ViewerPreferences << /DisplayDocTitle true >>{outline} >>", cancellation);
        await writer.Object(about, $"<< /Title {PdfWriter.Text(details.Title)}{(string.IsNullOrWhiteSpace(details.Author) ? "" : $" /Author {PdfWriter.Text(details.Author)}")} /Producer (Guichet) /CreationDate {PdfWriter.Date(details.Created)} /ModDate {PdfWriter.Date(details.Created)} >>", cancellation);
        await writer.End(catalogue, about, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        writer.Dispose();
        return ValueTask.CompletedTask;
    }

    internal FontSubset Subset(PaperFont font, out int name)
    {
        if (!fonts.TryGetValue(font, out var known)) fonts.Add(font, known = (fonts.Count + 1, writer.Reserve(), new FontSubset(font)));
        name = known.Name;
        return known.Subset;
    }

    internal int Register(PaperImage image)
    {
        if (images.TryGetValue(image, out var known)) return known.Name;
        images.Add(image, known = (images.Count + 1, writer.Reserve()));
        unwritten.Add(image);
        return known.Name;
    }

    private static string Reference(int number) => string.Create(CultureInfo.InvariantCulture, $"{number} 0 R");

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private async Task EndPage(CancellationToken cancellation)
    {
        if (!begun) await writer.Begin(cancellation);
        begun = true;
        if (current is not { } page) return;
        await WriteImages(cancellation);
        var content = writer.Reserve();
        await writer.Stream(content, "", page.Content.Bytes, cancellation);
        var number = writer.Reserve();
        var edge = Edges is null ? 0 : writer.Reserve();
        var contents = edge == 0 ? Reference(content) : $"[{Reference(content)} {Reference(edge)}]";
        await writer.Object(
            number,
            $"<< /Type /Page /Parent {Reference(pageTree)} /MediaBox [0 0 {Number(page.Size.Width)} {Number(page.Size.Height)}] /Resources {Reference(resources)} /Contents {contents} >>",
            cancellation);
        pages.Add((number, page.Size, edge));
        current = null;
    }

    private async Task WriteEdges(CancellationToken cancellation)
    {
        for (var at = 0; at < pages.Count; at++)
        {
            var (_, size, edge) = pages[at];
            if (edge == 0) continue;
            var canvas = new PdfPage(this, size);
            Edges!(canvas, at + 1, pages.Count);
            await writer.Stream(edge, "", canvas.Content.Bytes, cancellation);
        }
    }

    private async Task WriteImages(CancellationToken cancellation)
    {
        foreach (var image in unwritten)
        {
            var mask = image.Alpha.IsEmpty ? 0 : writer.Reserve();
            var size = string.Create(CultureInfo.InvariantCulture, $"/Type /XObject /Subtype /Image /Width {image.Width} /Height {image.Height} /BitsPerComponent 8");
            await writer.Stream(
                images[image].Object, $"{size} /ColorSpace {image.ColourSpace}{image.Entries}{(mask == 0 ? "" : $" /SMask {Reference(mask)}")}", image.Content, cancellation, compressed: true);
            if (mask != 0) await writer.Stream(mask, $"{size} /ColorSpace /DeviceGray /Filter /FlateDecode", image.Alpha, cancellation, compressed: true);
        }
        unwritten.Clear();
    }

    /// <summary>A composite font (ISO 32000-1, 9.7) whose numbers are the subset's own.</summary>
    private async Task WriteFont(int number, FontSubset subset, CancellationToken cancellation)
    {
        var (descendant, descriptor, file, characters) = (writer.Reserve(), writer.Reserve(), writer.Reserve(), writer.Reserve());
        var (font, name) = (subset.Font, subset.Name());
        const int symbolic = 4;
        await writer.Object(number, $"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /Identity-H /DescendantFonts [{Reference(descendant)}] /ToUnicode {Reference(characters)} >>", cancellation);
        await writer.Object(
            descendant,
            $"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /{name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor {Reference(descriptor)} /CIDToGIDMap /Identity /W {subset.Widths()} >>",
            cancellation);
        await writer.Object(
            descriptor,
            string.Create(
                CultureInfo.InvariantCulture,
                $"<< /Type /FontDescriptor /FontName /{name} /Flags {symbolic} /FontBBox [{string.Join(' ', font.Box)}] /ItalicAngle 0 /Ascent {Math.Round(font.Ascent * 1000)} /Descent {Math.Round(font.Descent * -1000)} /CapHeight {Math.Round(font.CapHeight * 1000)} /StemV {50 + font.Weight * font.Weight / 4225} /FontFile2 {file} 0 R >>"),
            cancellation);
        var bytes = subset.FontFile();
        await writer.Stream(file, string.Create(CultureInfo.InvariantCulture, $"/Length1 {bytes.Length}"), bytes, cancellation);
        await writer.Stream(characters, "", subset.ToUnicode(), cancellation);
    }

    private string Resources()
    {
        var dictionary = new StringBuilder("<<");
        if (fonts.Count > 0) dictionary.Append(" /Font << ").AppendJoin(' ', fonts.Values.Select(font => $"/F{font.Name} {Reference(font.Object)}")).Append(" >>");
        if (images.Count > 0) dictionary.Append(" /XObject << ").AppendJoin(' ', images.Values.Select(image => $"/I{image.Name} {Reference(image.Object)}")).Append(" >>");
        return dictionary.Append(" >>").ToString();
    }

    private async Task<string> WriteBookmarks(CancellationToken cancellation)
    {
        if (bookmarks.Count == 0) return "";
        var outline = writer.Reserve();
        var numbers = bookmarks.Select(_ => writer.Reserve()).ToArray();
        await writer.Object(outline, string.Create(CultureInfo.InvariantCulture, $"<< /Type /Outlines /First {numbers[0]} 0 R /Last {numbers[^1]} 0 R /Count {numbers.Length} >>"), cancellation);
        for (var at = 0; at < numbers.Length; at++)
        {
            var (title, page) = bookmarks[at];
            var (target, size, _) = pages[Math.Clamp(page, 0, pages.Count - 1)];
            var before = at > 0 ? $" /Prev {Reference(numbers[at - 1])}" : "";
            var after = at < numbers.Length - 1 ? $" /Next {Reference(numbers[at + 1])}" : "";
            await writer.Object(numbers[at], $"<< /Title {PdfWriter.Text(title)} /Parent {Reference(outline)} /Dest [{Reference(target)} /XYZ 0 {Number(size.Height)} null]{before}{after} >>", cancellation);
        }
        return $" /Outlines {Reference(outline)}";
    }
}
