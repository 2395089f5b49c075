using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Guichet.Papers;

/// <summary>PNG files as tests need them: of every kind, and broken.</summary>
internal static class Png
{
    /// <param name="kind">0 grey, 2 colour, 3 indexed, 4 grey with alpha, 6 colour with alpha.</param>
    /// <param name="rows">Each row as it is stored: the filter's number, then the samples.</param>
    public static byte[] Of(int width, int height, int depth, int kind, IEnumerable<byte[]> rows, byte[]? palette = null, byte[]? clear = null, bool interlaced = false)
    {
        var pixels = new MemoryStream();
        using (var zlib = new ZLibStream(pixels, CompressionLevel.Optimal, leaveOpen: true))
            foreach (var row in rows) zlib.Write(row);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)kind, interlaced ? (byte)1 : (byte)0);
        var file = new MemoryStream();
        file.Write([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]);
        Chunk(file, "IHDR", header);
        if (palette is not null) Chunk(file, "PLTE", palette);
        if (clear is not null) Chunk(file, "tRNS", clear);
        // In two parts, as long images are.
        var all = pixels.ToArray();
        Chunk(file, "IDAT", all[..(all.Length / 2)]);
        Chunk(file, "IDAT", all[(all.Length / 2)..]);
        Chunk(file, "IEND", []);
        return file.ToArray();
    }

    private static void Chunk(MemoryStream file, string name, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content], number = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
        file.Write(number);
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
        }
        return crc ^ uint.MaxValue;
    }
}
