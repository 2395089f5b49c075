using System.Text.Json.Serialization;

namespace Guichet.Organisations;

/// <summary>Starts an organisation with its first administrator.</summary>
/// <param name="OperatorId">The administrator's id, chosen by the sender (<see cref="Ids.New(TimeProvider)"/>).</param>
[GenerateSerializer, Immutable, Alias("found-organisation")]
public sealed record FoundOrganisation(OrganisationDetails Details, string OperatorId, string Email, string Name, Language Language) : Command
{
    /// <summary>The administrator's password, who is then active at once; null to invite them by mail.</summary>
    [Id(0), JsonIgnore] public SecretHash? Password { get; init; }

    /// <summary>The administrator also runs the installation.</summary>
    [Id(1)] public bool AdministersInstallation { get; init; }
}

/// <param name="BasedOn">The revision that the form was filled from: a change made meanwhile is refused (<c>changed-meanwhile</c>), not overwritten.</param>
[GenerateSerializer, Immutable, Alias("change-organisation")]
public sealed record ChangeOrganisation(OrganisationDetails Details, long BasedOn) : Command;

/// <param name="OperatorId">Chosen by the sender.</param>
[GenerateSerializer, Immutable, Alias("invite-operator")]
public sealed record InviteOperator(string OperatorId, string Email, string Name, Role Role, Language Language) : Command;

/// <summary>Sends a new link; those sent before no longer work. Also for an invitation that was withdrawn.</summary>
[GenerateSerializer, Immutable, Alias("invite-operator-again")]
public sealed record InviteOperatorAgain(string OperatorId) : Command;

/// <param name="Invitation">The number of the invitation that the link was made for.</param>
[GenerateSerializer, Immutable, Alias("accept-invitation")]
public sealed record AcceptInvitation(string OperatorId, int Invitation, string Name, Language Language) : Command
{
    [Id(0), JsonIgnore] public required SecretHash Password { get; init; }
}

[GenerateSerializer, Immutable, Alias("change-operator")]
public sealed record ChangeOperator(string OperatorId, string Name, Role Role) : Command;

/// <summary>Ends the operator's sessions and links; withdraws the invitation of one who hasn't accepted.</summary>
[GenerateSerializer, Immutable, Alias("disable-operator")]
public sealed record DisableOperator(string OperatorId) : Command;

[GenerateSerializer, Immutable, Alias("enable-operator")]
public sealed record EnableOperator(string OperatorId) : Command;

[GenerateSerializer, Immutable, Alias("change-account")]
public sealed record ChangeAccount(string Name, Language Language) : Command;

/// <summary>
/// Asks for another address to sign in with. Nothing changes before the link that is mailed to it has been used; asking again replaces
/// what was asked before.
/// </summary>
/// <param name="Email">Compared without case; refused (<c>email-taken</c>) when someone else of the organisation has it.</param>
[GenerateSerializer, Immutable, Alias("ask-email-change")]
public sealed record AskEmailChange(string Email) : Command;

/// <param name="Number">Which of the operator's requests the link was made for: only the last one's works.</param>
[GenerateSerializer, Immutable, Alias("confirm-email-change")]
public sealed record ConfirmEmailChange(string OperatorId, int Number) : Command;

[GenerateSerializer, Immutable, Alias("change-password")]
public sealed record ChangePassword : Command
{
    [Id(0), JsonIgnore] public required SecretHash Password { get; init; }
}

/// <param name="Passwords">How many passwords the operator had had when the link was made: it works once.</param>
[GenerateSerializer, Immutable, Alias("reset-password")]
public sealed record ResetPassword(string OperatorId, int Passwords) : Command
{
    [Id(0), JsonIgnore] public required SecretHash Password { get; init; }
}

[GenerateSerializer, Immutable, Alias("sign-out-everywhere")]
public sealed record SignOutEverywhere(string OperatorId) : Command;

/// <param name="TokenId">Chosen by the sender.</param>
/// <param name="Role">Reader or box office: programs don't administer.</param>
/// <param name="Expires">Null for never.</param>
/// <param name="Hint">The token's last four characters.</param>
[GenerateSerializer, Immutable, Alias("create-token")]
public sealed record CreateToken(string TokenId, string Name, Role Role, DateTimeOffset? Expires, string Hint) : Command
{
    /// <summary>SHA-256 of the token, in hexadecimal.</summary>
    [Id(0), JsonIgnore] public required SecretHash Hash { get; init; }
}

[GenerateSerializer, Immutable, Alias("revoke-token")]
public sealed record RevokeToken(string TokenId) : Command;
