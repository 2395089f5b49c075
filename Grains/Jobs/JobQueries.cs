using System.Text.Json;
using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Jobs;

public sealed class JobQueries(Database database)
{
    /// <summary>The id of the job of that kind that was started last; null when there was none.</summary>
    public Task<string?> Latest(string organisation, JobKind kind, CancellationToken cancellation = default) => database.QueryFirst<string>(
        organisation, "SELECT id FROM jobs WHERE organisation = @organisation AND kind = @kind ORDER BY started_at DESC, id DESC LIMIT 1",
        new { organisation, kind = JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()) }, cancellation);
}

public static class JobsHosting
{
    /// <summary>What long work needs on every node; each kind adds its <see cref="IJobWork"/>.</summary>
    public static void AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobQueries>();
        services.AddEffect<RunJobStep, RunJobStepHandler>();
    }
}
