using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>The database answers the product, through the same few connections, within two seconds.</summary>
internal sealed class DatabaseAnswers(NpgsqlDataSource product) : IHealthCheck
{
    private static readonly TimeSpan within = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(within);
        try
        {
            await using var ask = product.CreateCommand("select 1");
            await ask.ExecuteScalarAsync(limited.Token);
            return HealthCheckResult.Healthy();
        }
        catch (PostgresException refused)
        {
            return HealthCheckResult.Unhealthy($"the database refuses: {refused.SqlState}");
        }
        catch (Exception away) when (away is NpgsqlException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("the database doesn't answer");
        }
    }
}
