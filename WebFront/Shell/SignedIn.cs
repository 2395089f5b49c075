using System.Security.Claims;

namespace Guichet.Shell;

/// <summary>What the signed-in operator's cookie says, as the pages need it. The organisation is never taken from anywhere else.</summary>
public sealed record SignedIn(
    string Operator,
    string Name,
    string Email,
    string Organisation,
    string OrganisationName,
    string Role,
    string Zone,
    string? Language,
    string Session)
{
    public const string OrganisationClaim = "guichet:organisation";
    public const string OrganisationNameClaim = "guichet:organisation-name";
    public const string ZoneClaim = "guichet:zone";
    public const string LanguageClaim = "guichet:language";
    public const string SessionClaim = "guichet:session";

    /// <summary>Null for someone who isn't signed in to an organisation.</summary>
    public static SignedIn? From(ClaimsPrincipal? user)
    {
        if (user?.Identity?.IsAuthenticated != true || user.FindFirstValue(OrganisationClaim) is not { } organisation)
            return null;
        // A contact in its space is nobody here.
        if (user.HasClaim(Organisations.Actors.KindClaim, nameof(ActorKind.Contact))) return null;
        return new SignedIn(
            user.FindFirstValue(ClaimTypes.NameIdentifier) ?? "",
            user.FindFirstValue(ClaimTypes.Name) ?? "",
            user.FindFirstValue(ClaimTypes.Email) ?? "",
            organisation,
            user.FindFirstValue(OrganisationNameClaim) ?? "",
            user.FindFirstValue(ClaimTypes.Role) ?? "",
            user.FindFirstValue(ZoneClaim) ?? "Europe/Paris",
            user.FindFirstValue(LanguageClaim),
            user.FindFirstValue(SessionClaim) ?? "");
    }
}
