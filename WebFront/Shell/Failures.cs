using Guichet.Api;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guichet.Shell;

/// <summary>
/// What an unexpected exception answers: a status and a reference, nothing of the exception itself. Pages get their problem page for the
/// status (<see cref="ProblemPage"/>), htmx shows the reference in a message, programs get problem details (RFC 9457).
/// </summary>
internal static class Failures
{
    public const string Header = "X-Reference";

    public static async Task Answer(HttpContext http)
    {
        var problem = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        var reference = Reference.Of(http);
        http.Response.Headers[Header] = reference;
        if (problem is not (null or BadHttpRequestException or CallRefusedException))
            http.RequestServices.GetRequiredService<Incidents>().Add(
                reference, http.Request.Method, http.Features.Get<IExceptionHandlerFeature>()?.Endpoint is Microsoft.AspNetCore.Routing.RouteEndpoint route ? route.RoutePattern.RawText ?? "" : "", problem);
        http.Response.StatusCode = problem switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            TryAgainException or TimeoutException or OrleansMessageRejectionException => StatusCodes.Status503ServiceUnavailable,
            NpgsqlException failed when IsAway(failed) => StatusCodes.Status503ServiceUnavailable,
            CallRefusedException => StatusCodes.Status403Forbidden,
            _ => StatusCodes.Status500InternalServerError,
        };
        if (http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "2";
        if (!http.Request.Path.StartsWithSegments("/api"))
            return;
        await ApiProblems.Write(http, http.Response.StatusCode, Refusal.Of(ApiProblems.CodeOf(http.Response.StatusCode)));
    }

    /// <summary>The database is away, full or closed to us (connection, resources, intervention, system, not accepting): not a statement that it refuses.</summary>
    private static bool IsAway(NpgsqlException failed) =>
        failed is not PostgresException { SqlState: var state } || state is ['0', '8', ..] or ['5', '3' or '7' or '8', ..] or PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.InvalidCatalogName;
}
