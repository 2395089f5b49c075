using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Mail;

internal static class MailboxHosting
{
    // A mail is as foreign as any page of the web: it runs nothing, fetches nothing, and what it opens opens elsewhere.
    private const string Policy =
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";

    /// <summary>The HTML of one mail, for the frame of its page.</summary>
    public static void MapMailbox(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/mailbox/{id}/html", (string id, HttpContext http) =>
        {
            if (http.RequestServices.GetService<Mailbox>() is not { } mailbox || !Guid.TryParseExact(id, "N", out var mail) || mailbox.Find(mail)?.Html is not { } html)
                return Results.NotFound();
            http.Response.Headers.ContentSecurityPolicy = Policy;
            return Results.Content(html.Replace("<head>", "<head><base target=\"_blank\">", StringComparison.OrdinalIgnoreCase), "text/html; charset=utf-8");
        }).AllowAnonymous().ExcludeFromDescription();
}
