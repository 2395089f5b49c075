using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Guichet.Contacts;
using Guichet.Hosting;
using Guichet.Imports;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Organisations;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>Erasing a contact on real PostgreSQL: nothing names it any more, and every sum is what it was.</summary>
public sealed class ContactErasureTests : IAsyncLifetime
{
    /// <summary>Whatever tells who it was, as it is written, as it is searched, as it is dialled.</summary>
    private static readonly string[] Naming =
    [
        "Quetzalcoatlin", "Xénophonte", "xenophonte", "Quetzalcoatlinne", "612345678", "199887766", "FR7630006000011234567890189", "REF-ERASED", "1971-03-14", "rue des Perce-Neige",
        "aime le premier rang", "Salon du Mardi", "tombée malade",
    ];

    private static readonly ContactDetails Erased = Person with
    {
        Name = "Quetzalcoatlin",
        FirstName = "Xénophonte",
        BirthDate = new DateOnly(1971, 3, 14),
        Emails = ["xenophonte@quetzalcoatlin.example"],
        Mobile = "06 12 34 56 78",
        Iban = "FR7630006000011234567890189",
        ReferenceCode = "REF-ERASED",
        Addresses = [At("75012", "Paris") with { Line1 = "12, rue des Perce-Neige" }],
    };

    private readonly ManualTime time = new();
    private readonly string organisation = Guid.NewGuid().ToString("N");
    private readonly string folder = TestFolder.Create();
    private readonly TestDatabase database = new();

    private Actor Claire => new(organisation, "claire", ActorKind.Operator, "Claire Morin", Role.Administrator);

    private string Register => Path.Combine(folder, "erasures");

    public Task InitializeAsync() => database.InitializeAsync();

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Nothing_names_an_erased_contact_any_more_and_every_sum_is_what_it_was()
    {
        await using var silo = await Silo(database.Product);
        using var caller = Caller.As(Claire);
        var (contact, house) = await Lived(silo);
        var other = await Made(silo, Named("Dupont", "Anne"));
        var number = (await View(silo, contact)).Number;
        var before = await Sums(silo, contact, house);
        var preview = await silo.Services.GetRequiredService<ContactErasureQueries>().Preview(await View(silo, contact));
        Assert.Equal((2, 1, 2, 3, 1, 1, 1, 1), (preview.Contacts, preview.Files, preview.Mails, preview.Purchases, preview.Payments, preview.Attendances, preview.Messages, preview.Relations));
        Assert.True(preview.JournalLines > preview.OtherLines && preview.OtherLines > 0);
        // The test can see what it looks for.
        foreach (var word in Naming) Assert.NotEmpty(await Found(database.Owner, word));

        var erased = await Erase(silo, contact, "Dossier 2026-114");
        Assert.Equal((ErasureGround.Request, "Claire Morin"), (erased.Accepted.Ground, erased.Accepted.By));
        await silo.DrainOutbox();

        foreach (var word in Naming) Assert.Empty(await Found(database.Owner, word));
        Assert.Equal(before, await Sums(silo, contact, house));
        var view = await View(silo, contact);
        Assert.Equal((number, $"n° {number}", ErasureGround.Request), (view.Number, view.Details.Name, view.Erasure!.Ground));
        Assert.True(view.Client);
        Assert.Empty((await silo.Services.GetRequiredService<ContactQueries>().Search(organisation, new ContactFilter("quetz"), Today)).Rows);
        Assert.Equal(other, Assert.Single((await silo.Services.GetRequiredService<ContactQueries>().Search(organisation, new ContactFilter("dupont, anne"), Today)).Rows).Id);
        Assert.Equal("contact-erased", (await Grain(silo, contact).AddNote(new AddContactNote("Xénophonte revient") { Id = Guid.NewGuid(), By = Claire })).Refusals[0].Code);
        Assert.Equal("related-contact-unknown", (await Grain(silo, other).Relate(new RelateContact(new(RelationKind.Child, contact, null, null)) { Id = Guid.NewGuid(), By = Claire })).Refusals[0].Code);

        // A refund that the till tells late counts, without words.
        Assert.False((await Grain(silo, contact).RecordActivities(Tell(new ContactActivity("till-1", "c9", 1, Now, new Cancellation("p2", "EUR", [new(1, 1, 1_000)], "Quetzalcoatlin tombée malade"))))).IsRefused);
        Assert.NotEqual(before, await Sums(silo, contact, house));
        foreach (var word in Naming) Assert.Empty(await Found(database.Owner, word));
        var verified = await Verify(database.Owner);
        Assert.Empty(verified.Faults);
        Assert.Equal(preview.JournalLines, (int)verified.Redacted);
    }

    [Fact]
    public async Task A_redaction_that_is_on_no_register_or_was_touched_is_refused_and_the_product_can_make_none()
    {
        await using var silo = await Silo(database.Product);
        using var caller = Caller.As(Claire);
        var (gone, stays) = (await Made(silo, Erased), await Made(silo, Named("Dupont", "Anne")));
        var elsewhere = new Database(database.Product);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => elsewhere.Execute(organisation, "SELECT redact_contact_journal(@organisation, @stays, now())", new { organisation, stays }));
        Assert.Equal("42501", refused.SqlState);
        (await Erase(silo, gone)).Expect();
        await silo.DrainOutbox();
        foreach (var sql in (string[])[
            "UPDATE journal SET events = '[]'", "UPDATE contact_erasures SET done_at = NULL", "DELETE FROM contact_erasures",
            "INSERT INTO journal (organisation, kind, id, sequence, at, actor_organisation, actor_id, actor_kind, actor_name, command_id, command, content_hash, events, answer, hash, redacted_for, seal) SELECT organisation, kind, id, 99, at, '', '', 0, '', gen_random_uuid(), '', '', '[]', '', hash, id, hash FROM journal LIMIT 1"])
            Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => elsewhere.Execute(organisation, sql))).SqlState);
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => elsewhere.Execute("another", "SELECT redact_contact_journal(@organisation, @gone, now())", new { organisation, gone }))).SqlState);
        Assert.Empty((await Verify(database.Owner)).Faults);

        Assert.Contains("isn't on the register", Assert.Single((await JournalVerification.Run(database.Owner, GuichetGrains.StateTables, default)).Faults));
        await Broken("UPDATE journal SET actor_name = 'Somebody else' WHERE redacted_for IS NOT NULL", "doesn't match its seal");
        await Broken("UPDATE journal SET events = '[{\"event\":\"contact-archived\",\"archived\":true}]' WHERE redacted_for IS NOT NULL", "says something else");
        await Broken("UPDATE journal SET hash = sha256('x') WHERE redacted_for IS NOT NULL", "doesn't match");
        await Broken($"UPDATE journal SET redacted_for = '{stays}' WHERE redacted_for IS NOT NULL", "isn't on the register");
        // A line that nobody erased, dressed as one that was.
        await Broken($"UPDATE journal SET events = '[{{\"event\":\"words-erased\"}}]', answer = '{{\"refusals\":[{{\"code\":\"words-erased\",\"arguments\":[]}}]}}', redacted_for = '{gone}', seal = sha256('x') WHERE id = '{stays}'", "doesn't match its seal");
        Assert.Empty((await Verify(database.Owner)).Faults);

        async Task Broken(string sql, string fault)
        {
            await Do("CREATE TABLE kept AS SELECT * FROM journal");
            await Do(sql);
            Assert.Contains((await Verify(database.Owner)).Faults, found => found.Contains(fault, StringComparison.Ordinal));
            await Do("TRUNCATE journal; INSERT INTO journal SELECT * FROM kept; DROP TABLE kept");
        }
    }

    [Fact]
    public async Task A_crash_between_the_steps_is_gone_on_from_by_the_next_start()
    {
        string contact;
        await using (var silo = await Silo(database.Product))
        {
            using var caller = Caller.As(Claire);
            (contact, _) = await Lived(silo);
            (await Erase(silo, contact)).Expect();
            Assert.NotEmpty(await Found(database.Owner, "Quetzalcoatlin"));
            await silo.Kill();
        }
        await using (var next = await Silo(database.Product)) await next.DrainOutbox();
        foreach (var word in Naming) Assert.Empty(await Found(database.Owner, word));
        Assert.Empty((await Verify(database.Owner)).Faults);
    }

    [Fact]
    public async Task An_erasure_that_came_onto_the_register_only_is_carried_out_by_the_next_start()
    {
        string contact;
        await using (var silo = await Silo(database.Product))
        {
            using var caller = Caller.As(Claire);
            contact = await Made(silo, Erased);
            await silo.Services.GetRequiredService<ErasureRegister>().Add([new RegisteredErasure(organisation, contact, 1, Now, ErasureGround.Mistake)]);
            await silo.Kill();
        }
        await using var next = await Silo(database.Product);
        Assert.Equal(1, (await next.Services.GetRequiredService<ContactErasures>().Compare(sends: true, starting: true, default)).Again);
        Assert.Equal(0, (await next.Services.GetRequiredService<ContactErasures>().Compare(sends: true, starting: true, default)).Again);
        foreach (var word in (string[])["Quetzalcoatlin", "612345678"]) Assert.Empty(await Found(database.Owner, word));
        using var reader = Caller.As(Claire);
        Assert.Equal(ErasureGround.Mistake, (await View(next, contact)).Erasure!.Ground);
    }

    [Fact]
    public async Task Without_a_register_that_can_be_written_nothing_is_erased_and_half_a_line_is_none()
    {
        await using var silo = await Silo(database.Product);
        using var caller = Caller.As(Claire);
        var contact = await Made(silo, Erased);
        var before = Json.Write(await View(silo, contact));
        Directory.CreateDirectory(Register);
        var refused = await Erase(silo, contact);
        Assert.Equal("erasure-register-unavailable", refused.Refusals[0].Code);
        Directory.Delete(Register);
        await File.WriteAllTextAsync(Register, "erased yesterday, somebody\n");
        refused = await Erase(silo, contact);
        Assert.Equal("erasure-register-unavailable", refused.Refusals[0].Code);
        Assert.Contains("line 1", silo.Services.GetRequiredService<ErasureRegister>().Trouble!, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ErasureRegisterException>(() => silo.Services.GetRequiredService<ContactErasures>().Compare(sends: true, starting: true, default));
        Assert.Equal(before, Json.Write(await View(silo, contact)));
        Assert.Equal(1L, await Scalar("SELECT count(*) FROM journal WHERE id = $1", contact));

        // As a node leaves it that dies while it writes.
        await File.WriteAllTextAsync(Register, "erased 2026-11-26T09:3");
        (await Erase(silo, contact)).Expect();
        var line = Assert.Single(await File.ReadAllLinesAsync(Register));
        Assert.Matches($"^erased \\S+ {organisation} {contact} \\d+ request [0-9a-f]{{8}}$", line);
        // Changed by hand, it is no line of ours.
        await File.WriteAllTextAsync(Register, line.Replace(" request ", " mistake ", StringComparison.Ordinal) + "\n");
        await Assert.ThrowsAsync<ErasureRegisterException>(() => new ErasureRegister(new ErasureRegisterOptions(Register)).Read());
    }

    [Fact]
    public async Task An_erasure_that_is_refused_is_not_on_the_register()
    {
        await using var silo = await Silo(database.Product);
        using var caller = Caller.As(Claire);
        var contact = await Made(silo, Erased);
        Assert.Equal("erasure-note-names", (await Erase(silo, contact, "Pour Quetzalcoatlin")).Refusals[0].Code);
        Assert.False(File.Exists(Register));
        var other = await Made(silo, Named("Dupont", "Anne"));
        (await Grain(silo, contact).Merge(Merging(await View(silo, contact), await View(silo, other)))).Expect();
        Assert.Equal("contact-merging", (await Erase(silo, contact)).Refusals[0].Code);
        await silo.DrainOutbox();
        var merged = await Erase(silo, other);
        Assert.Equal(("contact-merged", contact), (merged.Refusals[0].Code, merged.Refusals[0].Arguments[1]));
        Assert.False(File.Exists(Register));
        var command = new EraseContact(ErasureGround.Request, null, (await View(silo, contact)).Revision) { Id = Guid.NewGuid(), By = Claire };
        var first = (await Grain(silo, contact).Erase(command)).Expect();
        Assert.Equal(first, (await Grain(silo, contact).Erase(command)).Expect());
        Assert.Equal(2, (await File.ReadAllLinesAsync(Register)).Length);
        await silo.DrainOutbox();
        Assert.Equal(first, (await Grain(silo, contact).Erase(command)).Expect());
        Assert.Equal("contact-erased", (await Erase(silo, contact)).Refusals[0].Code);
        Assert.NotNull((await View(silo, other)).Erasure);
    }

    [Fact]
    public async Task Of_a_merge_and_an_erasure_at_the_same_moment_one_is_refused()
    {
        await using var silo = await Silo(database.Product);
        using var caller = Caller.As(Claire);
        var outcomes = new HashSet<string>();
        for (var round = 0; round < 10; round++)
        {
            var (stays, gone) = (await Made(silo, Named("Dupont", "Anne")), await Made(silo, Erased));
            var merge = Merging(await View(silo, stays), await View(silo, gone));
            var erase = new EraseContact(ErasureGround.Request, null, (await View(silo, gone)).Revision) { Id = Guid.NewGuid(), By = Claire };
            var merging = TimeProvider.System.Send(() => Grain(silo, stays).Merge(merge));
            var erasing = TimeProvider.System.Send(() => Grain(silo, gone).Erase(erase));
            var (merged, erased) = (await merging, await erasing);
            outcomes.Add(merged.IsRefused ? merged.Refusals[0].Code : erased.Refusals.FirstOrDefault()?.Code ?? "both");
            Assert.Equal(erased.IsRefused, !(await RegisteredNow()).ContainsKey((organisation, gone)));
            await silo.DrainOutbox();
            if (erased.IsRefused) (await Erase(silo, stays)).Expect();
            await silo.DrainOutbox();
            foreach (var word in (string[])["Quetzalcoatlin", "612345678"]) Assert.Empty(await Found(database.Owner, word));
        }
        Assert.Subset(new HashSet<string> { "contact-erased", "changed-meanwhile", "contact-merging" }, outcomes);
        Assert.Empty((await Verify(database.Owner)).Faults);
    }

    /// <summary>The race itself, step by step: whichever is second waits for the first, and finds it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_database_refuses_the_second_of_a_merge_and_an_erasure(bool mergeFirst)
    {
        await using var silo = await Silo(database.Product);
        using var caller = Caller.As(Claire);
        var gone = await Made(silo, Erased);
        await using var first = await new Database(database.Product).Begin(organisation);
        await using var second = await new Database(database.Product).Begin(organisation);
        string[] merging =
        [
            $"INSERT INTO outbox (id, organisation, kind, payload, created_at, due_at, first_due_at) VALUES (gen_random_uuid(), '{organisation}', 'absorb-merged-contact', '{{\"contactId\":\"{gone}\",\"into\":\"x\",\"mergeId\":\"m\"}}', now(), now(), now())",
            $"SELECT merge_stands('{organisation}', ARRAY['{gone}'], 'm')",
        ];
        string[] erasing = [$"UPDATE contacts SET erased_at = now() WHERE organisation = '{organisation}' AND id = '{gone}'", $"SELECT erasure_stands('{organisation}', '{gone}')"];
        await Run(first, mergeFirst ? merging : erasing);
        var waiting = Run(second, mergeFirst ? erasing : merging);
        while (!waiting.IsCompleted && 0L.Equals(await Scalar("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"))) { }
        await first.CommitAsync();
        Assert.Equal("GU001", (await Assert.ThrowsAsync<PostgresException>(() => waiting)).SqlState);

        static async Task Run(NpgsqlTransaction transaction, string[] statements)
        {
            foreach (var sql in statements)
            {
                await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction);
                await command.ExecuteNonQueryAsync();
            }
        }
    }

    [Fact]
    public async Task What_an_import_has_in_hand_waits_for_its_end()
    {
        await using var silo = await Silo(database.Product);
        using var caller = Caller.As(Claire);
        var contact = await Made(silo, Erased);
        await Imported(silo, "Nom;Prénom\nMartin;Paul\n");
        var refused = await Erase(silo, contact);
        Assert.Equal(("contact-being-imported", "contacts.csv"), (refused.Refusals[0].Code, refused.Refusals[0].Arguments[0]));
        await silo.DrainOutbox();
        (await Erase(silo, contact)).Expect();
    }

    /// <summary>The first had the words of the second only for a while; both journals said them.</summary>
    [Fact]
    public async Task Who_was_merged_for_a_while_is_taken_out_of_the_others_journal_whichever_came_first()
    {
        await using var silo = await Silo(database.Product);
        using var caller = Caller.As(Claire);
        foreach (var absorbed in (bool[])[true, false])
        {
            var (stays, gone) = (await Made(silo, Named("Dupont", "Anne")), await Made(silo, Erased));
            var merge = (await Grain(silo, stays).Merge(Merging(await View(silo, stays), await View(silo, gone)))).Expect();
            if (absorbed) await silo.DrainOutbox();
            (await Grain(silo, stays).UndoMerge(new UndoContactMerge(merge.Id) { Id = Guid.NewGuid(), By = Claire })).Expect();
            await silo.DrainOutbox();
            (await Erase(silo, gone)).Expect();
            await silo.DrainOutbox();
            foreach (var word in (string[])["Quetzalcoatlin", "Xénophonte", "612345678"]) Assert.Empty(await Found(database.Owner, word));
            Assert.Equal("Anne", (await View(silo, stays)).Details.FirstName);
            Assert.Empty((await Verify(database.Owner)).Faults);
        }
    }

    [Fact]
    public async Task A_restored_backup_is_erased_again_before_the_node_serves_anything()
    {
        string contact, house;
        string before;
        await using (var silo = await Silo(database.Product))
        {
            using var caller = Caller.As(Claire);
            (contact, house) = await Lived(silo);
            before = await Sums(silo, contact, house);
            await Backup.WriteAsync(database.Owner, Path.Combine(folder, "one.backup"), TimeProvider.System, default);
            (await Erase(silo, contact)).Expect();
            await silo.DrainOutbox();
        }
        await using var restored = await SideDatabase.CreateAsync();
        await Backup.RestoreAsync(restored.Owner, Path.Combine(folder, "one.backup"), default);
        Assert.NotEmpty(await Found(restored.Owner, "Quetzalcoatlin"));

        (string, string)[] settings = [("Guichet:Database", restored.ConnectionString), ("Guichet:Erasures", Register)];
        await using (var node = await NodeProcess.StartAsync(Path.Combine(folder, "data"), settings))
        {
            // It listens after that.
            Assert.Contains("2 contacts that had been erased were in the database again", node.Output, StringComparison.Ordinal);
            await node.StopAsync();
        }
        foreach (var word in Naming) Assert.Empty(await Found(restored.Owner, word));
        var (exitCode, output) = await NodeProcess.RunAsync(Path.Combine(folder, "data"), ["verify"], settings);
        Assert.True(exitCode == 0, output);
        Assert.Contains("redacted by erasures", output, StringComparison.Ordinal);
        await using (var product = Connections.AsProduct(restored.ConnectionString))
        await using (var silo = await Silo(product))
        {
            using var caller = Caller.As(Claire);
            Assert.Equal(before, await Sums(silo, contact, house));
            Assert.Equal("Guichet", (await View(silo, contact)).Erasure!.By);
        }

        // Nobody could say what must not be shown.
        await File.AppendAllTextAsync(Register, "nonsense\n");
        (exitCode, output) = await NodeProcess.RunAsync(Path.Combine(folder, "data"), [], settings);
        Assert.Equal(1, exitCode);
        Assert.Contains("The register of erasures can't be read", output, StringComparison.Ordinal);
        Assert.Contains("line 3", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_never_heard_of_an_erasure_learns_it_from_the_database()
    {
        await using var silo = await Silo(database.Product);
        using var caller = Caller.As(Claire);
        (await Erase(silo, await Made(silo, Erased))).Expect();
        var another = Path.Combine(folder, "another");
        await using var other = await TestSilo.Start(database.Product, time, services => services.AddSingleton(new ErasureRegisterOptions(another)));
        Assert.Equal((0, 1), (await other.Services.GetRequiredService<ContactErasures>().Compare(sends: true, starting: true, default)) is var compared ? (compared.Again, compared.Added) : default);
        Assert.Equal(await File.ReadAllTextAsync(Register), await File.ReadAllTextAsync(another));
        // While it runs it looks whether there is anything to learn, and learns it.
        for (var minute = 0; minute < 5; minute++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(0, (await other.Services.GetRequiredService<ContactErasures>().Compare(sends: true, starting: false, default)).Added);
        }
        (await Erase(silo, await Made(silo, Named("Dupont", "Anne")))).Expect();
        Assert.Equal(1, (await other.Services.GetRequiredService<ContactErasures>().Compare(sends: true, starting: false, default)).Added);
        Assert.Equal(await File.ReadAllTextAsync(Register), await File.ReadAllTextAsync(another));
    }

    [Fact]
    public async Task What_came_onto_the_register_just_now_is_left_to_whoever_is_erasing_it()
    {
        await using var silo = await Silo(database.Product);
        using var caller = Caller.As(Claire);
        var contact = await Made(silo, Erased);
        await silo.Services.GetRequiredService<ErasureRegister>().Add([new RegisteredErasure(organisation, contact, 1, Now, ErasureGround.Mistake)]);
        var erasures = silo.Services.GetRequiredService<ContactErasures>();
        Assert.Equal(0, (await erasures.Compare(sends: true, starting: false, default)).Again);
        Assert.Null((await View(silo, contact)).Erasure);
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(1, (await erasures.Compare(sends: true, starting: false, default)).Again);
        Assert.NotNull((await View(silo, contact)).Erasure);
    }

    /// <summary>Whoever erases in vain takes back its own line of a moment ago, never what was erased before a backup was restored.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(3, true)]
    public async Task A_refusal_takes_back_only_what_came_onto_the_register_just_now(int minutesAgo, bool stays)
    {
        await using var silo = await Silo(database.Product);
        using var caller = Caller.As(Claire);
        var contact = await Made(silo, Erased);
        await silo.Services.GetRequiredService<ErasureRegister>().Add([new RegisteredErasure(organisation, contact, 1, time.GetUtcNow(), ErasureGround.Request)]);
        time.Advance(TimeSpan.FromMinutes(minutesAgo));
        Assert.Equal("erasure-note-names", (await Erase(silo, contact, "Pour Quetzalcoatlin")).Refusals[0].Code);
        Assert.Equal(stays, (await RegisteredNow()).ContainsKey((organisation, contact)));
    }

    private static readonly DateOnly Today = new(2026, 11, 26);

    private DateTimeOffset Now => time.GetUtcNow();

    private Task<TestSilo> Silo(NpgsqlDataSource product) => TestSilo.Start(product, time, services => services.AddSingleton(new ErasureRegisterOptions(Register)));

    /// <summary>A contact that is everywhere: imported, changed, noted, classified, tied, merged with two others (one of them taken back), buying and mailed.</summary>
    private async Task<(string Contact, string House)> Lived(TestSilo silo)
    {
        await Define(silo.Grains, organisation, Claire, Public);
        using var caller = Caller.As(Claire);
        var house = await Made(silo, House);
        await Imported(silo, "Nom;Prénom;E-mail;Portable;Note\nQuetzalcoatlin;Xénophonte;xenophonte@quetzalcoatlin.example;06 12 34 56 78;aime le premier rang\nMartin;Paul;paul@martin.example;;\n");
        await silo.DrainOutbox();
        // One that waits to be accepted, and would bring it back.
        await Received(silo, "plus.csv", "Nom;Prénom\nQuetzalcoatlin;Xénophonte\n");
        var contact = (await new Database(database.Product).QueryFirst<string>(organisation, "SELECT id FROM contacts WHERE organisation = @organisation AND name = 'Quetzalcoatlin'", new { organisation }))!;
        var grain = Grain(silo, contact);
        (await grain.Change(new ChangeContact(Erased with { Emails = ["ancienne@quetzalcoatlin.example"], Phone = "01 99 88 77 66" }, 1) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await grain.Change(new ChangeContact(Erased, 2) { Id = Guid.NewGuid(), By = Claire })).Expect();
        Assert.True((await grain.Change(new ChangeContact(Erased with { Emails = ["Quetzalcoatlin@"] }, 3) { Id = Guid.NewGuid(), By = Claire })).IsRefused);
        (await grain.Classify(new ClassifyContact("public", ["senior"]) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await grain.Tag(new TagContact(["Amie de Quetzalcoatlin"], []) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await grain.PreferSeats(new PreferSeats([new("Grande salle", null, "F", "12", "Quetzalcoatlin y tient")], 3) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await grain.GiveConsent(new GiveConsent(ConsentChannel.Email, "Programme", new(Now.AddDays(-2), "Salon du Mardi", "J’accepte, signé Xénophonte.")) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await grain.Relate(new RelateContact(new(RelationKind.Relay, house, null, null)) { Id = Guid.NewGuid(), By = Claire })).Expect();
        var (same, stranger) = (await Made(silo, Named("Quetzalcoatlinne", "Xénophonte")), await Made(silo, Named("Durand", "Luc")));
        (await grain.Merge(Merging(await View(silo, contact), await View(silo, same)))).Expect();
        await silo.DrainOutbox();
        var mistaken = (await Grain(silo, stranger).Merge(Merging(await View(silo, stranger), await View(silo, contact)))).Expect();
        await silo.DrainOutbox();
        (await Grain(silo, stranger).UndoMerge(new UndoContactMerge(mistaken.Id) { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        (await grain.RecordActivities(Tell(
            new("till-1", "p1", 1, Now.AddDays(-9), new Purchase("C-1", "EUR", [Line("Soirée privée Quetzalcoatlin", 2, 9_000), Line("La Nuit de sel", 1, 4_500)], "Web", "Caisse de Xénophonte Quetzalcoatlin")),
            new("till-1", "p2", 1, Now.AddDays(-8), new Purchase("C-2", "EUR", [Line("La Nuit de sel", 3, 6_000)], "Guichet", null)),
            new("till-1", "c1", 1, Now.AddDays(-7), new Cancellation("p1", "EUR", [new(2, 1, 4_500)], "tombée malade")),
            new("till-1", "a1", 1, Now.AddDays(-6), new Attendance("p1", "Soirée privée Quetzalcoatlin", Now.AddDays(-6), null, AttendanceState.Attended, 2, null, null, ["F12", "F13"])),
            new("till-1", "m1", 1, Now.AddDays(-5), new Payment(new Money(9_000, "EUR"), false, "Chèque Quetzalcoatlin", ["p1"])),
            new("till-1", "e1", 1, Now.AddDays(-4), new SentMessage(MessageChannel.Email, "Chère Xénophonte", "Rentrée", MessageState.Sent, "xenophonte@quetzalcoatlin.example"))))).Expect();
        await Do($$"""
            INSERT INTO contact_activities SELECT organisation, source, 'p0', '{{same}}', revision, kind, occurred_at, recorded_at, recorded_by, of_purchase, amount, currency, channel, cancelled, left_of, lasting, dated, content, hash
              FROM contact_activities WHERE external_id = 'p2';
            INSERT INTO report_deliveries (organisation, run_id, partner_id, at, made_at, test, sessions, versions, told_versions) VALUES ('{{organisation}}', 'r', 'p', now(), now(), false, '{}', '{}', '{}');
            INSERT INTO report_recipients (organisation, run_id, partner_id, position, email, name, recipient_kind, mail_id, state, reply, moved_at)
              VALUES ('{{organisation}}', 'r', 'p', 1, 'xenophonte@quetzalcoatlin.example', 'Xénophonte Quetzalcoatlin', 'to', gen_random_uuid(), 'bounced', '550 no Quetzalcoatlin here', now());
            """);
        await silo.Services.GetRequiredService<LinkQueries>().NoteLetter(organisation, Guid.NewGuid(), new SentLetter("link", "ancienne@quetzalcoatlin.example", "Liaison", null));
        await silo.DrainOutbox();
        // What it signs in with is an address that is none of its e-mails.
        (await grain.OpenAccount(new OpenContactAccount("autre@quetzalcoatlin.example") { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        return (contact, house);
    }

    private async Task<ImportSheet> Received(TestSilo silo, string name, string file)
    {
        time.Advance(TimeSpan.FromSeconds(1));
        var context = new ImportDeskContext(organisation, "Europe/Paris", "EUR", "Claire Morin", Guichet.Imports.Import.Defaults);
        return (await silo.Services.GetRequiredService<ImportDesk>().Receive(context, ImportKind.Contacts, null, name, new MemoryStream(Encoding.UTF8.GetBytes(file)))).Read.Accepted;
    }

    /// <summary>Accepted, and not carried out yet.</summary>
    private async Task Imported(TestSilo silo, string file)
    {
        var sheet = await Received(silo, "contacts.csv", file);
        var run = (await silo.Services.GetRequiredService<ContactImports>().DryRun(organisation, sheet)).Accepted;
        (await silo.Grains.GetGrain<IImportGrain>(GrainKey.Of(organisation, sheet.Id)).Accept(
            new AcceptImport(sheet.FileName, sheet.Source, sheet.Mapping, null, null, Contacts: run.Plan) { Id = Guid.NewGuid(), By = Claire })).Expect();
    }

    private PurchaseLine Line(string title, int quantity, long amount) => new(ProductKind.Ticket, title, Now.AddDays(-6), null, quantity, null, null, amount, null, null);

    private RecordActivities Tell(params ImmutableArray<ContactActivity> activities) => new(activities) { Id = Guid.NewGuid(), By = Claire };

    /// <summary>Histories' sums of the contact and of its structure, its purchases one by one as exports have them, and what indicators are made of.</summary>
    private async Task<string> Sums(TestSilo silo, string contact, string house)
    {
        var (histories, said) = (silo.Services.GetRequiredService<ContactHistoryQueries>(), new List<string>());
        foreach (var shown in (string[])[contact, house])
        {
            foreach (var history in (ContactHistory[])[ContactHistory.Purchases, ContactHistory.Cultural, ContactHistory.Payments])
                said.AddRange((await histories.Parts(organisation, shown, history, new HistoryFilter())).Select(part => string.Create(
                    CultureInfo.InvariantCulture, $"{history} {part.Whose.Number} {part.Source} {part.Currency} {part.Count} {part.AmountMinor} {part.Quantity}")).Order(StringComparer.Ordinal));
            said.AddRange((await histories.Purchases(organisation, shown, new HistoryFilter(), null, 50)).Rows.Select(row => string.Create(
                CultureInfo.InvariantCulture, $"{row.Told.Id} {row.Told.OccurredAt:O} {row.Purchase.Order} {row.NetMinor} {string.Join('+', row.Left)} {string.Join('+', row.Purchase.Lines.Select(line => line.AmountMinor))}")));
            said.AddRange((await histories.Cultural(organisation, shown, new HistoryFilter(), null, 50)).Rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Id} {row.SessionAt:O} {row.Quantity} {row.State}")));
            var (indicators, _) = await silo.Services.GetRequiredService<ContactIndicatorQueries>().Of(organisation, shown, Today);
            said.Add(Json.Write(new { indicators.Seniority, indicators.Channel, indicators.Assiduity, indicators.Values }));
        }
        return string.Join('\n', said);
    }

    /// <summary>Tables that say a word in any of their columns, in any case; of bytes, as text.</summary>
    private static async Task<string> Found(NpgsqlDataSource owner, string word)
    {
        var found = new List<string>();
        await using var tables = owner.CreateCommand("""
            SELECT c.relname::text, coalesce((SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.atttypid = 'bytea'::regtype), '{}')
            FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
            """);
        var all = new List<(string Table, string[] Bytes)>();
        await using (var reader = await tables.ExecuteReaderAsync())
            while (await reader.ReadAsync()) all.Add((reader.GetString(0), reader.GetFieldValue<string[]>(1)));
        Assert.True(all.Count > 40);
        foreach (var (table, bytes) in all)
        {
            var inBytes = string.Concat(bytes.Select(column => $" OR position(convert_to($1, 'UTF8') IN t.{column}) > 0"));
            await using var look = owner.CreateCommand($"SELECT count(*) FROM {table} t WHERE strpos(lower(t::text), lower($1)) > 0{inBytes}");
            look.Parameters.Add(new() { Value = word });
            if ((long)(await look.ExecuteScalarAsync())! is > 0 and var rows) found.Add($"{word}: {table} {rows}");
        }
        return string.Join(", ", found);
    }

    private async Task<VerificationResult> Verify(NpgsqlDataSource owner) => await JournalVerification.Run(owner, GuichetGrains.StateTables, default, (await RegisteredNow()).Keys.ToHashSet());

    private Task<ImmutableDictionary<(string Organisation, string ContactId), RegisteredErasure>> RegisteredNow() => new ErasureRegister(new ErasureRegisterOptions(Register)).Read();

    private async Task<Outcome<RecordedErasure>> Erase(TestSilo silo, string contact, string? note = null) =>
        await Grain(silo, contact).Erase(new EraseContact(ErasureGround.Request, note, (await View(silo, contact)).Revision) { Id = Guid.NewGuid(), By = Claire });

    private MergeContacts Merging(ContactView stays, params ContactView[] others) => new(
        [.. others.Select(other => new ContactToMerge(other.Id, other.Revision))],
        ContactMerging.Propose([stays.Details, .. others.Select(other => other.Details)], new Dictionary<string, int>()), stays.Revision)
    { Id = Guid.NewGuid(), By = Claire };

    private IContactGrain Grain(TestSilo silo, string id) => silo.Grains.GetGrain<IContactGrain>(GrainKey.Of(organisation, id));

    private async Task<ContactView> View(TestSilo silo, string id) => (await Grain(silo, id).View())!;

    private async Task<string> Made(TestSilo silo, ContactDetails details)
    {
        time.Advance(TimeSpan.FromMilliseconds(2));
        var id = Ids.New(time);
        (await Grain(silo, id).Create(new CreateContact(details) { Id = Guid.NewGuid(), By = Claire })).Expect();
        return id;
    }

    private async Task Do(string sql)
    {
        await using var command = database.Owner.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<object?> Scalar(string sql, params object[] values)
    {
        await using var command = database.Owner.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return await command.ExecuteScalarAsync();
    }
}
