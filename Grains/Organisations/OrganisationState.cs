using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Guichet.Organisations;

/// <summary>An organisation as its grain keeps it; bounded by the limits of <see cref="OrganisationRules"/>.</summary>
/// <param name="Details">Null before it is founded.</param>
public sealed record OrganisationState(
    long Revision, OrganisationDetails? Details, ImmutableArray<OperatorEntry> Operators, ImmutableArray<ApiToken> Tokens)
{
    public static readonly OrganisationState Empty = new(0, null, [], []);

    public OperatorEntry? Operator(string id) => Operators.FirstOrDefault(entry => entry.Profile.Id == id);
}

/// <param name="Invitations">How many invitations were sent: only the last one's links work.</param>
/// <param name="Passwords">How many passwords were set: a reset link works for the count that it was made at, so once.</param>
/// <param name="EmailsAsked">How many times another address was asked for: only the last one's link works.</param>
/// <param name="Asked">The address that waits to be confirmed; null when none does.</param>
public sealed record OperatorEntry(Operator Profile, int Invitations, int Passwords, int EmailsAsked = 0, AskedEmail? Asked = null);

/// <param name="Until">When the mailed link stops working, and with it the request.</param>
public sealed record AskedEmail(string Email, DateTimeOffset Until);

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(OrganisationFounded), "organisation-founded")]
[JsonDerivedType(typeof(OrganisationChanged), "organisation-changed")]
[JsonDerivedType(typeof(OperatorInvited), "operator-invited")]
[JsonDerivedType(typeof(OperatorInvitedAgain), "operator-invited-again")]
[JsonDerivedType(typeof(InvitationAccepted), "invitation-accepted")]
[JsonDerivedType(typeof(OperatorChanged), "operator-changed")]
[JsonDerivedType(typeof(AccountChanged), "account-changed")]
[JsonDerivedType(typeof(EmailChangeAsked), "email-change-asked")]
[JsonDerivedType(typeof(EmailChanged), "email-changed")]
[JsonDerivedType(typeof(PasswordSet), "password-set")]
[JsonDerivedType(typeof(OperatorDisabled), "operator-disabled")]
[JsonDerivedType(typeof(OperatorEnabled), "operator-enabled")]
[JsonDerivedType(typeof(SignedOutEverywhere), "signed-out-everywhere")]
[JsonDerivedType(typeof(TokenCreated), "token-created")]
[JsonDerivedType(typeof(TokenRevoked), "token-revoked")]
public abstract record OrganisationEvent;

/// <param name="Administrator">Active when a password came with the command, else invited.</param>
public sealed record OrganisationFounded(
    OrganisationDetails Details, Operator Administrator, bool AdministersInstallation, [property: JsonIgnore] SecretHash? Password) : OrganisationEvent;

public sealed record OrganisationChanged(OrganisationDetails Details) : OrganisationEvent;

public sealed record OperatorInvited(Operator Operator) : OrganisationEvent;

public sealed record OperatorInvitedAgain(string OperatorId, DateTimeOffset At, DateTimeOffset Expires) : OrganisationEvent;

public sealed record InvitationAccepted(
    string OperatorId, string Name, Language Language, DateTimeOffset At, [property: JsonIgnore] SecretHash Password) : OrganisationEvent;

/// <param name="Was">The role before.</param>
public sealed record OperatorChanged(string OperatorId, string Name, Role Role, Role Was) : OrganisationEvent;

public sealed record AccountChanged(string OperatorId, string Name, Language Language) : OrganisationEvent;

/// <param name="Until">Until when it can be confirmed.</param>
public sealed record EmailChangeAsked(string OperatorId, string Email, DateTimeOffset Until) : OrganisationEvent;

/// <param name="Was">The address before.</param>
public sealed record EmailChanged(string OperatorId, string Email, string Was) : OrganisationEvent;

/// <param name="ByLink">By a mailed link, not knowing the password before.</param>
public sealed record PasswordSet(string OperatorId, bool ByLink, [property: JsonIgnore] SecretHash Password) : OrganisationEvent;

public sealed record OperatorDisabled(string OperatorId, DateTimeOffset At) : OrganisationEvent;

public sealed record OperatorEnabled(string OperatorId, DateTimeOffset At) : OrganisationEvent;

public sealed record SignedOutEverywhere(string OperatorId) : OrganisationEvent;

public sealed record TokenCreated(ApiToken Token, [property: JsonIgnore] SecretHash Hash) : OrganisationEvent;

public sealed record TokenRevoked(string TokenId) : OrganisationEvent;
