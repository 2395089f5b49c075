using System.Text.Json;
using Guichet.Components;
using Microsoft.AspNetCore.Http;

namespace Guichet.Shell;

/// <summary>A sentence that one answer leaves for the next page: "Séance créée." after a redirect. Read once.</summary>
/// <param name="Unsent">The form that was sent was not taken: the page puts back what was typed.</param>
public sealed record Flash(Tone Tone, string Text, bool Unsent = false)
{
    private const string Cookie = "guichet-flash";

    public static void Leave(HttpContext http, Tone tone, string text, bool unsent = false) =>
        http.Response.Cookies.Append(Cookie, JsonSerializer.Serialize(new Flash(tone, text, unsent)), new CookieOptions
        {
            HttpOnly = true,
            IsEssential = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            MaxAge = TimeSpan.FromMinutes(2),
        });

    public static Flash? Take(HttpContext? http)
    {
        if (http?.Request.Cookies[Cookie] is not { Length: > 0 and < 2000 } kept || http.Response.HasStarted)
            return null;
        http.Response.Cookies.Delete(Cookie);
        try
        {
            return JsonSerializer.Deserialize<Flash>(kept);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
