using System.Net;
using System.Text.RegularExpressions;
using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Mail;
using Guichet.Organisations;
using Guichet.Portals;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Guichet.Tests.Contacts;
using Guichet.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Portals;

/// <summary>A node with its web front and two houses whose contacts have accounts.</summary>
public sealed class SpaceWorld : IAsyncLifetime
{
    public const string Password = "un cheval de trait";

    private readonly TestDatabase database = new();

    public ManualTime Time { get; } = new();

    public TestNode Node { get; private set; } = null!;

    public Tenant House { get; private set; } = null!;

    public Tenant Other { get; private set; } = null!;

    public Database Database => Node.Services.GetRequiredService<Database>();

    public TestMail Mail => (TestMail)Node.Services.GetRequiredService<IMailTransport>();

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        Node = await TestNode.Start(database.Product, Time, services => services.AddSingleton<IMailTransport, TestMail>());
        House = await Tenant.Found(Node, "house", "Théâtre du Port");
        Other = await Tenant.Found(Node, "other", "Zorglub");
    }

    public async Task DisposeAsync()
    {
        await Node.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>A while after the one before: what one network may try is not what these tests are about.</summary>
    public TestBrowser Browser()
    {
        Time.Advance(TimeSpan.FromSeconds(10));
        return new(Node.Address, () => Node.Failures.Last);
    }

    public async Task DrainOutbox()
    {
        while (await Node.Services.GetRequiredService<OutboxDispatcher>().Turn(CancellationToken.None) > 0)
        {
        }
    }

    public IContactGrain Contact(string id, Tenant? of = null) => (of ?? House).Grain<IContactGrain>(Node, id);

    public async Task<T> Do<T>(Func<Task<Outcome<T>>> act, Tenant? of = null)
    {
        using var caller = Caller.As((of ?? House).Administrator);
        return (await act()).Expect();
    }

    /// <summary>A contact with its number.</summary>
    public async Task<(string Id, long Number, string Email)> Made(string first, Tenant? of = null, ContactDetails? details = null, string? email = null)
    {
        var id = Ids.New(TimeProvider.System);
        email ??= $"{first.ToLowerInvariant()}-{id[^6..]}@dupont.example";
        var made = await Do(() => Contact(id, of).Create(new CreateContact((details ?? ContactSamples.Person) with { FirstName = details?.Kind == ContactKind.Structure ? null : first, Emails = [email] }) { Id = Guid.NewGuid(), By = (of ?? House).Administrator }), of);
        return (id, made.Number, email);
    }

    /// <summary>With an account that has a password.</summary>
    public async Task<(string Id, long Number, string Email)> WithAccount(string first, Tenant? of = null, ContactDetails? details = null, string? email = null)
    {
        var made = await Made(first, of, details, email);
        await Open(made.Id, of);
        return made;
    }

    public async Task Open(string id, Tenant? of = null)
    {
        await Do(() => Contact(id, of).OpenAccount(new OpenContactAccount(null) { Id = Guid.NewGuid(), By = (of ?? House).Administrator }), of);
        var self = new Actor((of ?? House).Id, id, ActorKind.Contact, "Chantal Dupont", Role.Reader);
        using var caller = Caller.As(self);
        (await Contact(id, of).SetPassword(new SetAccountPassword(0) { Id = Guid.NewGuid(), By = self, Password = await Node.Services.GetRequiredService<Passwords>().Hash(Password, default) })).Expect();
    }

    public async Task<TestBrowser> SignIn(string identifier, Tenant? of = null)
    {
        var browser = Browser();
        browser.SetCookie("guichet-language", "en");
        var entered = await browser.Submit($"/space/{(of ?? House).Id}/sign-in", "sign-in", new() { ["identifier"] = identifier, ["password"] = Password });
        Assert.True(entered.Status == HttpStatusCode.Found, $"{entered.Status} {entered.Text}");
        return browser;
    }

    /// <summary>A session on sale with a tally of so many.</summary>
    public async Task<string> Played(string title, int sold, Tenant? of = null)
    {
        var (_, session) = await (of ?? House).Play(Node, title);
        await Sell(session, sold, of);
        return session;
    }

    public Task Sell(string session, int sold, Tenant? of = null) => Do(() => (of ?? House).Grain<ISessionGrain>(Node, session).Validate(
        new ValidateTally([Sample.Line(sold, gross: sold * 4_500L)], TallySource.Typed, null, null, null, true, true) { Id = Guid.NewGuid(), By = (of ?? House).Administrator }), of);

    public Task Produces(string contact, string session, bool revenue = false) => Do(() => Contact(contact).AssociateProducer(
        new AssociateProducer(ProductionKind.Session, session, revenue) { Id = Guid.NewGuid(), By = House.Administrator }));

    /// <summary>The lines of a contact's journal of that command.</summary>
    public Task<IReadOnlyList<string>> Journal(string contact, string command) => Database.Query<string>(
        House.Id, "SELECT actor_name || ' ' || actor_kind || ' ' || events FROM journal WHERE organisation = @house AND kind = 'contacts' AND id = @contact AND command = @command AND events <> '[]' ORDER BY sequence",
        new { house = House.Id, contact, command });

    /// <summary>A page's text without what differs at each showing.</summary>
    public static string Plain(string page) => Regex.Replace(page, "name=\"(form-token|command)\"[^>]*value=\"[^\"]*\"|value=\"[^\"]*\" autocomplete=\"off\" data-command", "");
}
