using Guichet.Components;
using Guichet.Organisations;
using Guichet.Words;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Shell;

/// <summary>
/// A form of ours that came after its session had ended, or under another one: nothing of it is taken, and the person is led back to its
/// page. What was typed waits in their browser (<c>Assets/forms.js</c>) and is put back there.
/// </summary>
internal static class UnsentForm
{
    /// <summary>In the address of the sign-in page: a form was waiting when the person was sent there.</summary>
    public const string Mark = "unsent";

    /// <summary>
    /// True where the browser says that one of our own pages sent it, to be answered by a page. Another site can't have a browser say that
    /// (Fetch Metadata): its forms are refused as they are.
    /// </summary>
    public static bool IsOurs(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && request.Headers["Sec-Fetch-Site"] == "same-origin"
        && request.Headers["Sec-Fetch-Mode"] == "navigate";

    /// <summary>The page that the form was on: where it was sent, when that is a page, else the page that sent it.</summary>
    public static string PageOf(HttpContext http)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
            return http.Request.PathBase + http.Request.Path + http.Request.QueryString;
        return Uri.TryCreate(http.Request.Headers.Referer, UriKind.Absolute, out var sender) && sender.Authority == http.Request.Host.Value
            ? LocalPath.OrHome(sender.PathAndQuery)
            : "/";
    }

    /// <summary>Leads back to the form's page, which says what happened.</summary>
    public static void LeadBack(HttpContext http)
    {
        var reader = http.RequestServices.GetRequiredService<Reader>();
        Flash.Leave(http, Tone.Warn, reader.T(
            "Ce formulaire date d’avant votre connexion : rien n’a été enregistré. Vérifiez-le, puis renvoyez-le.",
            "This form dates from before you signed in: nothing was saved. Check it, then send it again."), unsent: true);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = PageOf(http);
    }
}
