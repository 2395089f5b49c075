using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Guichet.Hosting;

/// <summary>A node that was told to stop takes no new requests, though it still answers those that come.</summary>
internal sealed class NodeStays(Leaving leaving) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(leaving.IsSaid ? HealthCheckResult.Unhealthy("the node is stopping") : HealthCheckResult.Healthy());
}
