using System.Collections.Immutable;
using System.Globalization;
using Guichet.Links;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Tallies;
using Orleans.Runtime;

namespace Guichet.Simulation;

/// <summary>One thing that a world's people do, or that goes wrong for them. A history is shrunk by leaving some out.</summary>
/// <param name="At">Since the world began, which is nine in the morning.</param>
public abstract record Step(TimeSpan At)
{
    /// <summary>How often people try before they give up, unless they are in a hurry.</summary>
    public const int Patience = 12;

    public int Number { get; init; }

    /// <summary>How often what it sends is tried.</summary>
    public int Tries { get; init; } = Patience;

    /// <summary>Until when it lasts: the world doesn't come to its end before.</summary>
    public virtual TimeSpan Ends => At;

    public abstract string Who { get; }

    public abstract string What { get; }

    /// <param name="chance">The step's own: it does the same whatever other steps there are.</param>
    public abstract Task Do(World world, Random chance);

    protected static string Text(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s");
}

public sealed record MakeSession(TimeSpan At, PlannedSession Session) : Step(At)
{
    public override string Who => Session.Owner.Name;

    public override string What => $"puts {Session.Title} on sale";

    public override async Task Do(World world, Random chance)
    {
        var by = Session.Owner.Operator;
        await world.Send(this, by, world.Show(Session), new CreateShow(new ShowDetails(Session.Title, null, null, null)) { Id = world.NewId(chance), By = by }, (grain, command) => grain.Create(command));
        var details = new SessionDetails(
            Session.ShowId, null, "Grande salle", Slot.All[0].Local, Slot.All[0].Zone, "EUR",
            [new Category("or", "Carré or", 100), new Category("balcon", "Balcon", 50)],
            [new Tariff("plein", "Plein", 4500), new Tariff("reduit", "Réduit", 3000)], [],
            [new Channel("guichet", "Guichet"), new Channel("fnac", "Fnac")]);
        await world.Send(this, by, world.Session(Session), new CreateSession(details, OnSale: true) { Id = world.NewId(chance), By = by }, (grain, command) => grain.Create(command));
        await world.Send(this, by, world.Session(Session), new MakeSessionShareable(true) { Id = world.NewId(chance), By = by }, (grain, command) => grain.MakeShareable(command));
    }
}

/// <param name="Clicks">How often the button is pressed at once.</param>
/// <param name="Reads">Based on the version that the operator has just seen, so that another's is noticed.</param>
public sealed record ValidateATally(TimeSpan At, PlannedSession Session, ImmutableArray<TallyLine> Lines, int Clicks, bool Reads) : Step(At)
{
    public override string Who => Session.Owner.Name;

    public override string What => $"validates a tally of {Session.Title}: {Lines.Sum(line => line.Sold)} sold{(Clicks > 1 ? ", clicking twice" : "")}";

    public override async Task Do(World world, Random chance)
    {
        var by = Session.Owner.Operator;
        int? basedOn = null;
        if (Reads) basedOn = (await world.Look(this, by, Session))?.Current?.Version ?? 0;
        var command = new ValidateTally(Lines, TallySource.Typed, null, null, basedOn, true, true) { Id = world.NewId(chance), By = by };
        world.Model.Intends(command.Id, by, Session, Lines);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, Clicks).Select(_ => world.Send(this, by, world.Session(Session), command, (grain, command) => grain.Validate(command))));
        // Who gives up looks whether it is there.
        if (outcomes.All(outcome => outcome is null)) await world.Look(this, by, Session);
    }
}

/// <summary>One id for two contents: the second is a mistake of its sender's, and must be told so.</summary>
public sealed record ReuseACommand(TimeSpan At, PlannedSession Session, ImmutableArray<TallyLine> Lines, ImmutableArray<TallyLine> Other) : Step(At)
{
    public override string Who => Session.Owner.Name;

    public override string What => $"validates a tally of {Session.Title} and sends another under the same id";

    public override async Task Do(World world, Random chance)
    {
        var by = Session.Owner.Operator;
        var command = new ValidateTally(Lines, TallySource.Api, "feed", null, null, true, true) { Id = world.NewId(chance), By = by };
        world.Model.Intends(command.Id, by, Session, Lines);
        var first = await world.Send(this, by, world.Session(Session), command, (grain, command) => grain.Validate(command));
        if (first is null || !world.Model.IsJournaled(command.Id)) return;
        var second = await world.Send(this, by, world.Session(Session), command with { Lines = Other, Note = "other" }, (grain, command) => grain.Validate(command), sameContent: false);
        if (second is not null && (!second.IsRefused || second.Refusals[0].Code != "command-reused")) world.Model.Fail("a command id was taken with two contents");
    }
}

public sealed record SaveADraft(TimeSpan At, PlannedSession Session, ImmutableArray<TallyLine> Lines) : Step(At)
{
    public override string Who => Session.Owner.Name;

    public override string What => $"saves a draft of {Session.Title}";

    public override Task Do(World world, Random chance) => world.Send(
        this, Session.Owner.Operator, world.Session(Session),
        new SaveDraft(Lines, TallySource.Typed, null, null, 0) { Id = world.NewId(chance), By = Session.Owner.Operator }, (grain, command) => grain.SaveDraft(command));
}

/// <param name="To">When it is played from now on, and in which zone; null for another room only.</param>
public sealed record MoveASession(TimeSpan At, PlannedSession Session, Slot? To) : Step(At)
{
    public override string Who => Session.Owner.Name;

    public override string What => To is null ? $"moves {Session.Title} to another room" : string.Create(CultureInfo.InvariantCulture, $"moves {Session.Title} to {To.Local:s} in {To.Zone}");

    public override async Task Do(World world, Random chance)
    {
        var by = Session.Owner.Operator;
        if (await world.Look(this, by, Session) is not { } view) return;
        var details = To is null ? view.Details with { Place = $"Salle {chance.Next(1, 9)}" } : view.Details with { LocalStart = To.Local, Zone = To.Zone };
        var command = new ChangeSession(details, view.Revision) { Id = world.NewId(chance), By = by };
        await world.Send(this, by, world.Session(Session), command, (grain, command) => grain.Change(command));
    }
}

public sealed record CloseASession(TimeSpan At, PlannedSession Session, bool Cancels) : Step(At)
{
    public override string Who => Session.Owner.Name;

    public override string What => $"{(Cancels ? "cancels" : "closes")} {Session.Title}";

    public override Task Do(World world, Random chance)
    {
        var by = Session.Owner.Operator;
        return Cancels
            ? world.Send(this, by, world.Session(Session), new CancelSession("ill") { Id = world.NewId(chance), By = by }, (grain, command) => grain.Cancel(command))
            : world.Send(this, by, world.Session(Session), new CloseSession { Id = world.NewId(chance), By = by }, (grain, command) => grain.Close(command));
    }
}

public sealed record Look(TimeSpan At, PlannedSession Session) : Step(At)
{
    public override string Who => Session.Owner.Name;

    public override string What => $"looks at {Session.Title}";

    public override Task Do(World world, Random chance) => world.Look(this, Session.Owner.Operator, Session);
}

public abstract record LinkStep(TimeSpan At, PlannedLink Link) : Step(At)
{
    protected abstract Actor By { get; }

    public override string Who => By.Name["Operator of ".Length..];

    protected string Named => $"{Link.Name} ({Link.Sender.Name} → {Link.Receiver?.Name ?? "a webhook"}{(Link.Into is null ? "" : $", into {Link.Into.Title}")})";

    /// <summary>Some click twice; who gives up looks how it is.</summary>
    protected async Task Send<T>(World world, Random chance, T command, Func<ILinkGrain, T, Task<Outcome<Done>>> send) where T : Command
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, chance.Next(4) == 0 ? 2 : 1).Select(_ => world.Send(this, By, world.Link(Link), command, send)));
        if (outcomes.All(outcome => outcome is null)) await world.Ask(this, By, async () => await world.Link(Link).Grain().View());
    }
}

public sealed record AskForLink(TimeSpan At, PlannedLink Link) : LinkStep(At, Link)
{
    protected override Actor By => Link.By(Link.AskedBy);

    public override string What =>
        $"asks for {Named}, {(Link.Terms.Detail == LinkDetail.TotalsOnly ? "totals only" : "detailed")}{(Link.Terms.Categories.Length + Link.Terms.Channels.Length > 0 ? $" of {string.Join(" ", [.. Link.Terms.Categories, .. Link.Terms.Channels])}" : "")}";

    public override Task Do(World world, Random chance)
    {
        var sends = Link.AskedBy == LinkSide.Sender;
        var outside = Link.Receiver is null ? new OutsideCounterpart("Mairie", $"mairie{Link.Number}@example.org", Language.French, OutsideDelivery.Webhook, Link.Url) : null;
        return Send(world, chance, new RequestLink(
            Link.AskedBy, sends ? Link.Receiver?.Id : Link.Sender.Owner.Id, outside, Link.Sender.Id, null,
            sends ? null : new Receiving(Link.Receiving, Link.Into is null), sends ? Link.Terms : Link.Terms with { Categories = [], Channels = [] }, null,
            Link.ExpiresAfterDays, outside is null ? null : new LinkSecret(new string('s', LinkSecret.Length)))
        {
            Id = world.NewId(chance),
            By = By,
        }, (grain, command) => grain.Request(command));
    }
}

public sealed record AcceptALink(TimeSpan At, PlannedLink Link) : LinkStep(At, Link)
{
    protected override Actor By => Link.By(Link.AskedBy == LinkSide.Sender ? LinkSide.Receiver : LinkSide.Sender);

    public override string What => $"accepts {Named}";

    public override Task Do(World world, Random chance) => Send(world, chance, Link.AskedBy == LinkSide.Sender
        ? new AcceptLink(new Receiving(Link.Receiving, Link.Into is null), null, null) { Id = world.NewId(chance), By = By }
        : new AcceptLink(null, Link.Sender.Id, Link.Terms) { Id = world.NewId(chance), By = By }, (grain, command) => grain.Accept(command));
}

public sealed record RefuseALink(TimeSpan At, PlannedLink Link) : LinkStep(At, Link)
{
    protected override Actor By => Link.By(Link.AskedBy == LinkSide.Sender ? LinkSide.Receiver : LinkSide.Sender);

    public override string What => $"refuses {Named}";

    public override Task Do(World world, Random chance) => Send(world, chance, new RefuseLink("no") { Id = world.NewId(chance), By = By }, (grain, command) => grain.Refuse(command));
}

public sealed record WithdrawALink(TimeSpan At, PlannedLink Link) : LinkStep(At, Link)
{
    protected override Actor By => Link.By(Link.AskedBy);

    public override string What => $"withdraws {Named}";

    public override Task Do(World world, Random chance) => Send(world, chance, new WithdrawLink { Id = world.NewId(chance), By = By }, (grain, command) => grain.Withdraw(command));
}

public sealed record SuspendALink(TimeSpan At, PlannedLink Link, LinkSide Side) : LinkStep(At, Link)
{
    protected override Actor By => Link.By(Side);

    public override string What => $"suspends {Named}";

    public override Task Do(World world, Random chance) => Send(world, chance, new SuspendLink((string?)null) { Id = world.NewId(chance), By = By }, (grain, command) => grain.Suspend(command));
}

public sealed record ResumeALink(TimeSpan At, PlannedLink Link, LinkSide Side) : LinkStep(At, Link)
{
    protected override Actor By => Link.By(Side);

    public override string What => $"resumes {Named}";

    public override Task Do(World world, Random chance) => Send(world, chance, new ResumeLink { Id = world.NewId(chance), By = By }, (grain, command) => grain.Resume(command));
}

public sealed record EndALink(TimeSpan At, PlannedLink Link, LinkSide Side) : LinkStep(At, Link)
{
    protected override Actor By => Link.By(Side);

    public override string What => $"ends {Named}";

    public override Task Do(World world, Random chance) => Send(world, chance, new CancelLink((string?)null) { Id = world.NewId(chance), By = By }, (grain, command) => grain.Cancel(command));
}

public sealed record LookAtALink(TimeSpan At, PlannedLink Link) : LinkStep(At, Link)
{
    protected override Actor By => Link.By(LinkSide.Sender);

    public override string What => $"looks at {Named}";

    public override Task Do(World world, Random chance) => world.Ask(this, By, async () => await world.Link(Link).Grain().View());
}

/// <summary>Somebody tries what isn't theirs.</summary>
public sealed record Intrude(TimeSpan At, House House, PlannedSession Session, PlannedLink Link) : Step(At)
{
    public override string Who => House.Name;

    public override string What => $"tries to read {Session.Name} and {Link.Name}, and to write to them";

    public override async Task Do(World world, Random chance)
    {
        var by = House.Operator;
        if (House != Session.Owner)
        {
            await world.IsRefused(this, by, Session.Name, async () => await world.Session(Session).Grain().View());
            await world.IsRefused(this, by, Session.Name, async () => await world.Session(Session).Grain().Validate(new ValidateTally([], TallySource.Typed, null, null, null, true, true) { Id = world.NewId(chance), By = by }));
        }
        if (House == Link.Sender.Owner || House == Link.Receiver) return;
        var view = await world.Ask(this, by, async () => (Seen: await world.Link(Link).Grain().View(), Answered: true));
        if (view.Answered && view.Seen is not null) world.Model.Fail($"{House.Name} sees {Link.Name}, to which it is no party");
        var ended = await world.Ask(this, by, async () => await world.Link(Link).Grain().Cancel(new CancelLink((string?)null) { Id = world.NewId(chance), By = by }));
        if (ended is { IsRefused: false }) world.Model.Fail($"{House.Name} ended {Link.Name}, to which it is no party");
    }
}

/// <summary>What goes wrong.</summary>
public abstract record FaultStep(TimeSpan At) : Step(At)
{
    public override string Who => "fault";
}

public sealed record BeginTrouble(TimeSpan At, Fault Fault) : FaultStep(At)
{
    public override string What => Fault switch
    {
        CommitTrouble one => $"commits: {one.Fate}, {one.Percent} % of them for {Text(one.Lasts)}",
        ReadTrouble one => $"reads fail, {one.Percent} % of them for {Text(one.Lasts)}",
        CallTrouble one => $"calls between grains are slow, {one.Percent} % of them for {Text(one.Lasts)}",
        WireTrouble one => $"the stream between sessions {one.Fate}, {one.Percent} % for {Text(one.Lasts)}",
        MailTrouble one => $"the mail server {one.Fate}, {one.Percent} % for {Text(one.Lasts)}",
        WebhookTrouble one => $"the webhook {one.Fate}, {one.Percent} % for {Text(one.Lasts)}",
        _ => Fault.ToString(),
    };

    public override Task Do(World world, Random chance)
    {
        world.Misfortunes.Begin(Fault, chance.Next());
        return Task.CompletedTask;
    }
}

/// <param name="AfterTurns">It dies at whatever await that happens to be.</param>
public sealed record CrashTheNode(TimeSpan At, int AfterTurns, TimeSpan Down) : FaultStep(At)
{
    public override string What => $"the node dies {AfterTurns} turns later, and is down for {Text(Down)}";

    public override Task Do(World world, Random chance)
    {
        world.After(AfterTurns, () => world.Crash(Down));
        return Task.CompletedTask;
    }
}

public sealed record CrashAtAnAwait(TimeSpan At, Await Await, int AfterTurns, TimeSpan Down) : FaultStep(At)
{
    public override string What => $"the node dies {AfterTurns} turns after it next waits for {Text(Await)}, and is down for {Text(Down)}";

    public override Task Do(World world, Random chance)
    {
        world.CrashAt(Await, AfterTurns, Down);
        return Task.CompletedTask;
    }

    private static string Text(Await what) => what switch
    {
        Await.Store => "the database",
        Await.Outbox => "the outbox",
        Await.Stream => "a stream",
        _ => "a mail server or a webhook",
    };
}

public sealed record KillAGrain(TimeSpan At, IPlanned Planned, int AfterTurns) : FaultStep(At)
{
    public override string What => $"{Planned.Name}'s grain dies {AfterTurns} turns later";

    public override Task Do(World world, Random chance)
    {
        world.After(AfterTurns, () => world.KillGrain(Planned));
        return Task.CompletedTask;
    }
}

/// <summary>Two activations of one grain at once, as in a cluster that splits: some callers still go to the first.</summary>
public sealed record SplitAGrain(TimeSpan At, IPlanned Planned, TimeSpan Lasts) : FaultStep(At)
{
    public override string What => $"{Planned.Name} is alive twice for {Text(Lasts)}";

    public override async Task Do(World world, Random chance)
    {
        if (!world.Split(Planned)) return;
        await Task.Delay(Lasts, world.Time);
        world.Join(Planned);
    }
}

public sealed record SetTheClock(TimeSpan At, TimeSpan By) : FaultStep(At)
{
    public override string What => $"the clock is set by {Text(By)}";

    public override Task Do(World world, Random chance)
    {
        world.SetTheClock(By);
        return Task.CompletedTask;
    }
}

/// <summary>An aggregate of the plan's that faults strike.</summary>
public interface IPlanned
{
    string Name { get; }
    string Key { get; }
    IAddressable Reference(IGrainFactory grains);
}

public sealed record OfSession(PlannedSession Session) : IPlanned
{
    public string Name => Session.Name;
    public string Key => $"sessions/{Session.Owner.Id}/{Session.Id}";
    public IAddressable Reference(IGrainFactory grains) => grains.GetGrain<ISessionGrain>(GrainKey.Of(Session.Owner.Id, Session.Id));
}

public sealed record OfLink(PlannedLink Link) : IPlanned
{
    public string Name => Link.Name;
    public string Key => $"links/{Link.Sender.Owner.Id}/{Link.Id}";
    public IAddressable Reference(IGrainFactory grains) => grains.GetGrain<ILinkGrain>(GrainKey.Of(Link.Sender.Owner.Id, Link.Id));
}
