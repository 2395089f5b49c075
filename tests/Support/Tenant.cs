using Guichet.Organisations;
using Guichet.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Support;

/// <summary>An organisation with people and programs who may act for it.</summary>
/// <param name="Token">Of a program with the role box office.</param>
/// <param name="ReaderToken">Of one that only reads.</param>
/// <param name="Cookie">The secret of the administrator's web session.</param>
/// <param name="ReaderCookie">Of an operator who only reads.</param>
public sealed record Tenant(string Id, string Name, Actor Administrator, string Token, string ReaderToken, string Cookie, string ReaderCookie)
{
    public const string Password = "a long enough password";

    /// <summary>Founds it through its grain, as the product does.</summary>
    /// <param name="listed">Others find it when they look for whom to link with.</param>
    public static async Task<Tenant> Found(TestNode node, string id, string name, bool administersInstallation = false, bool listed = false)
    {
        var administrator = new Actor(id, Ids.New(TimeProvider.System), ActorKind.Operator, $"Claire of {name}", Role.Administrator);
        var reader = new Actor(id, Ids.New(TimeProvider.System), ActorKind.Operator, $"Hugo of {name}", Role.Reader);
        var password = await node.Services.GetRequiredService<Passwords>().Hash(Password, CancellationToken.None);
        var grain = node.Grains.GetGrain<IOrganisationGrain>(OrganisationKey.Of(id));
        using (Caller.As(Actor.System("tests")))
            (await grain.Found(new FoundOrganisation(
                new OrganisationDetails(name, "Brest", "Europe/Paris", "EUR", listed), administrator.Id, $"claire@{id}.example", administrator.Name, Language.Browser)
            { Id = Guid.NewGuid(), By = Actor.System("tests"), Password = password, AdministersInstallation = administersInstallation })).Expect();
        using (Caller.As(administrator))
            (await grain.Invite(new InviteOperator(reader.Id, $"hugo@{id}.example", reader.Name, Role.Reader, Language.Browser) { Id = Guid.NewGuid(), By = administrator })).Expect();
        using (Caller.As(reader))
            (await grain.AcceptInvitation(new AcceptInvitation(reader.Id, 1, reader.Name, Language.Browser) { Id = Guid.NewGuid(), By = reader, Password = password })).Expect();
        return new Tenant(
            id, name, administrator,
            await MakeToken(grain, administrator, Role.BoxOffice, Ids.New(TimeProvider.System), "Program (BoxOffice)"),
            await MakeToken(grain, administrator, Role.Reader, Ids.New(TimeProvider.System), "Program (Reader)"),
            await SignIn(node, administrator, name, password), await SignIn(node, reader, name, password));
    }

    public T Grain<T>(TestNode node, string id) where T : IGrainWithStringKey => node.Grains.GetGrain<T>(GrainKey.Of(Id, id));

    /// <summary>A show with one session on sale, by their ids.</summary>
    public async Task<(string Show, string Session)> Play(TestNode node, string title)
    {
        var (show, session) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System));
        using var _ = Caller.As(Administrator);
        (await Grain<IShowGrain>(node, show).Create(new CreateShow(new ShowDetails(title, null, null, null)) { Id = Guid.NewGuid(), By = Administrator })).Expect();
        (await Grain<ISessionGrain>(node, session).Create(new CreateSession(
            Tests.Sessions.Sample.Details with { ShowId = show, Place = $"{title} Hall" }, OnSale: true)
        { Id = Guid.NewGuid(), By = Administrator })).Expect();
        return (show, session);
    }

    public static async Task<string> MakeToken(IOrganisationGrain grain, Actor administrator, Role role, string id, string name)
    {
        var token = Secrets.TokenPrefix + Secrets.New();
        using var _ = Caller.As(administrator);
        (await grain.CreateToken(new CreateToken(id, name, role, null, token[^4..])
        { Id = Guid.NewGuid(), By = administrator, Hash = new SecretHash(Convert.ToHexStringLower(Secrets.Hash(token))) })).Expect();
        return token;
    }

    private static async Task<string> SignIn(TestNode node, Actor who, string name, SecretHash password) =>
        await node.Services.GetRequiredService<WebSessions>().Start(new Membership(who.Organisation, name, who.Id, Membership.ProofOf(password)), "tests", CancellationToken.None)
        ?? throw new InvalidOperationException("No session was started.");
}

internal static class Outcomes
{
    public static T Expect<T>(this Outcome<T> outcome) => outcome.Accepted;
}
