using Guichet.Operations;
using Orleans.Embedded;

namespace Guichet.Hosting;

/// <summary>The embedded engine's own counters.</summary>
internal sealed class EmbeddedFigures(EngineFigures engine) : IGrainFigures
{
    public GrainFigures Read()
    {
        var read = engine.Read();
        return new(
            read.ActivationsByKind, read.Calls, read.Failures,
            new([.. read.Latency.Select((count, bucket) => (EngineSnapshot.UpperBound(bucket), count))]),
            read.StreamEvents, read.StreamDrops, read.Reminders, read.RemindersDue);
    }
}
