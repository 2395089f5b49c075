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

    public static void MapMailbox(this IEndpointRouteBuilder routes)
    {
        // The HTML of one mail, for the frame of its page.
        routes.MapGet("/mailbox/{id}/html", (string id, HttpContext http) =>
        {
            if (Find(http, id)?.Html is not { } html)
                return Results.NotFound();
            http.Response.Headers.ContentSecurityPolicy = Policy;
            return Results.Content(html.Replace("<head>", "<head><base target=\"_blank\">", StringComparison.OrdinalIgnoreCase), "text/html; charset=utf-8");
        }).AllowAnonymous().ExcludeFromDescription();

        // One of its files, by its place in the mail: saved, never shown.
        routes.MapGet("/mailbox/{id}/attachments/{place:int}", (string id, int place, HttpContext http) =>
        {
            if (Find(http, id)?.Attachments is not { } files || place < 0 || place >= files.Length)
                return Results.NotFound();
            http.Response.Headers.ContentSecurityPolicy = Policy;
            var file = files[place];
            return Results.File(file.Bytes.ToArray(), file.MediaType, file.Name is "" ? $"attachment-{place + 1}" : file.Name);
        }).AllowAnonymous().ExcludeFromDescription();
    }

    private static ReadMail? Find(HttpContext http, string id) =>
        http.RequestServices.GetService<Mailbox>() is { } mailbox && Guid.TryParseExact(id, "N", out var mail) ? mailbox.Find(mail) : null;
}
