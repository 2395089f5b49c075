using System.Collections.Immutable;

namespace Orleans.Embedded;

/// <summary>For tests: lasts as long as the object.</summary>
public sealed class InMemoryReminderStore : IReminderStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<(GrainId Grain, string Name), ReminderRow> _rows = new(Comparer<(GrainId Grain, string Name)>.Create(
        static (a, b) => a.Grain.CompareTo(b.Grain) is var byGrain && byGrain != 0 ? byGrain : string.CompareOrdinal(a.Name, b.Name)));
    private long _version;

    public Task<ImmutableArray<ReminderRow>> ReadAllAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_rows.Values.ToImmutableArray());
    }

    public Task<ImmutableArray<ReminderRow>> ReadAsync(GrainId grain, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_rows.Values.Where(one => one.GrainId == grain).ToImmutableArray());
    }

    public Task<long> UpsertAsync(ReminderRow row, CancellationToken cancellation)
    {
        lock (_gate)
        {
            _rows[(row.GrainId, row.Name)] = row with { Version = ++_version };
            return Task.FromResult(_version);
        }
    }

    public Task<bool> RemoveAsync(GrainId grain, string name, long version, CancellationToken cancellation)
    {
        lock (_gate)
            return Task.FromResult(_rows.TryGetValue((grain, name), out var row) && row.Version == version && _rows.Remove((grain, name)));
    }
}
