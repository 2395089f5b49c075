using Guichet.Journal;
using static Guichet.Organisations.People;

namespace Guichet.Organisations;

public sealed class OrganisationCoreTests
{
    private static readonly string LongName = new('x', 201);

    public static TheoryData<string, OrganisationDetails> BadDetails => new()
    {
        { "name-missing@name", Details with { Name = "  " } },
        { "text-too-long@name", Details with { Name = LongName } },
        { "text-not-one-line@name", Details with { Name = "Port\r\nBcc: someone@else.example" } },
        { "text-too-long@city", Details with { City = LongName } },
        { "text-not-one-line@city", Details with { City = "Brest\0" } },
        { "zone-unknown@zone", Details with { Zone = "Europe/Atlantis" } },
        { "currency-unknown@currency", Details with { Currency = "eur" } },
        { "name-missing@name zone-unknown@zone currency-unknown@currency", new OrganisationDetails("", null, "", "", false) },
    };

    [Theory, MemberData(nameof(BadDetails))]
    public void Bad_details_name_their_fields_when_founding_and_when_changing(string refusals, OrganisationDetails details)
    {
        Assert.Equal(refusals, OrganisationState.Empty.Refusals(Found with { Details = details }));
        Assert.Equal(refusals, House.Refusals(new ChangeOrganisation(details, 1) { Id = Guid.NewGuid(), By = Claire }));
    }

    public static TheoryData<string, FoundOrganisation> BadFounding => new()
    {
        { "name-missing@administrator", Found with { Name = " " } },
        { "text-not-one-line@administrator", Found with { Name = "Claire\nMorin" } },
        { "email-missing@email", Found with { Email = "" } },
        { "email-invalid@email", Found with { Email = "claire" } },
        { "id-invalid@operator", Found with { OperatorId = "../claire" } },
    };

    [Theory, MemberData(nameof(BadFounding))]
    public void Founding_without_a_proper_first_administrator_is_refused(string refusals, FoundOrganisation found) =>
        Assert.Equal(refusals, OrganisationState.Empty.Refusals(found));

    [Theory]
    [InlineData("ida@port.example", true)]
    [InlineData("o'neil+caisse@sous.port.example", true)]
    [InlineData("claire@port", false)]
    [InlineData("claire@@port.example", false)]
    [InlineData("claire@port.example\r\nBcc: x@y.example", false)]
    [InlineData("claire@port.example,x@y.example", false)]
    [InlineData("Claire <claire@port.example>", false)]
    [InlineData("cla ire@port.example", false)]
    [InlineData("\"claire\"@port.example", false)]
    [InlineData("claire@127.0.0.1", false)]
    [InlineData("claire@port..example", false)]
    [InlineData("@port.example", false)]
    [InlineData("claire\0@port.example", false)]
    public void An_address_is_plain_or_refused(string email, bool accepted) =>
        Assert.Equal(accepted ? "" : "email-invalid@email", House.Refusals(InviteHugo with { Email = email }));

    [Fact]
    public void An_organisation_is_founded_once() => Assert.Equal("organisation-exists", House.Refusals(Found));

    [Fact]
    public void Nothing_can_be_asked_of_an_organisation_that_is_not_there() =>
        Assert.Equal("organisation-unknown", OrganisationState.Empty.Refusals(InviteHugo));

    [Fact]
    public void Without_a_password_the_first_administrator_is_invited_by_mail()
    {
        var decision = OrganisationCore.Decide(OrganisationState.Empty, Found with { Password = null }, Now);
        Assert.Equal(new MailInvitation(ClaireId, 1, "Claire Morin"), Assert.Single(decision.Effects));
        var state = decision.Events.Aggregate(OrganisationState.Empty, OrganisationCore.Apply);
        Assert.Equal(OperatorState.Invited, state.Operators[0].Profile.State);
        Assert.Equal(Now.AddDays(7), state.Operators[0].Profile.InvitationExpires);
    }

    [Fact]
    public void Addresses_are_kept_and_compared_without_case()
    {
        Assert.Equal("claire@port.example", House.Operators[0].Profile.Email);
        Assert.Equal("email-taken@email", House.Refusals(InviteHugo with { Email = "CLAIRE@port.EXAMPLE " }));
    }

    [Fact]
    public void Changing_details_on_an_old_revision_is_refused()
    {
        var state = House.After(new ChangeOrganisation(Details with { City = "Lorient" }, 1) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal("changed-meanwhile", state.Refusals(new ChangeOrganisation(Details, 1) { Id = Guid.NewGuid(), By = Claire }));
        Assert.Equal(2, state.Revision);
        Assert.Equal(2, state.After(InviteHugo).Revision);
    }

    public static TheoryData<string, InviteOperator> BadInvitations => new()
    {
        { "name-missing@name", InviteHugo with { Name = "" } },
        { "text-not-one-line@name", InviteHugo with { Name = "Hugo\rPetit" } },
        { "text-too-long@name", InviteHugo with { Name = LongName } },
        { "email-missing@email", InviteHugo with { Email = " " } },
        { "role-unknown@role", InviteHugo with { Role = (Role)7 } },
        { "id-invalid@operator", InviteHugo with { OperatorId = "hugo" } },
        { "id-invalid@operator", InviteHugo with { OperatorId = ClaireId } },
        { "email-taken@email", InviteHugo with { Email = "claire@port.example" } },
        { "name-missing@name email-invalid@email", InviteHugo with { Name = "", Email = "x" } },
    };

    [Theory, MemberData(nameof(BadInvitations))]
    public void A_bad_invitation_names_its_fields(string refusals, InviteOperator invite) => Assert.Equal(refusals, House.Refusals(invite));

    [Fact]
    public void There_are_limits_to_operators_and_tokens()
    {
        var crowd = House with
        {
            Operators = [.. Enumerable.Range(0, OrganisationRules.MostOperators).Select(i => House.Operators[0] with { Profile = House.Operators[0].Profile with { Id = $"x{i}", Email = $"x{i}" } })],
            Tokens = [.. Enumerable.Range(0, OrganisationRules.MostTokens).Select(i => new ApiToken($"t{i}", "t", Role.Reader, "abcd", "c", Now, null, false))],
        };
        Assert.Equal("too-many-operators", crowd.Refusals(InviteHugo));
        Assert.Equal("too-many-tokens", crowd.Refusals(Token));
    }

    [Fact]
    public void An_invitation_is_accepted_once()
    {
        var state = House.After(InviteHugo, HugoAccepts);
        Assert.Equal(OperatorState.Active, state.Operator(HugoId)!.Profile.State);
        Assert.Null(state.Operator(HugoId)!.Profile.InvitationExpires);
        Assert.Equal("invitation-used", state.Refusals(HugoAccepts));
    }

    [Fact]
    public void An_invitation_expires_after_seven_days()
    {
        var state = House.After(InviteHugo);
        Assert.Equal("", state.Refusals(HugoAccepts, Now.AddDays(7).AddTicks(-1)));
        Assert.Equal("invitation-expired", state.Refusals(HugoAccepts, Now.AddDays(7)));
    }

    [Fact]
    public void Inviting_again_replaces_the_link_and_starts_its_seven_days_anew()
    {
        var later = Now.AddDays(8);
        var state = House.After(InviteHugo).AfterAt(later, new InviteOperatorAgain(HugoId) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal("invitation-replaced", state.Refusals(HugoAccepts, later));
        Assert.Equal("", state.Refusals(HugoAccepts with { Invitation = 2 }, later.AddDays(6)));
    }

    [Fact]
    public void A_withdrawn_invitation_cannot_be_accepted_until_it_is_sent_again()
    {
        var state = House.After(InviteHugo, new DisableOperator(HugoId) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal("invitation-withdrawn", state.Refusals(HugoAccepts));
        Assert.Equal("operator-never-accepted", state.Refusals(new EnableOperator(HugoId) { Id = Guid.NewGuid(), By = Claire }));
        state = state.After(new InviteOperatorAgain(HugoId) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal("", state.Refusals(HugoAccepts with { Invitation = 2 }));
    }

    [Fact]
    public void Nobody_accepts_in_anothers_place()
    {
        var state = House.After(InviteHugo);
        Assert.Equal("operator-unknown", state.Refusals(HugoAccepts with { By = Claire }));
        Assert.Equal("operator-unknown", state.Refusals(HugoAccepts with { OperatorId = TokenId }));
        Assert.Equal("name-missing@name", state.Refusals(HugoAccepts with { Name = "" }));
    }

    [Fact]
    public void Who_has_accepted_is_not_invited_again() =>
        Assert.Equal("operator-accepted", HouseOfTwo.Refusals(new InviteOperatorAgain(HugoId) { Id = Guid.NewGuid(), By = Claire }));

    public static TheoryData<string, Command> OnNobody => new()
    {
        { "operator-unknown", new InviteOperatorAgain(TokenId) { Id = Guid.NewGuid(), By = Claire } },
        { "operator-unknown", new ChangeOperator(TokenId, "X", Role.Reader) { Id = Guid.NewGuid(), By = Claire } },
        { "operator-unknown", new DisableOperator(TokenId) { Id = Guid.NewGuid(), By = Claire } },
        { "operator-unknown", new EnableOperator(TokenId) { Id = Guid.NewGuid(), By = Claire } },
        { "operator-unknown", new SignOutEverywhere(TokenId) { Id = Guid.NewGuid(), By = Claire } },
        { "operator-unknown", new ChangeAccount("X", Language.French) { Id = Guid.NewGuid(), By = Hugo } },
        { "operator-unknown", new ChangePassword { Id = Guid.NewGuid(), By = Hugo, Password = Hash } },
        { "operator-unknown", new ResetPassword(HugoId, 1) { Id = Guid.NewGuid(), By = Hugo, Password = Hash } },
        { "token-unknown", new RevokeToken(TokenId) { Id = Guid.NewGuid(), By = Claire } },
    };

    [Theory, MemberData(nameof(OnNobody))]
    public void What_concerns_nobody_is_refused(string refusal, Command command) => Assert.Equal(refusal, House.Refusals(command));

    [Fact]
    public void The_last_administrator_stays_one()
    {
        Assert.Equal("last-administrator", HouseOfTwo.Refusals(new DisableOperator(ClaireId) { Id = Guid.NewGuid(), By = Claire }));
        Assert.Equal("last-administrator@role", HouseOfTwo.Refusals(new ChangeOperator(ClaireId, "Claire", Role.BoxOffice) { Id = Guid.NewGuid(), By = Claire }));
        Assert.Equal("", HouseOfTwo.Refusals(new ChangeOperator(ClaireId, "Claire Morin-Le Gall", Role.Administrator) { Id = Guid.NewGuid(), By = Claire }));

        var two = HouseOfTwo.After(new ChangeOperator(HugoId, "Hugo Petit", Role.Administrator) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal("", two.Refusals(new DisableOperator(ClaireId) { Id = Guid.NewGuid(), By = Hugo }));
        var one = two.After(new DisableOperator(ClaireId) { Id = Guid.NewGuid(), By = Hugo });
        Assert.Equal("last-administrator", one.Refusals(new DisableOperator(HugoId) { Id = Guid.NewGuid(), By = Hugo }));
    }

    [Fact]
    public void An_administrator_who_is_only_invited_does_not_count()
    {
        var state = House.After(InviteHugo with { Role = Role.Administrator });
        Assert.Equal("last-administrator", state.Refusals(new DisableOperator(ClaireId) { Id = Guid.NewGuid(), By = Claire }));
    }

    [Fact]
    public void A_disabled_operator_can_do_nothing_until_enabled()
    {
        var state = HouseOfTwo.After(new DisableOperator(HugoId) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal("operator-unknown", state.Refusals(new ChangePassword { Id = Guid.NewGuid(), By = Hugo, Password = Hash }));
        Assert.Equal("operator-unknown", state.Refusals(new ResetPassword(HugoId, 1) { Id = Guid.NewGuid(), By = Hugo, Password = Hash }));
        state = state.After(new EnableOperator(HugoId) { Id = Guid.NewGuid(), By = Claire });
        Assert.Equal(OperatorState.Active, state.Operator(HugoId)!.Profile.State);
    }

    [Fact]
    public void A_reset_link_works_for_the_password_it_was_made_at()
    {
        var reset = new ResetPassword(HugoId, 1) { Id = Guid.NewGuid(), By = Hugo, Password = Hash };
        Assert.Equal("", HouseOfTwo.Refusals(reset));
        Assert.Equal("reset-link-used", HouseOfTwo.After(reset).Refusals(reset with { Id = Guid.NewGuid() }));
        Assert.Equal("reset-link-used", HouseOfTwo.After(new ChangePassword { Id = Guid.NewGuid(), By = Hugo, Password = Hash }).Refusals(reset));
        Assert.Equal("operator-unknown", HouseOfTwo.Refusals(reset with { By = Claire }));
    }

    private static readonly AskEmailChange AskAnother = new(" Hugo.Petit@Port.example ") { Id = Guid.NewGuid(), By = Hugo };

    private static ConfirmEmailChange ConfirmAsked(int number = 1) => new(HugoId, number) { Id = Guid.NewGuid(), By = Hugo };

    public static TheoryData<string, string, AskEmailChange> BadAddresses => new()
    {
        { "none is given", "email-missing@email", AskAnother with { Email = " " } },
        { "it is none", "email-invalid@email", AskAnother with { Email = "hugo" } },
        { "it would break a header", "email-invalid@email", AskAnother with { Email = "hugo@port.example\r\nBcc: x@y.example" } },
        { "it is one's own", "email-unchanged@email", AskAnother with { Email = "HUGO@port.example" } },
        { "it is a colleague's", "email-taken@email", AskAnother with { Email = "Claire@port.example" } },
        { "nobody asks", "operator-unknown", AskAnother with { By = Hugo with { Id = "01hn0b0dy00000000000" } } },
    };

    [Theory, MemberData(nameof(BadAddresses))]
    public void Another_address_is_refused_when(string situation, string refusals, AskEmailChange ask) =>
        Assert.True(refusals == HouseOfTwo.Refusals(ask), situation);

    [Fact]
    public void Another_address_is_mailed_a_link_and_the_one_before_stays_until_it_is_used()
    {
        var decision = OrganisationCore.Decide(HouseOfTwo, AskAnother, Now);
        Assert.Equal(new MailEmailChange(HugoId, 1), Assert.Single(decision.Effects));
        var asked = HouseOfTwo.After(AskAnother);
        Assert.Equal("hugo@port.example", asked.Operator(HugoId)!.Profile.Email);
        Assert.Equal(new AskedEmail("hugo.petit@port.example", Now.AddDays(1)), asked.Operator(HugoId)!.Asked);

        var confirmed = OrganisationCore.Decide(asked, ConfirmAsked(), Now);
        Assert.Equal(new MailEmailChanged(HugoId, "hugo@port.example", "hugo.petit@port.example"), Assert.Single(confirmed.Effects));
        var state = asked.After(ConfirmAsked());
        Assert.Equal("hugo.petit@port.example", state.Operator(HugoId)!.Profile.Email);
        Assert.Null(state.Operator(HugoId)!.Asked);
    }

    public static TheoryData<string, string, Command[], ConfirmEmailChange> BadConfirmations => new()
    {
        { "nothing was asked", "email-link-used", [], ConfirmAsked() },
        { "it was confirmed already", "email-link-used", [AskAnother, ConfirmAsked()], ConfirmAsked() },
        { "another was asked since", "email-link-used", [AskAnother, AskAnother with { Email = "h@port.example" }], ConfirmAsked() },
        { "the password was set since", "email-link-used", [AskAnother, new ChangePassword { Id = Guid.NewGuid(), By = Hugo, Password = Hash }], ConfirmAsked() },
        { "the account was disabled and enabled since", "email-link-used", [AskAnother, new DisableOperator(HugoId) { Id = Guid.NewGuid(), By = Claire }, new EnableOperator(HugoId) { Id = Guid.NewGuid(), By = Claire }], ConfirmAsked() },
        { "the account is disabled", "operator-unknown", [AskAnother, new DisableOperator(HugoId) { Id = Guid.NewGuid(), By = Claire }], ConfirmAsked() },
        { "it is confirmed by someone else", "operator-unknown", [AskAnother], ConfirmAsked() with { By = Claire } },
        { "a colleague has it by now", "email-taken@email", [AskAnother, new AskEmailChange("hugo.petit@port.example") { Id = Guid.NewGuid(), By = Claire }, new ConfirmEmailChange(ClaireId, 1) { Id = Guid.NewGuid(), By = Claire }], ConfirmAsked() },
    };

    [Theory, MemberData(nameof(BadConfirmations))]
    public void An_address_is_not_confirmed_when(string situation, string refusals, Command[] before, ConfirmEmailChange confirm) =>
        Assert.True(refusals == HouseOfTwo.After(before).Refusals(confirm), situation);

    [Fact]
    public void An_address_can_be_confirmed_for_a_day()
    {
        var asked = HouseOfTwo.After(AskAnother);
        Assert.Equal("", asked.Refusals(ConfirmAsked(), Now.AddDays(1).AddTicks(-1)));
        Assert.Equal("email-link-expired", asked.Refusals(ConfirmAsked(), Now.AddDays(1)));
    }

    [Fact]
    public void An_address_that_was_changed_is_free_again()
    {
        var state = HouseOfTwo.After(AskAnother, ConfirmAsked());
        Assert.Equal("", state.Refusals(InviteHugo with { OperatorId = "01h1da00000000000000" }));
    }

    [Fact]
    public void Everyone_signs_themselves_out_and_administrators_anyone()
    {
        Assert.Equal("", HouseOfTwo.Refusals(new SignOutEverywhere(HugoId) { Id = Guid.NewGuid(), By = Hugo }));
        Assert.Equal("", HouseOfTwo.Refusals(new SignOutEverywhere(HugoId) { Id = Guid.NewGuid(), By = Claire }));
        Assert.Equal("operator-not-yourself", HouseOfTwo.Refusals(new SignOutEverywhere(ClaireId) { Id = Guid.NewGuid(), By = Hugo }));
    }

    public static TheoryData<string, CreateToken> BadTokens => new()
    {
        { "name-missing@name", Token with { Name = " " } },
        { "text-not-one-line@name", Token with { Name = "a\nb" } },
        { "token-role@role", Token with { Role = Role.Administrator } },
        { "expiry-past@expires", Token with { Expires = Now } },
        { "id-invalid@hint", Token with { Hint = "long-secret" } },
        { "id-invalid@token", Token with { TokenId = "x" } },
    };

    [Theory, MemberData(nameof(BadTokens))]
    public void A_bad_token_names_its_fields(string refusals, CreateToken create) => Assert.Equal(refusals, House.Refusals(create));

    [Fact]
    public void A_token_is_revoked_once_and_its_id_is_never_used_again()
    {
        var state = House.After(Token, new RevokeToken(TokenId) { Id = Guid.NewGuid(), By = Claire });
        Assert.True(state.Tokens[0].Revoked);
        Assert.Empty(OrganisationCore.Decide(state, new RevokeToken(TokenId) { Id = Guid.NewGuid(), By = Claire }, Now).Events);
        Assert.Equal("id-invalid@token", state.Refusals(Token));
    }

    [Fact]
    public void Old_tokens_that_no_longer_work_make_room_for_new_ones()
    {
        var state = House;
        for (var i = 0; i < 150; i++)
        {
            var id = Ids.New(Now.AddSeconds(i), new byte[7]);
            state = state.After(Token with { TokenId = id }, new RevokeToken(id) { Id = Guid.NewGuid(), By = Claire });
        }
        Assert.Equal(OrganisationRules.MostTokensKept, state.Tokens.Length);
        Assert.Equal(Ids.New(Now.AddSeconds(149), new byte[7]), state.Tokens[0].Id);
    }

    public static TheoryData<Command> WithoutEffectTheSecondTime =>
    [
        new ChangeOrganisation(Details, 1) { Id = Guid.NewGuid(), By = Claire },
        new ChangeOperator(HugoId, "Hugo Petit", Role.BoxOffice) { Id = Guid.NewGuid(), By = Claire },
        new ChangeAccount("Hugo Petit", Language.English) { Id = Guid.NewGuid(), By = Hugo },
        new EnableOperator(HugoId) { Id = Guid.NewGuid(), By = Claire },
    ];

    [Theory, MemberData(nameof(WithoutEffectTheSecondTime))]
    public void What_changes_nothing_leaves_no_trace(Command command)
    {
        var decision = OrganisationCore.Decide(HouseOfTwo, command, Now);
        Assert.False(decision.IsRefused);
        Assert.Empty(decision.Events);
        Assert.Empty(decision.Effects);
    }

    [Theory]
    [InlineData("court", "password-too-short")]
    [InlineData("aaaaaaaaaaaaaa", "password-too-simple")]
    [InlineData("claire@port.example", "password-too-simple")]
    [InlineData("Claire Morin", "password-too-simple")]
    [InlineData("un mot de passe à moi", null)]
    public void A_password_is_long_enough_and_not_the_name(string password, string? refusal) =>
        Assert.Equal(refusal, Passwords.Refused(password, "claire@port.example", "Claire Morin")?.Code);

    [Fact]
    public void A_password_has_a_greatest_length() =>
        Assert.Equal("password-too-long", Passwords.Refused(string.Concat(Enumerable.Repeat("abcdefghij", 21)), "a@b.example", "A")?.Code);

    [Fact]
    public void A_hash_cannot_be_written_down_by_mistake()
    {
        Assert.ThrowsAny<NotSupportedException>(() => Json.Write(Hash));
        Assert.DoesNotContain(Hash.Value, Found.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Hash.Value, Json.WriteAs(Found), StringComparison.Ordinal);
        var events = OrganisationCore.Decide(OrganisationState.Empty, Found, Now).Events;
        Assert.DoesNotContain(Hash.Value, Json.Write(events), StringComparison.Ordinal);
        Assert.DoesNotContain(Hash.Value, events[0].ToString(), StringComparison.Ordinal);
    }
}
