
namespace Guichet.Organisations;

/// <summary>A small house with one administrator to decide on.</summary>
internal static class People
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);

    public static readonly OrganisationDetails Details = new("Théâtre du Port", "Brest", "Europe/Paris", "EUR", true);
    public static readonly SecretHash Hash = new("hash-of-a-password");

    public const string Organisation = "01h00000000000000000";
    public const string ClaireId = "01hc1a1re00000000000";
    public const string HugoId = "01hhvg00000000000000";
    public const string TokenId = "01ht0ken000000000000";

    public static readonly Actor Claire = new(Organisation, ClaireId, ActorKind.Operator, "Claire Morin", Role.Administrator);
    public static readonly Actor Hugo = new(Organisation, HugoId, ActorKind.Operator, "Hugo Petit", Role.BoxOffice);

    public static FoundOrganisation Found => new(Details, ClaireId, "Claire@Port.example", "Claire Morin", Language.French)
    {
        Id = Guid.NewGuid(),
        By = Claire,
        Password = Hash,
    };

    public static InviteOperator InviteHugo => new(HugoId, "hugo@port.example", "Hugo Petit", Role.BoxOffice, Language.English) { Id = Guid.NewGuid(), By = Claire };

    public static AcceptInvitation HugoAccepts => new(HugoId, 1, "Hugo Petit", Language.English) { Id = Guid.NewGuid(), By = Hugo, Password = Hash };

    public static CreateToken Token => new(TokenId, "Billetterie", Role.BoxOffice, null, "x7k2") { Id = Guid.NewGuid(), By = Claire, Hash = new SecretHash("00ff") };

    /// <summary>Claire alone.</summary>
    public static OrganisationState House => OrganisationState.Empty.After(Found);

    /// <summary>Claire, and Hugo of the box office.</summary>
    public static OrganisationState HouseOfTwo => House.After(InviteHugo, HugoAccepts);

    /// <summary>The state after the commands, none of which may be refused.</summary>
    public static OrganisationState After(this OrganisationState state, params Command[] commands) => state.AfterAt(Now, commands);

    public static OrganisationState AfterAt(this OrganisationState state, DateTimeOffset now, params Command[] commands)
    {
        foreach (var command in commands)
        {
            var decision = OrganisationCore.Decide(state, command, now);
            Assert.Empty(decision.Refusals);
            state = decision.Events.Aggregate(state, OrganisationCore.Apply);
        }
        return state;
    }

    public static string Refusals(this OrganisationState state, Command command, DateTimeOffset? now = null) => string.Join(
        " ",
        OrganisationCore.Decide(state, command, now ?? Now).Refusals.Select(refusal => refusal.Field is null ? refusal.Code : $"{refusal.Code}@{refusal.Field}"));
}
