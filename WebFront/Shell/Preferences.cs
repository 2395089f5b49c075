using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Guichet.Shell;

/// <summary>What a browser remembers of its reader: theme and, for someone who hasn't pinned one to their account, language.</summary>
public static class Preferences
{
    public const string ThemeCookie = "guichet-theme";

    /// <summary><c>light</c>, <c>dark</c>, or null to follow the system.</summary>
    public static string? Theme(HttpContext? http) =>
        http?.Request.Cookies[ThemeCookie] is "light" or "dark" ? http.Request.Cookies[ThemeCookie] : null;

    internal static void MapPreferences(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/preferences", Save).AllowAnonymous().ExcludeFromDescription();

    /// <summary>The same in a contact's space: forms' tokens are bound to who is signed in, who is another there.</summary>
    internal static void MapSpacePreferences(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/space/{house}/preferences", Save).AllowAnonymous().ExcludeFromDescription();

    private static IResult Save(HttpContext http, [FromForm] string? theme, [FromForm] string? language, [FromForm] string? back)
    {
        if (theme is not null)
            Keep(http, ThemeCookie, theme is "light" or "dark" ? theme : null);
        if (language is not null)
            Keep(http, Reader.LanguageCookie, Languages.FromTag(language)?.Tag());
        // Only a path of ours: an address that starts with two slashes leaves the site.
        var target = back is ['/', ..] && !back.StartsWith("//", StringComparison.Ordinal) && !back.Contains('\\', StringComparison.Ordinal) ? back : "/";
        return Results.LocalRedirect(target);
    }

    private static void Keep(HttpContext http, string name, string? value)
    {
        if (value is null)
            http.Response.Cookies.Delete(name);
        else
            http.Response.Cookies.Append(name, value, new CookieOptions
            {
                MaxAge = TimeSpan.FromDays(365),
                SameSite = SameSiteMode.Lax,
                Secure = http.Request.IsHttps,
                IsEssential = true,
                HttpOnly = true,
            });
    }
}
