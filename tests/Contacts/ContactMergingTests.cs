using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Jobs;
using Guichet.Journal;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>Contacts that are brought together and taken apart again, through their grains on real PostgreSQL.</summary>
public sealed class ContactMergingTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly DateOnly Today = new(2026, 11, 26);

    private readonly ManualTime time = new();
    private readonly string organisation = Guid.NewGuid().ToString("N");

    private Actor Claire => new(organisation, "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    [Fact]
    public void What_is_proposed_is_the_first_that_says_anything_and_what_is_chosen_wins()
    {
        var one = Named("Dupont", "Chantal") with { Emails = ["a@x.example"], Types = [ContactType.Producer] };
        var other = Named("DUPOND", "Chantale") with { Emails = ["a@x.example", "b@x.example"], Mobile = "+33612345678", Addresses = [At("75012", "Paris")], Ambassador = true, Types = [ContactType.Guide] };
        var proposed = ContactMerging.Propose([one, other], new Dictionary<string, int>());
        Assert.Equal(("Dupont", "Chantal", "+33612345678", true), (proposed.Name, proposed.FirstName, proposed.Mobile, proposed.Ambassador));
        Assert.Equal("a@x.example b@x.example", string.Join(' ', proposed.Emails));
        Assert.Equal("Guide Producer", string.Join(' ', proposed.Types));
        Assert.Equal(other.Addresses[0], Assert.Single(proposed.Addresses));
        var chosen = ContactMerging.Propose([one, other], new Dictionary<string, int> { ["name"] = 1, ["emails"] = 0, ["mobile"] = 0, ["ambassador"] = 0 });
        Assert.Equal(("DUPOND", null, false), (chosen.Name, chosen.Mobile, chosen.Ambassador));
        Assert.Equal("a@x.example", Assert.Single(chosen.Emails));
    }

    [Fact]
    public async Task A_merge_brings_everything_together_and_undone_leaves_no_trace_but_what_was_changed_since()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        await Define(silo.Grains, organisation, Claire, Public);
        using var again = Caller.As(Claire);
        var stays = await Made(silo, Named("Dupont", "Chantal") with { Emails = ["a@x.example"] });
        var goes = await Made(silo, Named("Dupond", "Chantale") with { Emails = ["b@x.example"], Mobile = "06 12 34 56 78", Addresses = [At("75012", "Paris")] });
        var (child, house) = (await Made(silo, Named("Dupont", "Zoé")), await Made(silo, House));
        (await Contact(silo, goes).AddNote(new AddContactNote("Appelle le matin.") { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, goes).Tag(new TagContact(["Mécène"], []) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, goes).Classify(new ClassifyContact("public", ["senior"]) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, goes).Relate(new RelateContact(new(RelationKind.Relay, house, null, null)) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, child).Relate(new RelateContact(new(RelationKind.Child, goes, null, null)) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, stays).GiveConsent(new GiveConsent(ConsentChannel.Email, "Programme", new(time.GetUtcNow().AddDays(-9), "Guichet", "J’accepte.")) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, goes).GiveConsent(new GiveConsent(ConsentChannel.Email, "Programme", new(time.GetUtcNow().AddDays(-8), "Site", "J’accepte.")) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, goes).WithdrawConsent(new WithdrawConsent(ConsentChannel.Email, "Programme", new(time.GetUtcNow().AddDays(-1), "Lettre", null)) { Id = Guid.NewGuid(), By = Claire })).Expect();
        var (before, other, young) = (await View(silo, stays), await View(silo, goes), await View(silo, child));
        await silo.DrainOutbox();

        var command = Merging(before, other);
        var merge = (await Contact(silo, stays).Merge(command)).Expect();
        Assert.Equal(merge.Id, (await Contact(silo, stays).Merge(command)).Expect().Id);
        await silo.DrainOutbox();
        var merged = await View(silo, stays);
        Assert.Equal("a@x.example b@x.example", string.Join(' ', merged.Details.Emails));
        Assert.Equal(("+33612345678", "Paris"), (merged.Details.Mobile, merged.Details.Addresses[0].City));
        Assert.Equal(("Appelle le matin.", "Mécène", "senior"), (merged.Notes[0].Text, merged.Tags[0], merged.Criteria[0].Values[0]));
        Assert.Equal((RelationKind.Relay, house), (merged.Relations[0].Kind, merged.Relations[0].To));
        // Given here, withdrawn there, later: withdrawn.
        Assert.All(merged.Consents, consent => Assert.NotNull(consent.Withdrawn));
        Assert.Equal(stays, (await View(silo, child)).Relations[0].To);
        Assert.Equal(stays, (await View(silo, goes)).MergedInto);
        // Found once, by either's address; by nothing as what was merged.
        Assert.Equal(stays, Assert.Single(await Found(silo, "b@x.example")));
        Assert.Empty(await Found(silo, "Dupond"));
        Assert.Equal("contact-merged", (await Contact(silo, goes).AddNote(new AddContactNote("Trop tard.") { Id = Guid.NewGuid(), By = Claire })).Refusals[0].Code);
        Assert.Equal("related-contact-unknown", (await Contact(silo, child).Relate(new RelateContact(new(RelationKind.Child, goes, null, null)) { Id = Guid.NewGuid(), By = Claire })).Refusals[0].Code);

        (await Contact(silo, stays).AddNote(new AddContactNote("Écrite depuis.") { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, stays).Change(new ChangeContact(merged.Details with { FirstName = "Chantal-Anne" }, merged.Revision) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, stays).UndoMerge(new UndoContactMerge(merge.Id) { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        var apart = await View(silo, stays);
        Assert.Equal(Json.Write(before.Details with { FirstName = "Chantal-Anne" }), Json.Write(apart.Details));
        Assert.Equal("Écrite depuis.", Assert.Single(apart.Notes).Text);
        Assert.Empty(apart.Tags);
        Assert.Empty(apart.Criteria);
        Assert.Empty(apart.Relations);
        Assert.Equal(Json.Write(before.Consents), Json.Write(apart.Consents));
        Assert.Empty(apart.Merges);
        Assert.Equal(Json.Write(young.Relations), Json.Write((await View(silo, child)).Relations));
        var back = await View(silo, goes);
        Assert.Equal(Json.Write(other with { Revision = 0, ChangedAt = default, ChangedBy = "" }), Json.Write(back with { Revision = 0, ChangedAt = default, ChangedBy = "" }));
        Assert.Equal(goes, Assert.Single(await Found(silo, "b@x.example")));
        Assert.Equal(goes, Assert.Single(await Found(silo, "Dupond")));
        Assert.Equal("merge-unknown", (await Contact(silo, stays).UndoMerge(new UndoContactMerge(merge.Id) { Id = Guid.NewGuid(), By = Claire })).Refusals[0].Code);
        Assert.Empty((await JournalVerification.Run(database.Owner, GuichetGrains.StateTables, default)).Faults.Where(fault => fault.Contains(organisation)));
    }

    [Fact]
    public async Task A_merge_that_is_undone_before_it_reached_the_others_leaves_them_alone()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var (one, other) = (await Made(silo, Named("Dupont", "Chantal")), await Made(silo, Named("Dupont", "Chantale")));
        var merge = (await Contact(silo, one).Merge(Merging(await View(silo, one), await View(silo, other)))).Expect();
        (await Contact(silo, one).UndoMerge(new UndoContactMerge(merge.Id) { Id = Guid.NewGuid(), By = Claire })).Expect();
        using (Caller.As(Actor.System("tests", organisation)))
        {
            // In the wrong order: effects have none.
            (await Contact(silo, other).Release(new ReleaseContact(merge.Id) { Id = Guid.NewGuid(), By = Claire })).Expect();
            (await Contact(silo, other).Absorb(new AbsorbContact(one, 1, merge.Id) { Id = Guid.NewGuid(), By = Claire })).Expect();
        }
        await silo.DrainOutbox();
        Assert.Null((await View(silo, other)).MergedInto);
        Assert.Equal(other, Assert.Single(await Found(silo, "Dupont, chantale")));
    }

    [Fact]
    public async Task Merges_of_merged_contacts_are_undone_from_the_last()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Add(await Made(silo, Named("Dupont", $"Chantal{i}") with { Emails = [$"c{i}@x.example"] }));
        var first = (await Contact(silo, ids[1]).Merge(Merging(await View(silo, ids[1]), await View(silo, ids[2])))).Expect();
        await silo.DrainOutbox();
        var second = (await Contact(silo, ids[0]).Merge(Merging(await View(silo, ids[0]), await View(silo, ids[1])))).Expect();
        await silo.DrainOutbox();
        Assert.Equal("c0@x.example c1@x.example c2@x.example", string.Join(' ', (await View(silo, ids[0])).Details.Emails));
        Assert.Equal("contact-merged", (await Contact(silo, ids[1]).UndoMerge(new UndoContactMerge(first.Id) { Id = Guid.NewGuid(), By = Claire })).Refusals[0].Code);
        (await Contact(silo, ids[0]).UndoMerge(new UndoContactMerge(second.Id) { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        (await Contact(silo, ids[1]).UndoMerge(new UndoContactMerge(first.Id) { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        Assert.Equal(ids, (await Task.WhenAll(ids.Select((_, i) => Found(silo, $"c{i}@x.example")))).SelectMany(found => found));
    }

    [Fact]
    public async Task Merges_that_cannot_be_are_refused()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var (mother, child, house) = (await Made(silo, Named("Dupont", "Marie")), await Made(silo, Named("Dupont", "Zoé")), await Made(silo, House));
        var grandchild = await Made(silo, Named("Dupont", "Léa"));
        (await Contact(silo, child).Relate(new RelateContact(new(RelationKind.Child, mother, null, null)) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, grandchild).Relate(new RelateContact(new(RelationKind.Child, child, null, null)) { Id = Guid.NewGuid(), By = Claire })).Expect();
        var (one, other) = (await View(silo, mother), await View(silo, child));
        var merging = Merging(one, other);
        (string Code, MergeContacts Command)[] refused =
        [
            ("merge-nobody", merging with { Others = [] }),
            ("merge-with-itself", merging with { Others = [new(mother, one.Revision)] }),
            ("merge-with-itself", merging with { Others = [merging.Others[0], merging.Others[0]] }),
            ("merged-contact-unknown", merging with { Others = [new(Ids.New(time), 1)] }),
            ("merged-contact-unknown", merging with { Others = [new("a\0b", 1)] }),
            ("too-many", merging with { Others = [.. Enumerable.Range(0, 21).Select(_ => new ContactToMerge(Ids.New(time), 1))] }),
            ("changed-meanwhile", merging with { BasedOn = 9 }),
            ("changed-meanwhile", merging with { Others = [new(child, 9)] }),
            ("merge-of-two-kinds", merging with { Others = [new(house, 1)] }),
            ("contact-name-missing", merging with { Details = one.Details with { Name = " " } }),
            // The grandmother and her grandchild in one: the child between them would be its own grandmother.
            ("relation-circular", merging with { Others = [new(grandchild, 1)] }),
        ];
        foreach (var (code, command) in refused)
            Assert.Equal(code, (await Contact(silo, mother).Merge(command with { Id = Guid.NewGuid() })).Refusals[0].Code);
        // Mother and child in one: what was between them is no relation any more.
        (await Contact(silo, mother).Merge(merging)).Expect();
        await silo.DrainOutbox();
        Assert.Empty((await View(silo, mother)).Relations);
        Assert.Equal(mother, (await View(silo, grandchild)).Relations[0].To);
    }

    [Fact]
    public async Task The_whole_file_is_searched_step_by_step_and_what_a_person_told_apart_stays_so()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var chantal = await Made(silo, Named("Lefèvre", "Chantal") with { Addresses = [At("75012", "Paris")] });
        var chantale = await Made(silo, Named("LEFFEVRE", "Chantale") with { Addresses = [At("75012", "Paris")] });
        var swapped = await Made(silo, Named("Chantal", "Lefevre"));
        var mail = await Made(silo, Named("Martin", "Luc") with { Emails = ["famille@martin.example"] });
        var wife = await Made(silo, Named("Martin", "Lucie") with { Emails = ["famille@martin.example"] });
        await Made(silo, Named("Martin", "Paul") with { BirthDate = new DateOnly(1970, 1, 1) });
        await Made(silo, Named("Martin", "Paul") with { BirthDate = new DateOnly(1999, 1, 1) });
        await Made(silo, House with { Name = "Martin Luc", Emails = ["famille@martin.example"] });
        var pairs = silo.Services.GetRequiredService<ContactPairs>();
        var job = Ids.New(time);
        (await silo.Grains.GetGrain<IJobGrain>(GrainKey.Of(organisation, job)).Start(new StartJob(JobKind.ContactDuplicates, null, await pairs.Contacts(organisation)) { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        var done = (await silo.Grains.GetGrain<IJobGrain>(GrainKey.Of(organisation, job)).View())!;
        Assert.Equal((JobStatus.Finished, 8L, 8L), (done.Status, done.Done, done.Total));
        Assert.Equal(done.Count(DuplicateSearch.Pairs), await pairs.Count(organisation));
        var found = await Pairs();
        Assert.Contains((mail, wife), found);
        Assert.Contains((chantal, swapped), found);
        Assert.DoesNotContain(found, pair => pair.One == mail && pair.Other != wife);

        (await Contact(silo, mail).TellApart(new TellContactsApart(wife, true) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Contact(silo, chantal).Merge(Merging(await View(silo, chantal), await View(silo, swapped)))).Expect();
        await silo.DrainOutbox();
        var second = Ids.New(time);
        (await silo.Grains.GetGrain<IJobGrain>(GrainKey.Of(organisation, second)).Start(new StartJob(JobKind.ContactDuplicates, null, 8) { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        found = await Pairs();
        Assert.DoesNotContain((mail, wife), found);
        Assert.DoesNotContain((chantal, swapped), found);
        Assert.Equal("Claire Morin", Assert.Single((await pairs.Read(organisation, true, 0, 50, Today)).Pairs).DismissedBy);
        (await Contact(silo, wife).TellApart(new TellContactsApart(mail, false) { Id = Guid.NewGuid(), By = Claire })).Expect();
        Assert.Contains((mail, wife), await Pairs());
        Assert.True(chantale.Length > 0);

        async Task<ImmutableArray<(string One, string Other)>> Pairs() => [.. (await pairs.Read(organisation, false, 0, 50, Today)).Pairs.Select(pair => Ordered(pair.One.Id, pair.Other.Id))];

        (string, string) Ordered(string one, string other) => string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);
    }

    private MergeContacts Merging(ContactView stays, params ContactView[] others) => new(
        [.. others.Select(other => new ContactToMerge(other.Id, other.Revision))],
        ContactMerging.Propose([stays.Details, .. others.Select(other => other.Details)], new Dictionary<string, int>()), stays.Revision)
    { Id = Guid.NewGuid(), By = Claire };

    private IContactGrain Contact(TestSilo silo, string id) => silo.Grains.GetGrain<IContactGrain>(GrainKey.Of(organisation, id));

    private async Task<ContactView> View(TestSilo silo, string id) => (await Contact(silo, id).View())!;

    private async Task<string> Made(TestSilo silo, ContactDetails details)
    {
        time.Advance(TimeSpan.FromMilliseconds(1));
        var id = Ids.New(time);
        (await Contact(silo, id).Create(new CreateContact(details) { Id = Guid.NewGuid(), By = Claire })).Expect();
        return id;
    }

    private async Task<string[]> Found(TestSilo silo, string text) =>
        [.. (await silo.Services.GetRequiredService<ContactQueries>().Search(organisation, new ContactFilter(text), Today)).Rows.Select(row => row.Id)];
}
