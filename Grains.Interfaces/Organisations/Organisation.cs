using System.Collections.Immutable;

namespace Guichet.Organisations;

public enum Language
{
    /// <summary>What the browser asks for; mails are in French.</summary>
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
public sealed record OrganisationDetails(string Name, string? City, string Zone, string Currency, bool Listed)
{
    /// <summary>The month, 1 to 12, on whose first day its seasons begin.</summary>
    [Id(0)] public int SeasonMonth { get; init; } = 9;
}

public enum OperatorState
{
    /// <summary>Has a mail with a link to choose a password; can't sign in yet.</summary>
    Invited = 0,
    Active = 1,

    /// <summary>Can't sign in: was active and may be again, or had an invitation that was withdrawn.</summary>
    Disabled = 2,
}

/// <param name="Email">In lower case: addresses are compared without case. Unique in the organisation; another may have the same.</param>
/// <param name="Language">Pinned by the operator, or the browser's.</param>
/// <param name="Since">When it came into its state.</param>
/// <param name="InvitationExpires">Null unless invited.</param>
[GenerateSerializer, Immutable, Alias("operator")]
public sealed record Operator(
    string Id, string Email, string Name, Role Role, OperatorState State, Language Language, DateTimeOffset Since, DateTimeOffset? InvitationExpires);

/// <param name="Hint">The last four characters, so that a person recognises it; the token itself is shown once and kept as a hash.</param>
[GenerateSerializer, Immutable, Alias("api-token")]
public sealed record ApiToken(string Id, string Name, Role Role, string Hint, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? Expires, bool Revoked);

/// <param name="Revision">Grows when the details change; their form sends it back as <c>BasedOn</c>.</param>
/// <param name="Tokens">Newest first; the oldest of those that no longer work are left out after a while.</param>
[GenerateSerializer, Immutable, Alias("organisation-view")]
public sealed record OrganisationView(
    string Id, long Revision, OrganisationDetails Details, ImmutableArray<Operator> Operators, ImmutableArray<ApiToken> Tokens);

/// <summary>The key of an organisation's grain: there is one for each.</summary>
public static class OrganisationKey
{
    public const string Id = "organisation";

    public static string Of(string organisation) => GrainKey.Of(organisation, Id);
}

/// <summary>
/// A tenant: what it is called, who may sign in to it, which programs may call for it. Everyone else is refused by the incoming-call filter
/// before this grain is asked.
/// </summary>
[Alias("organisation-grain")]
public interface IOrganisationGrain : IGrainWithStringKey
{
    /// <summary>Null when there is no such organisation.</summary>
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<OrganisationView?> View();

    [SystemOnly]
    Task<Outcome<Done>> Found(FoundOrganisation command);

    [Requires(Role.Administrator)]
    Task<Outcome<Done>> Change(ChangeOrganisation command);

    [Requires(Role.Administrator)]
    Task<Outcome<Done>> Invite(InviteOperator command);

    [Requires(Role.Administrator)]
    Task<Outcome<Done>> InviteAgain(InviteOperatorAgain command);

    /// <summary>By the invited person, whom the mailed link has shown to be the one.</summary>
    [Requires(Role.Reader)]
    Task<Outcome<Done>> AcceptInvitation(AcceptInvitation command);

    [Requires(Role.Administrator)]
    Task<Outcome<Done>> ChangeOperator(ChangeOperator command);

    [Requires(Role.Administrator)]
    Task<Outcome<Done>> DisableOperator(DisableOperator command);

    [Requires(Role.Administrator)]
    Task<Outcome<Done>> EnableOperator(EnableOperator command);

    /// <summary>By anyone for themselves.</summary>
    [Requires(Role.Reader)]
    Task<Outcome<Done>> ChangeAccount(ChangeAccount command);

    /// <summary>By anyone for themselves, who has just given the present password.</summary>
    [Requires(Role.Reader)]
    Task<Outcome<Done>> ChangePassword(ChangePassword command);

    /// <summary>By anyone for themselves, who has just given the present password.</summary>
    [Requires(Role.Reader)]
    Task<Outcome<Done>> AskEmailChange(AskEmailChange command);

    /// <summary>By whom the link mailed to the new address has shown to be the one.</summary>
    [Requires(Role.Reader)]
    Task<Outcome<Done>> ConfirmEmailChange(ConfirmEmailChange command);

    /// <summary>By whom the mailed link has shown to be the one.</summary>
    [Requires(Role.Reader)]
    Task<Outcome<Done>> ResetPassword(ResetPassword command);

    /// <summary>Ends every web session of an operator: by themselves, or by an administrator.</summary>
    [Requires(Role.Reader)]
    Task<Outcome<Done>> SignOutEverywhere(SignOutEverywhere command);

    [Requires(Role.Administrator)]
    Task<Outcome<Done>> CreateToken(CreateToken command);

    [Requires(Role.Administrator)]
    Task<Outcome<Done>> RevokeToken(RevokeToken command);
}
