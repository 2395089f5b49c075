using System.Collections.Immutable;
using Guichet.Journal;

using Decision = Guichet.Journal.Decision<Guichet.Organisations.OrganisationEvent>;

namespace Guichet.Organisations;

/// <summary>What an organisation decides: pure, without clock, storage or engine.</summary>
public static class OrganisationCore
{
    public static Decision Decide(OrganisationState state, Command command, DateTimeOffset now) => command switch
    {
        FoundOrganisation found => Found(state, found, now),
        _ when state.Details is null => Decision.Refuse("organisation-unknown"),
        ChangeOrganisation change => Change(state, change),
        InviteOperator invite => Invite(state, invite, now),
        InviteOperatorAgain again => InviteAgain(state, again, now),
        AcceptInvitation accept => Accept(state, accept, now),
        ChangeOperator change => Change(state, change),
        DisableOperator disable => Disable(state, disable, now),
        EnableOperator enable => Enable(state, enable, now),
        ChangeAccount change => Change(state, change),
        AskEmailChange ask => Ask(state, ask, now),
        ConfirmEmailChange confirm => Confirm(state, confirm, now),
        ChangePassword change => Change(state, change),
        ResetPassword reset => Reset(state, reset),
        SignOutEverywhere leave => SignOut(state, leave),
        CreateToken create => Create(state, create, now),
        RevokeToken revoke => Revoke(state, revoke),
        _ => throw new ArgumentException($"An organisation doesn't know {command.GetType().Name}.", nameof(command)),
    };

    public static OrganisationState Apply(OrganisationState state, OrganisationEvent happened) => happened switch
    {
        OrganisationFounded founded => new OrganisationState(
            1, founded.Details,
            [founded.Administrator.State == OperatorState.Active ? new OperatorEntry(founded.Administrator, 0, 1) : new OperatorEntry(founded.Administrator, 1, 0)],
            []),
        OrganisationChanged changed => state with { Revision = state.Revision + 1, Details = changed.Details },
        OperatorInvited invited => state with { Operators = state.Operators.Add(new OperatorEntry(invited.Operator, 1, 0)) },
        OperatorInvitedAgain again => With(state, again.OperatorId, entry => entry with
        {
            Profile = entry.Profile with { State = OperatorState.Invited, Since = again.At, InvitationExpires = again.Expires },
            Invitations = entry.Invitations + 1,
        }),
        InvitationAccepted accepted => With(state, accepted.OperatorId, entry => entry with
        {
            Profile = entry.Profile with
            {
                Name = accepted.Name,
                Language = accepted.Language,
                State = OperatorState.Active,
                Since = accepted.At,
                InvitationExpires = null,
            },
            Passwords = entry.Passwords + 1,
        }),
        OperatorChanged changed => With(state, changed.OperatorId, entry => entry with { Profile = entry.Profile with { Name = changed.Name, Role = changed.Role } }),
        AccountChanged changed => With(state, changed.OperatorId, entry => entry with { Profile = entry.Profile with { Name = changed.Name, Language = changed.Language } }),
        EmailChangeAsked asked => With(state, asked.OperatorId, entry => entry with
        {
            EmailsAsked = entry.EmailsAsked + 1,
            Asked = new AskedEmail(asked.Email, asked.Until),
        }),
        EmailChanged changed => With(state, changed.OperatorId, entry => entry with { Profile = entry.Profile with { Email = changed.Email }, Asked = null }),
        // Whoever takes an account back takes back what was asked of it meanwhile.
        PasswordSet set => With(state, set.OperatorId, entry => entry with { Passwords = entry.Passwords + 1, Asked = null }),
        OperatorDisabled disabled => With(state, disabled.OperatorId, entry => entry with
        {
            Asked = null,
            Profile = entry.Profile with { State = OperatorState.Disabled, Since = disabled.At, InvitationExpires = null },
        }),
        OperatorEnabled enabled => With(state, enabled.OperatorId, entry => entry with { Profile = entry.Profile with { State = OperatorState.Active, Since = enabled.At } }),
        SignedOutEverywhere => state,
        TokenCreated created => state with { Tokens = Kept([created.Token, .. state.Tokens], created.Token.CreatedAt) },
        TokenRevoked revoked => state with { Tokens = [.. state.Tokens.Select(token => token.Id == revoked.TokenId ? token with { Revoked = true } : token)] },
        _ => throw new ArgumentException($"An organisation doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    /// <summary>A token that a program can still present.</summary>
    public static bool Works(ApiToken token, DateTimeOffset now) => !token.Revoked && (token.Expires is null || token.Expires > now);

    private static Decision Found(OrganisationState state, FoundOrganisation found, DateTimeOffset now)
    {
        if (state.Details is not null) return Decision.Refuse("organisation-exists");
        var (details, wrong) = OrganisationRules.Check(found.Details);
        // The form asks for both names: the person's is told apart.
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var name = OrganisationRules.Name(found.Name, refusals);
        for (var i = 0; i < refusals.Count; i++) refusals[i] = refusals[i] with { Field = "administrator" };
        refusals.AddRange(wrong);
        var email = OrganisationRules.Email(found.Email, refusals);
        if (!Ids.IsValid(found.OperatorId)) refusals.Add(Refusal.Of("id-invalid", "operator"));
        if (refusals.Count > 0) return Decision.Refuse(refusals.ToImmutable().AsSpan());

        var invited = found.Password is null;
        var administrator = new Operator(
            found.OperatorId, email, name, Role.Administrator, invited ? OperatorState.Invited : OperatorState.Active,
            OrganisationRules.Known(found.Language), now, invited ? now + OrganisationRules.InvitationLasts : null);
        var decision = Decision.Accept(new OrganisationFounded(details, administrator, found.AdministersInstallation, found.Password));
        return invited ? decision.With(new MailInvitation(administrator.Id, 1, found.By.Name)) : decision;
    }

    private static Decision Change(OrganisationState state, ChangeOrganisation change)
    {
        if (change.BasedOn != state.Revision) return Decision.Refuse("changed-meanwhile");
        var (details, refusals) = OrganisationRules.Check(change.Details);
        return refusals.Length > 0 ? Decision.Refuse(refusals.AsSpan())
            : details == state.Details ? Decision.Accept()
            : Decision.Accept(new OrganisationChanged(details));
    }

    private static Decision Invite(OrganisationState state, InviteOperator invite, DateTimeOffset now)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var name = OrganisationRules.Name(invite.Name, refusals);
        var email = OrganisationRules.Email(invite.Email, refusals);
        if (!Enum.IsDefined(invite.Role)) refusals.Add(Refusal.Of("role-unknown", "role"));
        if (!Ids.IsValid(invite.OperatorId) || state.Operator(invite.OperatorId) is not null) refusals.Add(Refusal.Of("id-invalid", "operator"));
        if (Owner(state, email) is { } same)
            refusals.Add(Refusal.Of("email-taken", "email", email, same.Profile.Name));
        if (state.Operators.Length >= OrganisationRules.MostOperators)
            refusals.Add(Refusal.Of("too-many-operators", null, OrganisationRules.Text(OrganisationRules.MostOperators)));
        if (refusals.Count > 0) return Decision.Refuse(refusals.ToImmutable().AsSpan());
        return Decision.Accept(new OperatorInvited(new Operator(
                invite.OperatorId, email, name, invite.Role, OperatorState.Invited, OrganisationRules.Known(invite.Language), now, now + OrganisationRules.InvitationLasts)))
            .With(new MailInvitation(invite.OperatorId, 1, invite.By.Name));
    }

    private static Decision InviteAgain(OrganisationState state, InviteOperatorAgain again, DateTimeOffset now) => state.Operator(again.OperatorId) switch
    {
        null => Decision.Refuse("operator-unknown"),
        { Passwords: > 0 } => Decision.Refuse("operator-accepted"),
        var entry => Decision.Accept(new OperatorInvitedAgain(again.OperatorId, now, now + OrganisationRules.InvitationLasts))
            .With(new MailInvitation(again.OperatorId, entry.Invitations + 1, again.By.Name)),
    };

    private static Decision Accept(OrganisationState state, AcceptInvitation accept, DateTimeOffset now)
    {
        if (state.Operator(accept.OperatorId) is not { } entry || accept.By.Id != accept.OperatorId) return Decision.Refuse("operator-unknown");
        if (entry.Passwords > 0) return Decision.Refuse("invitation-used");
        if (entry.Profile.State == OperatorState.Disabled) return Decision.Refuse("invitation-withdrawn");
        if (accept.Invitation != entry.Invitations) return Decision.Refuse("invitation-replaced");
        if (entry.Profile.InvitationExpires <= now) return Decision.Refuse("invitation-expired");
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var name = OrganisationRules.Name(accept.Name, refusals);
        return refusals.Count > 0
            ? Decision.Refuse(refusals.ToImmutable().AsSpan())
            : Decision.Accept(new InvitationAccepted(accept.OperatorId, name, OrganisationRules.Known(accept.Language), now, accept.Password));
    }

    private static Decision Change(OrganisationState state, ChangeOperator change)
    {
        if (state.Operator(change.OperatorId) is not { } entry) return Decision.Refuse("operator-unknown");
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var name = OrganisationRules.Name(change.Name, refusals);
        if (!Enum.IsDefined(change.Role)) refusals.Add(Refusal.Of("role-unknown", "role"));
        if (change.Role < Role.Administrator && IsLastAdministrator(state, entry)) refusals.Add(Refusal.Of("last-administrator", "role", entry.Profile.Name));
        return refusals.Count > 0 ? Decision.Refuse(refusals.ToImmutable().AsSpan())
            : name == entry.Profile.Name && change.Role == entry.Profile.Role ? Decision.Accept()
            : Decision.Accept(new OperatorChanged(change.OperatorId, name, change.Role, entry.Profile.Role));
    }

    private static Decision Disable(OrganisationState state, DisableOperator disable, DateTimeOffset now) => state.Operator(disable.OperatorId) switch
    {
        null => Decision.Refuse("operator-unknown"),
        { Profile.State: OperatorState.Disabled } => Decision.Accept(),
        var entry when IsLastAdministrator(state, entry) => Decision.Refuse("last-administrator", null, entry.Profile.Name),
        _ => Decision.Accept(new OperatorDisabled(disable.OperatorId, now)),
    };

    private static Decision Enable(OrganisationState state, EnableOperator enable, DateTimeOffset now) => state.Operator(enable.OperatorId) switch
    {
        null => Decision.Refuse("operator-unknown"),
        { Passwords: 0 } => Decision.Refuse("operator-never-accepted"),
        { Profile.State: OperatorState.Active } => Decision.Accept(),
        _ => Decision.Accept(new OperatorEnabled(enable.OperatorId, now)),
    };

    private static Decision Change(OrganisationState state, ChangeAccount change)
    {
        if (ActiveSelf(state, change.By) is not { } self) return Decision.Refuse("operator-unknown");
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var name = OrganisationRules.Name(change.Name, refusals);
        var language = OrganisationRules.Known(change.Language);
        return refusals.Count > 0 ? Decision.Refuse(refusals.ToImmutable().AsSpan())
            : name == self.Profile.Name && language == self.Profile.Language ? Decision.Accept()
            : Decision.Accept(new AccountChanged(self.Profile.Id, name, language));
    }

    private static Decision Ask(OrganisationState state, AskEmailChange ask, DateTimeOffset now)
    {
        if (ActiveSelf(state, ask.By) is not { } self) return Decision.Refuse("operator-unknown");
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var email = OrganisationRules.Email(ask.Email, refusals);
        if (email == self.Profile.Email) refusals.Add(Refusal.Of("email-unchanged", "email"));
        else if (Owner(state, email) is { } owner) refusals.Add(Refusal.Of("email-taken", "email", email, owner.Profile.Name));
        return refusals.Count > 0
            ? Decision.Refuse(refusals.ToImmutable().AsSpan())
            : Decision.Accept(new EmailChangeAsked(self.Profile.Id, email, now + OrganisationRules.EmailChangeLasts))
                .With(new MailEmailChange(self.Profile.Id, self.EmailsAsked + 1));
    }

    private static Decision Confirm(OrganisationState state, ConfirmEmailChange confirm, DateTimeOffset now)
    {
        if (ActiveSelf(state, confirm.By) is not { } self || self.Profile.Id != confirm.OperatorId) return Decision.Refuse("operator-unknown");
        if (self.Asked is not { } asked || confirm.Number != self.EmailsAsked) return Decision.Refuse("email-link-used");
        if (asked.Until <= now) return Decision.Refuse("email-link-expired");
        return Owner(state, asked.Email) is { } owner
            ? Decision.Refuse("email-taken", "email", asked.Email, owner.Profile.Name)
            : Decision.Accept(new EmailChanged(self.Profile.Id, asked.Email, self.Profile.Email)).With(new MailEmailChanged(self.Profile.Id, self.Profile.Email, asked.Email));
    }

    private static Decision Change(OrganisationState state, ChangePassword change) => ActiveSelf(state, change.By) is { } self
        ? Decision.Accept(new PasswordSet(self.Profile.Id, false, change.Password)).With(new MailPasswordSet(self.Profile.Id))
        : Decision.Refuse("operator-unknown");

    private static Decision Reset(OrganisationState state, ResetPassword reset)
    {
        if (ActiveSelf(state, reset.By) is not { } self || self.Profile.Id != reset.OperatorId) return Decision.Refuse("operator-unknown");
        return reset.Passwords != self.Passwords
            ? Decision.Refuse("reset-link-used")
            : Decision.Accept(new PasswordSet(self.Profile.Id, true, reset.Password)).With(new MailPasswordSet(self.Profile.Id));
    }

    private static Decision SignOut(OrganisationState state, SignOutEverywhere leave) =>
        leave.By.Id != leave.OperatorId && leave.By.Role < Role.Administrator ? Decision.Refuse("operator-not-yourself")
        : state.Operator(leave.OperatorId) is null ? Decision.Refuse("operator-unknown")
        : Decision.Accept(new SignedOutEverywhere(leave.OperatorId));

    private static Decision Create(OrganisationState state, CreateToken create, DateTimeOffset now)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var name = OrganisationRules.Name(create.Name, refusals);
        if (create.Role is not (Role.Reader or Role.BoxOffice)) refusals.Add(Refusal.Of("token-role", "role"));
        if (create.Expires <= now) refusals.Add(Refusal.Of("expiry-past", "expires"));
        if (create.Hint is not { Length: 4 } || !create.Hint.All(char.IsAsciiLetterOrDigit)) refusals.Add(Refusal.Of("id-invalid", "hint"));
        if (!Ids.IsValid(create.TokenId) || state.Tokens.Any(token => token.Id == create.TokenId)) refusals.Add(Refusal.Of("id-invalid", "token"));
        if (state.Tokens.Count(token => Works(token, now)) >= OrganisationRules.MostTokens)
            refusals.Add(Refusal.Of("too-many-tokens", null, OrganisationRules.Text(OrganisationRules.MostTokens)));
        return refusals.Count > 0
            ? Decision.Refuse(refusals.ToImmutable().AsSpan())
            : Decision.Accept(new TokenCreated(
                new ApiToken(create.TokenId, name, create.Role, create.Hint, create.By.Name, now, create.Expires, false), create.Hash));
    }

    private static Decision Revoke(OrganisationState state, RevokeToken revoke) => state.Tokens.FirstOrDefault(token => token.Id == revoke.TokenId) switch
    {
        null => Decision.Refuse("token-unknown"),
        { Revoked: true } => Decision.Accept(),
        _ => Decision.Accept(new TokenRevoked(revoke.TokenId)),
    };

    /// <summary>Whose address it is, invited and disabled ones included: they may come back.</summary>
    private static OperatorEntry? Owner(OrganisationState state, string email) => state.Operators.FirstOrDefault(entry => entry.Profile.Email == email);

    private static OperatorEntry? ActiveSelf(OrganisationState state, Actor by) =>
        state.Operator(by.Id) is { Profile.State: OperatorState.Active } self ? self : null;

    private static bool IsLastAdministrator(OrganisationState state, OperatorEntry entry) =>
        IsActiveAdministrator(entry) && !state.Operators.Any(other => other.Profile.Id != entry.Profile.Id && IsActiveAdministrator(other));

    private static bool IsActiveAdministrator(OperatorEntry entry) => entry.Profile is { State: OperatorState.Active, Role: Role.Administrator };

    private static OrganisationState With(OrganisationState state, string operatorId, Func<OperatorEntry, OperatorEntry> change) =>
        state with { Operators = [.. state.Operators.Select(entry => entry.Profile.Id == operatorId ? change(entry) : entry)] };

    /// <summary>All that work, and of the others the newest, up to the number kept.</summary>
    private static ImmutableArray<ApiToken> Kept(ImmutableArray<ApiToken> newestFirst, DateTimeOffset now)
    {
        var room = OrganisationRules.MostTokensKept - newestFirst.Count(token => Works(token, now));
        return [.. newestFirst.Where(token => Works(token, now) || room-- > 0)];
    }
}
