using System.Collections.Immutable;
using Guichet.Feed;
using Guichet.Journal;
using Orleans.Concurrency;

namespace Guichet.Organisations;

[Reentrant]
public sealed class OrganisationGrain : AggregateGrain<OrganisationState, OrganisationEvent>, IOrganisationGrain
{
    protected override string Kind => "organisations";

    protected override OrganisationState Empty => OrganisationState.Empty;

    protected override Decision<OrganisationEvent> Decide(OrganisationState state, Command command, DateTimeOffset now) =>
        OrganisationCore.Decide(state, command, now);

    protected override OrganisationState Apply(OrganisationState state, OrganisationEvent happened) => OrganisationCore.Apply(state, happened);

    protected override IEnumerable<Row> RowsOf(OrganisationEvent happened, OrganisationState after) => OrganisationRows.Of(Aggregate.Organisation, happened);

    public Task<OrganisationView?> View() => Task.FromResult(State.Details is null
        ? null
        : new OrganisationView(Aggregate.Organisation, State.Revision, State.Details, [.. State.Operators.Select(entry => entry.Profile)], State.Tokens));

    public Task<Outcome<Done>> Found(FoundOrganisation command) => Execute<Done>(command);

    public Task<Outcome<Done>> Change(ChangeOrganisation command) => Execute<Done>(command);

    public Task<Outcome<Done>> Invite(InviteOperator command) => Execute<Done>(command);

    public Task<Outcome<Done>> InviteAgain(InviteOperatorAgain command) => Execute<Done>(command);

    public Task<Outcome<Done>> AcceptInvitation(AcceptInvitation command) => Execute<Done>(command);

    public Task<Outcome<Done>> ChangeOperator(ChangeOperator command) => Execute<Done>(command);

    public Task<Outcome<Done>> DisableOperator(DisableOperator command) => Execute<Done>(command);

    public Task<Outcome<Done>> EnableOperator(EnableOperator command) => Execute<Done>(command);

    public Task<Outcome<Done>> ChangeAccount(ChangeAccount command) => Execute<Done>(command);

    public Task<Outcome<Done>> ChangePassword(ChangePassword command) => Execute<Done>(command);

    public Task<Outcome<Done>> AskEmailChange(AskEmailChange command) => Execute<Done>(command);

    public Task<Outcome<Done>> ConfirmEmailChange(ConfirmEmailChange command) => Execute<Done>(command);

    public Task<Outcome<Done>> ResetPassword(ResetPassword command) => Execute<Done>(command);

    public Task<Outcome<Done>> SignOutEverywhere(SignOutEverywhere command) => Execute<Done>(command);

    public Task<Outcome<Done>> CreateToken(CreateToken command) => Execute<Done>(command);

    public Task<Outcome<Done>> RevokeToken(RevokeToken command) => Execute<Done>(command);

    /// <summary>Nodes forget what they had remembered of whom it concerns; where sessions were ended, open pages close.</summary>
    protected override async Task Committed(OrganisationState before, OrganisationState after, ImmutableArray<OrganisationEvent> events)
    {
        var streams = this.GetStreamProvider(LiveStreams.Provider);
        var access = streams.AccessChanges();
        foreach (var happened in events)
        {
            // First the nodes forget, so that a page that was told that it is signed out finds it so.
            if (Concerned(happened) is { } concerned) await access.OnNextAsync(new AccessChanged(Aggregate.Organisation, concerned));
            if (SignedOut(happened) is { } left)
                await streams.Feed(Aggregate.Organisation).OnNextAsync(new SignedOut(Aggregate.Organisation, Time.GetUtcNow(), left));
        }
    }

    private static string? Concerned(OrganisationEvent happened) => happened switch
    {
        OrganisationChanged => AccessChanged.Everyone,
        OperatorChanged changed => changed.OperatorId,
        AccountChanged changed => changed.OperatorId,
        EmailChanged changed => changed.OperatorId,
        TokenRevoked revoked => revoked.TokenId,
        _ => SignedOut(happened),
    };

    /// <summary>Whose web sessions the event ended, by its rows.</summary>
    private static string? SignedOut(OrganisationEvent happened) => happened switch
    {
        PasswordSet set => set.OperatorId,
        OperatorDisabled disabled => disabled.OperatorId,
        SignedOutEverywhere left => left.OperatorId,
        _ => null,
    };
}
