using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
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

    /// <summary>What a redacted line says instead of its events and its answer; an empty list of events and a plain "done" stay.</summary>
    public const string RedactedEvents = """[{"event":"words-erased"}]""";

    public const string RedactedAnswer = """{"refusals":[{"code":"words-erased","arguments":[]}]}""";

    /// <summary>Covers what is left of a redacted line, whose hash can't be made again: the same as <c>journal_seal</c> in SQL, which writes it.</summary>
    public static ImmutableArray<byte> Seal(AggregateId aggregate, JournalLine line, string redactedFor)
    {
        var sealedText = new StringBuilder();
        foreach (var part in (ReadOnlySpan<string>)[
            redactedFor, line.Events, line.Answer, aggregate.Kind, aggregate.Organisation, aggregate.Id, line.Sequence.ToString(CultureInfo.InvariantCulture),
            ((line.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture),
            line.By.Organisation, line.By.Id, ((int)line.By.Kind).ToString(CultureInfo.InvariantCulture), line.By.Name, line.CommandId.ToString("D"), line.CommandName,
            Convert.ToHexStringLower(line.ContentHash.AsSpan())])
            sealedText.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(part)}:{part}");
        return [.. SHA256.HashData([.. line.Hash, .. Encoding.UTF8.GetBytes(sealedText.ToString())])];
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
