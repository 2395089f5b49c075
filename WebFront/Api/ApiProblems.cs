using System.Collections.Immutable;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Api;

/// <summary>One "no" among those of a problem.</summary>
/// <param name="Code">Stable: what programs decide on.</param>
/// <param name="Field">The member, query parameter or header it is about; null when about the whole.</param>
/// <param name="Arguments">What the sentence was made with.</param>
/// <param name="Sentence">In the language of <c>Accept-Language</c>.</param>
internal sealed record ApiRefusal(string Code, string? Field, ImmutableArray<string> Arguments, string Sentence);

/// <summary>Refusals and failures as problem details (RFC 9457).</summary>
internal static class ApiProblems
{
    public const string ContentType = "application/problem+json";

    public static Task Write(HttpContext http, int status, params ReadOnlySpan<Refusal> refusals) => Of(http, status, refusals).ExecuteAsync(http);

    /// <summary>The refusals of one aggregate, with the status that the first of them stands for.</summary>
    public static IResult Of(HttpContext http, ImmutableArray<Refusal> refusals) => Of(http, StatusOf(refusals[0]), refusals.AsSpan());

    public static IResult Of(HttpContext http, int status, params ReadOnlySpan<Refusal> refusals)
    {
        var formats = http.RequestServices.GetRequiredService<Reader>().Formats;
        var said = ImmutableArray.CreateBuilder<ApiRefusal>(refusals.Length);
        foreach (var refusal in refusals)
            said.Add(new ApiRefusal(refusal.Code, refusal.Field, refusal.Arguments.IsDefault ? [] : refusal.Arguments, RefusalSentences.Of(refusal, formats)));
        var first = said[0];
        var problem = new ProblemDetails { Type = $"urn:guichet:refusal:{first.Code}", Status = status, Title = first.Sentence };
        problem.Extensions["code"] = first.Code;
        problem.Extensions["field"] = first.Field;
        problem.Extensions["arguments"] = first.Arguments;
        problem.Extensions["refusals"] = said.MoveToImmutable();
        if (status >= 500) problem.Extensions["reference"] = Reference.Of(http);
        http.Response.Headers.ContentLanguage = formats.Language.Tag();
        http.Response.Headers.CacheControl = "no-store";
        return Results.Json(problem, statusCode: status, contentType: ContentType);
    }

    /// <summary>
    /// 404 for what isn't there (or is another organisation's: there is no telling), 412 when the revision has moved on, 409 when the state
    /// of what is there is in the way, 422 when what was sent is wrong.
    /// </summary>
    public static int StatusOf(Refusal refusal) => refusal switch
    {
        { Field: null, Code: "show-unknown" or "series-unknown" or "session-unknown" or "link-unknown" or "partner-unknown" or "contact-unknown" or "note-unknown" or "tally-unknown" or "draft-unknown" or "not-found" } => StatusCodes.Status404NotFound,
        { Code: "changed-meanwhile" } => StatusCodes.Status412PreconditionFailed,
        {
            Code: "tally-changed-meanwhile" or "tally-drop-unconfirmed" or "tally-over-capacity-unconfirmed"
                or "session-exists" or "show-exists" or "series-exists" or "partner-exists" or "partner-archived" or "contact-exists" or "series-empty"
                or "session-cancelled" or "session-not-on-sale" or "session-receives" or "session-sends"
                or "currency-fixed" or "category-used" or "tariff-used" or "channel-used" or "link-ended" or "link-not-live" or "contact-erased"
        } => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    /// <summary>Statuses that the framework answers without a body (nobody signed in, no such route…) get one.</summary>
    public static async Task GiveBody(HttpContext http, RequestDelegate next)
    {
        await next(http);
        var response = http.Response;
        if (response.HasStarted || response.StatusCode < 400 || response.ContentType is not null || response.ContentLength is not null) return;
        await Write(http, response.StatusCode, Refusal.Of(CodeOf(response.StatusCode)));
    }

    public static string CodeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "not-signed-in",
        StatusCodes.Status403Forbidden => "role-insufficient",
        StatusCodes.Status404NotFound => "not-found",
        StatusCodes.Status405MethodNotAllowed => "method-not-allowed",
        StatusCodes.Status413PayloadTooLarge => "body-too-large",
        StatusCodes.Status415UnsupportedMediaType => "not-json",
        StatusCodes.Status429TooManyRequests => "too-many-requests",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        _ => "unexpected",
    };
}
