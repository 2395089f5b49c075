using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Guichet.Journal;

/// <summary>
/// The chain that makes a changed, removed or inserted journal line show: each line's hash covers its content and the hash before it.
/// Fields are length-prefixed, so no two contents have one encoding; instants count in microseconds, as PostgreSQL keeps them.
/// </summary>
public static class HashChain
{
    /// <summary>The hash before an aggregate's first line.</summary>
    public static readonly ImmutableArray<byte> Start = [.. new byte[SHA256.HashSizeInBytes]];

    public static ImmutableArray<byte> Next(ImmutableArray<byte> previous, AggregateId aggregate, JournalLine line)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        buffer.Write(previous.AsSpan());
        Append(buffer, aggregate.Kind);
        Append(buffer, aggregate.Organisation);
        Append(buffer, aggregate.Id);
        Append(buffer, line.Sequence);
        Append(buffer, (line.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        Append(buffer, line.By.Organisation);
        Append(buffer, line.By.Id);
        Append(buffer, (long)line.By.Kind);
        Append(buffer, line.By.Name);
        Append(buffer, line.CommandId.ToString("N"));
        Append(buffer, line.CommandName);
        Append(buffer, Convert.ToHexString(line.ContentHash.AsSpan()));
        Append(buffer, line.Events);
        Append(buffer, line.Answer);
        return ImmutableArray.Create(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Append(ArrayBufferWriter<byte> buffer, long number)
    {
        BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(8), number);
        buffer.Advance(8);
    }

    private static void Append(ArrayBufferWriter<byte> buffer, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Append(buffer, length);
        Encoding.UTF8.GetBytes(text, buffer.GetSpan(length));
        buffer.Advance(length);
    }
}
