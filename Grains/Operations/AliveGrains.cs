using System.Collections.Immutable;
using System.Diagnostics.Metrics;

namespace Guichet.Operations;

/// <summary>
/// How many grains of each kind live on this node, as the engine's own instrument <c>orleans-grains</c> tells: the same on either engine.
/// </summary>
public sealed class AliveGrains : IDisposable
{
    private readonly MeterListener listener = new();
    private readonly Dictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public AliveGrains()
    {
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Microsoft.Orleans", Name: "orleans-grains" }) listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>(Count);
        listener.SetMeasurementEventCallback<long>((instrument, measurement, tags, state) => Count(instrument, (int)measurement, tags, state));
        listener.Start();
    }

    /// <summary>Kinds with living grains, most first.</summary>
    public ImmutableArray<(string Kind, long Count)> Read()
    {
        lock (gate)
        {
            counts.Clear();
            listener.RecordObservableInstruments();
            return [.. counts.Where(one => one.Value > 0).OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value))];
        }
    }

    public void Dispose() => listener.Dispose();

    private void Count(Instrument instrument, int measurement, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        foreach (var tag in tags)
            if (tag is { Key: "type", Value: string kind })
                counts[kind] = counts.GetValueOrDefault(kind) + measurement;
    }
}
