using System.Collections.Immutable;
using Guichet.Notifications;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Api;

/// <param name="Code">Stable: what happened.</param>
/// <param name="Arguments">What the code's sentence is made with.</param>
/// <param name="Path">The page it leads to.</param>
internal sealed record NotificationAnswer(string Id, DateTimeOffset At, string Code, ImmutableArray<string> Arguments, string Path, DateTimeOffset? ReadAt);

internal static class NotificationEndpoints
{
    public static void MapNotificationList(this IEndpointRouteBuilder api) =>
        api.MapGet("/notifications", List).WithTags("Notifications").WithSummary("What the organisation was told, newest first.").Produces<Listed<NotificationAnswer>>();

    private static async Task<IResult> List(string? cursor, string? limit, ApiCall call, NotificationQueries notifications)
    {
        var before = call.Cursor("notifications", 1);
        var atMost = call.Limit();
        if (call.IsRefused) return call.Refusals();
        var rows = await notifications.List(call.Organisation, before?[0], atMost + 1, call.Cancellation);
        return Results.Ok(new Listed<NotificationAnswer>(
            [.. rows.Take(atMost).Select(row => new NotificationAnswer(row.Id, row.At, row.Code, row.Arguments, row.Path, row.ReadAt))],
            rows.Count > atMost ? Cursors.Write("notifications", rows[atMost - 1].Id) : null));
    }
}
