using System.Collections.Immutable;

namespace Guichet.Organisations;

public enum Language
{
    /// <summary>What the browser asks for.</summary>
    Browser = 0,
    French = 1,
    English = 2,
}

/// <param name="Name">1 to 200 characters; what counterparts see.</param>
/// <param name="City">What counterparts see beside the name; may be empty.</param>
/// <param name="Zone">IANA zone that its dates are shown in.</param>
/// <param name="Currency">ISO 4217, proposed for new sessions.</param>
/// <param name="Listed">Other organisations of the installation find it by name when they ask for a link.</param>
[GenerateSerializer, Immutable, Alias("organisation-details")]
public sealed record OrganisationDetails(string Name, string? City, string Zone, string Currency, bool Listed);

public enum OperatorState
{
    Invited = 0,
    Active = 1,
    Disabled = 2,
}

/// <param name="Language">Pinned by the operator, or the browser's.</param>
[GenerateSerializer, Immutable, Alias("operator")]
public sealed record Operator(
    string Id, string Email, string Name, Role Role, OperatorState State, Language Language, DateTimeOffset Since, DateTimeOffset? InvitationExpires);

/// <param name="Hint">The last four characters, so that a person recognises it; the token itself is shown once and kept as a hash.</param>
[GenerateSerializer, Immutable, Alias("api-token")]
public sealed record ApiToken(string Id, string Name, Role Role, string Hint, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? Expires, bool Revoked);

[GenerateSerializer, Immutable, Alias("organisation-view")]
public sealed record OrganisationView(
    string Id, long Revision, OrganisationDetails Details, ImmutableArray<Operator> Operators, ImmutableArray<ApiToken> Tokens);
