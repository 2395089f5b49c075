using System.IO.Compression;
using System.Text;
using System.Xml;

namespace Guichet.Imports;

/// <summary>
/// The parts of a workbook's archive, each opened only when it is needed and counted while it is unpacked.
/// Neither the sizes that the archive declares nor the Open XML SDK (which reads every relationship part by itself, uncounted)
/// are trusted with a stranger's file; the SDK writes and checks what we export.
/// </summary>
internal sealed class XlsxParts : IDisposable
{
    /// <summary>The signature of an entry in an archive's directory.</summary>
    private static ReadOnlySpan<byte> DirectoryEntry => "PK\u0001\u0002"u8;

    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly long _packedBytes;
    private readonly ImportLimits _limits;
    private long _unpackedBytes;

    private XlsxParts(ZipArchive archive, long packedBytes, ImportLimits limits)
    {
        (_archive, _packedBytes, _limits) = (archive, packedBytes, limits);
        foreach (var entry in archive.Entries) _entries.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/'), entry);
    }

    public static XlsxParts Open(BlockStream bytes, ImportLimits limits)
    {
        // Before the directory is taken into memory.
        if (bytes.Occurrences(DirectoryEntry) > limits.ArchiveEntries) throw UnpacksTooLarge("entries");
        return new XlsxParts(new ZipArchive(bytes, ZipArchiveMode.Read, leaveOpen: true), bytes.Length, limits);
    }

    public bool Has(string part) => _entries.ContainsKey(part);

    public static FileRefusedException UnpacksTooLarge(string limit) => new(ImportRefusal.Of(ImportCodes.FileUnpacksTooLarge, limit));

    public static FileRefusedException Damaged(string part) => new(ImportRefusal.Of(ImportCodes.FileDamaged, part));

    /// <summary>Reads a part from its beginning to its end. Nothing is done when the archive has no such part.</summary>
    public void Read(string part, Action<PartReader> read)
    {
        if (!_entries.TryGetValue(part, out var entry)) return;
        if (entry.IsEncrypted) throw new FileRefusedException(ImportRefusal.Of(ImportCodes.FileEncrypted));
        using var stream = new PartStream(entry.Open(), this, Math.Min(entry.CompressedLength, _packedBytes));
        try
        {
            using var reader = new PartReader(stream, part);
            read(reader);
        }
        catch (XmlException)
        {
            throw stream.HasDoctype ? new FileRefusedException(ImportRefusal.Of(ImportCodes.XmlDoctype, part)) : Damaged(part);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException)
        {
            throw Damaged(part);
        }
    }

    public void Dispose() => _archive.Dispose();

    /// <summary>Counts what comes out of a part, over all parts and against what went in.</summary>
    private sealed class PartStream(Stream unpacked, XlsxParts parts, long packedBytes) : ReadOnlyStream
    {
        /// <summary>
        /// Bytes without an angle bracket: XML's readers keep a whole tag or attribute in memory, and no tag or cell of a workbook is
        /// as long as this.
        /// </summary>
        private const int LongestRun = 256 * 1024;

        private readonly byte[] _head = new byte[4 * 1024];
        private long _bytes;
        private int _run;

        /// <summary>A document type stands before the root element, so in the part's first bytes. UTF-16's zeros are passed over.</summary>
        public bool HasDoctype =>
            Encoding.Latin1.GetString(_head.AsSpan(0, (int)Math.Min(_bytes, _head.Length))).Replace("\0", "", StringComparison.Ordinal)
                .Contains("<!DOCTYPE", StringComparison.Ordinal);

        public override int Read(Span<byte> buffer)
        {
            var read = unpacked.Read(buffer);
            var taken = buffer[..read];
            if (_bytes < _head.Length) taken[..(int)Math.Min(read, _head.Length - _bytes)].CopyTo(_head.AsSpan((int)_bytes));
            _bytes += read;
            parts._unpackedBytes += read;
            if (parts._unpackedBytes > parts._limits.UnpackedBytes) throw UnpacksTooLarge("bytes");
            if (_bytes > parts._limits.RatioFreeBytes && _bytes / Math.Max(1, packedBytes) > parts._limits.UnpackedRatio) throw UnpacksTooLarge("ratio");
            var first = taken.IndexOfAny((byte)'<', (byte)'>');
            if (_run + (first < 0 ? read : first) > LongestRun) throw UnpacksTooLarge("text");
            _run = first < 0 ? _run + read : read - 1 - taken.LastIndexOfAny((byte)'<', (byte)'>');
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) unpacked.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>
/// A forward reading of one part's XML: no document type, no entities, bounded depth and number of names, texts cut at a length.
/// Namespaces are not looked at, since strict and transitional workbooks differ in nothing else.
/// </summary>
internal sealed class PartReader : IDisposable
{
    private const int Deepest = 32;
    private readonly XmlReader _xml;
    private readonly char[] _chunk = new char[1024];
    private readonly StringBuilder _text = new();

    public PartReader(Stream stream, string part)
    {
        Part = part;
        _xml = XmlReader.Create(stream, new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            NameTable = new BoundedNames(),
        });
    }

    public string Part { get; }

    public int Depth => _xml.Depth;

    public bool IsEmpty => _xml.IsEmptyElement;

    /// <summary>Goes to the next element that begins, wherever it stands. Null at the part's end.</summary>
    public string? NextElement()
    {
        while (Next())
        {
            if (_xml.NodeType == XmlNodeType.Element) return _xml.LocalName;
        }
        return null;
    }

    /// <summary>Goes to the next element that begins inside the one at this depth. Null once that one has ended.</summary>
    public string? NextInside(int depth)
    {
        while (Next())
        {
            if (_xml.NodeType == XmlNodeType.Element) return _xml.LocalName;
            if (_xml.NodeType == XmlNodeType.EndElement && _xml.Depth <= depth) return null;
        }
        return null;
    }

    public string? Attribute(string name) => _xml.GetAttribute(name);

    /// <summary>An attribute by its local name, in whatever namespace (<c>r:id</c>).</summary>
    public string? AttributeInAnyNamespace(string localName)
    {
        for (var more = _xml.MoveToFirstAttribute(); more; more = _xml.MoveToNextAttribute())
        {
            if (_xml.LocalName != localName || _xml.Prefix.Length == 0) continue;
            var value = _xml.Value;
            _xml.MoveToElement();
            return value;
        }
        _xml.MoveToElement();
        return null;
    }

    /// <summary>
    /// The text of the element just begun, up to its end; null when it is longer than the limit (of which no more is kept).
    /// </summary>
    public string? Text(int limit)
    {
        if (_xml.IsEmptyElement) return "";
        var depth = _xml.Depth;
        var tooLong = false;
        _text.Clear();
        while (Next() && !(_xml.NodeType == XmlNodeType.EndElement && _xml.Depth == depth))
        {
            if (!_xml.HasValue || _xml.NodeType == XmlNodeType.Attribute) continue;
            for (int read; !tooLong && (read = _xml.ReadValueChunk(_chunk, 0, _chunk.Length)) > 0;)
            {
                _text.Append(_chunk, 0, read);
                tooLong = _text.Length > limit;
            }
        }
        return tooLong ? null : _text.ToString();
    }

    private bool Next()
    {
        if (!_xml.Read()) return false;
        return _xml.Depth <= Deepest ? true : throw XlsxParts.Damaged(Part);
    }

    public void Dispose() => _xml.Dispose();

    /// <summary>Readers keep each name that they meet; a workbook's parts have a few hundred.</summary>
    private sealed class BoundedNames : NameTable
    {
        private const int Most = 4_000;
        private int _count;

        public override string Add(char[] key, int start, int len) => Get(key, start, len) ?? Counted(base.Add(key, start, len));

        public override string Add(string key) => Get(key) ?? Counted(base.Add(key));

        private string Counted(string name) => ++_count <= Most ? name : throw XlsxParts.UnpacksTooLarge("text");
    }
}
