using Microsoft.AspNetCore.Http;

namespace Guichet.Organisations;

/// <summary>The cookie of a web session: an opaque secret, out of scripts' reach, not sent along by other sites' forms.</summary>
internal static class SessionCookie
{
    /// <summary>Over TLS the name makes browsers refuse it from anything but this host, over TLS (RFC 6265bis, 4.1.3.2).</summary>
    public static string NameFor(HttpRequest request) => request.IsHttps ? "__Host-guichet-session" : "guichet-session";

    /// <summary>Null when there is none that could be one of ours.</summary>
    public static string? Read(HttpRequest request) =>
        request.Cookies[NameFor(request)] is { } secret && Secrets.IsFormed(secret) ? secret : null;

    public static void Write(HttpContext http, string secret) =>
        http.Response.Cookies.Append(NameFor(http.Request), secret, Options(http, WebSessions.AtMost));

    public static void Delete(HttpContext http) => http.Response.Cookies.Delete(NameFor(http.Request), Options(http, null));

    private static CookieOptions Options(HttpContext http, TimeSpan? lasts) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        SameSite = SameSiteMode.Lax,
        Secure = http.Request.IsHttps,
        Path = "/",
        MaxAge = lasts,
    };
}
