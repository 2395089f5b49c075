using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>Contacts through their grain, on real PostgreSQL.</summary>
public sealed class ContactGrainTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly DateOnly Today = new(2026, 11, 26);

    private readonly ManualTime time = new();
    private readonly string organisation = Guid.NewGuid().ToString("N");

    private Actor Claire => new(organisation, "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    [Fact]
    public async Task Every_command_sent_again_changes_nothing_and_gets_the_same_answer()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var (house, _) = await Made(silo, House);
        var contact = Contact(silo, Ids.New(time));
        await Define(silo.Grains, organisation, Claire, Public);
        var proof = new ConsentProof(time.GetUtcNow(), "Guichet", "J’accepte.");
        var relation = new ContactRelation(RelationKind.Relay, house, null, null);
        var note = "";
        Func<Task<string>>[] commands =
        [
            Sent(new CreateContact(Person) { Id = Guid.NewGuid(), By = Claire }, contact.Create),
            Sent(new CreateContact(Person) { Id = Guid.NewGuid(), By = Claire }, contact.Create, "contact-exists"),
            Sent(new ChangeContact(Person with { Name = "Durand" }, 1) { Id = Guid.NewGuid(), By = Claire }, contact.Change),
            Sent(new ChangeContact(Person, 1) { Id = Guid.NewGuid(), By = Claire }, contact.Change, "changed-meanwhile"),
            Sent(new AddContactNote("Une note") { Id = Guid.NewGuid(), By = Claire }, async command =>
            {
                var added = await contact.AddNote(command);
                note = added.Accepted.Id;
                return added;
            }),
            () => Sent(new ChangeContactNote(note, "Une autre", 1) { Id = CommandIds.From("change", note), By = Claire }, contact.ChangeNote)(),
            () => Sent(new RemoveContactNote(note, 2) { Id = CommandIds.From("remove", note), By = Claire }, contact.RemoveNote)(),
            Sent(new ClassifyContact("public", ["senior"]) { Id = Guid.NewGuid(), By = Claire }, contact.Classify),
            Sent(new ClassifyContact("public", ["junior"]) { Id = Guid.NewGuid(), By = Claire }, contact.Classify, "criterion-value-unknown"),
            Sent(new ClassifyContact("another", ["senior"]) { Id = Guid.NewGuid(), By = Claire }, contact.Classify, "criterion-unknown"),
            Sent(new TagContact(["Presse"], []) { Id = Guid.NewGuid(), By = Claire }, contact.Tag),
            Sent(new TagContact([], ["PRESSE"]) { Id = Guid.NewGuid(), By = Claire }, contact.Tag),
            Sent(new TagContact(["-"], []) { Id = Guid.NewGuid(), By = Claire }, contact.Tag, "tag-missing"),
            Sent(new PreferSeats([new("Grande salle", null, "F", "12", null)], 2) { Id = Guid.NewGuid(), By = Claire }, contact.PreferSeats),
            Sent(new GiveConsent(ConsentChannel.Email, "Programme", proof) { Id = Guid.NewGuid(), By = Claire }, contact.GiveConsent),
            Sent(new WithdrawConsent(ConsentChannel.Email, "Programme", proof) { Id = Guid.NewGuid(), By = Claire }, contact.WithdrawConsent),
            Sent(new RelateContact(relation) { Id = Guid.NewGuid(), By = Claire }, contact.Relate),
            Sent(new RelateContact(relation with { To = Ids.New(time) }) { Id = Guid.NewGuid(), By = Claire }, contact.Relate, "related-contact-unknown"),
            Sent(new RelateContact(relation with { To = "a\0b" }) { Id = Guid.NewGuid(), By = Claire }, contact.Relate, "related-contact-unknown"),
            Sent(new UnrelateContact(RelationKind.Relay, house) { Id = Guid.NewGuid(), By = Claire }, contact.Unrelate),
            Sent(new ArchiveContact(true) { Id = Guid.NewGuid(), By = Claire }, contact.Archive),
        ];
        foreach (var send in commands)
        {
            var first = await send();
            var (before, view) = (await Fingerprint(), Json.Write(await contact.View()));
            Assert.Equal(first, await send());
            Assert.Equal((before, view), (await Fingerprint(), Json.Write(await contact.View())));
        }
        Assert.Empty((await JournalVerification.Run(database.Owner, GuichetGrains.StateTables, default)).Faults.Where(fault => fault.Contains(organisation)));
    }

    [Fact]
    public async Task Numbers_are_never_given_twice_on_several_nodes_and_a_retried_command_gets_its_own_after_a_restart()
    {
        var (id, create) = (Ids.New(time), new CreateContact(Person) { Id = Guid.NewGuid(), By = Claire });
        long first;
        var numbers = new List<long>();
        await using (var silo = await TestSilo.Start(database.Product, time))
        {
            using var caller = Caller.As(Claire);
            first = (await Contact(silo, id).Create(create)).Expect().Number;
            numbers.Add(first);
            numbers.AddRange(await Task.WhenAll(Enumerable.Range(0, 45).Select(async _ => (await Made(silo, Named("Dupont"))).Number)));
        }
        await using var one = await TestSilo.Start(database.Product, time);
        await using var other = await TestSilo.Start(database.Product, time);
        using var again = Caller.As(Claire);
        Assert.Equal(first, (await Contact(one, id).Create(create)).Expect().Number);
        for (var i = 0; i < 25; i++) numbers.AddRange([(await Made(one, Named("Durand"))).Number, (await Made(other, Named("Durand"))).Number]);
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.Equal(1, numbers.Min());
    }

    [Fact]
    public async Task Relations_are_read_from_both_sides_and_circles_are_refused_however_long()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var (grandmother, _) = await Made(silo, Named("Dupont", "Jeanne"));
        var (mother, _) = await Made(silo, Named("Dupont", "Marie"));
        var (child, _) = await Made(silo, Named("Dupont", "Zoé"));
        var (house, _) = await Made(silo, House);
        Assert.Equal("", await Relate(silo, child, RelationKind.Child, mother));
        Assert.Equal("", await Relate(silo, mother, RelationKind.Child, grandmother));
        Assert.Equal("relation-circular", await Relate(silo, grandmother, RelationKind.Child, child));
        Assert.Equal("relation-circular", await Relate(silo, mother, RelationKind.Child, child));
        Assert.Equal("relation-to-itself", await Relate(silo, mother, RelationKind.Child, mother));
        Assert.Equal("relation-between-wrong-kinds", await Relate(silo, mother, RelationKind.Child, house));
        Assert.Equal("", await Relate(silo, mother, RelationKind.Relay, house));

        var related = await silo.Services.GetRequiredService<ContactQueries>().Related(organisation, mother, Today);
        Assert.Equal(
            [(RelationKind.Child, true, grandmother), (RelationKind.Relay, true, house), (RelationKind.Child, false, child)],
            related.Select(tie => (tie.Kind, tie.Upward, tie.Other.Id)));
        Assert.Equal("DUPONT, Marie", related[1].Other.Relay);

        (await Contact(silo, mother).Unrelate(new UnrelateContact(RelationKind.Child, grandmother) { Id = Guid.NewGuid(), By = Claire })).Expect();
        Assert.Equal("", await Relate(silo, grandmother, RelationKind.Child, child));
    }

    [Fact]
    public async Task Two_relations_that_close_a_circle_at_the_same_moment_are_never_both_taken()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        for (var round = 0; round < 10; round++)
        {
            var (a, b) = ("", "");
            using (Caller.As(Claire)) (a, b) = ((await Made(silo, House)).Id, (await Made(silo, House)).Id);
            using var caller = Caller.As(Claire);
            var outcomes = await Task.WhenAll(Relate(silo, a, RelationKind.Subsidiary, b), Relate(silo, b, RelationKind.Subsidiary, a));
            Assert.Equal(["", "relation-circular"], outcomes.Order());
        }
    }

    /// <summary>The race itself, step by step: the second waits for the first, and finds it.</summary>
    [Fact]
    public async Task The_database_refuses_the_second_half_of_a_circle_that_another_transaction_was_writing()
    {
        await using var first = await new Database(database.Product).Begin(organisation);
        await using var second = await new Database(database.Product).Begin(organisation);
        await Run(first, "SELECT relate_contact($1, 'a', 'child', 'b', NULL, NULL)");
        var waiting = Run(second, "SELECT relate_contact($1, 'b', 'child', 'a', NULL, NULL)");
        while (!waiting.IsCompleted && await IsFree()) { }
        await first.CommitAsync();
        Assert.Equal("GU001", (await Assert.ThrowsAsync<PostgresException>(() => waiting)).SqlState);

        async Task<bool> IsFree()
        {
            await using var command = database.Owner.CreateCommand("SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))");
            return (bool)(await command.ExecuteScalarAsync())!;
        }

        async Task Run(NpgsqlTransaction transaction, string sql)
        {
            await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction) { Parameters = { new() { Value = organisation } } };
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task A_changed_record_is_found_by_what_it_is_now_and_by_nothing_that_it_was()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var (id, _) = await Made(silo, Person with { Mobile = "06 12 34 56 78", Emails = ["avant@dupont.example", "toujours@dupont.example"] });
        (await Contact(silo, id).Change(new ChangeContact(Person with { Name = "Martin", Mobile = "06 98 76 54 32", Emails = ["toujours@dupont.example", "apres@dupont.example"] }, 1) { Id = Guid.NewGuid(), By = Claire })).Expect();
        foreach (var (text, found) in new[] { ("martin", 1), ("dupont", 0), ("avant@", 0), ("toujours@", 1), ("apres@", 1), ("0612345678", 0), ("06 98 76 54 32", 1) })
            Assert.Equal((text, found), (text, (await silo.Services.GetRequiredService<ContactQueries>().Search(organisation, new ContactFilter(text), Today)).Rows.Length));
    }

    [Fact]
    public async Task What_serves_patterns_shows_another_organisations_contacts_to_nobody()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using (Caller.As(Claire)) await Made(silo, Named("Dupont"));
        var mine = new Database(database.Product);
        Assert.Single(await mine.Query<string>(organisation, "SELECT id FROM contacts_like(@organisation, 'name', '%pont', NULL)", new { organisation }));
        Assert.Single(await mine.Query<string>(organisation, "SELECT id FROM contacts_alike(@organisation, 'dupond', '', 10)", new { organisation }));
        foreach (var sql in new[] { "SELECT id FROM contacts_like(@organisation, 'name', '%pont', NULL)", "SELECT id FROM contacts_alike(@organisation, 'dupond', '', 10)" })
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => mine.Query<string>("another", sql, new { organisation }))).SqlState);
    }

    private static Func<Task<string>> Sent<TCommand, TAnswer>(TCommand command, Func<TCommand, Task<Outcome<TAnswer>>> send, string? refused = null) where TCommand : Command => async () =>
    {
        var outcome = await send(command);
        Assert.Equal(refused, outcome.IsRefused ? outcome.Refusals[0].Code : null);
        return Json.Write(outcome);
    };

    private IContactGrain Contact(TestSilo silo, string id) => silo.Grains.GetGrain<IContactGrain>(GrainKey.Of(organisation, id));

    private async Task<(string Id, long Number)> Made(TestSilo silo, ContactDetails details)
    {
        var id = Ids.New(time);
        return (id, (await Contact(silo, id).Create(new CreateContact(details) { Id = Guid.NewGuid(), By = Claire })).Expect().Number);
    }

    /// <summary>The refusal's code; empty when it was taken.</summary>
    private async Task<string> Relate(TestSilo silo, string id, RelationKind kind, string to)
    {
        var command = new RelateContact(new ContactRelation(kind, to, null, null)) { Id = Guid.NewGuid(), By = Claire };
        var outcome = await TimeProvider.System.Send(() => Contact(silo, id).Relate(command));
        return outcome.IsRefused ? outcome.Refusals[0].Code : "";
    }

    private async Task<string> Fingerprint()
    {
        await using var command = database.Owner.CreateCommand("""
            SELECT (SELECT md5(string_agg(j::text, '|' ORDER BY j::text)) FROM journal j) || (SELECT md5(string_agg(r::text, '|' ORDER BY r::text)) FROM contact_reaches r)
              || (SELECT count(*) FROM contact_relations) || '/' || (SELECT coalesce(sum(last), 0) FROM contact_numbers)
            """);
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
