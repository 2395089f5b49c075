using Microsoft.AspNetCore.Http;

namespace Guichet.Shell;

internal static class PageRequest
{
    /// <summary>
    /// Whether whoever asks would look at a page: a browser, or a program that takes anything (<c>*/*</c>) and isn't a script of a page,
    /// which browsers mark in <c>Sec-Fetch-Mode</c>.
    /// </summary>
    public static bool TakesPages(this HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Length == 0
            || accept.Contains("text/html", StringComparison.OrdinalIgnoreCase)
            || (accept.Contains("*/*", StringComparison.Ordinal) && request.Headers["Sec-Fetch-Mode"].ToString() is ("" or "navigate"));
    }
}
