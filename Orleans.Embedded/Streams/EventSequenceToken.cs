using Orleans.Streams;

namespace Orleans.Providers.Streams.Common;

[GenerateSerializer]
public class EventSequenceTokenV2 : StreamSequenceToken
{
    public EventSequenceTokenV2() { }
    public EventSequenceTokenV2(long seqNumber) : this(seqNumber, 0) { }
    public EventSequenceTokenV2(long seqNumber, int eventInd) => (SequenceNumber, EventIndex) = (seqNumber, eventInd);

    [Id(0)]
    public sealed override long SequenceNumber { get; protected set; }

    [Id(1)]
    public sealed override int EventIndex { get; protected set; }

    public override bool Equals(StreamSequenceToken? other) => other is not null && CompareTo(other) == 0;
    public override bool Equals(object? obj) => Equals(obj as StreamSequenceToken);
    public override int GetHashCode() => HashCode.Combine(SequenceNumber, EventIndex);

    public override int CompareTo(StreamSequenceToken? other) => other is null ? 1
        : (SequenceNumber, EventIndex).CompareTo((other.SequenceNumber, other.EventIndex));

    public override string ToString() => $"{SequenceNumber}:{EventIndex}";
}
