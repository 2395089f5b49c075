using System.Collections.Immutable;
using Guichet.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Api;

/// <summary>What was made.</summary>
internal sealed record Created(string Id);

/// <param name="Next">Give it back as <c>cursor</c> for what follows; null on the last page.</param>
internal sealed record Listed<T>(ImmutableArray<T> Items, string? Next);

/// <summary>What a show is, as it is sent whole.</summary>
internal sealed record ShowRequest(string Title, string? Subtitle, string? Producer, string? Genre)
{
    public ShowDetails Details => new(Title, Subtitle, Producer, Genre);
}

internal sealed record ShowAnswer(string Id, long Revision, string Title, string? Subtitle, string? Producer, string? Genre, bool Archived)
{
    public static ShowAnswer Of(string id, long revision, ShowDetails details, bool archived) =>
        new(id, revision, details.Title, details.Subtitle, details.Producer, details.Genre, archived);
}

internal static class ShowEndpoints
{
    public static void MapShows(this IEndpointRouteBuilder api)
    {
        var shows = api.MapGroup("/shows").WithTags("Shows");
        shows.MapGet("", List).WithSummary("Shows, oldest first.").Produces<Listed<ShowAnswer>>();
        shows.MapGet("{id}", View).WithSummary("A show; its ETag is its revision.").Produces<ShowAnswer>();
        shows.MapPost("", Create).Writes().WithSummary("Makes a show.").Accepts<ShowRequest>("application/json").Produces<Created>(StatusCodes.Status201Created);
        shows.MapPut("{id}", Change).Writes().WithSummary("Changes a show, as read at the revision in If-Match.").Accepts<ShowRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        shows.MapPost("{id}/archive", (string id, ApiCall call) => Archive(id, true, call)).Writes().WithSummary("Leaves it out of lists.").Produces(StatusCodes.Status204NoContent);
        shows.MapPost("{id}/restore", (string id, ApiCall call) => Archive(id, false, call)).Writes().WithSummary("Lists it again.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> List(string? search, string? archived, string? cursor, string? limit, ApiCall call, SessionPages pages)
    {
        var words = call.Query("search");
        var withArchived = call.QueryYes("archived");
        var after = call.Cursor("shows", 1);
        var atMost = call.Limit();
        if (call.IsRefused) return call.Refusals();
        var rows = await pages.Shows(call.Organisation, words, withArchived, after?[0], atMost + 1, call.Cancellation);
        return Results.Ok(new Listed<ShowAnswer>(
            [.. rows.Take(atMost).Select(row => ShowAnswer.Of(row.Id, row.Revision, row.Details, row.Archived))],
            rows.Length > atMost ? Cursors.Write("shows", rows[atMost - 1].Id) : null));
    }

    private static async Task<IResult> View(string id, ApiCall call)
    {
        if (!ApiCall.IsId(id) || await call.Grain<IShowGrain>(id).View() is not { } show) return call.NotFound("show-unknown");
        call.TellRevision(show.Revision);
        return Results.Ok(ShowAnswer.Of(show.Id, show.Revision, show.Details, show.Archived));
    }

    private static async Task<IResult> Create(ApiCall call)
    {
        var id = call.NewId("shows");
        var request = await call.Body<ShowRequest>();
        if (call.IsRefused) return call.Refusals();
        var command = new CreateShow(request!.Details) { Id = call.CommandId, By = call.Actor };
        return await call.SendNew(() => call.Grain<IShowGrain>(id).Create(command), "shows", id);
    }

    private static async Task<IResult> Change(string id, ApiCall call)
    {
        if (!ApiCall.IsId(id) || await call.Grain<IShowGrain>(id).View() is null) return call.NotFound("show-unknown");
        var (commandId, revision) = (call.CommandId, call.IfMatch());
        var request = await call.Body<ShowRequest>();
        if (call.IsRefused) return call.Refusals();
        var command = new ChangeShow(request!.Details, revision) { Id = commandId, By = call.Actor };
        return await call.Send(() => call.Grain<IShowGrain>(id).Change(command));
    }

    private static async Task<IResult> Archive(string id, bool archived, ApiCall call)
    {
        if (!ApiCall.IsId(id) || await call.Grain<IShowGrain>(id).View() is null) return call.NotFound("show-unknown");
        var command = new ArchiveShow(archived) { Id = call.CommandId, By = call.Actor };
        return call.IsRefused ? call.Refusals() : await call.Send(() => call.Grain<IShowGrain>(id).Archive(command));
    }
}
