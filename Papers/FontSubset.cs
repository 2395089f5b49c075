using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Guichet.Papers;

/// <summary>
/// What one document uses of a font: the glyphs in the order in which they were first used, each under a number of its own that also
/// says which character it stood for, so that text copied from the document is the text that was written.
/// </summary>
internal sealed class FontSubset(PaperFont font)
{
    private const int Most = 0xFFFF;
    private readonly Dictionary<Rune, ushort> numbers = [];
    private readonly List<(int Glyph, Rune Letter)> used = [(0, Rune.ReplacementChar)];

    public PaperFont Font => font;

    /// <summary>The number that content streams draw the character by.</summary>
    public ushort NumberOf(Rune letter)
    {
        if (numbers.TryGetValue(letter, out var number)) return number;
        if (used.Count == Most) return 0;
        number = (ushort)used.Count;
        numbers.Add(letter, number);
        used.Add((font.GlyphOf(letter), letter));
        return number;
    }

    /// <summary>With the six letters that tell a subset (ISO 32000-1, 9.6.4): from what it holds, so the same document has the same.</summary>
    public string Name()
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(used.Select(one => one.Letter.ToString())) + font.Name));
        return string.Concat(hash.Take(6).Select(one => (char)('A' + one % 26))) + "+" + font.Name;
    }

    /// <summary>The array <c>W</c> of the widths.</summary>
    public string Widths() => "[0 [" + string.Join(' ', used.Select(one => font.WidthOf(one.Glyph).ToString(CultureInfo.InvariantCulture))) + "]]";

    /// <summary>The CMap from numbers to characters.</summary>
    public byte[] ToUnicode()
    {
        var map = new StringBuilder("""
            /CIDInit /ProcSet findresource begin
            12 dict begin
            begincmap
            /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
            /CMapName /Adobe-Identity-UCS def
            /CMapType 2 def
            1 begincodespacerange
            <0000> <FFFF>
            endcodespacerange

            """.ReplaceLineEndings("\n"));
        foreach (var block in used.Select((one, number) => (one.Letter, number)).Chunk(100))
        {
            map.Append(CultureInfo.InvariantCulture, $"{block.Length} beginbfchar\n");
            foreach (var (letter, number) in block)
                map.Append(CultureInfo.InvariantCulture, $"<{number:X4}> <{Convert.ToHexString(Encoding.BigEndianUnicode.GetBytes(letter.ToString()))}>\n");
            map.Append("endbfchar\n");
        }
        return Encoding.ASCII.GetBytes(map.Append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n").ToString());
    }

    /// <summary>A TrueType file of the glyphs used, and of those that they are composed of, without the tables that PDF has no use for.</summary>
    public byte[] FontFile()
    {
        var glyphs = used.Select(one => one.Glyph).ToList();
        var places = new Dictionary<int, int>();
        for (var at = 0; at < glyphs.Count; at++) places.TryAdd(glyphs[at], at);
        var outlines = new MemoryStream();
        var offsets = new MemoryStream();
        for (var at = 0; at < glyphs.Count; at++)
        {
            Write32(offsets, (uint)outlines.Length);
            var outline = font.Outline(glyphs[at]).ToArray();
            if (outline.Length >= 10 && BinaryPrimitives.ReadInt16BigEndian(outline) < 0) Renumber(outline, glyphs, places);
            outlines.Write(outline);
            while (outlines.Length % 4 != 0) outlines.WriteByte(0);
        }
        Write32(offsets, (uint)outlines.Length);
        var metrics = new MemoryStream();
        foreach (var glyph in glyphs)
        {
            var (advance, bearing) = font.Metrics(glyph);
            Write16(metrics, advance);
            Write16(metrics, (ushort)(bearing & 0xFFFF));
        }
        var head = font.Table("head").ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(8), 0);
        BinaryPrimitives.WriteInt16BigEndian(head.AsSpan(50), 1);
        var hhea = font.Table("hhea").ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(hhea.AsSpan(34), (ushort)glyphs.Count);
        var maxp = font.Table("maxp").ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(maxp.AsSpan(4), (ushort)glyphs.Count);
        var tables = new List<(string Tag, byte[] Bytes)>();
        foreach (var program in new[] { "cvt ", "fpgm", "prep" })
            if (font.Has(program)) tables.Add((program, font.Table(program).ToArray()));
        tables.AddRange([("glyf", outlines.ToArray()), ("head", head), ("hhea", hhea), ("hmtx", metrics.ToArray()), ("loca", offsets.ToArray()), ("maxp", maxp)]);
        return Assembled([.. tables.OrderBy(table => table.Tag, StringComparer.Ordinal)]);
    }

    /// <summary>Lets a composed glyph name its parts by their places in the subset; parts that aren't in it yet are added.</summary>
    private static void Renumber(Span<byte> outline, List<int> glyphs, Dictionary<int, int> places)
    {
        const int wordArguments = 0x1, scale = 0x8, more = 0x20, twoScales = 0x40, matrix = 0x80;
        for (var at = 10; ;)
        {
            var flags = BinaryPrimitives.ReadUInt16BigEndian(outline[at..]);
            int part = BinaryPrimitives.ReadUInt16BigEndian(outline[(at + 2)..]);
            if (!places.TryGetValue(part, out var place))
            {
                place = glyphs.Count;
                glyphs.Add(part);
                places.Add(part, place);
            }
            BinaryPrimitives.WriteUInt16BigEndian(outline[(at + 2)..], (ushort)place);
            at += 4 + ((flags & wordArguments) != 0 ? 4 : 2) + ((flags & matrix) != 0 ? 8 : (flags & twoScales) != 0 ? 4 : (flags & scale) != 0 ? 2 : 0);
            if ((flags & more) == 0) return;
        }
    }

    private static byte[] Assembled(List<(string Tag, byte[] Bytes)> tables)
    {
        var file = new MemoryStream();
        var power = (ushort)(1 << (int)Math.Log2(tables.Count));
        Write32(file, 0x00010000);
        Write16(file, (ushort)tables.Count);
        Write16(file, (ushort)(power * 16));
        Write16(file, (ushort)Math.Log2(power));
        Write16(file, (ushort)(tables.Count * 16 - power * 16));
        var offset = 12 + 16 * tables.Count;
        foreach (var (tag, bytes) in tables)
        {
            file.Write(Encoding.ASCII.GetBytes(tag));
            Write32(file, Sum(bytes));
            Write32(file, (uint)offset);
            Write32(file, (uint)bytes.Length);
            offset += (bytes.Length + 3) / 4 * 4;
        }
        var headAt = 0;
        foreach (var (tag, bytes) in tables)
        {
            if (tag == "head") headAt = (int)file.Length;
            file.Write(bytes);
            while (file.Length % 4 != 0) file.WriteByte(0);
        }
        var assembled = file.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(assembled.AsSpan(headAt + 8), unchecked(0xB1B0AFBA - Sum(assembled)));
        return assembled;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (var at = 0; at < bytes.Length; at++) sum = unchecked(sum + ((uint)bytes[at] << (24 - at % 4 * 8)));
        return sum;
    }

    private static void Write16(MemoryStream to, ushort value)
    {
        to.WriteByte((byte)(value >> 8));
        to.WriteByte((byte)(value & 0xFF));
    }

    private static void Write32(MemoryStream to, uint value)
    {
        Write16(to, (ushort)(value >> 16));
        Write16(to, (ushort)(value & 0xFFFF));
    }
}
