using Guichet.Shell;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;

namespace Guichet.Live;

/// <summary>
/// Notes where the feed is before a page reads anything: the page's own event source starts from there, so that nothing falls
/// between the figures it was rendered with and the first event it gets.
/// </summary>
internal sealed class LivePosition(RequestDelegate next)
{
    private const string Item = "guichet:live-at";

    public static string? Of(HttpContext? http) => http?.Items[Item] as string;

    public async Task InvokeAsync(HttpContext http, LiveHub hub)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsPost(http.Request.Method))
            if (http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && SignedIn.From(http.User) is { } signedIn)
                http.Items[Item] = await hub.Position(signedIn.Organisation, signedIn.Zone);
        await next(http);
    }
}
