using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Guichet.Live;

/// <summary>
/// <c>GET /live?at={position}</c>: server-sent events (HTML Standard, 9.2) for one open page, of the organisation that its reader
/// is signed in to and no other. <c>Last-Event-ID</c> wins over <c>at</c>: it is the later of the two.
/// </summary>
internal static class LiveEndpoint
{
    private static readonly byte[] Hello = "retry: 2000\nevent: beat\ndata: 0\n\n"u8.ToArray();
    private static readonly byte[] Moved = "event: moved\ndata: 0\n\n"u8.ToArray();
    private static readonly byte[] Ended = "event: ended\ndata: 0\n\n"u8.ToArray();

    public static void MapLive(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/live", Stream).AllowAnonymous().ExcludeFromDescription();

    private static async Task Stream(HttpContext http, LiveHub hub, Reader reader, IHostApplicationLifetime node)
    {
        var response = http.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (SignedIn.From(http.User) is not { } signedIn)
        {
            // An event source can't read a status: it is told in its own words that there is nobody to tell anything.
            await response.Body.WriteAsync(Ended, http.RequestAborted);
            return;
        }
        var at = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } seen ? seen : http.Request.Query["at"].ToString();
        // A node that stops lets its pages go at once, and says so; they find another, or wait for it.
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, node.ApplicationStopping);
        var left = leaving.Token;
        var (feed, page) = await hub.Open(signedIn.Organisation, signedIn.Zone, signedIn.Operator, signedIn.Session, reader.Language, at, left);
        try
        {
            await response.Body.WriteAsync(Hello, left);
            await response.Body.FlushAsync(left);
            await page.Pump(response.Body, left);
        }
        catch (OperationCanceledException) when (left.IsCancellationRequested)
        {
            if (!http.RequestAborted.IsCancellationRequested)
                await response.Body.WriteAsync(Moved, http.RequestAborted);
        }
        finally
        {
            feed.Close(page);
        }
    }
}
