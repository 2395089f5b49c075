using System.Text.Encodings.Web;
using Guichet.Organisations;
using Guichet.Words;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Guichet.Portals;

/// <summary>On a page or endpoint of contacts' spaces: a contact that is signed in there, and nobody else.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class InSpaceAttribute : AuthorizeAttribute
{
    public const string Name = "in-space";

    public InSpaceAttribute() => Policy = Name;
}

/// <summary>A contact of type support.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ForSupportAttribute : AuthorizeAttribute
{
    public const string Name = "support";

    public ForSupportAttribute() => Policy = Name;
}

/// <summary>Contacts: by the cookie of their session in the house that the address names. Each house has a cookie of its own, so that one person may be in several.</summary>
internal sealed class SpaceAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, RememberedAccess access)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Name = "space";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SpaceRequest.HouseOf(Request) is not { } house || SpaceBrowsers.CookieOf(house).Read(Request) is not { } secret) return AuthenticateResult.NoResult();
        var who = await access.Contact(secret, Context.RequestAborted);
        if (who is null || who.Organisation != house) return AuthenticateResult.NoResult();
        // What was chosen in this browser, else the language that the house writes to the contact in.
        var language = Languages.FromTag(Request.Cookies[Reader.LanguageCookie]) ?? (who.Language == Organisations.Language.English ? Words.Language.English : Words.Language.French);
        return AuthenticateResult.Success(new AuthenticationTicket(Actors.Principal(who, Name, language.Tag()), Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (SpaceRequest.HouseOf(Request) is { } house) SignInChallenge.Answer(Context, $"{SpaceAddress.Of(house)}/sign-in", SpaceAddress.Of(house));
        else Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}

/// <summary>Contacts' browsers.</summary>
internal sealed class SpaceBrowsers(AccountSessions sessions, RememberedAccess access, IClusterClient cluster, TimeProvider time) : SignedInBrowsers(sessions, access, cluster, time)
{
    public static SessionCookie CookieOf(string house) => new($"guichet-space-{house}");

    /// <summary>False when the password was changed meanwhile.</summary>
    public Task<bool> Begin(HttpContext http, string house, string contactId, string proof) => Begin(http, CookieOf(house), house, contactId, proof);

    public Task End(HttpContext http, string house) => End(http, CookieOf(house));
}
