using System.Buffers.Binary;

namespace Guichet.Papers;

/// <summary>
/// Reads the frame of a JPEG (ITU-T T.81) and leaves its pixels as they are: readers of PDF know them. What cameras and programs say in it
/// (places, previews, names) is left out.
/// </summary>
internal static class JpegFile
{
    private const byte StartOfScan = 0xDA, EndOfImage = 0xD9, Adobe = 0xEE, Comment = 0xFE;

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    public static (PaperImage?, ImageRefusal) Read(ReadOnlySpan<byte> file)
    {
        var kept = new MemoryStream(file.Length);
        kept.Write(file[..2]);
        int width = 0, height = 0, parts = 0;
        var inverted = false;
        for (var at = 2; ;)
        {
            while (at < file.Length && file[at] == 0xFF && at + 1 < file.Length && file[at + 1] == 0xFF) at++;
            if (at + 4 > file.Length || file[at] != 0xFF) return (null, ImageRefusal.Damaged);
            var marker = file[at + 1];
            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (length < 2 || at + 2 + length > file.Length) return (null, ImageRefusal.Damaged);
            var segment = file.Slice(at, 2 + length);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (marker > 0xC2) return (null, ImageRefusal.UnknownKind);
                if (segment.Length < 10) return (null, ImageRefusal.Damaged);
                if (segment[4] != 8) return (null, ImageRefusal.UnknownKind);
                (height, width, parts) = (BinaryPrimitives.ReadUInt16BigEndian(segment[5..]), BinaryPrimitives.ReadUInt16BigEndian(segment[7..]), segment[9]);
            }
            if (marker == Adobe && segment.Length >= 9 && segment.Slice(4, 5).SequenceEqual("Adobe"u8)) inverted = true;
            if (marker is not (>= 0xE1 and <= 0xEF and not Adobe or Comment)) kept.Write(segment);
            at += segment.Length;
            if (marker != StartOfScan) continue;
            var end = file[at..].LastIndexOf((ReadOnlySpan<byte>)[0xFF, EndOfImage]);
            if (parts == 0 || end < 0) return (null, ImageRefusal.Damaged);
            if (!PaperImage.IsAllowed(width, height)) return (null, ImageRefusal.WrongSize);
            if (parts is not (1 or 3 or 4)) return (null, ImageRefusal.UnknownKind);
            kept.Write(file.Slice(at, end + 2));
            // Adobe's programs store the four inks of print the other way round.
            var decode = parts == 4 && inverted ? " /Decode [1 0 1 0 1 0 1 0]" : "";
            var space = parts switch { 1 => "/DeviceGray", 3 => "/DeviceRGB", _ => "/DeviceCMYK" };
            return (new PaperImage(width, height, space, " /Filter /DCTDecode" + decode, kept.ToArray(), ReadOnlyMemory<byte>.Empty), ImageRefusal.None);
        }
    }
}
