using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Portals;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tests.Contacts;
using Guichet.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Portals;

/// <summary>Accounts of contacts through their grain, on real PostgreSQL.</summary>
public sealed class AccountGrainTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly string organisation = Guid.NewGuid().ToString("N");
    private TestSilo silo = null!;

    private Actor Claire => new(organisation, "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    public async Task InitializeAsync() => silo = await TestSilo.Start(database.Product, time);

    public async Task DisposeAsync() => await silo.DisposeAsync();

    [Fact]
    public async Task An_identifier_is_one_contacts_whatever_its_case_and_the_refusal_says_whose()
    {
        var first = await Made("Chantal", "chantal@dupont.example");
        var second = await Made("Chantale", "CHANTAL@dupont.example");
        Accepted(await As(Claire, () => Contact(first).OpenAccount(new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire })));
        var refused = await As(Claire, () => Contact(second).OpenAccount(new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire }));
        var refusal = Assert.Single(refused.Refusals);
        Assert.Equal(("account-identifier-taken", "DUPONT, Chantal", first), (refusal.Code, refusal.Arguments[1], refusal.Arguments[3]));
        Accepted(await As(Claire, () => Contact(second).OpenAccount(new OpenContactAccount("chantale.d") { Id = Guid.NewGuid(), By = Claire })));
        Assert.Equal("account-identifier-taken", (await As(Claire, () => Contact(second).ChangeIdentifier(new ChangeAccountIdentifier("Chantal@Dupont.Example") { Id = Guid.NewGuid(), By = Claire }))).Refusals[0].Code);

        // Closed, it is free; changed, too.
        Accepted(await As(Claire, () => Contact(first).CloseAccount(new CloseContactAccount { Id = Guid.NewGuid(), By = Claire })));
        Accepted(await As(Claire, () => Contact(second).ChangeIdentifier(new ChangeAccountIdentifier("Chantal@Dupont.Example") { Id = Guid.NewGuid(), By = Claire })));
        Accepted(await As(Claire, () => Contact(first).OpenAccount(new OpenContactAccount("chantale.d") { Id = Guid.NewGuid(), By = Claire })));
    }

    [Fact]
    public async Task Two_who_ask_for_one_identifier_at_the_same_moment_are_one_who_has_it()
    {
        ImmutableArray<string> ids = [.. await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Made($"Jumelle {i}", $"jumelle{i}@dupont.example")))];
        var outcomes = await Task.WhenAll(ids.Select(id => As(Claire, () => UntilKnown(() => Contact(id).OpenAccount(new OpenContactAccount("jumelle") { Id = CommandIds.From(id), By = Claire })))));
        Assert.Equal(1, outcomes.Count(outcome => !outcome.IsRefused));
        Assert.All(outcomes.Where(outcome => outcome.IsRefused), outcome => Assert.Equal("account-identifier-taken", outcome.Refusals[0].Code));
        Assert.Equal(1, await Count("SELECT count(*)::integer FROM contact_accounts WHERE organisation = @organisation"));
        Assert.Equal(1, await Count("SELECT count(*)::integer FROM contacts WHERE organisation = @organisation AND account IS NOT NULL"));
    }

    [Fact]
    public async Task Every_command_sent_again_changes_nothing_and_gets_the_same_answer()
    {
        var id = await Made("Chantal", "encore@dupont.example");
        var self = Self(id);
        var hash = await Hash("un cheval de trait");
        var (_, session) = await Played();
        Func<Task<string>>[] commands =
        [
            Sent(Claire, new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire }, Contact(id).OpenAccount),
            Sent(Claire, new SendPasswordLink { Id = Guid.NewGuid(), By = Claire }, Contact(id).SendPasswordLink),
            Sent(self, new SetAccountPassword(0) { Id = Guid.NewGuid(), By = self, Password = hash }, Contact(id).SetPassword),
            Sent(self, new ChangeAccountPassword { Id = Guid.NewGuid(), By = self, Password = hash }, Contact(id).ChangePassword),
            Sent(Claire, new ChangeAccountIdentifier("encore.d") { Id = Guid.NewGuid(), By = Claire }, Contact(id).ChangeIdentifier),
            Sent(self, new ChangeOwnDetails("06 12 34 56 78", null, null, Language.French, 1) { Id = Guid.NewGuid(), By = self }, Contact(id).ChangeOwn),
            Sent(Claire, new AssociateProducer(ProductionKind.Session, session, true) { Id = Guid.NewGuid(), By = Claire }, Contact(id).AssociateProducer, "producer-type-missing"),
            Sent(Claire, new SuspendContactAccount(true) { Id = Guid.NewGuid(), By = Claire }, Contact(id).SuspendAccount),
            Sent(Claire, new CloseContactAccount { Id = Guid.NewGuid(), By = Claire }, Contact(id).CloseAccount),
        ];
        foreach (var send in commands)
        {
            var first = await send();
            var journal = await Count("SELECT count(*)::integer FROM journal WHERE organisation = @organisation");
            Assert.Equal(first, await send());
            Assert.Equal(journal, await Count("SELECT count(*)::integer FROM journal WHERE organisation = @organisation"));
        }
        Assert.Empty((await JournalVerification.Run(database.Owner, GuichetGrains.StateTables, default)).Faults);
    }

    [Theory]
    [InlineData("suspended")]
    [InlineData("closed")]
    [InlineData("archived")]
    [InlineData("merged")]
    [InlineData("a new password")]
    public async Task Its_sessions_and_links_end(string when)
    {
        var id = await Made("Chantal", $"{when.Replace(' ', '-')}@dupont.example");
        Accepted(await As(Claire, () => Contact(id).OpenAccount(new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire })));
        var hash = await Hash("un cheval de trait");
        Accepted(await As(Self(id), () => Contact(id).SetPassword(new SetAccountPassword(0) { Id = Guid.NewGuid(), By = Self(id), Password = hash })));
        var sessions = silo.Services.GetRequiredService<AccountSessions>();
        var secret = await sessions.Start(organisation, id, Membership.ProofOf(hash), "tests", default);
        Assert.NotNull(secret);
        // The control; the house isn't one that is founded, so that its session is looked for by its row.
        Assert.Equal(1, await Count("SELECT count(*)::integer FROM contact_sessions WHERE organisation = @organisation AND contact_id = @id", id));
        await silo.Services.GetRequiredService<MailedLinks>().Make(LinkPurpose.AccountPassword, new MailedLink(organisation, id, 1), time.GetUtcNow().AddDays(1), default);

        if (when == "merged")
        {
            var stays = await Made("Reste", "reste@dupont.example");
            var (one, other) = ((await As(Claire, () => Contact(stays).View()))!, (await As(Claire, () => Contact(id).View()))!);
            Accepted(await As(Claire, () => Contact(stays).Merge(new MergeContacts([new ContactToMerge(id, other.Revision)], one.Details, one.Revision) { Id = Guid.NewGuid(), By = Claire })));
            await silo.DrainOutbox();
            // Its identifier is free for the one that stays.
            Accepted(await As(Claire, () => Contact(stays).OpenAccount(new OpenContactAccount("merged@dupont.example") { Id = Guid.NewGuid(), By = Claire })));
        }
        else
        {
            Accepted(when switch
            {
                "suspended" => await As(Claire, () => Contact(id).SuspendAccount(new SuspendContactAccount(true) { Id = Guid.NewGuid(), By = Claire })),
                "closed" => await As(Claire, () => Contact(id).CloseAccount(new CloseContactAccount { Id = Guid.NewGuid(), By = Claire })),
                "archived" => await As(Claire, () => Contact(id).Archive(new ArchiveContact(true) { Id = Guid.NewGuid(), By = Claire })),
                _ => await As(Self(id), () => Contact(id).ChangePassword(new ChangeAccountPassword { Id = Guid.NewGuid(), By = Self(id), Password = new SecretHash("another") })),
            });
        }
        Assert.Equal(0, await Count("SELECT count(*)::integer FROM contact_sessions WHERE organisation = @organisation AND contact_id = @id", id));
        Assert.Equal(0, await Count("SELECT count(*)::integer FROM mailed_links WHERE organisation = @organisation AND operator_id = @id", id));
        Assert.Equal(when is "closed" or "merged" ? 0 : 1, await Count("SELECT count(*)::integer FROM contact_passwords WHERE organisation = @organisation AND contact_id = @id", id));
        if (when != "a new password") Assert.Null(await silo.Services.GetRequiredService<AccountSignIns>().Fitting(organisation, $"{when.Replace(' ', '-')}@dupont.example", "un cheval de trait", default));
    }

    [Fact]
    public async Task Nothing_that_is_kept_or_journaled_has_a_password()
    {
        var id = await Made("Chantal", "secret@dupont.example");
        Accepted(await As(Claire, () => Contact(id).OpenAccount(new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire })));
        var hash = await Hash("un cheval de trait");
        Accepted(await As(Self(id), () => Contact(id).SetPassword(new SetAccountPassword(0) { Id = Guid.NewGuid(), By = Self(id), Password = hash })));
        foreach (var text in new[] { "SELECT events || answer FROM journal WHERE organisation = @organisation", "SELECT state::text FROM contacts WHERE organisation = @organisation", "SELECT payload FROM outbox WHERE organisation = @organisation" })
            Assert.All(await silo.Database.Query<string>(organisation, text, new { organisation }), kept => Assert.DoesNotContain(hash.Value[..20], kept, StringComparison.Ordinal));
        // The control: it is where it must be.
        Assert.Equal(hash.Value, await silo.Database.QueryFirst<string>(organisation, "SELECT hash FROM contact_passwords WHERE contact_id = @id", new { id }));
    }

    [Fact]
    public async Task A_producer_sees_its_sessions_and_so_do_its_people_while_they_are_that()
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var (series, session) = await Played();
        var (_, other) = await Played();
        var structure = await Made("Astérie", "asterie@production.example", ContactKind.Structure, ContactType.Producer);
        var (relay, past) = (await Made("Nadia", "nadia@production.example"), await Made("Paul", "paul@production.example"));
        await As(Claire, async () => Accepted(await Contact(relay).Relate(new RelateContact(new ContactRelation(RelationKind.Relay, structure, null, today)) { Id = Guid.NewGuid(), By = Claire })));
        await As(Claire, async () => Accepted(await Contact(past).Relate(new RelateContact(new ContactRelation(RelationKind.Member, structure, null, today.AddDays(-1))) { Id = Guid.NewGuid(), By = Claire })));
        Accepted(await As(Claire, () => Contact(structure).AssociateProducer(new AssociateProducer(ProductionKind.Series, series, false) { Id = Guid.NewGuid(), By = Claire })));
        Assert.Equal("production-unknown", (await As(Claire, () => Contact(structure).AssociateProducer(new AssociateProducer(ProductionKind.Series, session, false) { Id = Guid.NewGuid(), By = Claire }))).Refusals[0].Code);

        Assert.Equal($"{session} False", await Seen(structure, today));
        Assert.Equal($"{session} False", await Seen(relay, today));
        Assert.Equal("", await Seen(relay, today.AddDays(1)));
        Assert.Equal("", await Seen(past, today));
        Assert.Equal($"{session} False", await Seen(past, today.AddDays(-1)));

        // Twice associated, once with the revenue: with it. What isn't its own stays another's.
        Accepted(await As(Claire, () => Contact(structure).AssociateProducer(new AssociateProducer(ProductionKind.Session, session, true) { Id = Guid.NewGuid(), By = Claire })));
        Assert.Equal($"{session} True", await Seen(relay, today));
        Assert.DoesNotContain(other, await Seen(relay, today), StringComparison.Ordinal);
        Accepted(await As(Claire, () => Contact(structure).DissociateProducer(new DissociateProducer(ProductionKind.Session, session) { Id = Guid.NewGuid(), By = Claire })));
        Assert.Equal($"{session} False", await Seen(relay, today));

        // Another organisation's is nothing here; and who isn't a producer any more sees nothing.
        Assert.Empty(await silo.Services.GetRequiredService<Productions>().Of("elsewhere", relay, today));
        var view = (await As(Claire, () => Contact(structure).View()))!;
        Accepted(await As(Claire, () => Contact(structure).Change(new ChangeContact(view.Details with { Types = [] }, view.Revision) { Id = Guid.NewGuid(), By = Claire })));
        Assert.Equal("", await Seen(relay, today));
    }

    [Fact]
    public async Task What_a_producer_that_was_taken_over_produced_is_of_the_one_that_stays_and_can_be_taken_from_it()
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var (_, session) = await Played();
        var (gone, stays) = (await Made("Double", "double@production.example", types: ContactType.Producer), await Made("Reste", "stays@production.example", types: ContactType.Producer));
        Accepted(await As(Claire, () => Contact(gone).AssociateProducer(new AssociateProducer(ProductionKind.Session, session, false) { Id = Guid.NewGuid(), By = Claire })));
        var (one, other) = ((await As(Claire, () => Contact(stays).View()))!, (await As(Claire, () => Contact(gone).View()))!);
        Accepted(await As(Claire, () => Contact(stays).Merge(new MergeContacts([new ContactToMerge(gone, other.Revision)], one.Details, one.Revision) { Id = Guid.NewGuid(), By = Claire })));
        await silo.DrainOutbox();
        Assert.Equal($"{session} False", await Seen(stays, today));
        Assert.Equal(stays, Assert.Single(await silo.Services.GetRequiredService<Productions>().OfSession(organisation, session, null)).ContactId);
        Accepted(await As(Claire, () => Contact(stays).DissociateProducer(new DissociateProducer(ProductionKind.Session, session) { Id = Guid.NewGuid(), By = Claire })));
        Assert.Equal("", await Seen(stays, today));
    }

    /// <summary>Until the outcome is known, without waiting in between: another activation was ahead, and what it committed is loaded next.</summary>
    private static async Task<T> UntilKnown<T>(Func<Task<T>> send)
    {
        while (true)
        {
            try
            {
                return await send();
            }
            catch (TryAgainException)
            {
                await Task.Yield();
            }
        }
    }

    private async Task<string> Seen(string contact, DateOnly day) =>
        string.Join(' ', (await silo.Services.GetRequiredService<Productions>().Of(organisation, contact, day)).Select(one => $"{one.SessionId} {one.Revenue}"));

    private Actor Self(string id) => new(organisation, id, ActorKind.Contact, "Chantal Dupont", Role.Reader);

    private IContactGrain Contact(string id) => silo.Grains.GetGrain<IContactGrain>(GrainKey.Of(organisation, id));

    private async Task<string> Made(string first, string email, ContactKind kind = ContactKind.Individual, params ContactType[] types)
    {
        var id = Ids.New(time);
        var details = kind == ContactKind.Structure ? ContactSamples.House with { Name = first, Types = [.. types], Emails = [email] } : ContactSamples.Person with { FirstName = first, Types = [.. types], Emails = [email] };
        Accepted(await As(Claire, () => Contact(id).Create(new CreateContact(details) { Id = Guid.NewGuid(), By = Claire })));
        return id;
    }

    /// <summary>A session on sale in a series of its own.</summary>
    private async Task<(string Series, string Session)> Played()
    {
        var (show, series, session) = (Ids.New(time), Ids.New(time), Ids.New(time));
        await As(Claire, async () =>
        {
            Accepted(await silo.Grains.GetGrain<IShowGrain>(GrainKey.Of(organisation, show)).Create(new CreateShow(new ShowDetails("Nuit de sel", null, null, null)) { Id = Guid.NewGuid(), By = Claire }));
            Accepted(await silo.Grains.GetGrain<ISeriesGrain>(GrainKey.Of(organisation, series)).Create(new CreateSeries(show, "Tournée") { Id = Guid.NewGuid(), By = Claire }));
            return Accepted(await silo.Session(organisation, session).Create(new CreateSession(Sample.Details with { ShowId = show, SeriesId = series }, OnSale: true) { Id = Guid.NewGuid(), By = Claire }));
        });
        return (series, session);
    }

    private Task<SecretHash> Hash(string password) => silo.Services.GetRequiredService<Passwords>().Hash(password, default);

    private Task<int> Count(string sql, string id = "") => silo.Database.QueryFirst<int>(organisation, sql, new { organisation, id });

    private static T Accepted<T>(Outcome<T> outcome) => outcome.Expect();

    private static async Task<T> As<T>(Actor who, Func<Task<T>> act)
    {
        using var caller = Caller.As(who);
        return await act();
    }

    private static Func<Task<string>> Sent<TCommand, TAnswer>(Actor who, TCommand command, Func<TCommand, Task<Outcome<TAnswer>>> send, string? refused = null) where TCommand : Command => async () =>
    {
        var outcome = await As(who, () => send(command));
        Assert.Equal(refused, outcome.IsRefused ? outcome.Refusals[0].Code : null);
        return Json.WriteAs(outcome);
    };
}
