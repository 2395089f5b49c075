using System.Collections.Immutable;
using System.Globalization;
using Guichet.Organisations;
using Guichet.Partners;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Api;

/// <param name="Kind"><c>to</c> when it is left out, or <c>cc</c>.</param>
internal sealed record PartnerAddressRequest(string Email, string? Kind, string? Name);

/// <summary>What a partner is, as it is sent whole.</summary>
/// <param name="Group"><c>partners</c> when it is left out, <c>agents</c> or <c>venues</c>.</param>
/// <param name="Language">Of its reports: <c>french</c> when it is left out, or <c>english</c>.</param>
internal sealed record PartnerRequest(string Name, string? Group, ImmutableArray<PartnerAddressRequest> Addresses, string? Language, string? Note);

/// <summary>Ids of what a partner is to be told of, or no longer.</summary>
internal sealed record AssociationRequest(ImmutableArray<string>? Sessions, ImmutableArray<string>? Series);

/// <param name="Until">ISO date on which it goes on by itself; left out for until it is resumed.</param>
internal sealed record PauseRequest(string? Until);

internal sealed record PartnerAddressAnswer(string Email, RecipientKind Kind, string? Name);

/// <param name="OnSale">Its sessions on sale, those of its series included.</param>
/// <param name="Behind">Those of them with figures validated since it was last told.</param>
internal sealed record EnvelopeAnswer(EnvelopeState State, EnvelopeReason Reason, int OnSale, int Behind, DateTimeOffset? ReportedAt);

/// <param name="Sessions">Ids of those associated one by one.</param>
/// <param name="Series">Ids of the series associated: their sessions are meant too, present and to come.</param>
/// <param name="PausedUntil">ISO date; null where it isn't paused, or without an end.</param>
internal sealed record PartnerAnswer(
    string Id, long Revision, string Name, PartnerGroup Group, ImmutableArray<PartnerAddressAnswer> Addresses, Language Language, string? Note, bool Archived,
    bool Paused, string? PausedUntil, ImmutableArray<string> Sessions, ImmutableArray<string> Series, EnvelopeAnswer Envelope)
{
    public static PartnerAnswer Of(PartnerRow row, ImmutableArray<string> sessions, ImmutableArray<string> series) => new(
        row.Id, row.Revision, row.Details.Name, row.Details.Group,
        [.. row.Details.Addresses.Select(address => new PartnerAddressAnswer(address.Email, address.Kind, address.Name))],
        row.Details.Language, row.Details.Note, row.Archived, row.Pause is not null, row.Pause?.Until?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), sessions, series,
        new EnvelopeAnswer(row.Envelope.State, row.Envelope.Reason, row.Envelope.OnSale, row.Envelope.Behind, row.Envelope.ReportedAt));
}

internal static class PartnerEndpoints
{
    public static void MapPartners(this IEndpointRouteBuilder api)
    {
        var partners = api.MapGroup("/partners").WithTags("Partners");
        partners.MapGet("", List).WithSummary("Partners, agents and venues, oldest first.").Produces<Listed<PartnerAnswer>>();
        partners.MapGet("{id}", View).WithSummary("A partner; its ETag is its revision.").Produces<PartnerAnswer>();
        partners.MapPost("", Create).Writes().WithSummary("Makes a partner.").Accepts<PartnerRequest>("application/json").Produces<Created>(StatusCodes.Status201Created);
        partners.MapPut("{id}", Change).Writes().WithSummary("Changes a partner, as read at the revision in If-Match.").Accepts<PartnerRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        partners.MapPost("{id}/archive", (string id, ApiCall call) => Act(id, call, command => new ArchivePartner(true) { Id = command, By = call.Actor }, (grain, command) => grain.Archive(command)))
            .Writes().WithSummary("It receives nothing any more.").Produces(StatusCodes.Status204NoContent);
        partners.MapPost("{id}/restore", (string id, ApiCall call) => Act(id, call, command => new ArchivePartner(false) { Id = command, By = call.Actor }, (grain, command) => grain.Archive(command)))
            .Writes().WithSummary("Takes it out of the archive.").Produces(StatusCodes.Status204NoContent);
        partners.MapPost("{id}/associate", (string id, ApiCall call) => Associate(id, call, associate: true))
            .Writes().WithSummary("Tells it of these sessions and series too.").Accepts<AssociationRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        partners.MapPost("{id}/dissociate", (string id, ApiCall call) => Associate(id, call, associate: false))
            .Writes().WithSummary("Tells it of these no longer.").Accepts<AssociationRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        partners.MapPost("{id}/pause", Pause).Writes().WithSummary("Nothing leaves for it by itself for a time.").Accepts<PauseRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        partners.MapPost("{id}/resume", (string id, ApiCall call) => Act(id, call, command => new ResumePartner { Id = command, By = call.Actor }, (grain, command) => grain.Resume(command)))
            .Writes().WithSummary("Ends its pause.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> List(string? group, string? search, string? archived, string? cursor, string? limit, ApiCall call, PartnerPages pages)
    {
        var groups = call.QueryChoices<PartnerGroup>("group");
        var words = call.Query("search");
        var withArchived = call.QueryYes("archived");
        var after = call.Cursor("partners", 1);
        var atMost = call.Limit();
        if (groups.Length > 1) call.Refuse("one-choice-expected", "group");
        if (call.IsRefused) return call.Refusals();
        var rows = await pages.Read(call.Organisation, groups is [var only] ? only : null, words, withArchived, after?[0], atMost + 1, call.Cancellation);
        return Results.Ok(new Listed<PartnerAnswer>(
            [.. rows.Take(atMost).Select(entry => PartnerAnswer.Of(entry.Row, entry.Sessions, entry.Series))],
            rows.Length > atMost ? Cursors.Write("partners", rows[atMost - 1].Row.Id) : null));
    }

    private static async Task<IResult> View(string id, ApiCall call, PartnerQueries queries)
    {
        if (await Existing(id, call) is not { } partner || await queries.Find(call.Organisation, id, call.Cancellation) is not { } row) return call.NotFound("partner-unknown");
        call.TellRevision(partner.Revision);
        return Results.Ok(PartnerAnswer.Of(row, partner.Sessions, partner.Series));
    }

    private static async Task<IResult> Create(ApiCall call)
    {
        var (id, commandId) = (call.NewId("partners"), call.CommandId);
        var request = await call.Body<PartnerRequest>();
        var details = request is null ? null : DetailsOf(request, call);
        if (call.IsRefused) return call.Refusals();
        var command = new CreatePartner(details!) { Id = commandId, By = call.Actor };
        return await call.SendNew(() => call.Grain<IPartnerGrain>(id).Create(command), "partners", id);
    }

    private static async Task<IResult> Change(string id, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("partner-unknown");
        var (commandId, revision) = (call.CommandId, call.IfMatch());
        var request = await call.Body<PartnerRequest>();
        var details = request is null ? null : DetailsOf(request, call);
        if (call.IsRefused) return call.Refusals();
        var command = new ChangePartner(details!, revision) { Id = commandId, By = call.Actor };
        return await call.Send(() => call.Grain<IPartnerGrain>(id).Change(command));
    }

    private static async Task<IResult> Associate(string id, ApiCall call, bool associate)
    {
        if (await Existing(id, call) is null) return call.NotFound("partner-unknown");
        var commandId = call.CommandId;
        var request = await call.Body<AssociationRequest>();
        if (call.IsRefused) return call.Refusals();
        var (sessions, series) = (request!.Sessions ?? [], request.Series ?? []);
        var grain = call.Grain<IPartnerGrain>(id);
        return associate
            ? await call.Send(() => grain.Associate(new AssociatePartner(sessions, series) { Id = commandId, By = call.Actor }))
            : await call.Send(() => grain.Dissociate(new DissociatePartner(sessions, series) { Id = commandId, By = call.Actor }));
    }

    private static async Task<IResult> Pause(string id, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("partner-unknown");
        var commandId = call.CommandId;
        var request = await call.Body<PauseRequest>();
        var until = DateOnly.MinValue;
        if (request?.Until is { } said && !DateOnly.TryParseExact(said, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out until)) call.Refuse("day-invalid", "until", said);
        if (call.IsRefused) return call.Refusals();
        var command = new PausePartner(request!.Until is null ? null : until) { Id = commandId, By = call.Actor };
        return await call.Send(() => call.Grain<IPartnerGrain>(id).Pause(command));
    }

    private static async Task<IResult> Act<T>(string id, ApiCall call, Func<Guid, T> commandOf, Func<IPartnerGrain, T, Task<Outcome<Done>>> send)
    {
        if (await Existing(id, call) is null) return call.NotFound("partner-unknown");
        var command = commandOf(call.CommandId);
        return call.IsRefused ? call.Refusals() : await call.Send(() => send(call.Grain<IPartnerGrain>(id), command));
    }

    private static async Task<PartnerView?> Existing(string id, ApiCall call) => ApiCall.IsId(id) ? await call.Grain<IPartnerGrain>(id).View() : null;

    private static PartnerDetails DetailsOf(PartnerRequest request, ApiCall call) => new(
        request.Name, call.Choice(request.Group, "group", PartnerGroup.Partners, PartnerGroup.Agents, PartnerGroup.Venues),
        [.. request.Addresses.Select((address, i) => new PartnerAddress(
            address.Email, call.Choice(address.Kind, string.Create(CultureInfo.InvariantCulture, $"addresses[{i}].kind"), RecipientKind.To, RecipientKind.Cc), address.Name))],
        call.Choice(request.Language, "language", Language.French, Language.English), request.Note);
}
