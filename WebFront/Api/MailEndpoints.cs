using System.Text.Json;
using Guichet.Mail;
using Guichet.Organisations;
using Guichet.Reporting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Guichet.Api;

/// <summary>A mail that came back, as a mail server's own program tells it.</summary>
/// <param name="Recipient">The address that it came back to: the bounce address with its token.</param>
/// <param name="Action"><c>failed</c> when it is left out, or <c>delayed</c>: tried further, so that nothing is written down.</param>
/// <param name="Reason">The server's words.</param>
internal sealed record BounceRequest(string Recipient, string? Action, string? Reason);

/// <param name="Result"><c>bounced</c>, <c>delayed</c>, <c>superseded</c> (sent again since) or <c>ignored</c> (it reports no failure).</param>
internal sealed record BounceAnswer(string Result);

internal static class MailEndpoints
{
    private const string RawMail = "message/rfc822";

    public static void MapMails(this IEndpointRouteBuilder api) =>
        api.MapPost("/mail/bounces", CameBack).Writes().WithTags("Mail").Produces<BounceAnswer>()
            .WithSummary("A mail of a report came back: the raw delivery status notification (RFC 3464), or what it says as JSON.")
            .WithDescription("A message/rfc822 body, or application/json with recipient, action (failed, delayed) and reason. Harmless a second time. Holiday notices, answers and delays are answered 200 and change nothing. With a raw message, ?recipient= names the address that it came to, where no header of it does.");

    private static async Task<IResult> CameBack(string? recipient, ApiCall call, ReportBounces bounces)
    {
        var report = call.Http.Request.HasJsonContentType() ? await Told(call) : await Read(call, recipient);
        if (call.IsRefused) return call.Refusals();
        if (report is not { Action: { } action }) return Results.Ok(new BounceAnswer("ignored"));
        if (action != DeliveryAction.Failed) return Results.Ok(new BounceAnswer(action == DeliveryAction.Delayed ? "delayed" : "ignored"));
        return await bounces.CameBack(call.Organisation, report.Token!, report.Reason, call.Cancellation) switch
        {
            BounceResult.Bounced => Results.Ok(new BounceAnswer("bounced")),
            BounceResult.Superseded => Results.Ok(new BounceAnswer("superseded")),
            _ => call.NotFound("bounce-unknown"),
        };
    }

    private static async Task<DeliveryReport?> Told(ApiCall call)
    {
        if (await call.Body<BounceRequest>() is not { } request) return null;
        var token = BounceAddress.TokenIn(request.Recipient);
        if (token is null) call.Refuse("bounce-recipient-missing", "recipient");
        DeliveryAction? action = request.Action switch { null or "failed" => DeliveryAction.Failed, "delayed" => DeliveryAction.Delayed, _ => null };
        if (action is null) call.Refuse("choice-unknown", "action", request.Action!, "failed, delayed");
        return new DeliveryReport(token, action, DeliveryReport.Plain(request.Reason));
    }

    private static async Task<DeliveryReport?> Read(ApiCall call, string? recipient)
    {
        if (!MediaTypeHeaderValue.TryParse(call.Http.Request.ContentType, out var type) || !type.MediaType.Equals(RawMail, StringComparison.OrdinalIgnoreCase))
        {
            call.RefuseWith(StatusCodes.Status415UnsupportedMediaType, "bounce-media-type");
            return null;
        }
        using var raw = await call.Beginning(DeliveryReport.MostBytes);
        var report = DeliveryReport.Read(raw, recipient);
        if (report is null) call.RefuseWith(StatusCodes.Status422UnprocessableEntity, "bounce-malformed");
        else if (report is { Action: DeliveryAction.Failed, Token: null }) call.Refuse("bounce-recipient-missing", "recipient");
        return report;
    }
}
