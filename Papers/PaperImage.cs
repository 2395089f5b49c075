using System.Diagnostics.CodeAnalysis;

namespace Guichet.Papers;

/// <summary>Why a file is no image for a paper.</summary>
public enum ImageRefusal
{
    None = 0,

    /// <summary>More than <see cref="PaperImage.MostBytes"/>.</summary>
    TooManyBytes = 1,

    /// <summary>More than <see cref="PaperImage.MostPixels"/>, or one that has none.</summary>
    WrongSize = 2,

    /// <summary>Neither PNG nor JPEG, whatever its name says.</summary>
    NotAnImage = 3,

    /// <summary>A PNG or JPEG that is cut short or was changed on its way.</summary>
    Damaged = 4,

    /// <summary>A kind of JPEG that readers of PDF don't know: lossless, arithmetic, hierarchical or of 12 bits.</summary>
    UnknownKind = 5,
}

/// <summary>A PNG (any kind, transparency kept) or JPEG (as it is, without what cameras say in it), ready to be drawn: immutable, shared.</summary>
public sealed class PaperImage
{
    /// <summary>5 MB.</summary>
    public const int MostBytes = 5_000_000;

    /// <summary>4,000 × 4,000.</summary>
    public const int MostPixels = 16_000_000;

    internal PaperImage(int width, int height, string colourSpace, string entries, ReadOnlyMemory<byte> content, ReadOnlyMemory<byte> alpha)
    {
        (Width, Height, ColourSpace, Entries, Content, Alpha) = (width, height, colourSpace, entries, content, alpha);
    }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <inheritdoc cref="Width"/>
    public int Height { get; }

    internal string ColourSpace { get; }

    /// <summary>Of its dictionary: the filter, and how samples are read.</summary>
    internal string Entries { get; }

    internal ReadOnlyMemory<byte> Content { get; }

    /// <summary>Compressed, a byte a pixel; empty for an image without transparency.</summary>
    internal ReadOnlyMemory<byte> Alpha { get; }

    /// <summary>Reads a file wholly, so that what is taken can be drawn: the pixels of a PNG are all there and sound.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> file, [NotNullWhen(true)] out PaperImage? image, out ImageRefusal refusal)
    {
        var bytes = file.Span;
        (image, refusal) =
            bytes.Length > MostBytes ? (null, ImageRefusal.TooManyBytes)
            : PngFile.Is(bytes) ? PngFile.Read(file)
            : JpegFile.Is(bytes) ? JpegFile.Read(bytes)
            : (null, ImageRefusal.NotAnImage);
        return image is not null;
    }

    /// <summary>Reads no more of a stream than an image may have.</summary>
    public static async Task<(PaperImage? Image, ImageRefusal Refusal)> Read(Stream from, CancellationToken cancellation = default)
    {
        var bytes = new MemoryStream();
        var part = new byte[64 * 1024];
        while (await from.ReadAsync(part, cancellation) is > 0 and var read)
        {
            bytes.Write(part, 0, read);
            if (bytes.Length > MostBytes) return (null, ImageRefusal.TooManyBytes);
        }
        TryRead(bytes.GetBuffer().AsMemory(0, (int)bytes.Length), out var image, out var refusal);
        return (image, refusal);
    }

    /// <summary>Its largest size in a rectangle, in points: its shape kept, never coarser than 75 pixels an inch.</summary>
    public PaperSize Within(double width, double height)
    {
        var scale = Math.Min(Math.Min(width / Width, height / Height), 0.96);
        return new(Width * scale, Height * scale);
    }

    internal static bool IsAllowed(long width, long height) => width is > 0 and <= MostPixels && height is > 0 and <= MostPixels && width * height <= MostPixels;
}
