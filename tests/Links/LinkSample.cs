using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Organisations;
using Guichet.Sessions;

namespace Guichet.Tests.Links;

/// <summary>A theatre that sends, a promoter that receives, a stranger, and links between them in every state.</summary>
public static class LinkSample
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 30, 0, TimeSpan.Zero);
    public static readonly AggregateId Key = new("links", "theatre", "link-1");
    public static readonly Actor Theatre = new("theatre", "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);
    public static readonly Actor Promoter = new("promoter", "marc", ActorKind.Operator, "Marc Petit", Role.BoxOffice);
    public static readonly Actor Stranger = new("elsewhere", "eve", ActorKind.Operator, "Eve", Role.Administrator);
    public static readonly LinkSecret Secret = new(new string('s', LinkSecret.Length));

    public static readonly SessionFacts Sent = new(
        new SessionCard("session-s", "Le Misanthrope", new DateTime(2026, 12, 4, 20, 30, 0), "Europe/Paris", "Théâtre du Port"),
        false, true, null, null, null, "EUR",
        [new Category("or", "Carré or", 100), new Category("balcon", "Balcon", 50)],
        [new Channel("guichet", "Guichet"), new Channel("fnac", "Fnac")]);

    public static readonly SessionFacts Own = Sent with { Card = Sent.Card with { Id = "session-r", Title = "Misanthrope (Le)" }, Shareable = false };

    public static readonly LinkFacts Facts = new(
        new PartyFacts("theatre", "Théâtre du Port", true), new PartyFacts("promoter", "Productions du Large", true), Sent, Own, null, null);

    public static readonly Receiving Matched = new("session-r", false);

    public static RequestLink Offer(LinkTerms? terms = null) =>
        new(LinkSide.Sender, "promoter", null, "session-s", null, null, terms ?? LinkTerms.Totals, "Comme convenu", null) { Id = Guid.NewGuid(), By = Theatre };

    public static RequestLink AskFor(string? session = "session-s", string? description = null) =>
        new(LinkSide.Receiver, "theatre", null, session, description, Matched, LinkTerms.Totals, null, null) { Id = Guid.NewGuid(), By = Promoter };

    public static RequestLink GiveOutside(OutsideDelivery delivery = OutsideDelivery.Webhook) => new(
        LinkSide.Sender, null,
        new OutsideCounterpart("Mairie de Rennes", "culture@rennes.example", Language.French, delivery, delivery == OutsideDelivery.Webhook ? "https://rennes.example/in" : null),
        "session-s", null, null, LinkTerms.Totals, null, null, Secret)
    {
        Id = Guid.NewGuid(),
        By = Theatre,
    };

    public static T By<T>(this T command, Actor actor) where T : Command => command with { Id = Guid.NewGuid(), By = actor };

    public static AcceptLink Accept(Actor by) =>
        new(by == Promoter ? Matched : null, null, null) { Id = Guid.NewGuid(), By = by };

    public static Decision<LinkEvent> Decide(this LinkState state, Command command, LinkFacts? facts = null, DateTimeOffset? now = null) =>
        LinkCore.Decide(state, command, facts ?? Facts, Key, now ?? Now);

    /// <summary>The state after the commands, none of which may be refused.</summary>
    public static LinkState After(this LinkState state, params ReadOnlySpan<Command> commands)
    {
        foreach (var command in commands)
        {
            var decision = state.Decide(command, command is RequestLink { Outside: not null } ? Facts with { Receiver = null } : null);
            Assert.Empty(decision.Refusals);
            state = decision.Events.Aggregate(state, LinkCore.Apply);
        }
        return state;
    }

    public static readonly LinkState Offered = LinkState.Empty.After(Offer());
    public static readonly LinkState AskedFor = LinkState.Empty.After(AskFor());
    public static readonly LinkState Accepted = Offered.After(Accept(Promoter));
    public static readonly LinkState Outside = LinkState.Empty.After(GiveOutside());

    public static LinkState InStatus(LinkStatus status) => status switch
    {
        LinkStatus.Requested => Offered,
        LinkStatus.Accepted => Accepted,
        LinkStatus.Suspended => Accepted.After(Suspend(Theatre)),
        LinkStatus.Refused => Offered.After(new RefuseLink(null) { Id = Guid.NewGuid(), By = Promoter }),
        LinkStatus.Withdrawn => Offered.After(new WithdrawLink { Id = Guid.NewGuid(), By = Theatre }),
        LinkStatus.Expired => Offered.Decide(new ExpireLink { Id = Guid.NewGuid(), By = Actor.System("links") }, null, Now.AddDays(30)).Events.Aggregate(Offered, LinkCore.Apply),
        _ => Accepted.After(Cancel(Theatre)),
    };

    public static SuspendLink Suspend(Actor by) => new((string?)null) { Id = Guid.NewGuid(), By = by };

    public static ResumeLink Resume(Actor by) => new() { Id = Guid.NewGuid(), By = by };

    public static CancelLink Cancel(Actor by) => new((string?)null) { Id = Guid.NewGuid(), By = by };

    public static string Codes(this Decision<LinkEvent> decision) =>
        string.Join(" ", decision.Refusals.Select(refusal => refusal.Field is null ? refusal.Code : $"{refusal.Code}@{refusal.Field}"));
}
