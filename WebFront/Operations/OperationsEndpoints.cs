using Guichet.Components;
using Guichet.Organisations;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Operations;

internal static class OperationsEndpoints
{
    public static void MapOperations(this IEndpointRouteBuilder routes) =>
        // The form is taken so that its token is checked.
        routes.MapPost("/operations/effects/{id:guid}/again", async (Guid id, HttpContext http, OperationsQueries queries, Reader reader, IFormCollection _) =>
        {
            if (await queries.TryAgain(id, http.RequestAborted)) Flash.Leave(http, Tone.Good, reader.T("L’effet repart.", "The effect is on its way again."));
            else Flash.Leave(http, Tone.Warn, reader.T("Cet effet n’est plus abandonné.", "This effect is no longer given up."));
            return Results.LocalRedirect("/operations");
        }).RequireAuthorization(ForInstallationAttribute.Name).ExcludeFromDescription();
}
