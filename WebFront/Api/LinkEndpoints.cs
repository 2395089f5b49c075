using System.Collections.Immutable;
using Guichet.Links;
using Guichet.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Api;

/// <param name="Side">The side of this organisation.</param>
/// <param name="Session">Id of this organisation's own session; null until it is chosen.</param>
/// <param name="Title">Of the session that is shared; null while it is only described.</param>
/// <param name="Categories">Names of the sender's categories that it is for; empty for all.</param>
/// <param name="Channels">Names of the sender's channels that it is for; empty for all.</param>
/// <param name="Since">When it came into its state.</param>
/// <param name="SentVersion">The sender's current version; null unless the link is live.</param>
/// <param name="LagMs">From the validation of the last version that arrived to its arrival; null before the first.</param>
internal sealed record LinkAnswer(
    string Id, LinkSide Side, LinkStatus Status, LinkSide AskedBy, string Counterpart, string? Session,
    string? Title, DateTimeOffset? Start, string? Place, string? Description, LinkDetail Detail, ImmutableArray<string> Categories, ImmutableArray<string> Channels,
    DateTimeOffset RequestedAt, DateTimeOffset ExpiresAt, DateTimeOffset Since, bool SuspendedByUs, bool SuspendedByThem,
    int? SentVersion, int? ReceivedVersion, long? LagMs)
{
    public static LinkAnswer Of(LinkView link, LinkProgress? progress) => new(
        link.Id, link.Side, link.Status, link.AskedBy, link.Counterpart.Name,
        link.Side == LinkSide.Sender ? link.Session?.Id : link.Receiving?.SessionId,
        link.Session?.Title, link.Session is { } session ? ApiTimes.Start(session.LocalStart, session.Zone) : null, link.Session?.Place, link.Description,
        link.Terms.Detail, link.Scope.Categories.IsDefault ? [] : link.Scope.Categories, link.Scope.Channels.IsDefault ? [] : link.Scope.Channels,
        link.RequestedAt, link.ExpiresAt, link.Since, link.SuspendedByMe is not null, link.SuspendedByThem is not null,
        progress?.SentVersion, progress?.ReceivedVersion, progress?.LagMs);
}

internal static class LinkEndpoints
{
    public static void MapLinks(this IEndpointRouteBuilder api)
    {
        var links = api.MapGroup("/links").WithTags("Links");
        links.MapGet("", List).WithSummary("Links of which the organisation is a party, oldest first.").Produces<Listed<LinkAnswer>>();
        links.MapGet("{id}", View).WithSummary("A link.").Produces<LinkAnswer>();
    }

    private static async Task<IResult> List(string? side, string? cursor, string? limit, ApiCall call, LinkPages pages)
    {
        var sides = call.QueryChoices<LinkSide>("side");
        var after = call.Cursor("links", 1);
        var atMost = call.Limit();
        if (call.IsRefused) return call.Refusals();
        var rows = await pages.Of(call.Organisation, sides is [var only] ? only : null, after?[0], atMost + 1, call.Cancellation);
        return Results.Ok(new Listed<LinkAnswer>(
            [.. rows.Take(atMost).Select(row => LinkAnswer.Of(row.Link, row.Progress))],
            rows.Length > atMost ? Cursors.Write("links", rows[atMost - 1].Link.Id) : null));
    }

    /// <summary>A link lives with its sender; who is no party to it is told that there is none.</summary>
    private static async Task<IResult> View(string id, ApiCall call, LinkQueries queries)
    {
        if (!ApiCall.IsId(id) || await queries.Key(call.Organisation, id, call.Cancellation) is not { } key) return call.NotFound("link-unknown");
        if (await call.GrainOf<ILinkGrain>(key).View() is not { } link) return call.NotFound("link-unknown");
        var progress = await queries.Progress(call.Organisation, [new LinkPlace(GrainKey.Parse(key).Organisation, id)], call.Cancellation);
        return Results.Ok(LinkAnswer.Of(link, progress.GetValueOrDefault(id)));
    }
}
