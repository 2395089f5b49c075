using System.Collections.Immutable;
using System.Globalization;
using Guichet.Sessions;
using Guichet.Tallies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Api;

internal static class TallyEndpoints
{
    public static void MapTallies(this IEndpointRouteBuilder api)
    {
        var session = api.MapGroup("/sessions/{id}").WithTags("Tallies");
        session.MapGet("tally", Current).WithSummary("The session's current tally.").Produces<TallyAnswer>();
        session.MapGet("tallies", Versions).WithSummary("Every version, newest first.").Produces<Listed<TallyAnswer>>();
        session.MapGet("tallies/{version}", Version).WithSummary("One version.").Produces<TallyAnswer>();
        session.MapPost("tallies", Validate).Writes().WithSummary("Validates a tally: the session's next version.")
            .Accepts<TallyRequest>("application/json").Produces<ValidatedAnswer>(StatusCodes.Status201Created).Produces<ValidatedAnswer>();
        session.MapGet("draft", Draft).WithSummary("The draft that waits to be validated.").Produces<DraftAnswer>();
        session.MapPut("draft", Save).Writes().WithSummary("Keeps a draft for a person to validate; the last one wins.").Accepts<DraftRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        session.MapDelete("draft", Discard).Writes().WithSummary("Throws the draft away.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> Current(string id, ApiCall call)
    {
        if (await call.Session(id) is not { } session) return call.NotFound("session-unknown");
        return session.Current is { } current ? Results.Ok(TallyAnswer.Of(current, session.Details.Currency)) : call.NotFound("tally-unknown");
    }

    private static async Task<IResult> Versions(string id, string? cursor, string? limit, ApiCall call, SessionQueries queries)
    {
        int? below = null;
        if (call.Cursor("tallies", 1) is { } position)
        {
            if (int.TryParse(position[0], NumberStyles.None, CultureInfo.InvariantCulture, out var last)) below = last;
            else call.Refuse("cursor-invalid", "cursor");
        }
        var atMost = call.Limit(100, 20);
        if (call.IsRefused) return call.Refusals();
        if (await call.Session(id) is not { } session) return call.NotFound("session-unknown");
        var rows = await queries.Versions(call.Organisation, id, below, atMost + 1, call.Cancellation);
        return Results.Ok(new Listed<TallyAnswer>(
            [.. rows.Take(atMost).Select(row => TallyAnswer.Of(row, session.Details.Currency))],
            rows.Length > atMost ? Cursors.Write("tallies", ApiCall.Text(rows[atMost - 1].Version)) : null));
    }

    private static async Task<IResult> Version(string id, string version, ApiCall call, SessionQueries queries)
    {
        if (await call.Session(id) is not { } session) return call.NotFound("session-unknown");
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == int.MaxValue) return call.NotFound("tally-unknown");
        var rows = await queries.Versions(call.Organisation, id, number + 1, 1, call.Cancellation);
        return rows is [var row] && row.Version == number ? Results.Ok(TallyAnswer.Of(row, session.Details.Currency)) : call.NotFound("tally-unknown");
    }

    private static async Task<IResult> Validate(string id, ApiCall call)
    {
        var commandId = call.CommandId;
        if (await call.Session(id) is not { } session) return call.NotFound("session-unknown");
        var currency = session.Details.Currency;
        var request = await call.Body<TallyRequest>();
        var lines = request is null ? [] : Lines(call, request.Lines, currency);
        if (call.IsRefused) return call.Refusals();
        var command = new ValidateTally(
            lines, TallySource.Api, call.Actor.Name, request!.Note, request.BasedOn, request.ConfirmDrop == true, request.ConfirmOverCapacity == true)
        { Id = commandId, By = call.Actor };
        return await call.Send(() => call.Grain<ISessionGrain>(id).Validate(command), receipt =>
        {
            var answer = new ValidatedAnswer(
                receipt.Version, receipt.At, receipt.Figures.Sold, receipt.Figures.Reserved, receipt.Figures.Free,
                MoneyText.Of(receipt.Figures.GrossMinor, currency));
            return Results.Created($"{ApiHosting.Root}/sessions/{id}/tallies/{ApiCall.Text(receipt.Version)}", answer);
        });
    }

    private static async Task<IResult> Draft(string id, ApiCall call)
    {
        if (await call.Session(id) is not { } session) return call.NotFound("session-unknown");
        return session.Draft is not { } draft ? call.NotFound("draft-unknown") : Results.Ok(new DraftAnswer(
            draft.At, draft.By, draft.Source, draft.SourceName, draft.Note, draft.BasedOnVersion,
            [.. draft.Lines.Select(line => LineItem.Of(line, session.Details.Currency))]));
    }

    private static async Task<IResult> Save(string id, ApiCall call)
    {
        var commandId = call.CommandId;
        if (await call.Session(id) is not { } session) return call.NotFound("session-unknown");
        var request = await call.Body<DraftRequest>();
        var lines = request is null ? [] : Lines(call, request.Lines, session.Details.Currency);
        if (call.IsRefused) return call.Refusals();
        // Without a version said, 0: a retry must ask for the same as the first time, whatever was validated meanwhile.
        var command = new SaveDraft(lines, TallySource.Api, call.Actor.Name, request!.Note, request.BasedOn ?? 0) { Id = commandId, By = call.Actor };
        return await call.Send(() => call.Grain<ISessionGrain>(id).SaveDraft(command));
    }

    private static async Task<IResult> Discard(string id, ApiCall call)
    {
        if (await call.Session(id) is null) return call.NotFound("session-unknown");
        var command = new DiscardDraft { Id = call.CommandId, By = call.Actor };
        return call.IsRefused ? call.Refusals() : await call.Send(() => call.Grain<ISessionGrain>(id).DiscardDraft(command));
    }

    private static ImmutableArray<TallyLine> Lines(ApiCall call, ImmutableArray<LineItem> lines, string currency) =>
        [.. lines.Select((line, i) => new TallyLine(
            line.Category, line.Tariff, line.Channel, line.Sold, line.Reserved ?? 0, line.Free ?? 0, call.MinorIfSaid(line.Gross, currency, $"lines[{i}].gross")))];
}
