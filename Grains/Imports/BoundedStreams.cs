namespace Guichet.Imports;

/// <summary>
/// Stops a reading from inside the parser that asks for more bytes. Never leaves <see cref="TabularFile"/>, which answers its refusal.
/// </summary>
internal sealed class FileRefusedException(ImportRefusal refusal) : Exception(refusal.Code)
{
    public ImportRefusal Refusal { get; } = refusal;
}

/// <summary>Reads another stream, and refuses to go past a number of bytes.</summary>
internal sealed class LimitedStream(Stream inner, long limit, Func<ImportRefusal> refusal) : ReadOnlyStream
{
    private long _taken;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _taken += read;
        return _taken <= limit ? read : throw new FileRefusedException(refusal());
    }
}

/// <summary>Bytes kept in blocks of equal size: grows without copying, and never holds more than it was given.</summary>
internal sealed class BlockStream : Stream
{
    private const int BlockSize = 64 * 1024;
    private readonly List<byte[]> _blocks = [];
    private long _length;
    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => _length;
    public override long Position { get => _position; set => _position = value; }

    /// <summary>Takes all that the stream gives, unless it is more than the limit.</summary>
    public static BlockStream Fill(Stream from, long limit)
    {
        var filled = new BlockStream();
        while (true)
        {
            var read = from.Read(filled.FreeSpace());
            if (read == 0) return filled;
            filled.Advance(read, limit);
        }
    }

    /// <inheritdoc cref="Fill"/>
    public static async Task<BlockStream> FillAsync(Stream from, long limit, CancellationToken cancellation)
    {
        var filled = new BlockStream();
        while (true)
        {
            var read = await from.ReadAsync(filled.FreeSpace(), cancellation);
            if (read == 0) return filled;
            filled.Advance(read, limit);
        }
    }

    private ArraySegment<byte> FreeSpace()
    {
        var used = (int)(_length % BlockSize);
        if (used == 0) _blocks.Add(new byte[BlockSize]);
        return new ArraySegment<byte>(_blocks[^1], used, BlockSize - used);
    }

    private void Advance(int read, long limit)
    {
        _length += read;
        if (_length > limit) throw new FileRefusedException(TabularFile.TooLarge(limit));
    }

    /// <summary>How often these bytes stand anywhere in the stream.</summary>
    public int Occurrences(ReadOnlySpan<byte> bytes)
    {
        var count = 0;
        Span<byte> seam = stackalloc byte[2 * bytes.Length - 2];
        for (var i = 0; i < _blocks.Count; i++)
        {
            var block = Block(i);
            count += block.Count(bytes);
            if (i + 1 == _blocks.Count) break;
            var tail = block[^(bytes.Length - 1)..];
            var next = Block(i + 1);
            var head = next[..Math.Min(next.Length, bytes.Length - 1)];
            tail.CopyTo(seam);
            head.CopyTo(seam[tail.Length..]);
            count += seam[..(tail.Length + head.Length)].Count(bytes);
        }
        return count;
    }

    private ReadOnlySpan<byte> Block(int index) =>
        _blocks[index].AsSpan(0, (int)Math.Min(BlockSize, _length - (long)index * BlockSize));

    public override int Read(Span<byte> buffer)
    {
        if (_position >= _length) return 0;
        var from = Block((int)(_position / BlockSize))[(int)(_position % BlockSize)..];
        var read = Math.Min(from.Length, buffer.Length);
        from[..read].CopyTo(buffer);
        _position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => _position + offset, _ => _length + offset };
        return target >= 0 ? _position = target : throw new IOException("Before the beginning.");
    }

    public override void Flush() { }
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>What every forward-only reading stream here has in common.</summary>
internal abstract class ReadOnlyStream : Stream
{
    public sealed override bool CanRead => true;
    public sealed override bool CanSeek => false;
    public sealed override bool CanWrite => false;
    public sealed override long Length => throw new NotSupportedException();
    public sealed override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public abstract override int Read(Span<byte> buffer);
    public sealed override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
    public sealed override void Flush() { }
    public sealed override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public sealed override void SetLength(long value) => throw new NotSupportedException();
    public sealed override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
