using System.Buffers;
using System.Globalization;
using System.Text;

namespace Guichet.Imports;

/// <summary>
/// Decodes a text file while it is read: UTF-8 and UTF-16 by their mark, else UTF-8 or Windows-1252 by the first byte
/// that isn't ASCII (up to there they are the same, so nothing need be read twice). A text that later turns out
/// to be in another encoding is refused rather than read as wrong letters.
/// </summary>
/// <remarks>
/// Also refuses what no text holds (NUL) and lines without end, before the parser behind it must keep them. Lines that begin and end
/// in one block (16 KiB) aren't measured.
/// </remarks>
internal sealed class TextDecoder : TextReader
{
    private static readonly Encoding StrictUtf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>Tab, line feed, vertical tab, form feed and carriage return are the control characters that texts do hold.</summary>
    private static readonly SearchValues<char> Refused =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(code => code is < 9 or > 13).Select(code => (char)code), '\u007F', '\uFFFE', '\uFFFF']);

    private readonly Stream _bytes;
    private readonly int _lineLength;
    private readonly byte[] _raw = new byte[16 * 1024];
    private readonly char[] _text = new char[16 * 1024 + 8];
    private int _rawLength;
    private int _textStart;
    private int _textEnd;
    private Decoder? _decoder;
    private bool _ended;
    private bool _started;
    private int _line = 1;
    private int _sinceNewLine;
    private char _last;

    public TextDecoder(Stream bytes, int lineLength)
    {
        _bytes = bytes;
        _lineLength = lineLength;
    }

    /// <summary>The text's beginning, without taking it: as much as one block holds.</summary>
    public ReadOnlySpan<char> Head()
    {
        if (_textStart == _textEnd) Decode();
        return _text.AsSpan(_textStart, _textEnd - _textStart);
    }

    /// <summary>Takes characters off the text's beginning.</summary>
    public void Skip(int count) => _textStart += count;

    public override int Read(Span<char> buffer)
    {
        if (_textStart == _textEnd && !Decode()) return 0;
        var read = Math.Min(buffer.Length, _textEnd - _textStart);
        _text.AsSpan(_textStart, read).CopyTo(buffer);
        _textStart += read;
        return read;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Peek() => _textStart < _textEnd || Decode() ? _text[_textStart] : -1;

    public override int Read() => _textStart < _textEnd || Decode() ? _text[_textStart++] : -1;

    /// <summary>Decodes the next block into the empty text. False at the end.</summary>
    private bool Decode()
    {
        (_textStart, _textEnd) = (0, 0);
        while (_textEnd == 0 && !_ended)
        {
            FillRaw();
            var start = _started ? 0 : Begin();
            _started = true;
            _textEnd = _decoder is null ? DecodeUndecided(start) : DecodeBlock(start, _rawLength);
        }
        Inspect(_text.AsSpan(0, _textEnd));
        return _textEnd > 0;
    }

    private void FillRaw()
    {
        while (_rawLength < _raw.Length)
        {
            var read = _bytes.Read(_raw.AsSpan(_rawLength));
            if (read == 0)
            {
                _ended = true;
                return;
            }
            _rawLength += read;
        }
    }

    /// <summary>Takes the decoder that the byte order mark names. The answer is the mark's length.</summary>
    private int Begin()
    {
        var head = _raw.AsSpan(0, _rawLength);
        if (head is [0xEF, 0xBB, 0xBF, ..]) _decoder = StrictUtf8.GetDecoder();
        else if (head is [0xFF, 0xFE, ..]) _decoder = new UnicodeEncoding(bigEndian: false, false, throwOnInvalidBytes: true).GetDecoder();
        else if (head is [0xFE, 0xFF, ..]) _decoder = new UnicodeEncoding(bigEndian: true, false, throwOnInvalidBytes: true).GetDecoder();
        else return 0;
        return head[0] == 0xEF ? 3 : 2;
    }

    /// <summary>ASCII so far: goes on as such, until a byte decides between UTF-8 and Windows-1252.</summary>
    private int DecodeUndecided(int start)
    {
        var ascii = _raw.AsSpan(start, _rawLength - start).IndexOfAnyExceptInRange((byte)0, (byte)0x7F);
        if (ascii < 0) return DecodeAscii(start, _rawLength);
        // A sequence cut by the block's end is looked at again with the bytes that follow.
        if (ascii > 0 && !_ended) return DecodeAscii(start, start + ascii);
        var status = Rune.DecodeFromUtf8(_raw.AsSpan(start + ascii, _rawLength - start - ascii), out _, out _);
        _decoder = (status == OperationStatus.Done ? StrictUtf8 : Windows1252).GetDecoder();
        return DecodeBlock(start, _rawLength);
    }

    private int DecodeAscii(int start, int end)
    {
        var length = Encoding.ASCII.GetChars(_raw.AsSpan(start, end - start), _text);
        _raw.AsSpan(end, _rawLength - end).CopyTo(_raw);
        _rawLength -= end;
        return length;
    }

    private int DecodeBlock(int start, int end)
    {
        _rawLength = 0;
        var block = _raw.AsSpan(start, end - start);
        try
        {
            return _decoder!.GetChars(block, _text, flush: _ended);
        }
        catch (DecoderFallbackException wrong)
        {
            var line = _line + block[..Math.Clamp(wrong.Index, 0, block.Length)].Count((byte)'\n');
            throw new FileRefusedException(ImportRefusal.At(ImportCodes.EncodingMixed, line, "", ""));
        }
    }

    private void Inspect(ReadOnlySpan<char> text)
    {
        var refused = text.IndexOfAny(Refused);
        var lines = CountLines(refused < 0 ? text : text[..refused]);
        if (refused >= 0)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"U+{(int)text[refused]:X4}");
            throw new FileRefusedException(ImportRefusal.At(ImportCodes.ControlCharacter, _line + lines, "", "", name));
        }
        var firstEnd = text.IndexOfAny('\n', '\r');
        if (_sinceNewLine + (firstEnd < 0 ? text.Length : firstEnd) > _lineLength)
        {
            var limit = _lineLength.ToString(CultureInfo.InvariantCulture);
            throw new FileRefusedException(ImportRefusal.At(ImportCodes.LineTooLong, _line, "", "", limit));
        }
        _sinceNewLine = firstEnd < 0 ? _sinceNewLine + text.Length : text.Length - 1 - text.LastIndexOfAny('\n', '\r');
        _line += lines;
        if (text.Length > 0) _last = text[^1];
    }

    /// <summary>Ends of lines: LF, CR LF, or CR alone.</summary>
    private int CountLines(ReadOnlySpan<char> text)
    {
        var pairs = text.Count("\r\n") + (_last == '\r' && text is ['\n', ..] ? 1 : 0);
        return text.Count('\n') + text.Count('\r') - pairs;
    }
}
