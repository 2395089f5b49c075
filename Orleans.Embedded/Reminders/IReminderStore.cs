using System.Collections.Immutable;

namespace Orleans.Embedded;

/// <summary>One row of the reminder table: the shape real Orleans' AdoNet provider keeps, so that a database may move
/// from one engine to the other. The service id and the grain's hash are columns that the store adds itself
/// (<see cref="GrainId.GetUniformHashCode"/>).</summary>
/// <param name="GrainId">Stored as <c>type/key</c>.</param>
/// <param name="Name">Unique within the grain.</param>
/// <param name="StartAt">When the first tick is due; ticks are due at StartAt + n × Period.</param>
/// <param name="Period">One minute or more.</param>
/// <param name="Version">Of the row; grows with each change.</param>
public sealed record ReminderRow(GrainId GrainId, string Name, DateTimeOffset StartAt, TimeSpan Period, long Version);

/// <summary>Where the schedule of reminders lives. Ticks are made in memory.</summary>
public interface IReminderStore
{
    Task<ImmutableArray<ReminderRow>> ReadAllAsync(CancellationToken cancellation);

    Task<ImmutableArray<ReminderRow>> ReadAsync(GrainId grain, CancellationToken cancellation);

    /// <summary>Inserts, or replaces whatever version is there.</summary>
    /// <returns>The row's new version; <see cref="ReminderRow.Version"/> of the argument is not looked at.</returns>
    Task<long> UpsertAsync(ReminderRow row, CancellationToken cancellation);

    /// <returns>False if there is no such reminder at that version.</returns>
    Task<bool> RemoveAsync(GrainId grain, string name, long version, CancellationToken cancellation);
}
