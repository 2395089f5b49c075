using System.Text.Encodings.Web;
using Guichet.Shell;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Guichet.Organisations;

/// <summary>People: by the cookie of their web session.</summary>
internal sealed class SessionAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, RememberedAccess access, FirstRun firstRun)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "session";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SessionCookie.OfOperators.Read(Request) is not { } secret) return AuthenticateResult.NoResult();
        var who = await access.Operator(secret, Context.RequestAborted);
        return who is null
            ? AuthenticateResult.NoResult()
            : AuthenticateResult.Success(new AuthenticationTicket(Actors.Principal(who, Name), Name));
    }

    /// <summary>A page asked for by a person leads to the sign-in page and back; everything else is told that it must sign in.</summary>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        SignInChallenge.Answer(Context, await firstRun.IsOver(Context.RequestAborted) ? "/sign-in" : "/setup", "/");
}

/// <summary>What somebody is answered who must sign in first.</summary>
internal static class SignInChallenge
{
    /// <param name="home">What needs no way back to.</param>
    public static void Answer(HttpContext http, string signIn, string home)
    {
        var (request, response) = (http.Request, http.Response);
        var unsent = UnsentForm.IsOurs(request);
        var asked = HttpMethods.IsGet(request.Method) ? request.PathBase + request.Path + request.QueryString : unsent ? UnsentForm.PageOf(http) : home;
        if (request.Headers.ContainsKey("HX-Request"))
        {
            var page = Uri.TryCreate(request.Headers["HX-Current-URL"], UriKind.Absolute, out var shown) ? shown.PathAndQuery : home;
            response.Headers["HX-Redirect"] = $"{signIn}?back={Uri.EscapeDataString(page)}";
            response.StatusCode = StatusCodes.Status401Unauthorized;
        }
        else if (request.TakesPages())
        {
            var known = asked.Length > 0 && asked != home && asked != "/";
            response.Redirect((known ? $"{signIn}?back={Uri.EscapeDataString(asked)}" : signIn) + (unsent && known ? $"&{UnsentForm.Mark}=1" : ""));
        }
        else
        {
            response.StatusCode = StatusCodes.Status401Unauthorized;
        }
    }
}

/// <summary>Programs: by an API token, <c>Authorization: Bearer guichet_…</c> (RFC 6750).</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, RememberedAccess access)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "token";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        const string bearer = "Bearer ";
        var header = Request.Headers.Authorization.ToString();
        if (header.Length == 0) return AuthenticateResult.NoResult();
        if (!header.StartsWith(bearer, StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.Fail("Not a bearer token.");
        var token = header[bearer.Length..].Trim();
        if (!token.StartsWith(Secrets.TokenPrefix, StringComparison.Ordinal) || !Secrets.IsFormed(token[Secrets.TokenPrefix.Length..]))
            return AuthenticateResult.Fail("Not a token of this product.");
        return await access.Bearer(token, Context.RequestAborted) is { } who
            ? AuthenticateResult.Success(new AuthenticationTicket(Actors.Principal(who, Name), Name))
            : AuthenticateResult.Fail("The token is unknown, revoked or expired.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = Request.Headers.Authorization.Count > 0 ? "Bearer error=\"invalid_token\"" : "Bearer";
        return Task.CompletedTask;
    }
}
