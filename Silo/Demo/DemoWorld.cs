using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Organisations;
using Guichet.Partners;
using Guichet.Sessions;

namespace Guichet.Demo;

/// <summary>Someone who can sign in to the demo.</summary>
public sealed record DemoSignIn(string Organisation, string Name, string Email, string Password);

/// <summary>
/// The installation that a newcomer meets: a theatre and a promoter who works with it, each with a season on sale and months of tallies
/// behind it, told from today's date.
/// </summary>
public sealed class DemoWorld(IGrainFactory grains, IJournalStore store, Database database, Passwords passwords, TimeProvider time)
{
    public const string House = "theatre-du-port";
    public const string Promoter = "asterie-productions";

    /// <summary>Everybody's password in the demo: the demo listens on this machine only, and says so.</summary>
    public const string Password = "guichet-demo-2026";

    public static readonly ImmutableArray<DemoSignIn> SignIns =
    [
        new("Théâtre du Port", "Claire Morin", "claire@theatre-du-port.example", Password),
        new("Astérie Productions", "Nadia Benali", "nadia@asterie.example", Password),
    ];

    /// <summary>Contacts of the theatre who can sign in to their space, and what each is there.</summary>
    public static readonly ImmutableArray<DemoSignIn> SpaceSignIns =
    [
        new("producer", "Nadia Benali", "nadia.benali@courriel.example", Password),
        new("support", "Gwenn Morvan", "gwenn.morvan@courriel.example", Password),
        new("client", "Chantal Dupont", "chantal.dupont@courriel.example", Password),
    ];

    /// <summary>Makes the demo's world where there is no organisation yet; elsewhere changes nothing.</summary>
    /// <returns>Whether it was made.</returns>
    public async Task<bool> MakeIfEmpty(CancellationToken cancellation)
    {
        if (await database.QueryFirst<bool>(Database.Everyone, "SELECT EXISTS (SELECT FROM organisations)", cancellation: cancellation)) return false;
        var now = time.GetUtcNow();
        var season = new DemoSeason(store, now);
        var (house, promoter, colleague) = (Administrator(House, SignIns[0]), Administrator(Promoter, SignIns[1]), Operator(House, "Hugo Le Goff", "hugo@theatre-du-port.example", Role.BoxOffice));
        var houseSessions = await season.Write(House, DemoShows.OfTheHouse, [house, colleague]);
        var promoterSessions = await season.Write(Promoter, DemoShows.OfThePromoter, [promoter]);

        await Found(house, SignIns[0], "Brest", administersInstallation: true, cancellation);
        await Found(promoter, SignIns[1], "Rennes", administersInstallation: false, cancellation);
        await Add(house, colleague, "hugo@theatre-du-port.example", cancellation);
        await Add(house, Operator(House, "Maëlle Kerbrat", "maelle@theatre-du-port.example", Role.Reader), "maelle@theatre-du-port.example", cancellation);
        await MakeShareable(houseSessions, house);
        await Link(houseSessions, house, promoter);
        await Tell(DemoPartners.OfTheHouse, houseSessions, house);
        await Tell(DemoPartners.OfThePromoter, promoterSessions, promoter);
        await Know(DemoContacts.OfTheHouse, houseSessions, house, cancellation);
        return true;
    }

    private static Actor Administrator(string organisation, DemoSignIn who) => Operator(organisation, who.Name, who.Email, Role.Administrator);

    private static Actor Operator(string organisation, string name, string email, Role role) =>
        new(organisation, Ids.From(DateTimeOffset.UnixEpoch, organisation, email), ActorKind.Operator, name, role);

    private async Task Found(Actor administrator, DemoSignIn first, string city, bool administersInstallation, CancellationToken cancellation)
    {
        using var _ = Caller.As(Actor.System("demo"));
        await Send(grains.GetGrain<IOrganisationGrain>(OrganisationKey.Of(administrator.Organisation)).Found(
            new FoundOrganisation(
                new OrganisationDetails(first.Organisation, city, "Europe/Paris", "EUR", Listed: true), administrator.Id, first.Email, first.Name, Language.Browser)
            {
                Id = CommandIds.From("demo", administrator.Organisation, "found"),
                By = Actor.System("demo"),
                Password = await passwords.Hash(first.Password, cancellation),
                AdministersInstallation = administersInstallation,
            }));
    }

    private async Task Add(Actor administrator, Actor added, string email, CancellationToken cancellation)
    {
        var grain = grains.GetGrain<IOrganisationGrain>(OrganisationKey.Of(added.Organisation));
        using (Caller.As(administrator))
            await Send(grain.Invite(new InviteOperator(added.Id, email, added.Name, added.Role, Language.Browser) { Id = CommandIds.From("demo", email, "invite"), By = administrator }));
        using (Caller.As(added))
            await Send(grain.AcceptInvitation(new AcceptInvitation(added.Id, 1, added.Name, Language.Browser)
            {
                Id = CommandIds.From("demo", email, "accept"),
                By = added,
                Password = await passwords.Hash(Password, cancellation),
            }));
    }

    /// <summary>The touring shows' sessions can be asked for by their promoter.</summary>
    private async Task MakeShareable(ImmutableDictionary<string, ImmutableArray<string>> sessions, Actor by)
    {
        using var _ = Caller.As(by);
        foreach (var show in DemoShows.Touring)
            foreach (var session in sessions[show])
                await Send(grains.GetGrain<ISessionGrain>(GrainKey.Of(House, session)).MakeShareable(
                    new MakeSessionShareable(true) { Id = CommandIds.From("demo", session, "shareable"), By = by }));
    }

    /// <summary>Two touring sessions are shared already, one in detail and one in totals; a third waits for the promoter's answer.</summary>
    private async Task Link(ImmutableDictionary<string, ImmutableArray<string>> sessions, Actor house, Actor promoter)
    {
        var concert = sessions[DemoShows.Touring[0]];
        var circus = sessions[DemoShows.Touring[1]];
        await Ask(concert[^2], LinkTerms.AllDetail, accept: true);
        await Ask(circus[^3], LinkTerms.Totals, accept: true);
        await Ask(circus[^2], LinkTerms.AllDetail, accept: false);

        async Task Ask(string session, LinkTerms terms, bool accept)
        {
            var link = grains.GetGrain<ILinkGrain>(GrainKey.Of(House, Ids.From(time.GetUtcNow(), "demo-link", session)));
            using (Caller.As(house))
                await Send(link.Request(new RequestLink(LinkSide.Sender, Promoter, null, session, null, null, terms, null, null) { Id = CommandIds.From("demo", session, "ask"), By = house }));
            if (!accept) return;
            using (Caller.As(promoter))
                await Send(link.Accept(new AcceptLink(new Receiving(Ids.From(time.GetUtcNow(), "demo-receiving", session), Create: true), null, null)
                {
                    Id = CommandIds.From("demo", session, "accept"),
                    By = promoter,
                }));
        }
    }

    /// <summary>Partners, and what each is told of.</summary>
    private async Task Tell(ImmutableArray<DemoPartner> partners, ImmutableDictionary<string, ImmutableArray<string>> sessions, Actor by)
    {
        using var _ = Caller.As(by);
        foreach (var partner in partners)
        {
            var id = Ids.From(time.GetUtcNow(), "demo-partner", by.Organisation, partner.Name);
            var grain = grains.GetGrain<IPartnerGrain>(GrainKey.Of(by.Organisation, id));
            await Send(grain.Create(new CreatePartner(new PartnerDetails(partner.Name, partner.Group, partner.Addresses, partner.Language, partner.Note))
            {
                Id = CommandIds.From("demo", id, "create"),
                By = by,
            }));
            if (partner.Archived) await Send(grain.Archive(new ArchivePartner(true) { Id = CommandIds.From("demo", id, "archive"), By = by }));
            if (partner.Shows.IsEmpty) continue;
            var (told, series) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<string>());
            foreach (var (show, what) in partner.Shows)
            {
                var all = sessions[show];
                if (what == DemoTold.FirstOnly) told.Add(all[0]);
                else if (what == DemoTold.ToCome) told.AddRange(all.Where(session => session != all[0]));
                else if ((await grains.GetGrain<ISessionGrain>(GrainKey.Of(by.Organisation, all[0])).View())?.Details.SeriesId is { } one) series.Add(one);
            }
            await Send(grain.Associate(new AssociatePartner(told.ToImmutable(), series.ToImmutable()) { Id = CommandIds.From("demo", id, "associate"), By = by }));
        }
    }

    /// <summary>Contacts, their tags, through whom the structures are reached, and what a till told of them.</summary>
    private async Task Know(ImmutableArray<DemoContact> contacts, ImmutableDictionary<string, ImmutableArray<string>> sessions, Actor by, CancellationToken cancellation)
    {
        using var _ = Caller.As(by);
        var password = await passwords.Hash(Password, cancellation);
        var now = time.GetUtcNow();
        foreach (var (place, contact) in contacts.Index())
        {
            var id = IdOf(contact);
            var grain = grains.GetGrain<IContactGrain>(GrainKey.Of(by.Organisation, id));
            await Send(grain.Create(new CreateContact(contact.Details) { Id = CommandIds.From("demo", id, "create"), By = by }));
            if (!contact.Tags.IsDefaultOrEmpty) await Send(grain.Tag(new TagContact(contact.Tags, []) { Id = CommandIds.From("demo", id, "tag"), By = by }));
            if (contact.RelayOf is { } structure)
                await Send(grain.Relate(new RelateContact(new ContactRelation(RelationKind.Relay, IdOf(contacts.Single(one => one.Details.Name == structure)), null, null)) { Id = CommandIds.From("demo", id, "relay"), By = by }));
            if (DemoTill.HistoryOf(contact, place, now) is { IsEmpty: false } history)
                await Send(grain.RecordActivities(new RecordActivities(history) { Id = CommandIds.From("demo", id, "history"), By = by }));
            foreach (var session in (contact.Produces.IsDefault ? [] : contact.Produces).SelectMany(show => sessions[show]))
                await Send(grain.AssociateProducer(new AssociateProducer(ProductionKind.Session, session, Revenue: false) { Id = CommandIds.From("demo", id, session), By = by }));
            if (contact.HasAccount) await Open(grain, id, contact.Details, by, password);
        }

        string IdOf(DemoContact contact) => Ids.From(now, "demo-contact", by.Organisation, contact.Details.Name, contact.Details.FirstName ?? "");
    }

    private static async Task Open(IContactGrain contact, string id, ContactDetails details, Actor by, SecretHash password)
    {
        await Send(contact.OpenAccount(new OpenContactAccount(null) { Id = CommandIds.From("demo", id, "account"), By = by }));
        var self = new Actor(by.Organisation, id, ActorKind.Contact, $"{details.FirstName} {details.Name}", Role.Reader);
        using var _ = Caller.As(self);
        await Send(contact.SetPassword(new SetAccountPassword(0) { Id = CommandIds.From("demo", id, "password"), By = self, Password = password }));
    }

    private static async Task Send<T>(Task<Outcome<T>> sent)
    {
        var outcome = await sent;
        if (outcome.IsRefused) throw new InvalidOperationException($"The demo was refused: {outcome.Refusals[0].Code} {outcome.Refusals[0].Field}");
    }
}
