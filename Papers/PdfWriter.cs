using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Guichet.Papers;

/// <summary>
/// The objects of a PDF 1.7 file (ISO 32000-1), written forward as they come: what stays in memory is where each begins, 8 bytes.
/// </summary>
internal sealed class PdfWriter(Stream to) : IDisposable
{
    private readonly List<long> offsets = [0];
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long position;

    public void Dispose() => hash.Dispose();

    /// <summary>A number for an object that is written later: each must be.</summary>
    public int Reserve()
    {
        offsets.Add(0);
        return offsets.Count - 1;
    }

    /// <summary>The header, with the comment by which transports see that the file isn't text.</summary>
    public Task Begin(CancellationToken cancellation) => Write((byte[])[.. "%PDF-1.7\n%"u8, 0xE2, 0xE3, 0xCF, 0xD3, (byte)'\n'], cancellation);

    public Task Object(int number, string content, CancellationToken cancellation)
    {
        offsets[number] = position;
        return Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number} 0 obj\n{content}\nendobj\n")), cancellation);
    }

    /// <param name="entries">Of its dictionary, besides its length and, unless they say a filter, that of its compression.</param>
    public async Task Stream(int number, string entries, ReadOnlyMemory<byte> content, CancellationToken cancellation, bool compressed = false)
    {
        if (!compressed)
        {
            content = Compressed(content.Span);
            entries += " /Filter /FlateDecode";
        }
        offsets[number] = position;
        await Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number} 0 obj\n<< {entries} /Length {content.Length} >>\nstream\n")), cancellation);
        await Write(content, cancellation);
        await Write("\nendstream\nendobj\n"u8.ToArray(), cancellation);
    }

    /// <summary>The cross-reference table and the trailer. The file's identifier is a hash of what it holds: the same content has the same.</summary>
    public async Task End(int root, int about, CancellationToken cancellation)
    {
        var table = new StringBuilder();
        var start = position;
        table.Append(CultureInfo.InvariantCulture, $"xref\n0 {offsets.Count}\n0000000000 65535 f \n");
        foreach (var offset in offsets.Skip(1)) table.Append(CultureInfo.InvariantCulture, $"{offset:D10} 00000 n \n");
        var id = Convert.ToHexString(hash.GetCurrentHash().AsSpan(0, 16));
        table.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {offsets.Count} /Root {root} 0 R /Info {about} 0 R /ID [<{id}> <{id}>] >>\nstartxref\n{start}\n%%EOF\n");
        await Write(Encoding.ASCII.GetBytes(table.ToString()), cancellation);
        await to.FlushAsync(cancellation);
    }

    public static ReadOnlyMemory<byte> Compressed(ReadOnlySpan<byte> content)
    {
        var compressed = new MemoryStream(content.Length / 3 + 64);
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(content);
        return compressed.GetBuffer().AsMemory(0, (int)compressed.Length);
    }

    /// <summary>A text string: UTF-16 with its mark, in hexadecimal, which no content can break out of.</summary>
    public static string Text(string text) => "<FEFF" + Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(PaperText.Plain(text))) + ">";

    public static string Date(DateTimeOffset date)
    {
        var offset = date.Offset;
        var zone = offset == TimeSpan.Zero ? "Z" : string.Create(CultureInfo.InvariantCulture, $"{(offset < TimeSpan.Zero ? '-' : '+')}{Math.Abs(offset.Hours):00}'{Math.Abs(offset.Minutes):00}'");
        return "(D:" + date.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + zone + ")";
    }

    private async Task Write(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        hash.AppendData(bytes.Span);
        position += bytes.Length;
        await to.WriteAsync(bytes, cancellation);
    }
}
