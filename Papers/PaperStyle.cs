using System.Globalization;

namespace Guichet.Papers;

/// <summary>How a text is set.</summary>
/// <param name="Size">In points.</param>
public sealed record PaperStyle(PaperFont Font, double Size, PaperColour Colour)
{
    public static readonly PaperStyle Text = new(PaperFont.Regular, 9, PaperColour.Ink);
    public static readonly PaperStyle Strong = Text with { Font = PaperFont.Bold };
    public static readonly PaperStyle Small = new(PaperFont.Regular, 7.5, PaperColour.Grey);
    public static readonly PaperStyle Title = new(PaperFont.Bold, 18, PaperColour.Ink);
    public static readonly PaperStyle Heading = new(PaperFont.Bold, 11.5, PaperColour.Ink);

    /// <summary>From one baseline to the next, in points.</summary>
    public double LineHeight => Size * 1.4;

    /// <summary>Of a line, in points.</summary>
    public double Width(ReadOnlySpan<char> text) => Font.Width(text, Size);
}

/// <summary>A colour of screens (sRGB).</summary>
public readonly record struct PaperColour(byte Red, byte Green, byte Blue)
{
    public static readonly PaperColour Ink = new(0x1A, 0x20, 0x2C);
    public static readonly PaperColour Grey = new(0x6B, 0x72, 0x80);
    public static readonly PaperColour Rule = new(0xD5, 0xD9, 0xE0);
    public static readonly PaperColour Shade = new(0xF4, 0xF5, 0xF8);
    public static readonly PaperColour Accent = new(0x2F, 0x5F, 0xB3);
    public static readonly PaperColour White = new(0xFF, 0xFF, 0xFF);

    /// <summary><c>#1f6feb</c>, with or without its sign.</summary>
    public static bool TryParse(string? text, out PaperColour colour)
    {
        colour = default;
        var digits = (text ?? "").AsSpan().Trim().TrimStart('#');
        if (digits.Length != 6 || !int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)) return false;
        colour = new((byte)(value >> 16), (byte)((value >> 8) & 0xFF), (byte)(value & 0xFF));
        return true;
    }
}

public enum PaperAlign
{
    Left = 0,
    Centre = 1,
    Right = 2,
}

/// <summary>In points from the page's left and top.</summary>
public readonly record struct PaperPoint(double X, double Y);

/// <summary>In points (1/72 inch).</summary>
public readonly record struct PaperSize(double Width, double Height)
{
    public static readonly PaperSize A4 = new(595.28, 841.89);
    public static readonly PaperSize A4Landscape = new(841.89, 595.28);
}
