using Guichet.Journal;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Guichet.Hosting;

/// <summary>The dispatcher goes on reading the outbox. On a copy of the database it sends nothing, and that is said.</summary>
internal sealed class OutboxRuns(OutboxDispatcher dispatcher, ISendingPermission permission, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan within = 10 * OutboxDispatcher.PollEvery;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(dispatcher.LastRead is not { } read || time.GetUtcNow() - read > within
            ? HealthCheckResult.Unhealthy("the outbox isn't being read")
            : permission.MaySend
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Degraded("a copy of the database: nothing is sent (guichet live)"));
}
