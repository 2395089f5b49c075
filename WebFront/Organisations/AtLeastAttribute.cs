using Microsoft.AspNetCore.Authorization;

namespace Guichet.Organisations;

/// <summary>
/// On a page (<c>@attribute [AtLeast(Role.BoxOffice)]</c>) or endpoint (<c>RequireAuthorization(AtLeastAttribute.PolicyFor(…))</c>): the least
/// role that may open it. Without it, everybody who is signed in may; <c>[AllowAnonymous]</c> is for those who aren't.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class AtLeastAttribute : AuthorizeAttribute
{
    public AtLeastAttribute(Role role)
    {
        Role = role;
        Policy = PolicyFor(role);
    }

    public Role Role { get; }

    public static string PolicyFor(Role role) => $"at-least-{role}";
}

/// <summary>On a page for the administrators of the installation.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class ForInstallationAttribute : AuthorizeAttribute
{
    public const string Name = "installation";

    public ForInstallationAttribute() => Policy = Name;
}
