using System.Text;

namespace Guichet.Papers;

/// <summary>The frame of a JPEG around pixels that nobody decodes here.</summary>
internal static class Jpeg
{
    public static byte[] Of(int width, int height, byte frame = 0xC0, byte depth = 8, byte parts = 3, string? camera = null, bool adobe = false)
    {
        var file = new List<byte> { 0xFF, 0xD8 };
        if (camera is not null) Segment(file, 0xE1, [.. "Exif\0\0"u8, .. Encoding.ASCII.GetBytes(camera)]);
        if (adobe) Segment(file, 0xEE, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 2]);
        Segment(file, frame, [depth, (byte)(height >> 8), (byte)(height & 0xFF), (byte)(width >> 8), (byte)(width & 0xFF), parts, .. new byte[3 * parts]]);
        Segment(file, 0xDA, [parts, .. new byte[2 * parts], 0, 63, 0]);
        return [.. file, 1, 2, 3, 0xFF, 0x00, 4, 0xFF, 0xD9];
    }

    private static void Segment(List<byte> file, byte marker, byte[] content) =>
        file.AddRange([0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)((content.Length + 2) & 0xFF), .. content]);
}
