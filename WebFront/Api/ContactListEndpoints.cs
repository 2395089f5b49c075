using System.Collections.Immutable;
using System.Globalization;
using Guichet.Contacts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using NodaTime;

namespace Guichet.Api;

/// <param name="Line">As searches show it.</param>
/// <param name="Roles">Today's, by its relations.</param>
/// <param name="Address">The main address's lines.</param>
internal sealed record ListedContact(
    string Id, long Number, string Line, ContactKind Kind, ImmutableArray<ContactType> Types, ImmutableArray<ContactRole> Roles, string? Title, string Name, string? FirstName,
    string? BirthDate, string? Email, string? Phone, string? Country, string? Postcode, string? City, string? Address, string? Relay, ImmutableArray<string> Tags, bool NotValid, bool Archived)
{
    public static ListedContact Of(ContactRow row) => new(
        row.Id, row.Number, row.Line, row.Kind, row.Types, row.Roles, row.Title, row.Name, row.FirstName, row.BirthDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), row.Email, row.Phone,
        row.Country, row.Postcode, row.City, row.Address, row.Relay, row.Tags, row.NotValid, row.Archived);
}

/// <param name="Add">Labels to put on.</param>
/// <param name="Remove">Labels to take off.</param>
internal sealed record TagsRequest(ImmutableArray<string>? Add, ImmutableArray<string>? Remove);

internal sealed record SearchConditionRequest(string Name, string Value);

/// <param name="Conditions">The list's parameters, by name.</param>
internal sealed record SavedSearchRequest(string Name, bool? Shared, ImmutableArray<SearchConditionRequest> Conditions);

internal sealed record SavedSearchAnswer(string Id, long Revision, string Name, bool Shared, string Owner, ImmutableArray<SearchCondition> Conditions)
{
    public static SavedSearchAnswer Of(SavedSearchView search) => new(search.Id, search.Revision, search.Search.Name, search.Search.Shared, search.OwnerName, search.Search.Conditions);
}

internal sealed record FoundContact(string Id, long Number);

/// <summary>Finding contacts, their tags, and searches that are kept.</summary>
internal static class ContactListEndpoints
{
    public static void MapContactList(this IEndpointRouteBuilder api)
    {
        var contacts = api.MapGroup("/contacts").WithTags("Contacts");
        contacts.MapGet("", List).WithSummary("Contacts by every field of a search, by number; with sort=likely, the first of them as a person means them.").Produces<Listed<ListedContact>>()
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                foreach (var name in ContactSearchFields.Names.Order(StringComparer.Ordinal))
                    (operation.Parameters ??= []).Add(new OpenApiParameter { Name = name, In = ParameterLocation.Query, Schema = new OpenApiSchema { Type = JsonSchemaType.String } });
                return Task.CompletedTask;
            });
        contacts.MapPost("{id}/tags", Tag).Writes().WithSummary("Puts tags on and takes others off.").Accepts<TagsRequest>("application/json").Produces(StatusCodes.Status204NoContent);

        var searches = api.MapGroup("/contact-searches").WithTags("Contacts");
        searches.MapGet("", Searches).WithSummary("Saved searches: the shared ones and one’s own, by name.").Produces<Listed<SavedSearchAnswer>>();
        searches.MapGet("{id}", View).WithSummary("A saved search; its ETag is its revision.").Produces<SavedSearchAnswer>();
        searches.MapGet("{id}/contacts", Evaluate).WithSummary("Whom it finds now, by number.").Produces<Listed<FoundContact>>();
        searches.MapPost("", Save).Writes().WithSummary("Saves a search.").Accepts<SavedSearchRequest>("application/json").Produces<Created>(StatusCodes.Status201Created);
        searches.MapPut("{id}", Change).Writes().WithSummary("Changes a saved search, as read at the revision in If-Match.").Accepts<SavedSearchRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        searches.MapDelete("{id}", Remove).Writes().WithSummary("Removes a saved search.").Produces(StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> List(string? sort, string? cursor, string? limit, ApiCall call, ContactQueries contacts)
    {
        var conditions = Asked(call);
        var order = call.Query("sort");
        if (order is not (null or "number" or "likely")) call.Refuse("choice-unknown", "sort", order, "number, likely");
        var after = call.Cursor("contacts", 1);
        var atMost = call.Limit();
        var (filter, wrong) = ContactSearchFields.Read(conditions);
        foreach (var refusal in wrong) call.Refuse(refusal.Code, refusal.Field, refusal.Arguments.AsSpan());
        var number = 0L;
        if (after is [var said] && !long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out number)) call.Refuse("cursor-invalid", "cursor");
        if (call.IsRefused) return call.Refusals();
        var likely = order == "likely";
        var page = await contacts.Search(
            call.Organisation, filter with { Sort = likely ? ContactSort.Likeliest : ContactSort.Number, AfterNumber = after is null || likely ? null : number, Offset = 0, Limit = atMost }, Today(call), call.Cancellation);
        return Results.Ok(new Listed<ListedContact>(
            [.. page.Rows.Select(ListedContact.Of)], page.More && !likely ? Cursors.Write("contacts", ApiCall.Text(page.Rows[^1].Number)) : null));
    }

    private static async Task<IResult> Tag(string id, ApiCall call)
    {
        if (!ApiCall.IsId(id) || await call.Grain<IContactGrain>(id).View() is null) return call.NotFound("contact-unknown");
        var commandId = call.CommandId;
        var request = await call.Body<TagsRequest>();
        if (call.IsRefused) return call.Refusals();
        return await call.Send(() => call.Grain<IContactGrain>(id).Tag(new TagContact(request!.Add ?? [], request.Remove ?? []) { Id = commandId, By = call.Actor }));
    }

    private static async Task<IResult> Searches(ApiCall call, SavedSearches searches) =>
        Results.Ok(new Listed<SavedSearchAnswer>([.. (await searches.Of(call.Organisation, call.Actor.Id, call.Cancellation)).Select(SavedSearchAnswer.Of)], null));

    private static async Task<IResult> View(string id, ApiCall call)
    {
        if (await Existing(id, call) is not { } search) return call.NotFound("saved-search-unknown");
        call.TellRevision(search.Revision);
        return Results.Ok(SavedSearchAnswer.Of(search));
    }

    private static async Task<IResult> Evaluate(string id, string? cursor, string? limit, ApiCall call, SavedSearches searches)
    {
        if (await Existing(id, call) is null) return call.NotFound("saved-search-unknown");
        var after = call.Cursor("found", 1);
        var atMost = call.Limit(1_000, 200);
        var number = 0L;
        if (after is [var said] && !long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out number)) call.Refuse("cursor-invalid", "cursor");
        if (call.IsRefused) return call.Refusals();
        var found = await searches.Evaluate(call.Organisation, id, Today(call), after is null ? null : number, atMost, call.Cancellation) ?? [];
        return Results.Ok(new Listed<FoundContact>(
            [.. found.Select(contact => new FoundContact(contact.Id, contact.Number))], found.Length == atMost ? Cursors.Write("found", ApiCall.Text(found[^1].Number)) : null));
    }

    private static async Task<IResult> Save(ApiCall call)
    {
        var (id, commandId) = (call.NewId("contact-searches"), call.CommandId);
        var request = await call.Body<SavedSearchRequest>();
        if (call.IsRefused) return call.Refusals();
        return await call.SendNew(() => call.Grain<ISavedSearchGrain>(id).Save(new SaveSearch(SearchOf(request!)) { Id = commandId, By = call.Actor }), "contact-searches", id);
    }

    private static async Task<IResult> Change(string id, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("saved-search-unknown");
        var (commandId, revision) = (call.CommandId, call.IfMatch());
        var request = await call.Body<SavedSearchRequest>();
        if (call.IsRefused) return call.Refusals();
        return await call.Send(() => call.Grain<ISavedSearchGrain>(id).Change(new ChangeSavedSearch(SearchOf(request!), revision) { Id = commandId, By = call.Actor }));
    }

    private static async Task<IResult> Remove(string id, ApiCall call)
    {
        if (await Existing(id, call) is null) return call.NotFound("saved-search-unknown");
        var commandId = call.CommandId;
        if (call.IsRefused) return call.Refusals();
        return await call.Send(() => call.Grain<ISavedSearchGrain>(id).Remove(new RemoveSavedSearch { Id = commandId, By = call.Actor }));
    }

    /// <summary>Every parameter but those of the list itself: one that isn't known is refused, not passed over.</summary>
    private static ImmutableArray<SearchCondition> Asked(ApiCall call) =>
    [
        .. from parameter in call.Http.Request.Query
           where parameter.Key is not ("sort" or "cursor" or "limit")
           from value in parameter.Value
           where value is not null
           select new SearchCondition(parameter.Key == "search" ? "q" : parameter.Key, value),
    ];

    private static SavedSearch SearchOf(SavedSearchRequest request) =>
        new(request.Name, request.Shared == true, [.. request.Conditions.Select(condition => new SearchCondition(condition.Name, condition.Value))]);

    private static async Task<SavedSearchView?> Existing(string id, ApiCall call) => ApiCall.IsId(id) ? await call.Grain<ISavedSearchGrain>(id).View() : null;

    private static DateOnly Today(ApiCall call) => LocalDate(call.Time.GetUtcNow(), Words.Reader.Zone(call.Zone));

    private static DateOnly LocalDate(DateTimeOffset now, DateTimeZone zone) => Instant.FromDateTimeOffset(now).InZone(zone).Date.ToDateOnly();
}
