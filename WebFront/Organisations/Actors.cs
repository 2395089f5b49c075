using System.Security.Claims;
using Guichet.Portals;
using Guichet.Shell;
using Guichet.Words;
using Microsoft.AspNetCore.Http;

namespace Guichet.Organisations;

/// <summary>Who acts, as claims and back: made by the authentication handlers and by nobody else.</summary>
internal static class Actors
{
    public const string KindClaim = "guichet:kind";
    public const string CurrencyClaim = "guichet:currency";

    /// <summary>There for administrators of the installation.</summary>
    public const string InstallationClaim = "guichet:installation";

    /// <summary>Each type of a contact that is signed in to its space.</summary>
    public const string ContactTypeClaim = "guichet:contact-type";

    public static ClaimsPrincipal Principal(SignedInOperator who, string scheme)
    {
        var identity = Identity(scheme, who.Organisation, who.OrganisationName, who.Zone, who.Currency, ActorKind.Operator, who.Operator.Id, who.Operator.Name, who.Operator.Role);
        identity.AddClaim(new Claim(ClaimTypes.Email, who.Operator.Email));
        identity.AddClaim(new Claim(SignedIn.SessionClaim, who.SessionId));
        if (who.Operator.Language != Language.Browser)
            identity.AddClaim(new Claim(SignedIn.LanguageClaim, (who.Operator.Language == Language.English ? Words.Language.English : Words.Language.French).Tag()));
        if (who.AdministersInstallation) identity.AddClaim(new Claim(InstallationClaim, "true"));
        return new ClaimsPrincipal(identity);
    }

    /// <param name="language">The tag of the language that the contact reads in this browser.</param>
    public static ClaimsPrincipal Principal(SignedInContact who, string scheme, string language)
    {
        var identity = Identity(scheme, who.Organisation, who.OrganisationName, who.Zone, who.Currency, ActorKind.Contact, who.ContactId, who.Name, Role.Reader);
        identity.AddClaim(new Claim(SignedIn.SessionClaim, who.SessionId));
        identity.AddClaim(new Claim(SignedIn.LanguageClaim, language));
        foreach (var type in who.Types) identity.AddClaim(new Claim(ContactTypeClaim, type.ToString()));
        return new ClaimsPrincipal(identity);
    }

    public static ClaimsPrincipal Principal(TokenBearer who, string scheme) => new(Identity(
        scheme, who.Organisation, who.OrganisationName, who.Zone, who.Currency, ActorKind.Token, who.Token.Id, who.Token.Name, who.Token.Role));

    /// <summary>Null for someone who isn't signed in.</summary>
    public static Actor? From(ClaimsPrincipal? user) =>
        user?.Identity is { IsAuthenticated: true }
        && user.FindFirstValue(SignedIn.OrganisationClaim) is { } organisation
        && Enum.TryParse<ActorKind>(user.FindFirstValue(KindClaim), out var kind)
        && Enum.TryParse<Role>(user.FindFirstValue(ClaimTypes.Role), out var role)
            ? new Actor(organisation, user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "", kind, user.FindFirstValue(ClaimTypes.Name) ?? "", role)
            : null;

    private static ClaimsIdentity Identity(
        string scheme, string organisation, string organisationName, string zone, string currency, ActorKind kind, string id, string name, Role role) => new(
        [
            new Claim(SignedIn.OrganisationClaim, organisation),
            new Claim(SignedIn.OrganisationNameClaim, organisationName),
            new Claim(SignedIn.ZoneClaim, zone),
            new Claim(CurrencyClaim, currency),
            new Claim(KindClaim, kind.ToString()),
            new Claim(ClaimTypes.NameIdentifier, id),
            new Claim(ClaimTypes.Name, name),
            new Claim(ClaimTypes.Role, role.ToString()),
        ], scheme);
}

/// <summary>Who is signed in, for pages and endpoints: <c>@inject CurrentActor Current</c>, or a parameter of an endpoint.</summary>
public sealed class CurrentActor(IHttpContextAccessor http)
{
    /// <exception cref="InvalidOperationException">Nobody is: the page or endpoint lets in who isn't signed in.</exception>
    public Actor Actor => IfAny ?? throw new InvalidOperationException("Nobody is signed in.");

    /// <summary>Null for someone who isn't signed in.</summary>
    public Actor? IfAny => Actors.From(http.HttpContext?.User);

    public string Organisation => Actor.Organisation;

    public string OrganisationName => Claim(SignedIn.OrganisationNameClaim);

    /// <summary>The organisation's currency, proposed for what is new.</summary>
    public string Currency => Claim(Actors.CurrencyClaim);

    /// <summary>The organisation's IANA zone.</summary>
    public string Zone => Claim(SignedIn.ZoneClaim);

    public bool AdministersInstallation => http.HttpContext?.User.HasClaim(Actors.InstallationClaim, "true") == true;

    /// <summary>Never of a contact, whatever it is.</summary>
    public bool IsAtLeast(Role role) => IfAny is { Kind: not ActorKind.Contact } actor && actor.Role >= role;

    private string Claim(string type) =>
        http.HttpContext?.User.FindFirstValue(type) ?? throw new InvalidOperationException("Nobody is signed in.");
}
