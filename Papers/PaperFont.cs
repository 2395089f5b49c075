using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;

namespace Guichet.Papers;

/// <summary>
/// A TrueType font (OpenType with <c>glyf</c> outlines), read once and shared by every document: immutable. Figures are the font's
/// tabular ones (<c>tnum</c>) where it has them, so that columns of numbers stand in line.
/// </summary>
public sealed class PaperFont
{
    /// <summary>Inter, 400: Latin, Greek, Cyrillic, Vietnamese.</summary>
    public static PaperFont Regular { get; } = Embedded("fonts/regular");

    /// <summary>Inter, 600.</summary>
    public static PaperFont Bold { get; } = Embedded("fonts/bold");

    private const int Missing = 0;
    private readonly ReadOnlyMemory<byte> file;
    private readonly FrozenDictionary<string, (int Offset, int Length)> tables;
    private readonly ushort[] glyphsOfPlane0 = new ushort[0x10000];
    private readonly FrozenDictionary<int, ushort> glyphsBeyond;
    private readonly int unitsPerEm, glyphs, longMetrics;
    private readonly bool longOffsets;

    private PaperFont(ReadOnlyMemory<byte> file)
    {
        this.file = file;
        tables = Directory(file.Span);
        var head = Table("head");
        unitsPerEm = BinaryPrimitives.ReadUInt16BigEndian(head[18..]);
        longOffsets = BinaryPrimitives.ReadInt16BigEndian(head[50..]) == 1;
        Box = [.. Enumerable.Range(0, 4).Select(at => Thousandths(BinaryPrimitives.ReadInt16BigEndian(Table("head")[(36 + 2 * at)..])))];
        glyphs = BinaryPrimitives.ReadUInt16BigEndian(Table("maxp")[4..]);
        var hhea = Table("hhea");
        Ascent = BinaryPrimitives.ReadInt16BigEndian(hhea[4..]) / (double)unitsPerEm;
        Descent = -BinaryPrimitives.ReadInt16BigEndian(hhea[6..]) / (double)unitsPerEm;
        longMetrics = BinaryPrimitives.ReadUInt16BigEndian(hhea[34..]);
        if (unitsPerEm == 0 || glyphs == 0 || longMetrics == 0) throw new InvalidDataException("The font has no glyphs.");
        Weight = BinaryPrimitives.ReadUInt16BigEndian(Table("OS/2")[4..]);
        CapHeight = BinaryPrimitives.ReadUInt16BigEndian(Table("OS/2")) >= 2 ? BinaryPrimitives.ReadInt16BigEndian(Table("OS/2")[88..]) / (double)unitsPerEm : Ascent * 0.7;
        Name = PostScriptName(Table("name"));
        var beyond = new Dictionary<int, ushort>();
        ReadCharacters(Table("cmap"), beyond);
        glyphsBeyond = beyond.ToFrozenDictionary();
        foreach (var (figure, tabular) in TabularFigures()) glyphsOfPlane0[figure] = tabular;
    }

    public string Name { get; }

    /// <summary>How far it reaches above the baseline, in ems.</summary>
    public double Ascent { get; }

    /// <summary>How far it reaches below the baseline, in ems, positive.</summary>
    public double Descent { get; }

    /// <summary>Height of its capitals, in ems.</summary>
    public double CapHeight { get; }

    /// <summary>400 for a text face, 700 for bold.</summary>
    internal int Weight { get; }

    /// <summary>Left, bottom, right and top of all glyphs together, in thousandths of an em.</summary>
    internal int[] Box { get; }

    /// <exception cref="InvalidDataException">Not a TrueType font, or one without outlines of its own.</exception>
    public static PaperFont Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            return new PaperFont(file);
        }
        catch (Exception wrong) when (wrong is ArgumentOutOfRangeException or IndexOutOfRangeException or KeyNotFoundException or OverflowException)
        {
            throw new InvalidDataException("This is not a TrueType font with outlines.", wrong);
        }
    }

    /// <summary>Width of a line of text in points; what <see cref="PaperText.Plain"/> leaves out takes none.</summary>
    /// <param name="size">Of the font, in points.</param>
    public double Width(ReadOnlySpan<char> text, double size)
    {
        long width = 0;
        foreach (var letter in text.EnumerateRunes()) width += AdvanceOf(GlyphOf(letter));
        return width * size / unitsPerEm;
    }

    /// <summary>The glyph of a character; the box that stands for what the font lacks.</summary>
    internal int GlyphOf(Rune letter)
    {
        var glyph = Find(letter.Value);
        if (glyph != Missing) return glyph;
        return letter.Value switch
        {
            '\u00A0' or '\u2007' or '\u202F' or >= '\u2000' and <= '\u200A' => Find(' '),
            '\u2011' or '\u2010' or '\u2212' => Find('-'),
            _ => Missing,
        };
    }

    /// <summary>In thousandths of an em.</summary>
    internal int WidthOf(int glyph) => (int)Math.Round(AdvanceOf(glyph) * 1000.0 / unitsPerEm);

    /// <summary>The glyph's outline as <c>glyf</c> has it; empty for a space.</summary>
    internal ReadOnlySpan<byte> Outline(int glyph)
    {
        var loca = Table("loca");
        var (from, to) = longOffsets
            ? (BinaryPrimitives.ReadUInt32BigEndian(loca[(4 * glyph)..]), BinaryPrimitives.ReadUInt32BigEndian(loca[(4 * glyph + 4)..]))
            : (BinaryPrimitives.ReadUInt16BigEndian(loca[(2 * glyph)..]) * 2u, BinaryPrimitives.ReadUInt16BigEndian(loca[(2 * glyph + 2)..]) * 2u);
        return Table("glyf")[(int)from..(int)to];
    }

    /// <summary>The advance and left bearing as <c>hmtx</c> has them.</summary>
    internal (ushort Advance, short Bearing) Metrics(int glyph)
    {
        var hmtx = Table("hmtx");
        var bearing = glyph < longMetrics ? 4 * glyph + 2 : 4 * longMetrics + 2 * (glyph - longMetrics);
        return ((ushort)AdvanceOf(glyph), BinaryPrimitives.ReadInt16BigEndian(hmtx[bearing..]));
    }

    internal ReadOnlySpan<byte> Table(string tag)
    {
        var (offset, length) = tables[tag];
        return file.Span.Slice(offset, length);
    }

    internal bool Has(string tag) => tables.ContainsKey(tag);

    private static PaperFont Embedded(string resource)
    {
        using var stream = typeof(PaperFont).Assembly.GetManifestResourceStream(resource)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Read(bytes);
    }

    private int Find(int letter) => letter < 0x10000 ? glyphsOfPlane0[letter] : glyphsBeyond.GetValueOrDefault(letter);

    private int AdvanceOf(int glyph) => BinaryPrimitives.ReadUInt16BigEndian(Table("hmtx")[(4 * Math.Min(glyph, longMetrics - 1))..]);

    private int Thousandths(int units) => (int)Math.Round(units * 1000.0 / unitsPerEm);

    private static FrozenDictionary<string, (int, int)> Directory(ReadOnlySpan<byte> file)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(file) is not (0x00010000 or 0x74727565)) throw new InvalidDataException("This is not a TrueType font.");
        var found = new Dictionary<string, (int, int)>();
        for (var at = 0; at < BinaryPrimitives.ReadUInt16BigEndian(file[4..]); at++)
        {
            var entry = file.Slice(12 + 16 * at, 16);
            found[Encoding.ASCII.GetString(entry[..4])] = (checked((int)BinaryPrimitives.ReadUInt32BigEndian(entry[8..])), checked((int)BinaryPrimitives.ReadUInt32BigEndian(entry[12..])));
        }
        return found.ToFrozenDictionary();
    }

    /// <summary>Of Windows' names; they are two bytes a letter.</summary>
    private static string PostScriptName(ReadOnlySpan<byte> name)
    {
        var storage = BinaryPrimitives.ReadUInt16BigEndian(name[4..]);
        for (var at = 0; at < BinaryPrimitives.ReadUInt16BigEndian(name[2..]); at++)
        {
            var entry = name.Slice(6 + 12 * at, 12);
            if (BinaryPrimitives.ReadUInt16BigEndian(entry) != 3 || BinaryPrimitives.ReadUInt16BigEndian(entry[6..]) != 6) continue;
            var text = Encoding.BigEndianUnicode.GetString(name.Slice(storage + BinaryPrimitives.ReadUInt16BigEndian(entry[10..]), BinaryPrimitives.ReadUInt16BigEndian(entry[8..])));
            return string.Concat(text.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-'));
        }
        return "Font";
    }

    /// <summary>Formats 4 (the first plane) and 12 (all of them), which every font of today has.</summary>
    private void ReadCharacters(ReadOnlySpan<byte> cmap, Dictionary<int, ushort> beyond)
    {
        for (var at = 0; at < BinaryPrimitives.ReadUInt16BigEndian(cmap[2..]); at++)
        {
            var subtable = cmap[(int)BinaryPrimitives.ReadUInt32BigEndian(cmap[(8 + 8 * at)..])..];
            if (BinaryPrimitives.ReadUInt16BigEndian(subtable) == 4) ReadSegments(subtable);
            if (BinaryPrimitives.ReadUInt16BigEndian(subtable) != 12) continue;
            for (var group = 0; group < BinaryPrimitives.ReadUInt32BigEndian(subtable[12..]); group++)
            {
                var entry = subtable.Slice(16 + 12 * group, 12);
                var (first, last, glyph) = (BinaryPrimitives.ReadUInt32BigEndian(entry), BinaryPrimitives.ReadUInt32BigEndian(entry[4..]), BinaryPrimitives.ReadUInt32BigEndian(entry[8..]));
                for (var letter = first; letter <= Math.Min(last, 0x10FFFF); letter++)
                {
                    var of = Known(glyph + (letter - first));
                    if (letter < 0x10000) glyphsOfPlane0[letter] = of;
                    else beyond[(int)letter] = of;
                }
            }
        }
    }

    private void ReadSegments(ReadOnlySpan<byte> subtable)
    {
        var segments = BinaryPrimitives.ReadUInt16BigEndian(subtable[6..]) / 2;
        for (var segment = 0; segment < segments; segment++)
        {
            var last = BinaryPrimitives.ReadUInt16BigEndian(subtable[(14 + 2 * segment)..]);
            var first = BinaryPrimitives.ReadUInt16BigEndian(subtable[(16 + 2 * segments + 2 * segment)..]);
            var delta = BinaryPrimitives.ReadUInt16BigEndian(subtable[(16 + 4 * segments + 2 * segment)..]);
            var rangeAt = 16 + 6 * segments + 2 * segment;
            var range = BinaryPrimitives.ReadUInt16BigEndian(subtable[rangeAt..]);
            for (int letter = first; letter <= last && letter < 0xFFFF; letter++)
            {
                int glyph = letter;
                if (range != 0 && (glyph = BinaryPrimitives.ReadUInt16BigEndian(subtable[(rangeAt + range + 2 * (letter - first))..])) == Missing) continue;
                glyphsOfPlane0[letter] = Known((uint)((glyph + delta) & 0xFFFF));
            }
        }
    }

    private ushort Known(uint glyph) => glyph < glyphs ? (ushort)glyph : (ushort)Missing;

    /// <summary>The digits that the feature <c>tnum</c> replaces by ones of equal width.</summary>
    private List<(char Figure, ushort Glyph)> TabularFigures()
    {
        var found = new List<(char, ushort)>();
        if (!Has("GSUB")) return found;
        var gsub = Table("GSUB");
        var features = gsub[BinaryPrimitives.ReadUInt16BigEndian(gsub[6..])..];
        var lookups = gsub[BinaryPrimitives.ReadUInt16BigEndian(gsub[8..])..];
        for (var at = 0; at < BinaryPrimitives.ReadUInt16BigEndian(features); at++)
        {
            var entry = features.Slice(2 + 6 * at, 6);
            if (!entry[..4].SequenceEqual("tnum"u8)) continue;
            var feature = features[BinaryPrimitives.ReadUInt16BigEndian(entry[4..])..];
            for (var one = 0; one < BinaryPrimitives.ReadUInt16BigEndian(feature[2..]); one++)
            {
                var lookup = lookups[BinaryPrimitives.ReadUInt16BigEndian(lookups[(2 + 2 * BinaryPrimitives.ReadUInt16BigEndian(feature[(4 + 2 * one)..]))..])..];
                for (var part = 0; part < BinaryPrimitives.ReadUInt16BigEndian(lookup[4..]); part++)
                {
                    var substitution = lookup[BinaryPrimitives.ReadUInt16BigEndian(lookup[(6 + 2 * part)..])..];
                    var kind = BinaryPrimitives.ReadUInt16BigEndian(lookup);
                    if (kind == 7)
                    {
                        kind = BinaryPrimitives.ReadUInt16BigEndian(substitution[2..]);
                        substitution = substitution[(int)BinaryPrimitives.ReadUInt32BigEndian(substitution[4..])..];
                    }
                    if (kind != 1) continue;
                    for (var figure = '0'; figure <= '9'; figure++)
                        if (Substituted(substitution, glyphsOfPlane0[figure]) is { } glyph) found.Add((figure, glyph));
                }
            }
            return found;
        }
        return found;
    }

    private static ushort? Substituted(ReadOnlySpan<byte> substitution, ushort glyph)
    {
        if (Covered(substitution[BinaryPrimitives.ReadUInt16BigEndian(substitution[2..])..], glyph) is not { } index) return null;
        return BinaryPrimitives.ReadUInt16BigEndian(substitution) == 1
            ? (ushort)((glyph + BinaryPrimitives.ReadUInt16BigEndian(substitution[4..])) & 0xFFFF)
            : BinaryPrimitives.ReadUInt16BigEndian(substitution[(6 + 2 * index)..]);
    }

    private static int? Covered(ReadOnlySpan<byte> coverage, ushort glyph)
    {
        var count = BinaryPrimitives.ReadUInt16BigEndian(coverage[2..]);
        for (var at = 0; at < count; at++)
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(coverage) == 1)
            {
                if (BinaryPrimitives.ReadUInt16BigEndian(coverage[(4 + 2 * at)..]) == glyph) return at;
                continue;
            }
            var range = coverage.Slice(4 + 6 * at, 6);
            var first = BinaryPrimitives.ReadUInt16BigEndian(range);
            if (glyph >= first && glyph <= BinaryPrimitives.ReadUInt16BigEndian(range[2..])) return BinaryPrimitives.ReadUInt16BigEndian(range[4..]) + glyph - first;
        }
        return null;
    }
}
