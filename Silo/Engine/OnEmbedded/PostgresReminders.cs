using System.Collections.Immutable;
using Dapper;
using Npgsql;
using Orleans.Configuration;
using Orleans.Embedded;
using Orleans.Runtime;

namespace Guichet.Hosting;

/// <summary>
/// The schedule of reminders in the table that real Orleans' AdoNet provider keeps (003-reminders.sql), so that a database
/// may change engines: periods in milliseconds, instants to the millisecond, the grain's hash beside its id.
/// </summary>
internal sealed class PostgresReminders(NpgsqlDataSource product, Microsoft.Extensions.Options.IOptions<ClusterOptions> cluster) : IReminderStore
{
    private readonly string service = cluster.Value.ServiceId;

    public Task<ImmutableArray<ReminderRow>> ReadAllAsync(CancellationToken cancellation) =>
        ReadAsync("where serviceid = @service", new { service }, cancellation);

    public Task<ImmutableArray<ReminderRow>> ReadAsync(GrainId grain, CancellationToken cancellation) =>
        ReadAsync("where serviceid = @service and grainid = @grain", new { service, grain = grain.ToString() }, cancellation);

    public async Task<long> UpsertAsync(ReminderRow row, CancellationToken cancellation)
    {
        await using var connection = await product.OpenConnectionAsync(cancellation);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            """
            insert into orleansreminderstable as kept (serviceid, grainid, remindername, starttime, period, grainhash, version)
            values (@service, @grain, @name, @start, @period, @hash, 0)
            on conflict (serviceid, grainid, remindername) do update
              set starttime = excluded.starttime, period = excluded.period, grainhash = excluded.grainhash, version = kept.version + 1
            returning version
            """,
            new
            {
                service,
                grain = row.GrainId.ToString(),
                name = row.Name,
                start = row.StartAt.UtcDateTime,
                period = (long)row.Period.TotalMilliseconds,
                hash = unchecked((int)row.GrainId.GetUniformHashCode()),
            }, cancellationToken: cancellation));
    }

    public async Task<bool> RemoveAsync(GrainId grain, string name, long version, CancellationToken cancellation)
    {
        await using var connection = await product.OpenConnectionAsync(cancellation);
        return await connection.ExecuteAsync(new CommandDefinition(
            "delete from orleansreminderstable where serviceid = @service and grainid = @grain and remindername = @name and version = @version",
            new { service, grain = grain.ToString(), name, version }, cancellationToken: cancellation)) > 0;
    }

    private async Task<ImmutableArray<ReminderRow>> ReadAsync(string which, object parameters, CancellationToken cancellation)
    {
        await using var connection = await product.OpenConnectionAsync(cancellation);
        var rows = await connection.QueryAsync<(string Grain, string Name, DateTime Start, long Period, int Version)>(new CommandDefinition(
            $"select grainid, remindername, starttime, period, version from orleansreminderstable {which} order by grainid, remindername",
            parameters, cancellationToken: cancellation));
        return [.. rows.Select(row => new ReminderRow(
            GrainId.Parse(row.Grain), row.Name, new DateTimeOffset(DateTime.SpecifyKind(row.Start, DateTimeKind.Utc)), TimeSpan.FromMilliseconds(row.Period), row.Version))];
    }
}
