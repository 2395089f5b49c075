using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>A small file of contacts, made by their grains once for a test class; and one of another organisation that must never be seen.</summary>
public sealed class ContactFile : IAsyncLifetime
{
    public const string Organisation = "org-a";
    public static readonly DateOnly Today = new(2026, 11, 26);

    private readonly TestDatabase database = new();
    private readonly ManualTime time = new();
    private readonly Dictionary<string, string> ids = [];
    private TestSilo silo = null!;

    public ContactQueries Queries => silo.Services.GetRequiredService<ContactQueries>();

    public ContactDuplicates Duplicates => silo.Services.GetRequiredService<ContactDuplicates>();

    public string IdOf(string contact) => ids[contact];

    public async Task InitializeAsync()
    {
        await database.InitializeAsync();
        silo = await TestSilo.Start(database.Product, time);
        await Add("chantal", Named("Dupont", "Chantal") with { Addresses = [At("75012", "Paris")], Mobile = "06 12 34 56 78", Emails = ["chantal@dupont.example", "c.d@travail.example"], BirthDate = new DateOnly(1970, 5, 17) });
        await Add("frederic", Named("DUPONT", "Frédéric") with { Addresses = [At("67600", "Sélestat")] });
        await Add("frederic-2", Named("Dupont", "Frederic") with { Addresses = [At(null, null)] });
        await Add("jean", Named("Dupont", "Jean") with { Addresses = [At("61100", "Flers")], Iban = "FR7630006000011234567890189", ReferenceCode = "REF-42" });
        await Add("julie", Named("dupont", "Julie") with { Ambassador = true });
        await Add("sadier", Named("Dupont Sadier", "Michèle"));
        await Add("rougier", Named("Dupont-Rougier", "Vincent") with { Addresses = [At("1000", "Bruxelles", "BE")], Phone = "02 512 34 56" });
        await Add("laponte", Named("Laponterie", "Paul"));
        await Add("pont", Named("Pont", "Luc"));
        await Add("celine", Named("Martin", "Céline"));
        await Add("celine-2", Named("Bernard", "CELINE"));
        await Add("celine-3", Named("Celine", "Louis"));
        await Add("oeuvre", Named("L’Œuvre", "Lætitia"));
        await Add("strauss", Named("Strauß", "Łukasz"));
        await Add("oneill", Named("O'Neill", "Séan"));
        await Add("percent", Named("100%_Théâtre", null));
        await Add("japan", Named("小林", "さくら"));
        await Add("old", Named("Dupont", "Ancien") with { NotValid = true });
        await Add("college", House with { Addresses = [At("93500", "Pantin")], Types = [ContactType.Partner] });
        await Add("mother", House with { Name = "Académie", AdministrativeNumber = "732 829 320 00074", Nature = "Rectorat" });
        await Add("gone", Named("Dupont", "Zélie"));
        await Send(contact => contact.Archive(new ArchiveContact(true) { Id = Guid.NewGuid(), By = Claire(Organisation) }), "gone");
        await Send(contact => contact.Relate(new RelateContact(new(RelationKind.Relay, ids["college"], null, null)) { Id = Guid.NewGuid(), By = Claire(Organisation) }), "celine");
        await Send(contact => contact.Relate(new RelateContact(new(RelationKind.Relay, ids["college"], null, new DateOnly(2020, 6, 30))) { Id = Guid.NewGuid(), By = Claire(Organisation) }), "pont");
        await Send(contact => contact.Relate(new RelateContact(new(RelationKind.Subsidiary, ids["mother"], null, null)) { Id = Guid.NewGuid(), By = Claire(Organisation) }), "college");
        await Define(silo.Grains, Organisation, Claire(Organisation), Public);
        await Send(contact => contact.Tag(new TagContact(["Ami du théâtre"], []) { Id = Guid.NewGuid(), By = Claire(Organisation) }), "chantal");
        await Send(contact => contact.Tag(new TagContact(["Presse", "Ami du théâtre"], []) { Id = Guid.NewGuid(), By = Claire(Organisation) }), "jean");
        await Send(contact => contact.Classify(new ClassifyContact("public", ["senior"]) { Id = Guid.NewGuid(), By = Claire(Organisation) }), "sadier");

        using var caller = Caller.As(Claire("org-b"));
        (await silo.Grains.GetGrain<IContactGrain>(GrainKey.Of("org-b", Ids.New(time))).Create(new CreateContact(Named("Dupont", "Espion") with { Emails = ["espion@dupont.example"], Mobile = "06 12 34 56 79" }) { Id = Guid.NewGuid(), By = Claire("org-b") })).Expect();
    }

    public async Task DisposeAsync()
    {
        await silo.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>The contacts found, by their names in this file, in order.</summary>
    public async Task<string> Found(ContactFilter filter) => Found(await Queries.Search(Organisation, filter, Today));

    public string Found(ContactPage page) => string.Join(' ', page.Rows.Select(row => ids.FirstOrDefault(known => known.Value == row.Id).Key ?? $"?{row.Name} {row.FirstName}"));

    private static Actor Claire(string organisation) => new(organisation, "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    private async Task Add(string known, ContactDetails details)
    {
        // In the order of their making, which decides between those of one name.
        time.Advance(TimeSpan.FromMilliseconds(1));
        ids[known] = Ids.New(time);
        await Send(contact => contact.Create(new CreateContact(details) { Id = Guid.NewGuid(), By = Claire(Organisation) }), known);
    }

    private async Task Send<T>(Func<IContactGrain, Task<Outcome<T>>> send, string known)
    {
        using var caller = Caller.As(Claire(Organisation));
        (await send(silo.Grains.GetGrain<IContactGrain>(GrainKey.Of(Organisation, ids[known])))).Expect();
    }
}
