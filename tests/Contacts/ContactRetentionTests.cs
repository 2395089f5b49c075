using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Jobs;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Portals;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>Rules carried out through grains and jobs on real PostgreSQL, while years pass.</summary>
public sealed class ContactRetentionTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly DateTimeOffset LongAgo = new(2022, 1, 10, 9, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Today = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);
    private static readonly RetentionRule Prospects = new("prospects", "Prospects", null, [], RetentionStanding.Prospects, RetentionArchive.Either, 36);

    private readonly ManualTime time = new(LongAgo);
    private readonly string organisation = Guid.NewGuid().ToString("N");

    private Actor Anne => new(organisation, "anne", ActorKind.Operator, "Anne Roux", Role.Administrator);

    [Fact]
    public async Task The_run_erases_those_whom_the_preview_found_and_keeps_who_came_back_meanwhile()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Anne);
        var (forgotten, archived, buys, writes) = (await Made(silo, "Forgotten"), await Made(silo, "Archived"), await Made(silo, "Buys"), await Made(silo, "Writes"));
        var (guide, held, comes, member, merged) = (await Made(silo, "Guide", ContactType.Guide), await Made(silo, "Held"), await Made(silo, "Comes"), await Made(silo, "Member"), await Made(silo, "Merged"));
        var (client, child, parent, former, house) = (await Made(silo, "Client"), await Made(silo, "Child"), await Made(silo, "Parent"), await Made(silo, "Former"), await Made(silo, House));
        (await Contact(silo, archived).Archive(new ArchiveContact(true) { Id = Guid.NewGuid(), By = Anne })).Expect();
        (await Contact(silo, held).Hold(new HoldContact("Litige") { Id = Guid.NewGuid(), By = Anne })).Expect();
        (await Contact(silo, child).Relate(new RelateContact(new(RelationKind.Child, parent, null, null)) { Id = Guid.NewGuid(), By = Anne })).Expect();
        (await Contact(silo, former).Relate(new RelateContact(new(RelationKind.Relay, house, null, new DateOnly(2023, 1, 1))) { Id = Guid.NewGuid(), By = Anne })).Expect();
        await Tell(silo, client, "c1", Bought());
        var (one, other) = (await View(silo, forgotten), await View(silo, merged));
        (await Contact(silo, forgotten).Merge(new MergeContacts([new(merged, other.Revision)], one.Details, one.Revision) { Id = Guid.NewGuid(), By = Anne })).Expect();
        await silo.DrainOutbox();
        time.Set(Today);
        await Tell(silo, comes, "a1", new Attendance(null, "La Nuit de sel", Today.AddDays(9), null, AttendanceState.Expected, 1, null, null, []));
        await Tell(silo, member, "p1", new Purchase("C-2", "EUR", [new(ProductKind.Membership, "Cercle", null, null, 1, null, null, 2_000, new(2023, 1, 1), new(2030, 1, 1))], null, null), LongAgo.AddDays(1));
        await Note(silo, parent);
        await SetRules(silo, Prospects with { Standing = RetentionStanding.Anyone, Id = "all", Months = 36 });

        var preview = await Look(silo);
        Assert.Equal((7L, 13L), (preview.Found, preview.Looked));
        Assert.Equal(
            "Archived erase, Buys erase, Child tied, Comes ongoing, Client erase, Forgotten erase, Former erase, Held held, Member ongoing, Collège Jean-Moulin erase, Writes erase".Split(", ").Order(),
            (await Findings(silo, preview.Id)).Select(row => $"{row.Contact![..1]}{row.Contact![1..].ToLowerInvariant()} {ContactQueries.Name(row.Verdict)}".Replace("Collège jean-moulin", "Collège Jean-Moulin")).Order());
        Assert.Equal("retention-count-differs", (await Retention(silo).Run(new RunRetention(preview.Id, 8) { Id = Guid.NewGuid(), By = Anne })).Refusals[0].Code);

        time.Set(Today.AddHours(3));
        await Tell(silo, buys, "p2", Bought());
        await Note(silo, writes);
        var command = new RunRetention(preview.Id, 7) { Id = Guid.NewGuid(), By = Anne };
        var run = (await Retention(silo).Run(command)).Expect();
        Assert.Equal(run, (await Retention(silo).Run(command)).Expect());
        await silo.DrainOutbox();
        Assert.Equal("Archived Client Former Forgotten Merged House", string.Join(' ', await Erased(silo,
            ("Archived", archived), ("Buys", buys), ("Child", child), ("Client", client), ("Comes", comes), ("Former", former), ("Forgotten", forgotten), ("Guide", guide), ("Held", held), ("Member", member), ("Merged", merged), ("Parent", parent), ("House", house), ("Writes", writes))));
        Assert.Equal((5L, 2L, true), (await Retention(silo).View()).Runs[0] is var ended ? (ended.Erased, ended.Kept, ended.Complete) : default);
        var kept = await Findings(silo, preview.Id, left: true);
        Assert.Equal("buys recent, writes recent", string.Join(", ", kept.Select(row => $"{row.Contact!.ToLowerInvariant()} {row.Outcome}").Order()));
        Assert.Equal(ErasureGround.Retention, (await View(silo, forgotten)).Erasure!.Ground);
        Assert.Equal(["retention-run 5 2"], await Told());
        var registered = (await silo.Services.GetRequiredService<ErasureRegister>().Read()).Keys.ToHashSet();
        Assert.Equal("", string.Join('\n', (await JournalVerification.Run(database.Owner, GuichetGrains.StateTables, default, registered)).Faults.Where(fault => fault.Contains(organisation))));
    }

    /// <summary>Each row a contact that is four years old, with the rules that there are.</summary>
    [Theory]
    [InlineData("erase prospects", "")]
    [InlineData("erase clients", "bought")]
    [InlineData("recent clients", "bought lately")]
    [InlineData("recent clients", "paid lately")]
    [InlineData("recent prospects", "came lately")]
    [InlineData("erase prospects", "stayed away lately told long ago")]
    [InlineData("erase prospects", "was written to lately")]
    [InlineData("erase prospects", "tagged lately")]
    [InlineData("recent prospects", "consented lately")]
    [InlineData("recent prospects", "signed in lately")]
    [InlineData("erase prospects", "signed in long ago")]
    [InlineData("ongoing prospects", "comes soon")]
    [InlineData("held prospects", "held")]
    [InlineData("unruled", "guide")]
    [InlineData("erase archived", "archived")]
    public async Task Of_the_rules_that_are_for_a_contact_the_longest_counts_and_what_counts_as_activity_is_said(string verdict, string what)
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Anne);
        var contact = what.StartsWith("signed in", StringComparison.Ordinal)
            ? await Made(silo, Person with { Types = [], Emails = ["dupont@port.example"] })
            : await Made(silo, "Dupont", what == "guide" ? [ContactType.Guide] : []);
        if (what.StartsWith("bought", StringComparison.Ordinal) || what.StartsWith("paid", StringComparison.Ordinal)) await Tell(silo, contact, "p1", Bought());
        if (what.StartsWith("stayed", StringComparison.Ordinal)) await Tell(silo, contact, "a1", new Attendance(null, "Nuit", Today.AddDays(-9), null, AttendanceState.Absent, 1, null, null, []));
        if (what == "archived") (await Contact(silo, contact).Archive(new ArchiveContact(true) { Id = Guid.NewGuid(), By = Anne })).Expect();
        var password = new SecretHash("hash");
        if (what.StartsWith("signed in", StringComparison.Ordinal))
        {
            (await Contact(silo, contact).OpenAccount(new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Anne })).Expect();
            var self = new Actor(organisation, contact, ActorKind.Contact, "Dupont", Role.Reader);
            using var own = Caller.As(self);
            (await Contact(silo, contact).SetPassword(new SetAccountPassword(0) { Id = Guid.NewGuid(), By = self, Password = password })).Expect();
        }
        if (what != "signed in long ago") time.Set(Today);
        if (what.StartsWith("signed in", StringComparison.Ordinal)) Assert.NotNull(await silo.Services.GetRequiredService<AccountSessions>().Start(organisation, contact, Membership.ProofOf(password), "tests", default));
        time.Set(Today);
        if (what == "bought lately") await Tell(silo, contact, "p2", Bought(), Today.AddMonths(-3));
        if (what == "paid lately") await Tell(silo, contact, "m1", new Payment(new Money(500, "EUR"), false, "Carte", []));
        if (what == "came lately") await Tell(silo, contact, "a1", new Attendance(null, "Nuit", Today.AddDays(-9), null, AttendanceState.Attended, 1, null, null, []), LongAgo);
        if (what == "comes soon") await Tell(silo, contact, "a1", new Attendance(null, "Nuit", Today.AddDays(9), null, AttendanceState.Expected, 1, null, null, []), LongAgo);
        if (what == "was written to lately") await Tell(silo, contact, "e1", new SentMessage(MessageChannel.Email, "Saison", null, MessageState.Opened, null));
        if (what == "tagged lately") (await Contact(silo, contact).Tag(new TagContact(["Presse"], []) { Id = Guid.NewGuid(), By = Anne })).Expect();
        if (what == "held") (await Contact(silo, contact).Hold(new HoldContact("Litige") { Id = Guid.NewGuid(), By = Anne })).Expect();
        if (what == "consented lately") (await Contact(silo, contact).GiveConsent(new GiveConsent(ConsentChannel.Email, "Programme", new(LongAgo, "Guichet", "J’accepte.")) { Id = Guid.NewGuid(), By = Anne })).Expect();
        await SetRules(silo, Prospects with { Months = 30 }, Prospects with { Id = "clients", Standing = RetentionStanding.Clients, Months = 48 }, Prospects with { Id = "archived", Archive = RetentionArchive.Archived, Months = 40 });
        var preview = await Look(silo);
        var job = (await silo.Grains.GetGrain<IJobGrain>(GrainKey.Of(organisation, preview.Id)).View())!;
        Assert.Equal(1, job.Count(verdict.Replace(' ', '/')));
        Assert.Equal(verdict.StartsWith("erase", StringComparison.Ordinal) ? 1 : 0, preview.Found);
    }

    [Fact]
    public async Task A_run_that_is_stopped_erases_nobody_until_it_goes_on_and_a_step_done_again_counts_as_the_first_time()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Anne);
        for (var i = 0; i < 3; i++) await Made(silo, $"Dupont{i}");
        time.Set(Today);
        await SetRules(silo, Prospects);
        var preview = await Look(silo);
        var run = (await Retention(silo).Run(new RunRetention(preview.Id, 3) { Id = Guid.NewGuid(), By = Anne })).Expect();
        var job = silo.Grains.GetGrain<IJobGrain>(GrainKey.Of(organisation, run.Id));
        while (await job.View() is null) await silo.Outbox.Turn(CancellationToken.None);
        (await job.Stop(new StopJob { Id = Guid.NewGuid(), By = Anne })).Expect();
        await silo.DrainOutbox();
        Assert.DoesNotContain(await Findings(silo, preview.Id), row => row.Outcome is not null);

        // A node that died after it had erased and before it had written so.
        var work = silo.Services.GetServices<IJobWork>().Single(one => one.Kind == JobKind.ContactRetentionRun);
        JobStep first;
        using (Caller.As(Actor.System("tests", organisation))) first = await work.Do((await job.View())!, default);
        Assert.Equal(3, first.Counts[ContactRetentionRun.Erased]);
        Assert.NotNull((await Retention(silo).View()).Runs[0].EndedAt);

        await SetRules(silo, Prospects with { Months = 35 });
        (await job.Resume(new ResumeJob { Id = Guid.NewGuid(), By = Anne })).Expect();
        await silo.DrainOutbox();
        Assert.Equal((JobStatus.Finished, 0L), (await job.View() is var done ? (done!.Status, done.Done) : default));
        Assert.Equal(3, (await Findings(silo, preview.Id)).Count(row => row.Outcome == ContactRetentionRun.Erased));
    }

    [Fact]
    public async Task A_step_that_is_done_again_after_a_crash_erases_once_and_answers_so()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Anne);
        for (var i = 0; i < ContactRetentionRun.Slice; i++) await Made(silo, $"Dupont{i}");
        time.Set(Today);
        await SetRules(silo, Prospects);
        var preview = await Look(silo);
        var run = (await Retention(silo).Run(new RunRetention(preview.Id, ContactRetentionRun.Slice) { Id = Guid.NewGuid(), By = Anne })).Expect();
        var job = silo.Grains.GetGrain<IJobGrain>(GrainKey.Of(organisation, run.Id));
        while (await job.View() is null) await silo.Outbox.Turn(CancellationToken.None);
        var work = silo.Services.GetServices<IJobWork>().Single(one => one.Kind == JobKind.ContactRetentionRun);
        using (Caller.As(Actor.System("tests", organisation)))
        {
            var (first, again) = (await work.Do((await job.View())!, default), await work.Do((await job.View())!, default));
            Assert.Equal(ContactRetentionRun.Slice, first.Counts[ContactRetentionRun.Erased]);
            Assert.Equal(first with { Counts = again.Counts }, again);
            Assert.Equal(Json.Write(first.Counts), Json.Write(again.Counts));
        }
        await silo.DrainOutbox();
        Assert.Equal((100L, 0L), (await Retention(silo).View()).Runs[0] is var ended ? (ended.Erased, ended.Kept) : default);
        Assert.Equal(ContactRetentionRun.Slice, await Lines("contacts", "erase-contact"));
    }

    [Fact]
    public async Task Each_night_is_carried_out_once_also_after_days_of_downtime_and_none_on_a_restored_copy()
    {
        var permission = new Permission();
        string young, old;
        await using (var silo = await Start())
        {
            using var caller = Caller.As(Anne);
            old = await Made(silo, "Old");
            time.Set(Today.AddMonths(-35));
            young = await Made(silo, "Young");
            time.Set(Today);
            await SetRules(silo, Prospects);
            var preview = await Look(silo);
            Assert.Equal(1, preview.Found);
            (await Retention(silo).Switch(new SwitchRetention(true, preview.Id, 1) { Id = Guid.NewGuid(), By = Anne })).Expect();
            await silo.DrainOutbox();
            // 3.30 in Paris.
            Assert.Equal(new DateTimeOffset(2026, 11, 25, 2, 30, 0, TimeSpan.Zero), (await Retention(silo).View()).Night);
            await Night(silo, Today.AddHours(12));
            Assert.Null((await View(silo, old)).Erasure);
            await Night(silo, new(2026, 11, 25, 2, 31, 0, TimeSpan.Zero));
            Assert.NotNull((await View(silo, old)).Erasure);
            await Night(silo, new(2026, 11, 25, 2, 50, 0, TimeSpan.Zero));
            Assert.Equal(1, await Lines("contact_retention", "begin-retention-night"));
            permission.MaySend = false;
            await Night(silo, new(2026, 11, 26, 2, 31, 0, TimeSpan.Zero));
            Assert.Equal(1, await Lines("contact_retention", "begin-retention-night"));
            permission.MaySend = true;
        }
        time.Set(Today.AddMonths(2));
        for (var starts = 0; starts < 2; starts++)
        {
            await using var silo = await Start();
            await Night(silo, time.GetUtcNow());
            using var caller = Caller.As(Anne);
            Assert.NotNull((await View(silo, young)).Erasure);
        }
        Assert.Equal(2, await Lines("contact_retention", "begin-retention-night"));
        Assert.Equal(["retention-run 1 0", "retention-run 1 0"], await Told());

        Task<TestSilo> Start() => TestSilo.Start(database.Product, time, services => services.AddSingleton<ISendingPermission>(permission));
    }

    [Fact]
    public async Task A_night_that_finds_more_than_it_may_erases_nobody_and_says_so_once()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Anne);
        for (var i = 0; i < 12; i++) await Made(silo, $"Dupont{i}");
        time.Set(LongAgo.AddMonths(35));
        await SetRules(silo, Prospects);
        var preview = await Look(silo);
        (await Retention(silo).Switch(new SwitchRetention(true, preview.Id, 0) { Id = Guid.NewGuid(), By = Anne })).Expect();
        await silo.DrainOutbox();
        await Night(silo, LongAgo.AddMonths(37));
        await Night(silo, LongAgo.AddMonths(37).AddDays(1));
        var view = await Retention(silo).View();
        Assert.Equal((12L, 10L), (view.Waiting!.Found, view.Waiting.Most));
        Assert.Empty(view.Runs);
        Assert.Equal(["retention-held-back 12 10"], await Told());

        // The administrator reads it, and says so.
        (await Retention(silo).Run(new RunRetention(view.Preview!.Id, 12) { Id = Guid.NewGuid(), By = Anne })).Expect();
        await silo.DrainOutbox();
        view = await Retention(silo).View();
        Assert.Equal((12L, null, true), (view.Runs[0].Erased, view.Waiting, view.Nightly));
    }

    [Fact]
    public async Task Rules_are_for_administrators_of_the_same_house_and_so_is_what_they_find()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        string preview;
        using (Caller.As(Anne))
        {
            await Made(silo, "Dupont");
            time.Set(Today);
            await SetRules(silo, Prospects);
            preview = (await Look(silo)).Id;
            Assert.Single(await Findings(silo, preview));
        }
        var claire = Anne with { Role = Role.BoxOffice };
        using (Caller.As(claire))
        {
            await Assert.ThrowsAsync<CallRefusedException>(() => Retention(silo).View());
            await Assert.ThrowsAsync<CallRefusedException>(() => Retention(silo).Run(new RunRetention(preview, 1) { Id = Guid.NewGuid(), By = claire }));
        }
        var stranger = Anne with { Organisation = "other" };
        using (Caller.As(stranger)) await Assert.ThrowsAsync<CallRefusedException>(() => Retention(silo).View());
        var queries = silo.Services.GetRequiredService<ContactRetentionQueries>();
        var theirs = new List<RetentionFinding>();
        await foreach (var row in queries.Findings("other", preview, null, null, false, 0, null)) theirs.Add(row);
        Assert.Empty(theirs);
        Assert.Empty(await queries.Next("other", new RetentionArgument(preview, 1, [Prospects], Today, stranger), 0, Today));
    }

    private IContactGrain Contact(TestSilo silo, string id) => silo.Grains.GetGrain<IContactGrain>(GrainKey.Of(organisation, id));

    private IContactRetentionGrain Retention(TestSilo silo) => silo.Grains.GetGrain<IContactRetentionGrain>(GrainKey.Of(organisation, ContactRetentionKey.Id));

    private async Task<ContactView> View(TestSilo silo, string id) => (await Contact(silo, id).View())!;

    private Task<string> Made(TestSilo silo, string name, params ContactType[] types) => Made(silo, Named(name) with { Types = [.. types] });

    private async Task<string> Made(TestSilo silo, ContactDetails details)
    {
        time.Advance(TimeSpan.FromMilliseconds(1));
        var id = Ids.New(time);
        (await Contact(silo, id).Create(new CreateContact(details) { Id = Guid.NewGuid(), By = Anne })).Expect();
        return id;
    }

    private async Task Note(TestSilo silo, string id) => (await Contact(silo, id).AddNote(new AddContactNote("A téléphoné.") { Id = Guid.NewGuid(), By = Anne })).Expect();

    private async Task Tell(TestSilo silo, string contact, string id, ActivityContent content, DateTimeOffset? at = null) => (await Contact(silo, contact).RecordActivities(
        new RecordActivities([new ContactActivity("till-1", $"{contact}-{id}", 1, at ?? time.GetUtcNow(), content)]) { Id = Guid.NewGuid(), By = Anne })).Expect();

    private static Purchase Bought() => new("C-1", "EUR", [new(ProductKind.Article, "Affiche", null, null, 1, null, null, 500, null, null)], null, null);

    private async Task SetRules(TestSilo silo, params RetentionRule[] rules) =>
        (await Retention(silo).SetRules(new SetRetentionRules([.. rules], (await Retention(silo).View()).Revision) { Id = Guid.NewGuid(), By = Anne })).Expect();

    private async Task<RetentionPreview> Look(TestSilo silo)
    {
        (await Retention(silo).Preview(new PreviewRetention { Id = Guid.NewGuid(), By = Anne })).Expect();
        await silo.DrainOutbox();
        return (await Retention(silo).View()).Preview!;
    }

    /// <summary>Time goes on to this instant, and the grain is woken as by its reminder.</summary>
    private async Task Night(TestSilo silo, DateTimeOffset at)
    {
        time.Set(at);
        using var caller = Caller.As(Actor.System("tests", organisation));
        await Retention(silo).Wake();
        await silo.DrainOutbox();
    }

    private async Task<List<RetentionFinding>> Findings(TestSilo silo, string preview, bool left = false)
    {
        var rows = new List<RetentionFinding>();
        await foreach (var row in silo.Services.GetRequiredService<ContactRetentionQueries>().Findings(organisation, preview, null, null, left, 0, null)) rows.Add(row);
        return rows;
    }

    private async Task<List<string>> Erased(TestSilo silo, params (string Name, string Id)[] contacts)
    {
        var erased = new List<string>();
        foreach (var (name, id) in contacts)
            if ((await View(silo, id)).Erasure is not null) erased.Add(name);
        return erased;
    }

    private async Task<int> Lines(string kind, string command)
    {
        await using var count = database.Owner.CreateCommand($"SELECT count(*)::integer FROM journal WHERE organisation = '{organisation}' AND kind = '{kind}' AND command = '{command}' AND events <> '[]'");
        return (int)(await count.ExecuteScalarAsync())!;
    }

    /// <summary>What the organisation was told.</summary>
    private async Task<List<string>> Told()
    {
        await using var command = database.Owner.CreateCommand($"SELECT concat_ws(' ', code, arguments ->> 0, arguments ->> 1) FROM notifications WHERE organisation = '{organisation}' ORDER BY id");
        await using var reader = await command.ExecuteReaderAsync();
        var told = new List<string>();
        while (await reader.ReadAsync()) told.Add(reader.GetString(0));
        return told;
    }

    private sealed class Permission : ISendingPermission
    {
        public bool MaySend { get; set; } = true;
    }
}
