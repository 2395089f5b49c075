using System.Collections;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>A person's data in one file: all of it, nobody else's, and nothing in it that runs.</summary>
public sealed class PersonalDataTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// What of a record isn't in the JSON: who of the house did something, and other contacts' ids. A member that is added to a record and isn't
    /// here has to be in the file.
    /// </summary>
    private static readonly string[] Withheld = ["by", "givenBy", "withdrawnBy", "createdBy", "changedBy", "to", "mergedInto"];

    /// <summary>Members whose text isn't on the page as it is: a word, a date or a name stands there instead, or it is another's.</summary>
    private static readonly string[] SaidOtherwise =
    [
        .. Withheld, "id", "mergeId", "lastReleased", "criterion", "values", "kind", "types", "language", "channel", "ground", "country", "mobile", "phone", "fax", "at", "createdAt", "changedAt",
        "touchedAt", "toldAt", "openedAt", "linkSentAt", "birthDate", "from", "until", "before", "after", "moved", "erasure",
    ];

    private readonly ManualTime time = new(At);
    private readonly string organisation = Guid.NewGuid().ToString("N");

    private Actor Claire => new(organisation, "claire", ActorKind.Operator, "Claire Morin", Role.Administrator);

    /// <summary>Everything of a record is something, so that what is left out of the file is seen.</summary>
    private static ContactState Whole()
    {
        var details = new ContactDetails(
            ContactKind.Individual, [ContactType.Guide], "val-name", "val-title", "val-first", new(1970, 5, 17), "val-function", Language.French, "val-administrative", "val-nature", ["val-mail@x.example"],
            "+33612345678", "+33145678901", "+33145678902",
            [new(AddressKind.Main, "FR", "val-postcode", "val-city", "val-line1", "val-line2", "val-line3", "val-department", "val-region", true)], "val-iban", "val-reference", true, true);
        var content = new ContactContent(details, [], [], [], [], [], []);
        return new ContactState(
            7, 3, details, true, [new("note", 2, "val-note", "Claire Morin", At)], [new("public", ["senior"])], [new("val-place", "val-block", "val-row", "val-seat", "val-remark")],
            [new(ConsentChannel.Sms, "val-category", new(At, "val-where", "val-wording"), "Claire Morin", new(At, "val-withdrawn", "val-why"), "Claire Morin")],
            [new(RelationKind.Child, "parent", new(2020, 1, 1), new(2030, 1, 1))], "Claire Morin", At, "Claire Morin", At)
        {
            Tags = ["val-tag"],
            LivePurchases = 2,
            MergedInto = "another",
            MergeId = "merge",
            LastReleased = "earlier",
            Merges = [new("merge", [new("other", 8, "val-merged")], content, content, "Claire Morin", At)],
            Moved = [new("merge", new(RelationKind.Relay, "house", new(2020, 1, 1), new(2030, 1, 1)), new(RelationKind.Relay, "school", new(2020, 1, 1), new(2030, 1, 1)))],
            TouchedAt = At,
            ToldAt = At,
            Hold = new("val-hold", "Claire Morin", At),
            Erasure = new(ErasureGround.Request, "val-erasure", "Claire Morin", At),
            Account = new("val-identifier", true, true, At, "Claire Morin", At, At),
            AccountNumber = 3,
        };
    }

    [Fact]
    public async Task Everything_that_is_stored_of_a_record_is_in_the_file()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var state = Whole();
        Assert.Empty(Unset(state, "state"));
        var (json, page) = await Made(silo, Of(silo, state));

        var stored = JsonNode.Parse(Json.Write(state))!;
        Without(stored, Withheld);
        Assert.True(JsonNode.DeepEquals(stored, json["records"]![0]), $"{json["records"]![0]}\n\nisn't\n\n{stored}");
        Assert.DoesNotContain(Texts(JsonNode.Parse(Json.Write(state))!, ""), text => !page.Contains(text, StringComparison.Ordinal));
        Assert.Contains("val-browser", page, StringComparison.Ordinal);
        Assert.Equal("val-browser", (string?)json["signIns"]!["browsers"]![0]!["browser"]);
        Assert.DoesNotContain("Claire Morin", page + json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_person_did_was_sent_and_had_changed_is_there_and_nothing_of_others()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var hostile = "<script>alert(1)</script>";
        var house = await Contact(silo, House);
        var contact = await Contact(silo, Named("Dupont", hostile) with { Emails = ["a@x.example"] });
        var (child, stranger) = (await Contact(silo, Named("Dupont", "Zoé")), await Contact(silo, Named("Inconnu", "Paul")));
        await Define(silo.Grains, organisation, Claire, Public);
        using var again = Caller.As(Claire);
        foreach (var (of, relation) in new[] { (contact, new ContactRelation(RelationKind.Relay, house, null, null)), (child, new(RelationKind.Child, contact, null, null)), (stranger, new(RelationKind.Relay, house, null, null)) })
            (await Grain(silo, of).Relate(new RelateContact(relation) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Grain(silo, contact).AddNote(new AddContactNote("=HYPERLINK(\"http://x\")\n<b>gras</b>") { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Grain(silo, contact).Classify(new ClassifyContact("public", ["senior"]) { Id = Guid.NewGuid(), By = Claire })).Expect();
        (await Grain(silo, contact).GiveConsent(new GiveConsent(ConsentChannel.Email, "Programme", new(At.AddDays(-1), "Guichet du hall", "J’accepte.")) { Id = Guid.NewGuid(), By = Claire })).Expect();
        var view = (await Grain(silo, contact).View())!;
        (await Grain(silo, contact).Change(new ChangeContact(view.Details with { Emails = ["b@x.example"] }, view.Revision) { Id = Guid.NewGuid(), By = Claire })).Expect();
        await Tell(silo, contact, "p1", new Purchase("C-1001", "EUR", [new(ProductKind.Ticket, "La Nuit de sel", At.AddDays(9), "Grande salle", 2, "Or", "Plein", 5_000, null, null)], "Site", "Hall"));
        await Tell(silo, contact, "c1", new Cancellation($"{contact}-p1", "EUR", [new(1, 1, 2_000)], "Malade"));
        await Tell(silo, contact, "m1", new Payment(new Money(5_000, "EUR"), false, "Carte", [$"{contact}-p1"]));
        await Tell(silo, contact, "a1", new Attendance($"{contact}-p1", "La Nuit de sel", At.AddDays(9), "Grande salle", AttendanceState.Expected, 1, "Or", "Plein", ["F-12"]));
        await Tell(silo, contact, "e1", new SentMessage(MessageChannel.Email, "La saison", "Automne", MessageState.Opened, "a@x.example"));
        await Tell(silo, stranger, "p9", new Purchase("C-9999", "EUR", [new(ProductKind.Article, "Affiche", null, null, 1, null, null, 500, null, null)], null, null));
        (await Grain(silo, contact).Disclose(new DiscloseContact { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        var changed = (await Grain(silo, contact).View())!.ChangedAt;

        var file = File(silo);
        var (json, page) = await Made(silo, (await file.Read(organisation, contact, default))!);
        foreach (var said in new[] { "C-1001", "La Nuit de sel", "Malade", "Carte", "F-12", "La saison", "Automne", "Guichet du hall", "J’accepte.", "a@x.example", "b@x.example", "Senior", "Collège Jean-Moulin", "Zoé DUPONT" })
            Assert.Contains(said, page, StringComparison.Ordinal);
        Assert.Equal(["purchases 1", "cancellations 1", "attendances 1", "payments 1", "messages 1"], json["histories"]!.AsObject().Select(history => $"{history.Key} {history.Value!.AsArray().Count}"));
        Assert.Equal("a@x.example", (string?)json["formerEmails"]![0]!["email"]);
        Assert.Contains(json["journal"]!.AsArray(), line => (string?)line!["command"] == "disclose-contact");
        Assert.Equal(["relay Collège Jean-Moulin", "child Zoé DUPONT"], json["relations"]!.AsArray().Select(tie => $"{tie!["kind"]} {tie["name"]}"));
        Assert.Equal(7, json["indicators"]!.AsArray().Count);
        Assert.All(json["indicators"]!.AsArray(), indicator => Assert.NotEqual("", (string?)indicator!["rule"]));

        // Nothing of others: neither whom they are, nor what they bought, nor who of the house wrote it down; the structure's file names none of its people.
        var whole = page + json.ToJsonString();
        foreach (var anothers in new[] { "Claire Morin", "Inconnu", "C-9999", stranger, child, house }) Assert.DoesNotContain(anothers, whole, StringComparison.Ordinal);
        var (structure, _) = await Made(silo, (await file.Read(organisation, house, default))!);
        Assert.DoesNotContain("Dupont", structure.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(2, structure["relations"]!.AsArray().Count);
        Assert.Empty(structure["histories"]!["purchases"]!.AsArray());
        Assert.Null(await file.Read("other", contact, default));
        Assert.Equal(changed, (await Grain(silo, contact).View())!.ChangedAt);
    }

    [Fact]
    public async Task Texts_are_texts_and_the_page_asks_for_nothing_elsewhere()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var contact = await Contact(silo, Named("<img src=x onerror=alert(1)>", "\"'&") with { Language = Language.English });
        (await Grain(silo, contact).AddNote(new AddContactNote("</td><script>alert(1)</script>") { Id = Guid.NewGuid(), By = Claire })).Expect();
        var raw = await Raw(silo, (await File(silo).Read(organisation, contact, default))!);
        Assert.DoesNotContain("<img", raw.Page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<script", raw.Page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("src=\"", raw.Page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http://", raw.Page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<html lang=\"en\">", raw.Page, StringComparison.Ordinal);
        Assert.Contains("Who did what, and when", raw.Page, StringComparison.Ordinal);
        Assert.Equal(["data.html", "data.json"], raw.Names);
    }

    [Fact]
    public async Task Long_histories_are_read_page_after_page()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var contact = await Contact(silo, Named("Dupont"));
        for (var i = 0; i < 3; i++)
            (await Grain(silo, contact).RecordActivities(new RecordActivities(
                [.. Enumerable.Range(i * 400, 400).Select(n => new ContactActivity("till-1", $"{contact}-{n}", 1, At.AddMinutes(-n), new Payment(new Money(100 + n, "EUR"), false, "Carte", [])))])
            { Id = Guid.NewGuid(), By = Claire })).Expect();
        var (json, page) = await Made(silo, (await File(silo).Read(organisation, contact, default))!);
        var amounts = json["histories"]!["payments"]!.AsArray().Select(payment => (long)payment!["content"]!["amount"]!["minor"]!).ToList();
        Assert.Equal(Enumerable.Range(100, 1_200).Select(n => (long)n), amounts);
        Assert.Equal(1_200, page.Split("till-1").Length - 1);
    }

    [Fact]
    public async Task What_is_handed_out_stands_in_the_journal_once_and_is_refused_of_a_merged_record()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Claire);
        var (contact, merged) = (await Contact(silo, Named("Dupont")), await Contact(silo, Named("Dupond") with { Emails = ["old@x.example"] }));
        var disclose = new DiscloseContact { Id = Guid.NewGuid(), By = Claire };
        for (var i = 0; i < 2; i++) (await Grain(silo, contact).Disclose(disclose)).Expect();
        var view = (await Grain(silo, contact).View())!;
        (await Grain(silo, contact).Merge(new MergeContacts([new(merged, 1)], view.Details, view.Revision) { Id = Guid.NewGuid(), By = Claire })).Expect();
        await silo.DrainOutbox();
        Assert.Equal("contact-merged", (await Grain(silo, merged).Disclose(disclose with { Id = Guid.NewGuid() })).Refusals[0].Code);
        // The record that was merged is the person's too: it stands in the file, with its own journal.
        var (json, page) = await Made(silo, (await File(silo).Read(organisation, contact, default))!);
        Assert.Equal(2, json["records"]!.AsArray().Count);
        Assert.Contains("old@x.example", page, StringComparison.Ordinal);
        Assert.Single(json["journal"]!.AsArray(), line => (string?)line!["command"] == "disclose-contact");
        Assert.Contains(json["journal"]!.AsArray(), line => (string?)line!["command"] == "absorb-contact");
    }

    private DisclosedContact Of(TestSilo silo, ContactState state)
    {
        var reader = File(silo).ReaderOf(state.Details!, "Europe/Paris");
        return new DisclosedContact(
            organisation, new OrganisationDetails("Théâtre", "Paris", "Europe/Paris", "EUR", true), At, reader, [new StoredRecord("contact", state.Number, Json.Write(state))], [state], [],
            new ContactSettingsView(organisation, 0, [], []), [], [], At, [new SpaceBrowser("val-browser", At, At)], [], FrozenDictionary<string, string>.Empty);
    }

    private PersonalDataFile File(TestSilo silo) => new(
        silo.Services.GetRequiredService<PersonalDataQueries>(), silo.Services.GetRequiredService<ContactQueries>(), silo.Services.GetRequiredService<ContactHistoryQueries>(),
        silo.Services.GetRequiredService<ContactIndicatorQueries>(), silo.Services.GetRequiredService<TimelineQueries>(), silo.Grains, time);

    private async Task<(JsonObject Json, string Page)> Made(TestSilo silo, DisclosedContact data)
    {
        var (_, page, json) = await Raw(silo, data);
        return (JsonNode.Parse(json)!.AsObject(), WebUtility.HtmlDecode(page));
    }

    private async Task<(string[] Names, string Page, string Json)> Raw(TestSilo silo, DisclosedContact data)
    {
        using var kept = new MemoryStream();
        await File(silo).Write(kept, data, default);
        kept.Position = 0;
        using var zip = new ZipArchive(kept);
        var texts = zip.Entries.Select(entry => new StreamReader(entry.Open()).ReadToEnd()).ToArray();
        return ([.. zip.Entries.Select(entry => entry.FullName)], texts[0], texts[1]);
    }

    private IContactGrain Grain(TestSilo silo, string id) => silo.Grains.GetGrain<IContactGrain>(GrainKey.Of(organisation, id));

    private async Task<string> Contact(TestSilo silo, ContactDetails details)
    {
        if (await silo.Grains.GetGrain<IOrganisationGrain>(OrganisationKey.Of(organisation)).View() is null) await Founded(silo);
        time.Advance(TimeSpan.FromMilliseconds(1));
        var id = Ids.New(time);
        using var caller = Caller.As(Claire);
        (await Grain(silo, id).Create(new CreateContact(details) { Id = Guid.NewGuid(), By = Claire })).Expect();
        return id;
    }

    private async Task Founded(TestSilo silo)
    {
        using var caller = Caller.As(Actor.System("tests"));
        (await silo.Grains.GetGrain<IOrganisationGrain>(OrganisationKey.Of(organisation)).Found(new FoundOrganisation(
            new OrganisationDetails("Théâtre de la Gaîté", "Paris", "Europe/Paris", "EUR", false), Ids.New(time), $"claire@{organisation}.example", "Claire Morin", Language.Browser)
        { Id = Guid.NewGuid(), By = Actor.System("tests"), Password = new SecretHash(new string('0', 64)) })).Expect();
    }

    private async Task Tell(TestSilo silo, string contact, string id, ActivityContent content) => (await Grain(silo, contact).RecordActivities(
        new RecordActivities([new ContactActivity("till-1", $"{contact}-{id}", 1, time.GetUtcNow(), content)]) { Id = Guid.NewGuid(), By = Claire })).Expect();

    private static void Without(JsonNode? node, string[] members)
    {
        if (node is JsonObject members1)
        {
            foreach (var name in members1.Select(member => member.Key).Where(members.Contains).ToList()) members1.Remove(name);
            foreach (var member in members1) Without(member.Value, members);
        }
        if (node is JsonArray items)
            foreach (var item in items) Without(item, members);
    }

    /// <summary>Every text of the record that the page has to say.</summary>
    private static IEnumerable<string> Texts(JsonNode? node, string member) => SaidOtherwise.Contains(member) ? [] : node switch
    {
        JsonObject members => members.SelectMany(one => Texts(one.Value, one.Key)),
        JsonArray items => items.SelectMany(item => Texts(item, member)),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => [value.GetValue<string>()],
        _ => [],
    };

    /// <summary>Members of the sample that are nothing: of a new one the sample has to say something, and with it the file.</summary>
    private static IEnumerable<string> Unset(object? value, string path)
    {
        switch (value)
        {
            case null: return [path];
            case string text: return text.Length == 0 ? [path] : [];
            case IEnumerable items:
                var each = items.Cast<object?>().ToList();
                return each.Count == 0 ? path.Contains("before", StringComparison.OrdinalIgnoreCase) || path.Contains("after", StringComparison.OrdinalIgnoreCase) ? [] : [path] : each.SelectMany(item => Unset(item, path));
            default:
                var type = value.GetType();
                if (type.Namespace?.StartsWith("Guichet", StringComparison.Ordinal) != true || type.IsEnum) return [];
                return type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0)
                    .SelectMany(property => Unset(property.GetValue(value), $"{path}.{property.Name}"));
        }
    }
}
