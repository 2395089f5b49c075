using Guichet.Feed;
using Microsoft.AspNetCore.Http;

namespace Guichet.Organisations;

/// <summary>Signs this request's browser in and out.</summary>
internal sealed class BrowserSessions(WebSessions sessions, RememberedAccess access, IClusterClient cluster, TimeProvider time)
{
    /// <summary>
    /// Starts a session, always under a new secret; the one that the browser had ends. False when the password was changed meanwhile.
    /// </summary>
    public async Task<bool> Begin(HttpContext http, Membership membership)
    {
        var secret = await sessions.Start(membership, Browser(http.Request.Headers.UserAgent.ToString()), http.RequestAborted);
        if (secret is null) return false;
        await EndStored(http);
        SessionCookie.Write(http, secret);
        return true;
    }

    public async Task End(HttpContext http)
    {
        await EndStored(http);
        SessionCookie.Delete(http);
    }

    /// <summary>Ends another of an operator's browsers.</summary>
    public async Task End(string organisation, string operatorId, string sessionId, CancellationToken cancellation)
    {
        if (!await sessions.End(organisation, operatorId, sessionId, cancellation)) return;
        await cluster.GetStreamProvider(LiveStreams.Provider).AccessChanges().OnNextAsync(new AccessChanged(organisation, operatorId));
        await Tell(organisation, operatorId, sessionId);
    }

    /// <summary>The open pages of that session close.</summary>
    public Task Tell(string organisation, string operatorId, string sessionId) => cluster.GetStreamProvider(LiveStreams.Provider)
        .Feed(organisation).OnNextAsync(new SignedOut(organisation, time.GetUtcNow(), operatorId, sessionId));

    private async Task EndStored(HttpContext http)
    {
        if (SessionCookie.Read(http.Request) is not { } secret) return;
        await sessions.End(Secrets.Hash(secret), http.RequestAborted);
        access.Forget(secret);
    }

    /// <summary>What its operator recognises it by: <c>Firefox · Windows</c>. Never what the browser sent, word for word.</summary>
    internal static string Browser(string userAgent)
    {
        var program = First(userAgent, ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"));
        var system = First(userAgent, ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"));
        return string.Join(" · ", new[] { program, system }.Where(part => part.Length > 0));
    }

    private static string First(string text, params ReadOnlySpan<(string Sign, string Name)> known)
    {
        foreach (var (sign, name) in known)
            if (text.Contains(sign, StringComparison.Ordinal))
                return name;
        return "";
    }
}
