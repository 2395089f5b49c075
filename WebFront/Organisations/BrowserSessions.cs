using Guichet.Feed;
using Microsoft.AspNetCore.Http;

namespace Guichet.Organisations;

/// <summary>Signs a request's browser in and out, for people of one kind.</summary>
internal abstract class SignedInBrowsers(StoredSessions sessions, RememberedAccess access, IClusterClient cluster, TimeProvider time)
{
    /// <summary>
    /// Starts a session, always under a new secret; the one that the browser had ends. False when the password was changed meanwhile.
    /// </summary>
    protected async Task<bool> Begin(HttpContext http, SessionCookie cookie, string organisation, string holder, string proof)
    {
        var secret = await sessions.Start(organisation, holder, proof, Browser(http.Request.Headers.UserAgent.ToString()), http.RequestAborted);
        if (secret is null) return false;
        await EndStored(http, cookie);
        cookie.Write(http, secret);
        return true;
    }

    protected async Task End(HttpContext http, SessionCookie cookie)
    {
        await EndStored(http, cookie);
        cookie.Delete(http);
    }

    /// <summary>Ends another of somebody's browsers.</summary>
    public async Task End(string organisation, string holder, string sessionId, CancellationToken cancellation)
    {
        if (!await sessions.End(organisation, holder, sessionId, cancellation)) return;
        await cluster.GetStreamProvider(LiveStreams.Provider).AccessChanges().OnNextAsync(new AccessChanged(organisation, holder));
        await Tell(organisation, holder, sessionId);
    }

    /// <summary>The open pages of that session close.</summary>
    public Task Tell(string organisation, string holder, string sessionId) => cluster.GetStreamProvider(LiveStreams.Provider)
        .Feed(organisation).OnNextAsync(new SignedOut(organisation, time.GetUtcNow(), holder, sessionId));

    private async Task EndStored(HttpContext http, SessionCookie cookie)
    {
        if (cookie.Read(http.Request) is not { } secret) return;
        await sessions.End(Secrets.Hash(secret), http.RequestAborted);
        access.Forget(secret);
    }

    /// <summary>What a session is recognised by: <c>Firefox · Windows</c>. Never what the browser sent, word for word.</summary>
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

/// <summary>Operators' browsers.</summary>
internal sealed class BrowserSessions(WebSessions sessions, RememberedAccess access, IClusterClient cluster, TimeProvider time) : SignedInBrowsers(sessions, access, cluster, time)
{
    /// <summary>False when the password was changed meanwhile.</summary>
    public Task<bool> Begin(HttpContext http, Membership membership) =>
        Begin(http, SessionCookie.OfOperators, membership.Organisation, membership.OperatorId, membership.Proof);

    public Task End(HttpContext http) => End(http, SessionCookie.OfOperators);
}
