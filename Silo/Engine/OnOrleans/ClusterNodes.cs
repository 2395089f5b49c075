using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Operations;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Guichet.Hosting;

/// <summary>The cluster's list of nodes (070-cluster.sql), in which each says its program's version once it is up.</summary>
internal sealed class ClusterNodes(Database database, ILocalSiloDetails self, IOptions<ClusterOptions> cluster, TimeProvider time) : INodes, IHostedLifecycleService
{
    private const int MostEnded = 5;
    private static readonly TimeSpan endedAreShownFor = TimeSpan.FromDays(1);

    public async Task<ImmutableArray<NodeView>> Read(CancellationToken cancellation)
    {
        const string sql = """
            SELECT name, address, port, generation, status, coalesce(suspected_by, '') <> '' AS suspected, started_at, alive_at, program
            FROM cluster_nodes
            WHERE cluster = @cluster AND (status <> @dead OR alive_at > @since)
            ORDER BY CASE status WHEN @dead THEN alive_at END DESC NULLS FIRST, started_at, port
            """;
        var rows = await database.Query<Row>(
            Database.Everyone, sql, new { cluster = cluster.Value.ClusterId, dead = (int)SiloStatus.Dead, since = time.GetUtcNow() - endedAreShownFor }, cancellation);
        var living = rows.Count(row => row.Status != (int)SiloStatus.Dead);
        return [.. rows.Take(living + MostEnded).Select(row => new NodeView(
            row.Name, $"{(row.Address.Contains(':', StringComparison.Ordinal) ? $"[{row.Address}]" : row.Address)}:{row.Port}", PhaseOf((SiloStatus)row.Status, row.Suspected),
            Instant(row.Started_At), Instant(row.Alive_At), row.Program,
            row.Address == self.SiloAddress.Endpoint.Address.ToString() && row.Port == self.SiloAddress.Endpoint.Port && row.Generation == self.SiloAddress.Generation))];
    }

    public Task StartedAsync(CancellationToken cancellationToken) => database.Execute(
        Database.Everyone,
        "UPDATE cluster_nodes SET program = @program WHERE cluster = @cluster AND address = @address AND port = @port AND generation = @generation",
        new
        {
            program = ProgramVersion.Text,
            cluster = cluster.Value.ClusterId,
            address = self.SiloAddress.Endpoint.Address.ToString(),
            port = self.SiloAddress.Endpoint.Port,
            generation = self.SiloAddress.Generation,
        }, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static NodePhase PhaseOf(SiloStatus status, bool suspected) => status switch
    {
        SiloStatus.Active => suspected ? NodePhase.Suspected : NodePhase.Active,
        SiloStatus.ShuttingDown or SiloStatus.Stopping => NodePhase.Stopping,
        SiloStatus.Dead => NodePhase.Ended,
        _ => NodePhase.Starting,
    };

    private static DateTimeOffset Instant(DateTime stored) => new(DateTime.SpecifyKind(stored, DateTimeKind.Utc));

    private sealed record Row(string Name, string Address, int Port, int Generation, int Status, bool Suspected, DateTime Started_At, DateTime Alive_At, string? Program);
}
