using Guichet.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Api;

internal static class SessionEndpoints
{
    /// <summary>A change is dated when it is decided and seen when it is committed: how much later that may be at most, with room to spare.</summary>
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(2);

    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions");
        sessions.MapGet("", List).WithSummary("Sessions by start, with their current figures.").Produces<SessionListed>();
        sessions.MapGet("{id}", View).WithSummary("A session; its ETag is its revision.").Produces<SessionAnswer>();
        sessions.MapPost("", Create).Writes().WithSummary("Makes a session.").Accepts<SessionRequest>("application/json").Produces<Created>(StatusCodes.Status201Created);
        sessions.MapPut("{id}", Change).Writes().WithSummary("Changes a session, as read at the revision in If-Match.").Accepts<SessionRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        sessions.MapPost("{id}/put-on-sale", PutOnSale).Writes().WithSummary("Puts it on sale.").Produces(StatusCodes.Status204NoContent);
        sessions.MapPost("{id}/close", Close).Writes().WithSummary("Ends its sale.").Produces(StatusCodes.Status204NoContent);
        sessions.MapPost("{id}/cancel", Cancel).Writes().WithSummary("Cancels it.").Accepts<CancelRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        sessions.MapPost("{id}/shareable", MakeShareable).Writes().WithSummary("Lists its title, date and place to organisations that ask to receive, or no longer.")
            .Accepts<ShareableRequest>("application/json").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> List(
        string? status, string? search, string? show, string? series, string? from, string? to, string? modified_since, string? cursor, string? limit,
        ApiCall call, SessionPages pages)
    {
        var filter = new SessionPageFilter(
            call.QueryChoices<SessionStatus>("status"), call.Query("search"), call.Query("show"), call.Query("series"),
            call.QueryInstant("from"), call.QueryInstant("to"), call.QueryInstant("modified_since"));
        SessionPosition? after = null;
        if (call.Cursor("sessions", 2) is { } position)
        {
            if (ApiTimes.Instant(position[0]) is { } start) after = new SessionPosition(start, position[1]);
            else call.Refuse("cursor-invalid", "cursor");
        }
        var atMost = call.Limit();
        if (call.IsRefused) return call.Refusals();
        var asOf = call.Time.GetUtcNow() - Overlap;
        var rows = await pages.Sessions(call.Organisation, filter, after, atMost + 1, call.Cancellation);
        return Results.Ok(new SessionListed(
            [.. rows.Take(atMost).Select(SessionItem.Of)],
            rows.Length > atMost ? Cursors.Write("sessions", ApiTimes.Exactly(rows[atMost - 1].Start), rows[atMost - 1].Id) : null,
            asOf));
    }

    private static async Task<IResult> View(string id, ApiCall call)
    {
        if (await call.Session(id) is not { } session) return call.NotFound("session-unknown");
        call.TellRevision(session.Revision);
        return Results.Ok(SessionAnswer.Of(session));
    }

    private static async Task<IResult> Create(ApiCall call)
    {
        var id = call.NewId("sessions");
        var (request, details) = await Read(call, Vat.Usual);
        if (call.IsRefused) return call.Refusals();
        var command = new CreateSession(details!, request!.OnSale == true) { Id = call.CommandId, By = call.Actor };
        return await call.SendNew(() => call.Grain<ISessionGrain>(id).Create(command), "sessions", id);
    }

    private static async Task<IResult> Change(string id, ApiCall call)
    {
        if (await call.Session(id) is not { } session) return call.NotFound("session-unknown");
        var (commandId, revision) = (call.CommandId, call.IfMatch());
        var (_, details) = await Read(call, session.Details.VatBasisPoints);
        if (call.IsRefused) return call.Refusals();
        var command = new ChangeSession(details!, revision) { Id = commandId, By = call.Actor };
        return await call.Send(() => call.Grain<ISessionGrain>(id).Change(command));
    }

    private static async Task<IResult> PutOnSale(string id, ApiCall call)
    {
        if (await call.Session(id) is null) return call.NotFound("session-unknown");
        var command = new PutSessionOnSale { Id = call.CommandId, By = call.Actor };
        return call.IsRefused ? call.Refusals() : await call.Send(() => call.Grain<ISessionGrain>(id).PutOnSale(command));
    }

    private static async Task<IResult> Close(string id, ApiCall call)
    {
        if (await call.Session(id) is null) return call.NotFound("session-unknown");
        var command = new CloseSession { Id = call.CommandId, By = call.Actor };
        return call.IsRefused ? call.Refusals() : await call.Send(() => call.Grain<ISessionGrain>(id).Close(command));
    }

    private static async Task<IResult> Cancel(string id, ApiCall call)
    {
        if (await call.Session(id) is null) return call.NotFound("session-unknown");
        var commandId = call.CommandId;
        var request = await call.Body<CancelRequest>();
        if (call.IsRefused) return call.Refusals();
        var command = new CancelSession(request!.Reason) { Id = commandId, By = call.Actor };
        return await call.Send(() => call.Grain<ISessionGrain>(id).Cancel(command));
    }

    private static async Task<IResult> MakeShareable(string id, ApiCall call)
    {
        if (await call.Session(id) is null) return call.NotFound("session-unknown");
        var commandId = call.CommandId;
        var request = await call.Body<ShareableRequest>();
        if (call.IsRefused) return call.Refusals();
        var command = new MakeSessionShareable(request!.Shareable) { Id = commandId, By = call.Actor };
        return await call.Send(() => call.Grain<ISessionGrain>(id).MakeShareable(command));
    }

    public static async Task<SessionView?> Session(this ApiCall call, string id) =>
        ApiCall.IsId(id) ? await call.Grain<ISessionGrain>(id).View() : null;

    private static async Task<(SessionRequest? Request, SessionDetails? Details)> Read(ApiCall call, int vatBasisPoints)
    {
        if (await call.Body<SessionRequest>() is not { } request) return default;
        await call.CheckShow(request.Show);
        await call.CheckSeries(request.Series, request.Show);
        return (request, request.Details(call, vatBasisPoints));
    }
}
