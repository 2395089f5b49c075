using System.Buffers.Binary;
using System.IO.Compression;

namespace Guichet.Papers;

/// <summary>Reads PNG (ISO/IEC 15948): every colour type, depth and interlacing, by its sums.</summary>
internal static class PngFile
{
    private static readonly uint[] Sums = [.. Enumerable.Range(0, 256).Select(SumOf)];

    /// <summary>Where the seven passes of an interlaced image begin, and their steps.</summary>
    private static readonly (int X, int Y, int StepX, int StepY)[] Passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

    public static (PaperImage?, ImageRefusal) Read(ReadOnlyMemory<byte> file)
    {
        if (Header.Of(file.Span, out var data) is not { } header) return (null, ImageRefusal.Damaged);
        if (!PaperImage.IsAllowed(header.Width, header.Height)) return (null, ImageRefusal.WrongSize);
        try
        {
            using var pixels = new ZLibStream(new Parts(file, data), CompressionMode.Decompress);
            var colour = new MemoryStream();
            var alpha = new MemoryStream();
            bool transparent;
            using (var colours = new ZLibStream(colour, CompressionLevel.Optimal, leaveOpen: true))
            using (var alphas = new ZLibStream(alpha, CompressionLevel.Optimal, leaveOpen: true))
            {
                var written = new Written(colours, alphas, header);
                if (header.Interlaced) Interlaced(pixels, header, written);
                else Pass(pixels, header, header.Width, header.Height, (_, row) => written.Row(row));
                transparent = written.IsTransparent;
            }
            return (new PaperImage(
                header.Width, header.Height, header.IsGrey ? "/DeviceGray" : "/DeviceRGB", " /Filter /FlateDecode",
                colour.ToArray(), transparent ? alpha.ToArray() : ReadOnlyMemory<byte>.Empty), ImageRefusal.None);
        }
        catch (Exception cut) when (cut is InvalidDataException or EndOfStreamException)
        {
            return (null, ImageRefusal.Damaged);
        }
    }

    private static void Interlaced(Stream pixels, Header header, Written written)
    {
        var whole = new byte[4 * header.Width * header.Height];
        foreach (var (x, y, stepX, stepY) in Passes)
        {
            var (width, height) = ((header.Width - x + stepX - 1) / stepX, (header.Height - y + stepY - 1) / stepY);
            if (width == 0 || height == 0) continue;
            Pass(pixels, header, width, height, (line, row) =>
            {
                for (var at = 0; at < width; at++) row.AsSpan(4 * at, 4).CopyTo(whole.AsSpan(4 * ((y + line * stepY) * header.Width + x + at * stepX)));
            });
        }
        for (var line = 0; line < header.Height; line++) written.Row(whole.AsSpan(4 * header.Width * line, 4 * header.Width));
    }

    /// <summary>Hands over the rows of one pass, four bytes a pixel: red, green, blue, alpha.</summary>
    private static void Pass(Stream pixels, Header header, int width, int height, Action<int, byte[]> take)
    {
        var (length, reach) = (checked((int)(((long)width * header.BitsPerPixel + 7) / 8)), Math.Max(1, header.BitsPerPixel / 8));
        byte[] row = new byte[length + 1], above = new byte[length + 1], shown = new byte[4 * width];
        for (var line = 0; line < height; line++)
        {
            pixels.ReadExactly(row);
            Unfilter(row, above, reach);
            header.Show(row.AsSpan(1), width, shown);
            take(line, shown);
            (row, above) = (above, row);
        }
    }

    private static void Unfilter(byte[] row, byte[] above, int reach)
    {
        if (row[0] > 4) throw new InvalidDataException("No such filter.");
        for (var at = 1; at < row.Length; at++)
        {
            int left = at > reach ? row[at - reach] : 0, up = above[at], corner = at > reach ? above[at - reach] : 0;
            var predicted = row[0] switch
            {
                1 => left,
                2 => up,
                3 => (left + up) / 2,
                4 => Paeth(left, up, corner),
                _ => 0,
            };
            row[at] = (byte)((row[at] + predicted) & 0xFF);
        }
        // The first byte names the filter; as the row above, it stands for nothing.
    }

    private static int Paeth(int left, int up, int corner)
    {
        var guess = left + up - corner;
        var (toLeft, toUp, toCorner) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }

    private static uint SumOf(int value)
    {
        var sum = (uint)value;
        for (var bit = 0; bit < 8; bit++) sum = (sum & 1) != 0 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
        return sum;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0xFFFFFFFF;
        foreach (var one in bytes) sum = Sums[(sum ^ one) & 0xFF] ^ (sum >> 8);
        return ~sum;
    }

    /// <summary>What the chunks say of the pixels.</summary>
    private sealed record Header(int Width, int Height, int Depth, int Kind, bool Interlaced)
    {
        private const int Grey = 0, Colour = 2, Indexed = 3, GreyAlpha = 4, ColourAlpha = 6;
        private byte[] palette = [], clear = [];

        public bool IsGrey => Kind is Grey or GreyAlpha;

        public int BitsPerPixel => Depth * (Kind switch { Colour => 3, GreyAlpha => 2, ColourAlpha => 4, _ => 1 });

        /// <summary>Null for chunks that don't follow one another to the last, or whose sums are wrong.</summary>
        public static Header? Of(ReadOnlySpan<byte> file, out List<Range> data)
        {
            data = [];
            Header? header = null;
            for (var at = 8; file.Length - at >= 12;)
            {
                var length = BinaryPrimitives.ReadUInt32BigEndian(file[at..]);
                if (length > file.Length - at - 12) return null;
                var size = (int)length;
                var chunk = file.Slice(at + 4, 4 + size);
                if (Sum(chunk) != BinaryPrimitives.ReadUInt32BigEndian(file[(at + 8 + size)..])) return null;
                var content = chunk[4..];
                switch (chunk[..4])
                {
                    case [(byte)'I', (byte)'H', (byte)'D', (byte)'R'] when header is null && size == 13:
                        header = First(content);
                        if (header is null) return null;
                        break;
                    case [(byte)'P', (byte)'L', (byte)'T', (byte)'E'] when header is not null && size is > 0 and <= 768 && size % 3 == 0:
                        header.palette = content.ToArray();
                        break;
                    case [(byte)'t', (byte)'R', (byte)'N', (byte)'S'] when header is not null:
                        header.clear = content.ToArray();
                        break;
                    case [(byte)'I', (byte)'D', (byte)'A', (byte)'T'] when header is not null:
                        data.Add((at + 8)..(at + 8 + size));
                        break;
                    case [(byte)'I', (byte)'E', (byte)'N', (byte)'D']:
                        return data.Count == 0 || header is { Kind: Indexed, palette.Length: 0 } ? null : header;
                }
                at += 12 + size;
            }
            return null;
        }

        private static Header? First(ReadOnlySpan<byte> content)
        {
            var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(content), BinaryPrimitives.ReadUInt32BigEndian(content[4..]));
            var (depth, kind) = ((int)content[8], (int)content[9]);
            var known = (kind, depth) is (Grey, 1 or 2 or 4 or 8 or 16) or (Indexed, 1 or 2 or 4 or 8) or (Colour or GreyAlpha or ColourAlpha, 8 or 16);
            if (!known || content[10] != 0 || content[11] != 0 || content[12] > 1) return null;
            return new Header((int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue), depth, kind, content[12] == 1);
        }

        /// <summary>Four bytes a pixel out of a row as it is stored.</summary>
        public void Show(ReadOnlySpan<byte> row, int width, Span<byte> shown)
        {
            for (var at = 0; at < width; at++)
            {
                var pixel = shown.Slice(4 * at, 4);
                switch (Kind)
                {
                    case Indexed:
                        var index = Sample(row, at);
                        if (3 * index + 3 > palette.Length) throw new InvalidDataException("No such colour.");
                        palette.AsSpan(3 * index, 3).CopyTo(pixel);
                        pixel[3] = index < clear.Length ? clear[index] : (byte)255;
                        break;
                    case Grey or GreyAlpha:
                        var channels = Kind == Grey ? 1 : 2;
                        var value = Sample(row, channels * at);
                        pixel[..3].Fill(Byte(value));
                        pixel[3] = Kind == GreyAlpha ? Byte(Sample(row, 2 * at + 1))
                            : clear.Length >= 2 && BinaryPrimitives.ReadUInt16BigEndian(clear) == value ? (byte)0 : (byte)255;
                        break;
                    default:
                        var parts = Kind == Colour ? 3 : 4;
                        for (var part = 0; part < 3; part++) pixel[part] = Byte(Sample(row, parts * at + part));
                        pixel[3] = Kind == ColourAlpha ? Byte(Sample(row, 4 * at + 3)) : IsClear(row, at) ? (byte)0 : (byte)255;
                        break;
                }
            }
        }

        private bool IsClear(ReadOnlySpan<byte> row, int at)
        {
            if (clear.Length < 6) return false;
            for (var part = 0; part < 3; part++)
                if (Sample(row, 3 * at + part) != BinaryPrimitives.ReadUInt16BigEndian(clear.AsSpan(2 * part))) return false;
            return true;
        }

        private int Sample(ReadOnlySpan<byte> row, int at) => Depth switch
        {
            8 => row[at],
            16 => BinaryPrimitives.ReadUInt16BigEndian(row[(2 * at)..]),
            _ => (row[at * Depth / 8] >> (8 - Depth - at * Depth % 8)) & ((1 << Depth) - 1),
        };

        private byte Byte(int sample) => (byte)(Depth switch
        {
            8 => sample,
            16 => sample >> 8,
            _ => sample * 255 / ((1 << Depth) - 1),
        });
    }

    /// <summary>Where rows go: colours and alpha apart.</summary>
    private sealed class Written(Stream colours, Stream alphas, Header header)
    {
        private readonly byte[] colour = new byte[(header.IsGrey ? 1 : 3) * header.Width], alpha = new byte[header.Width];

        public bool IsTransparent { get; private set; }

        public void Row(ReadOnlySpan<byte> row)
        {
            for (var at = 0; at < header.Width; at++)
            {
                if (header.IsGrey) colour[at] = row[4 * at];
                else row.Slice(4 * at, 3).CopyTo(colour.AsSpan(3 * at));
                alpha[at] = row[4 * at + 3];
                IsTransparent |= alpha[at] != 255;
            }
            colours.Write(colour);
            alphas.Write(alpha);
        }
    }

    /// <summary>Parts of a file, read as one.</summary>
    private sealed class Parts(ReadOnlyMemory<byte> file, List<Range> parts) : Stream
    {
        private int part, at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            while (part < parts.Count)
            {
                var rest = file.Span[parts[part]][at..];
                if (rest.IsEmpty)
                {
                    (part, at) = (part + 1, 0);
                    continue;
                }
                var taken = Math.Min(rest.Length, buffer.Length);
                rest[..taken].CopyTo(buffer);
                at += taken;
                return taken;
            }
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
