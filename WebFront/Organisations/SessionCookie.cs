using Microsoft.AspNetCore.Http;

namespace Guichet.Organisations;

/// <summary>The cookie of a signed-in browser: an opaque secret, out of scripts' reach, not sent along by other sites' forms.</summary>
internal sealed record SessionCookie(string Name)
{
    /// <summary>Operators'.</summary>
    public static readonly SessionCookie OfOperators = new("guichet-session");

    /// <summary>Over TLS the name makes browsers refuse it from anything but this host, over TLS (RFC 6265bis, 4.1.3.2).</summary>
    public string NameFor(HttpRequest request) => request.IsHttps ? $"__Host-{Name}" : Name;

    /// <summary>Null when there is none that could be one of ours.</summary>
    public string? Read(HttpRequest request) =>
        request.Cookies[NameFor(request)] is { } secret && Secrets.IsFormed(secret) ? secret : null;

    public void Write(HttpContext http, string secret) =>
        http.Response.Cookies.Append(NameFor(http.Request), secret, Options(http, StoredSessions.AtMost));

    public void Delete(HttpContext http) => http.Response.Cookies.Delete(NameFor(http.Request), Options(http, null));

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
