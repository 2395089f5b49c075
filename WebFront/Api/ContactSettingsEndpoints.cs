using System.Collections.Immutable;
using Guichet.Contacts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Api;

/// <param name="English">The French label where it is left out.</param>
internal sealed record CriterionValueRequest(string Code, string French, string? English, bool? Retired);

/// <param name="Kind">Whom it classifies: <c>individual</c> when it is left out, or <c>structure</c>; never changes.</param>
/// <param name="Values">In the order in which they are offered; one that is left out is retired.</param>
internal sealed record CriterionRequest(string? Kind, string French, string? English, bool? Multiple, ImmutableArray<CriterionValueRequest> Values);

internal sealed record ConsentWordingRequest(string Label, string Text);

internal sealed record ConsentCategoryRequest(string Name, ImmutableArray<ConsentWordingRequest>? Wordings);

internal sealed record ConsentCategoriesRequest(ImmutableArray<ConsentCategoryRequest> Categories);

internal sealed record ContactSettingsAnswer(long Revision, ImmutableArray<CriterionDefinition> Criteria, ImmutableArray<ConsentCategory> Categories);

/// <summary>How an organisation keeps its contact file.</summary>
internal static class ContactSettingsEndpoints
{
    public static void MapContactSettings(this IEndpointRouteBuilder api)
    {
        var settings = api.MapGroup("/contact-settings").WithTags("Contacts");
        settings.MapGet("", View).WithSummary("The criteria of contacts, and what they are asked to consent to; its ETag is its revision.").Produces<ContactSettingsAnswer>();
        settings.MapPut("criteria/{criterion}", Define).Writes().WithSummary("Defines a criterion, or changes it, as read at the revision in If-Match.").Accepts<CriterionRequest>("application/json").Produces(StatusCodes.Status204NoContent);
        settings.MapPost("criteria/{criterion}/retire", (string criterion, ApiCall call) => Retire(criterion, call, retired: true)).Writes().WithSummary("It is offered no more; contacts keep what they have of it.").Produces(StatusCodes.Status204NoContent);
        settings.MapPost("criteria/{criterion}/restore", (string criterion, ApiCall call) => Retire(criterion, call, retired: false)).Writes().WithSummary("It is offered again.").Produces(StatusCodes.Status204NoContent);
        settings.MapPut("consents", SetCategories).Writes().WithSummary("Sets what contacts are asked to consent to, as read at the revision in If-Match.").Accepts<ConsentCategoriesRequest>("application/json").Produces(StatusCodes.Status204NoContent);
    }

    private static IContactSettingsGrain Settings(ApiCall call) => call.Grain<IContactSettingsGrain>(ContactSettingsKey.Id);

    private static async Task<IResult> View(ApiCall call)
    {
        var view = await Settings(call).View();
        call.TellRevision(view.Revision);
        return Results.Ok(new ContactSettingsAnswer(view.Revision, view.Criteria, view.Categories));
    }

    private static async Task<IResult> Define(string criterion, ApiCall call)
    {
        var (commandId, revision) = (call.CommandId, call.IfMatch());
        var request = await call.Body<CriterionRequest>();
        var kind = request is null ? default : call.Choice(request.Kind, "kind", Enum.GetValues<ContactKind>());
        if (call.IsRefused) return call.Refusals();
        var definition = new CriterionDefinition(
            criterion, kind, request!.French, request.English ?? "", request.Multiple ?? false,
            [.. request.Values.Select(value => new CriterionValue(value.Code, value.French, value.English ?? "", value.Retired ?? false))], Retired: false);
        return await call.Send(() => Settings(call).Define(new DefineCriterion(definition, revision) { Id = commandId, By = call.Actor }));
    }

    private static async Task<IResult> Retire(string criterion, ApiCall call, bool retired)
    {
        var command = new RetireCriterion(criterion, retired) { Id = call.CommandId, By = call.Actor };
        return call.IsRefused ? call.Refusals() : await call.Send(() => Settings(call).Retire(command));
    }

    private static async Task<IResult> SetCategories(ApiCall call)
    {
        var (commandId, revision) = (call.CommandId, call.IfMatch());
        var request = await call.Body<ConsentCategoriesRequest>();
        if (call.IsRefused) return call.Refusals();
        ImmutableArray<ConsentCategory> categories = [.. request!.Categories.Select(category =>
            new ConsentCategory(category.Name, [.. (category.Wordings ?? []).Select(wording => new ConsentWording(wording.Label, wording.Text))]))];
        return await call.Send(() => Settings(call).SetCategories(new SetConsentCategories(categories, revision) { Id = commandId, By = call.Actor }));
    }
}
