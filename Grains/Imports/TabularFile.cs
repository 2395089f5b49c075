using System.Globalization;
using System.Text;

namespace Guichet.Imports;

/// <summary>
/// Reads an uploaded file into a <see cref="Table"/>: text with separators, a workbook (XLSX), or an address book (vCard). What it is, is decided by its
/// bytes, never by its name. Whatever it holds, memory and time stay within the <see cref="ImportLimits"/>.
/// </summary>
public static class TabularFile
{
    private const int SignatureLength = 512;

    /// <param name="content">Read once, forward, and left open.</param>
    /// <param name="sheet">The workbook's sheet to read; null for the first that is visible.</param>
    public static Taken<Table> Read(Stream content, string name, ImportLimits limits, string? sheet = null)
    {
        try
        {
            if (content.CanSeek && content.Length - content.Position > limits.FileBytes) return TooLarge(limits.FileBytes);
            var head = new byte[SignatureLength];
            var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            var whole = new LimitedStream(new PrefixedStream(head.AsMemory(0, length), content), limits.FileBytes, () => TooLarge(limits.FileBytes));
            return Read(head.AsSpan(0, length), whole, name, limits, sheet);
        }
        catch (FileRefusedException refused)
        {
            return refused.Refusal;
        }
    }

    /// <summary>As <see cref="Read(Stream, string, ImportLimits, string?)"/>, for an upload that arrives over the network: keeps at most the file's limit of it in memory.</summary>
    public static async Task<Taken<Table>> ReadAsync(
        Stream content, string name, ImportLimits limits, string? sheet = null, CancellationToken cancellation = default)
    {
        try
        {
            var whole = await BlockStream.FillAsync(content, limits.FileBytes, cancellation);
            return Read(whole, name, limits, sheet);
        }
        catch (FileRefusedException refused)
        {
            return refused.Refusal;
        }
    }

    private static Taken<Table> Read(ReadOnlySpan<byte> head, Stream whole, string name, ImportLimits limits, string? sheet) => Recognise(head) switch
    {
        Signature.Zip => XlsxFile.Read(BlockStream.Fill(whole, limits.FileBytes), name, limits, sheet),
        Signature.Compound => OfCompound(BlockStream.Fill(whole, limits.FileBytes)),
        Signature.Text => CsvFile.Read(whole, name, limits),
        Signature.VCard => VCardFile.Read(whole, name, limits),
        Signature.Pdf => NotTabular("pdf"),
        Signature.Image => NotTabular("image"),
        Signature.Archive => NotTabular("zip"),
        Signature.Html => NotTabular("html"),
        _ => throw new InvalidOperationException("A signature without a reading."),
    };

    internal static ImportRefusal TooLarge(long limit) =>
        ImportRefusal.Of(ImportCodes.FileTooLarge, limit.ToString(CultureInfo.InvariantCulture));

    internal static ImportRefusal NotTabular(string kind) => ImportRefusal.Of(ImportCodes.FileNotTabular, kind);

    /// <summary>A compound file is a workbook protected by a password, or one from before 2007.</summary>
    private static ImportRefusal OfCompound(BlockStream bytes) =>
        bytes.Occurrences(Encoding.Unicode.GetBytes("EncryptedPackage")) > 0
            ? ImportRefusal.Of(ImportCodes.FileEncrypted)
            : NotTabular("xls");

    private enum Signature
    {
        Text,
        Zip,
        Compound,
        Pdf,
        Image,
        Archive,
        Html,
        VCard,
    }

    private static Signature Recognise(ReadOnlySpan<byte> head) => head switch
    {
        [0x50, 0x4B, 0x03, 0x04, ..] or [0x50, 0x4B, 0x05, 0x06, ..] => Signature.Zip,
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Signature.Compound,
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => Signature.Pdf,
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xFF, 0xD8, 0xFF, ..] or [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => Signature.Image,
        [0x1F, 0x8B, ..] or [(byte)'7', (byte)'z', 0xBC, 0xAF, ..] or [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] => Signature.Archive,
        _ => VCardFile.Begins(head) ? Signature.VCard : IsMarkup(head) ? Signature.Html : Signature.Text,
    };

    /// <summary>A web page or XML saved under a spreadsheet's name, as some ticketing systems export.</summary>
    private static bool IsMarkup(ReadOnlySpan<byte> head)
    {
        if (head is [0xEF, 0xBB, 0xBF, ..]) head = head[3..];
        var start = Encoding.Latin1.GetString(head).TrimStart().ToUpperInvariant();
        return start.StartsWith("<!DOCTYPE", StringComparison.Ordinal) || start.StartsWith("<HTML", StringComparison.Ordinal)
            || start.StartsWith("<TABLE", StringComparison.Ordinal) || start.StartsWith("<?XML", StringComparison.Ordinal);
    }
}

/// <summary>A stream whose first bytes were already taken.</summary>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer)
    {
        if (prefix.IsEmpty) return rest.Read(buffer);
        var read = Math.Min(prefix.Length, buffer.Length);
        prefix.Span[..read].CopyTo(buffer);
        prefix = prefix[read..];
        return read;
    }
}
