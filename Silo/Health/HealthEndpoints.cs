using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Guichet.Hosting;

/// <summary>
/// For whoever supervises the node: <c>/healthz</c> answers as long as the process is alive (restart it when it doesn't),
/// <c>/readyz</c> says whether it can do its work (send it no requests when it can't), and what is missing.
/// </summary>
internal static class HealthEndpoints
{
    private const string Ready = "ready";

    public static void AddReadiness(this IServiceCollection services) => services.AddSingleton<Leaving>().AddHealthChecks()
        .AddCheck<NodeStays>("node", tags: [Ready])
        .AddCheck<DatabaseAnswers>("database", tags: [Ready])
        .AddCheck<OutboxRuns>("outbox", tags: [Ready]);

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/healthz", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/readyz", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    private static async Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", report.Status.ToString());
        json.WriteStartObject("checks");
        foreach (var (name, entry) in report.Entries)
        {
            json.WriteStartObject(name);
            json.WriteString("status", entry.Status.ToString());
            json.WriteNumber("ms", Math.Round(entry.Duration.TotalMilliseconds, 1));
            if (entry.Description is { } description)
                json.WriteString("description", description);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
