using Guichet.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Api;

/// <param name="Show">Id of the show that it is a series of.</param>
internal sealed record SeriesRequest(string Show, string Name);

internal sealed record SeriesNameRequest(string Name);

internal sealed record SeriesAnswer(string Id, string Show, string Name);

internal static class SeriesEndpoints
{
    public static void MapSeries(this IEndpointRouteBuilder api)
    {
        var series = api.MapGroup("/series").WithTags("Series");
        series.MapGet("", List).WithSummary("Series, oldest first.").Produces<Listed<SeriesAnswer>>();
        series.MapGet("{id}", View).WithSummary("A series.").Produces<SeriesAnswer>();
        series.MapPost("", Create).Writes().WithSummary("Makes a series of a show.").Accepts<SeriesRequest>("application/json").Produces<Created>(StatusCodes.Status201Created);
        series.MapPut("{id}", Rename).Writes().WithSummary("Renames a series.").Accepts<SeriesNameRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        series.MapPost("{id}/put-on-sale", PutOnSale).Writes().WithSummary("Puts every draft session of the series on sale.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> List(string? show, string? cursor, string? limit, ApiCall call, SessionPages pages)
    {
        var showId = call.Query("show");
        var after = call.Cursor("series", 1);
        var atMost = call.Limit();
        if (call.IsRefused) return call.Refusals();
        var rows = await pages.Series(call.Organisation, showId, after?[0], atMost + 1, call.Cancellation);
        return Results.Ok(new Listed<SeriesAnswer>(
            [.. rows.Take(atMost).Select(row => new SeriesAnswer(row.Id, row.ShowId, row.Name))],
            rows.Length > atMost ? Cursors.Write("series", rows[atMost - 1].Id) : null));
    }

    private static async Task<IResult> View(string id, ApiCall call) =>
        ApiCall.IsId(id) && await call.Grain<ISeriesGrain>(id).View() is { } series
            ? Results.Ok(new SeriesAnswer(series.Id, series.ShowId, series.Name))
            : call.NotFound("series-unknown");

    private static async Task<IResult> Create(ApiCall call)
    {
        var id = call.NewId("series");
        var request = await call.Body<SeriesRequest>();
        if (request is not null) await call.CheckShow(request.Show);
        if (call.IsRefused) return call.Refusals();
        var command = new CreateSeries(request!.Show, request.Name) { Id = call.CommandId, By = call.Actor };
        return await call.SendNew(() => call.Grain<ISeriesGrain>(id).Create(command), "series", id);
    }

    private static async Task<IResult> Rename(string id, ApiCall call)
    {
        if (!ApiCall.IsId(id) || await call.Grain<ISeriesGrain>(id).View() is null) return call.NotFound("series-unknown");
        var commandId = call.CommandId;
        var request = await call.Body<SeriesNameRequest>();
        if (call.IsRefused) return call.Refusals();
        var command = new RenameSeries(request!.Name) { Id = commandId, By = call.Actor };
        return await call.Send(() => call.Grain<ISeriesGrain>(id).Rename(command));
    }

    /// <summary>Those on sale already are named too, to whom it makes no difference: so a retry asks for the same as the first time.</summary>
    private static async Task<IResult> PutOnSale(string id, ApiCall call, SessionQueries sessions)
    {
        if (!ApiCall.IsId(id) || await call.Grain<ISeriesGrain>(id).View() is null) return call.NotFound("series-unknown");
        var commandId = call.CommandId;
        if (call.IsRefused) return call.Refusals();
        var filter = new SessionFilter([SessionStatus.Draft, SessionStatus.OnSale], SeriesId: id, Limit: SeriesCore.MostSessions);
        var found = await sessions.List(call.Organisation, filter, call.Time.GetUtcNow(), call.Cancellation);
        var command = new PutSeriesOnSale([.. found.Rows.Select(row => row.Id).Order(StringComparer.Ordinal)]) { Id = commandId, By = call.Actor };
        return await call.Send(() => call.Grain<ISeriesGrain>(id).PutOnSale(command));
    }

    /// <summary>A show of this organisation; of another's it is said as of one that doesn't exist.</summary>
    public static async Task CheckShow(this ApiCall call, string show)
    {
        if (!ApiCall.IsId(show) || show.Length == 0 || await call.Grain<IShowGrain>(show).View() is null) call.Refuse("show-unknown", "show");
    }

    public static async Task CheckSeries(this ApiCall call, string? series, string show)
    {
        if (series is null) return;
        if (!ApiCall.IsId(series) || series.Length == 0 || await call.Grain<ISeriesGrain>(series).View() is not { } found) call.Refuse("series-unknown", "series");
        else if (found.ShowId != show) call.Refuse("series-of-other-show", "series");
    }
}
