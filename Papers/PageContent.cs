using System.Buffers;
using System.Buffers.Text;

namespace Guichet.Papers;

/// <summary>The operators of a page's content stream, as bytes.</summary>
internal sealed class PageContent
{
    /// <summary>Beyond that, in points, readers of PDF disagree (ISO 32000-1, annex C).</summary>
    private const double Furthest = 30_000;
    private readonly ArrayBufferWriter<byte> bytes = new(4096);

    public ReadOnlyMemory<byte> Bytes => bytes.WrittenMemory;

    public bool IsEmpty => bytes.WrittenCount == 0;

    public PageContent Raw(ReadOnlySpan<byte> text)
    {
        bytes.Write(text);
        return this;
    }

    /// <summary>With two decimals at most, a hundredth of a point being less than any printer shows, and a space after it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number, or not a finite one.</exception>
    public PageContent Number(double value)
    {
        if (!double.IsFinite(value)) throw new ArgumentOutOfRangeException(nameof(value), value, "A place on a page is a finite number.");
        var hundredths = (long)Math.Round(Math.Clamp(value, -Furthest, Furthest) * 100);
        var room = bytes.GetSpan(24);
        var at = 0;
        if (hundredths < 0) room[at++] = (byte)'-';
        hundredths = Math.Abs(hundredths);
        Utf8Formatter.TryFormat(hundredths / 100, room[at..], out var written);
        at += written;
        var rest = (int)(hundredths % 100);
        if (rest != 0)
        {
            room[at++] = (byte)'.';
            room[at++] = (byte)('0' + rest / 10);
            if (rest % 10 != 0) room[at++] = (byte)('0' + rest % 10);
        }
        room[at++] = (byte)' ';
        bytes.Advance(at);
        return this;
    }

    public PageContent Whole(int value)
    {
        Utf8Formatter.TryFormat(value, bytes.GetSpan(12), out var written);
        bytes.Advance(written);
        return this;
    }

    /// <summary>Four hexadecimal digits.</summary>
    public PageContent Hex(ushort value)
    {
        Utf8Formatter.TryFormat(value, bytes.GetSpan(4), out var written, new StandardFormat('X', 4));
        bytes.Advance(written);
        return this;
    }

    /// <summary>The three parts of a colour, 0 to 1, before their operator.</summary>
    public PageContent Colour(PaperColour colour, ReadOnlySpan<byte> operation) =>
        Part(colour.Red).Part(colour.Green).Part(colour.Blue).Raw(operation);

    private PageContent Part(byte part)
    {
        Utf8Formatter.TryFormat(part / 255m, bytes.GetSpan(32), out var written, new StandardFormat('F', 3));
        bytes.Advance(written);
        return Raw(" "u8);
    }
}
