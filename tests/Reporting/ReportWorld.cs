using System.Collections.Concurrent;
using System.Collections.Immutable;
using Guichet.Mail;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Reporting;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Reporting;

/// <summary>A theatre with the real grains on a real database, and a mail server that does what a test says.</summary>
public sealed class ReportWorld : IAsyncDisposable
{
    private readonly TestDatabase database;
    private readonly Action<ReportWorld, IServiceCollection>? configure;

    private ReportWorld(TestDatabase database, Action<ReportWorld, IServiceCollection>? configure) => (this.database, this.configure) = (database, configure);

    public ManualTime Time { get; } = new(Sessions.Sample.Now);

    public Server Mail { get; } = new();

    public TestSilo Node { get; private set; } = null!;

    public Actor Claire { get; private set; } = null!;

    public ReportQueries Reports => Node.Services.GetRequiredService<ReportQueries>();

    public ReportLog Log => Node.Services.GetRequiredService<ReportLog>();

    /// <param name="configure">After everything else: another mail server, where mails come back to.</param>
    public static async Task<ReportWorld> Start(TestDatabase database, Action<ReportWorld, IServiceCollection>? configure = null)
    {
        var world = new ReportWorld(database, configure);
        world.Node = await world.StartNode();
        var id = Ids.New(TimeProvider.System);
        using var caller = Caller.As(Actor.System("tests"));
        Assert.Empty((await world.Node.Grains.GetGrain<IOrganisationGrain>(OrganisationKey.Of(id)).Found(new FoundOrganisation(
            new OrganisationDetails("Théâtre du Port", "Rennes", "Europe/Paris", "EUR", Listed: true), Ids.New(TimeProvider.System), $"box@{id}.example", "Claire", Language.French)
        { Id = Guid.NewGuid(), By = Actor.System("tests"), Password = new SecretHash("x") })).Refusals);
        world.Claire = new Actor(id, "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);
        await world.Node.DrainOutbox();
        world.Mail.Sent.Clear();
        return world;
    }

    private Task<TestSilo> StartNode() => TestSilo.Start(database.Product, Time, services =>
    {
        services.AddSingleton<IMailTransport>(Mail);
        configure?.Invoke(this, services);
    });

    /// <summary>The node dies with what it was doing, and another comes up.</summary>
    public async Task Restart()
    {
        await Node.DisposeAsync();
        Node = await StartNode();
    }

    public T Grain<T>(string id) where T : IGrainWithStringKey => Node.Grains.GetGrain<T>(GrainKey.Of(Claire.Organisation, id));

    public async Task<string> Session(int sold, string title = "Le Misanthrope", string? series = null)
    {
        using var caller = Caller.As(Claire);
        var (show, id) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System));
        Assert.Empty((await Grain<IShowGrain>(show).Create(new CreateShow(new ShowDetails(title, null, null, null)) { Id = Guid.NewGuid(), By = Claire })).Refusals);
        if (series is not null) Assert.Empty((await Grain<ISeriesGrain>(series).Create(new CreateSeries(show, "Abonnement") { Id = Guid.NewGuid(), By = Claire })).Refusals);
        Assert.Empty((await Grain<ISessionGrain>(id).Create(new CreateSession(Sessions.Sample.Details with { ShowId = show, SeriesId = series }, OnSale: true) { Id = Guid.NewGuid(), By = Claire })).Refusals);
        if (sold > 0) await Sell(id, sold);
        return id;
    }

    public async Task Sell(string session, int sold)
    {
        using var caller = Caller.As(Claire);
        Assert.Empty((await Grain<ISessionGrain>(session).Validate(new ValidateTally([Sessions.Sample.Line(sold, gross: sold * 4500L)], TallySource.Typed, null, null, null, true, true) { Id = Guid.NewGuid(), By = Claire })).Refusals);
    }

    public async Task<string> Partner(string name, string[] emails, params string[] sessions)
    {
        using var caller = Caller.As(Claire);
        var id = Ids.New(TimeProvider.System);
        Assert.Empty((await Grain<IPartnerGrain>(id).Create(new CreatePartner(new PartnerDetails(
            name, PartnerGroup.Partners, [.. emails.Select((email, i) => new PartnerAddress(email, i == 0 ? RecipientKind.To : RecipientKind.Cc, null))], Language.French, null))
        { Id = Guid.NewGuid(), By = Claire })).Refusals);
        if (sessions.Length > 0)
            Assert.Empty((await Grain<IPartnerGrain>(id).Associate(new AssociatePartner([.. sessions], []) { Id = Guid.NewGuid(), By = Claire })).Refusals);
        return id;
    }

    /// <summary>Sends and lets the node do all that is due.</summary>
    public async Task<string> Send(ReportScope scope, string? testTo = null)
    {
        using var caller = Caller.As(Claire);
        var id = Ids.New(TimeProvider.System);
        Assert.Empty((await Grain<IReportRunGrain>(id).Send(new SendReports(scope, Time.GetUtcNow(), null, null, testTo) { Id = Guid.NewGuid(), By = Claire })).Refusals);
        await Node.DrainOutbox();
        return id;
    }

    public async Task<ImmutableArray<LoggedDelivery>> Deliveries(string run) => await Log.Deliveries(Claire.Organisation, run, 0, 100);

    public async Task<string> States(string run) => string.Join(' ', (await Deliveries(run)).SelectMany(delivery => delivery.Mails).OrderBy(mail => mail.Email, StringComparer.Ordinal).Select(mail => $"{mail.Email}:{mail.State}"));

    public async Task<EnvelopeState> Envelope(string partner) => (await EnvelopeOf(partner)).State;

    public async Task<Envelope> EnvelopeOf(string partner) => (await Node.Services.GetRequiredService<PartnerQueries>().Find(Claire.Organisation, partner))!.Envelope;

    /// <summary>Partners' mails shall have no link to their page.</summary>
    public async Task LeaveLinksOut()
    {
        using var caller = Caller.As(Claire);
        Assert.Empty((await Grain<IReportTemplateGrain>(ReportTemplateId.Of(PartnerGroup.Partners)).Save(
            new SaveReportTemplate(ReportTemplate.Default with { LinksToPage = false }, 0) { Id = Guid.NewGuid(), By = Claire })).Refusals);
    }

    public async Task Resend(string run, bool inDoubt)
    {
        using (Caller.As(Claire))
            Assert.Empty((await Grain<IReportRunGrain>(run).Resend(new ResendReports(inDoubt, null) { Id = Guid.NewGuid(), By = Claire })).Refusals);
        await Node.DrainOutbox();
    }

    public async ValueTask DisposeAsync() => await Node.DisposeAsync();

    /// <summary>Keeps what it takes; a test says what it does with whom.</summary>
    public sealed class Server : IMailTransport
    {
        public ConcurrentQueue<OutgoingMail> Sent { get; } = new();

        public ConcurrentDictionary<string, Func<Task>> Before { get; } = new(StringComparer.Ordinal);

        /// <summary>While a mail waits for its connection.</summary>
        public Func<Task>? Waiting { get; set; }

        /// <summary>Between its taking a mail and its saying so.</summary>
        public Func<OutgoingMail, Task>? After { get; set; }

        public async Task<MailReceipt> Send(OutgoingMail mail, Func<Task> begin, CancellationToken cancellation)
        {
            if (Waiting is not null) await Waiting();
            await begin();
            return await Send(mail, cancellation);
        }

        public async Task<MailReceipt> Send(OutgoingMail mail, CancellationToken cancellation)
        {
            if (Before.TryGetValue(mail.To, out var first)) await first();
            Sent.Enqueue(mail);
            if (After is not null) await After(mail);
            return new MailReceipt("250 2.0.0 kept");
        }

        public ImmutableArray<OutgoingMail> To(string email) => [.. Sent.Where(mail => mail.To == email)];
    }
}
