using System.Collections.Concurrent;
using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Mail;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Links;

/// <summary>A theatre and a promoter on one installation, with the real grains on a real database; each test has its own two.</summary>
public sealed class LinkWorld : IAsyncDisposable
{
    private readonly TestDatabase database;

    private LinkWorld(TestDatabase database) => this.database = database;

    public ManualTime Time { get; } = new(LinkSample.Now);

    /// <summary>What happens to versions on their way from one session to another.</summary>
    public Wire Wire { get; } = new();

    public Mailbox Mail { get; } = new();

    public TestSilo Node { get; private set; } = null!;

    public Actor Theatre { get; private set; } = null!;

    public Actor Promoter { get; private set; } = null!;

    public LinkQueries Queries => Node.Services.GetRequiredService<LinkQueries>();

    public LinkSweep Sweep => Node.Services.GetRequiredService<LinkSweep>();

    public static async Task<LinkWorld> Start(TestDatabase database)
    {
        var world = new LinkWorld(database);
        world.Node = await world.StartNode();
        world.Theatre = await world.Found("Théâtre du Port");
        world.Promoter = await world.Found("Productions du Large");
        await world.Node.DrainOutbox();
        return world;
    }

    public Task<TestSilo> StartNode() => TestSilo.Start(database.Product, Time, services =>
    {
        services.AddSingleton<IMailTransport>(Mail);
        services.AddSingleton(new WebhookOptions { AllowLoopback = true });
        Wire.CutInto(services);
    });

    /// <summary>The node dies with everything that it hadn't written, and another comes up.</summary>
    public async Task Restart()
    {
        await Node.DisposeAsync();
        Node = await StartNode();
    }

    public async Task<Actor> Found(string name)
    {
        var id = Ids.New(TimeProvider.System);
        using var caller = Caller.As(Actor.System("tests"));
        var founded = await Node.Grains.GetGrain<IOrganisationGrain>(OrganisationKey.Of(id)).Found(new FoundOrganisation(
            new OrganisationDetails(name, "Rennes", "Europe/Paris", "EUR", Listed: true), Ids.New(TimeProvider.System), $"box@{id}.example", "Claire", Language.French)
        {
            Id = Guid.NewGuid(),
            By = Actor.System("tests"),
            Password = new SecretHash("x"),
        });
        Assert.Empty(founded.Refusals);
        return new Actor(id, "claire", ActorKind.Operator, $"Claire ({name})", Role.BoxOffice);
    }

    /// <summary>A session of this organisation's, on sale: two categories, two tariffs, two channels.</summary>
    public async Task<string> Session(Actor by, string title = "Le Misanthrope", bool shareable = false, string currency = "EUR", string place = "Théâtre du Port")
    {
        using var caller = Caller.As(by);
        var (show, id) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System));
        var made = await Node.Grains.GetGrain<IShowGrain>(GrainKey.Of(by.Organisation, show))
            .Create(new CreateShow(new ShowDetails(title, null, null, null)) { Id = Guid.NewGuid(), By = by });
        Assert.Empty(made.Refusals);
        var session = Node.Session(by.Organisation, id);
        var details = Sessions.Sample.Details with { ShowId = show, Currency = currency, Place = place };
        Assert.Empty((await session.Create(new CreateSession(details, OnSale: true) { Id = Guid.NewGuid(), By = by })).Refusals);
        if (shareable) Assert.Empty((await session.MakeShareable(new MakeSessionShareable(true) { Id = Guid.NewGuid(), By = by })).Refusals);
        return id;
    }

    public async Task<Outcome<TallyReceipt>> Validate(Actor by, string session, params TallyLine[] lines)
    {
        using var caller = Caller.As(by);
        return await Node.Session(by.Organisation, session).Validate(new ValidateTally([.. lines], TallySource.Typed, null, null, null, true, true) { Id = Guid.NewGuid(), By = by });
    }

    public Task Sell(string session, int sold) => Validate(Theatre, session, Sessions.Sample.Line(sold, gross: sold * 4500L));

    public async Task<SessionView> View(Actor by, string session)
    {
        using var caller = Caller.As(by);
        return (await Node.Session(by.Organisation, session).View())!;
    }

    public async Task<LinkView?> Link(Actor by, string link)
    {
        using var caller = Caller.As(by);
        return await Grain(link).View();
    }

    /// <summary>Sends the command to the theatre's link, by its own sender.</summary>
    public async Task<Outcome<Done>> Send(string link, Command command)
    {
        using var caller = Caller.As(command.By);
        var grain = Grain(link);
        return command switch
        {
            RequestLink request => await grain.Request(request),
            AcceptLink accept => await grain.Accept(accept),
            RefuseLink refuse => await grain.Refuse(refuse),
            WithdrawLink withdraw => await grain.Withdraw(withdraw),
            SuspendLink suspend => await grain.Suspend(suspend),
            ResumeLink resume => await grain.Resume(resume),
            CancelLink cancel => await grain.Cancel(cancel),
            RotateLinkSecret rotate => await grain.RotateSecret(rotate),
            ChangeLinkWebhook change => await grain.ChangeWebhook(change),
            _ => throw new ArgumentException(command.GetType().Name, nameof(command)),
        };
    }

    public async Task<string> Offer(string session, LinkTerms? terms = null)
    {
        var link = Ids.New(TimeProvider.System);
        Assert.Empty((await Send(link, new RequestLink(
            LinkSide.Sender, Promoter.Organisation, null, session, null, null, terms ?? LinkTerms.Totals, null, null)
        { Id = Guid.NewGuid(), By = Theatre })).Refusals);
        return link;
    }

    /// <summary>A live link from the theatre's session into a new one of the promoter's.</summary>
    public async Task<(string Link, string Receiving)> Linked(string session, LinkTerms? terms = null)
    {
        var link = await Offer(session, terms);
        var receiving = Ids.New(TimeProvider.System);
        Assert.Empty((await Send(link, new AcceptLink(new Receiving(receiving, true), null, null) { Id = Guid.NewGuid(), By = Promoter })).Refusals);
        await Node.DrainOutbox();
        return (link, receiving);
    }

    public async Task<(string Link, LinkSecret Secret)> GivenOutside(string session, OutsideDelivery delivery, string? url, LinkTerms? terms = null)
    {
        var link = Ids.New(TimeProvider.System);
        var secret = LinkSecret.New();
        var outside = new OutsideCounterpart("Mairie de Rennes", "culture@rennes.example", Language.French, delivery, url);
        Assert.Empty((await Send(link, new RequestLink(
            LinkSide.Sender, null, outside, session, null, null, terms ?? LinkTerms.Totals, null, null, secret)
        { Id = Guid.NewGuid(), By = Theatre })).Refusals);
        await Node.DrainOutbox();
        return (link, secret);
    }

    public SuspendLink Suspend(Actor by) => new((string?)null) { Id = Guid.NewGuid(), By = by };

    public ResumeLink Resume(Actor by) => new() { Id = Guid.NewGuid(), By = by };

    public CancelLink Cancel(Actor by) => new((string?)null) { Id = Guid.NewGuid(), By = by };

    /// <summary>Waits for what other threads are about to do; the sign is looked for, not a time waited.</summary>
    public static async Task Until(Func<Task<bool>> sign)
    {
        for (var left = 2_000; left > 0; left--)
        {
            if (await sign()) return;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
        Assert.Fail("What was waited for didn't come about.");
    }

    public Task UntilReceived(string receiving, int sourceVersion) => Until(async () => (await View(Promoter, receiving)).Incoming?.SourceVersion == sourceVersion);

    /// <summary>Everything on the wire has been taken: a message behind it has come through, and been dealt with.</summary>
    public async Task Settled(string receiving)
    {
        using var caller = Caller.As(Promoter);
        await Until(() => Task.FromResult(Wire.IsIdle));
        await Node.Session(Promoter.Organisation, receiving).View();
    }

    public async ValueTask DisposeAsync() => await Node.DisposeAsync();

    private ILinkGrain Grain(string link) => Node.Grains.GetGrain<ILinkGrain>(GrainKey.Of(Theatre.Organisation, link));

    public sealed class Mailbox : IMailTransport
    {
        private readonly ConcurrentQueue<OutgoingMail> sent = new();

        public ImmutableArray<OutgoingMail> Sent => [.. sent];

        public Task<MailReceipt> Send(OutgoingMail mail, CancellationToken cancellation)
        {
            sent.Enqueue(mail);
            return Task.FromResult(new MailReceipt("250 kept"));
        }
    }
}
