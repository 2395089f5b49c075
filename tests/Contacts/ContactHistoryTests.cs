using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>What tills tell, through the contact's grain, and the histories that are read of it, on real PostgreSQL.</summary>
public sealed class ContactHistoryTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly ManualTime time = new();
    private readonly string organisation = Guid.NewGuid().ToString("N");

    private Actor Till => new(organisation, "till", ActorKind.Token, "Caisse du hall", Role.BoxOffice);

    private DateTimeOffset Now => time.GetUtcNow();

    private DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    [Fact]
    public async Task The_same_telling_twice_is_recorded_once_and_a_correction_takes_its_place()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Till);
        var contact = await Made(silo, Named("Dupont", "Chantal"));
        var command = Tell(Told("p1", Bought("C-1", Line("La Nuit de sel", 2, 5_000))), Told("m1", Paid(5_000, "p1")));
        Assert.Equal("Recorded Recorded", await Record(silo, contact, command));
        Assert.Equal("Recorded Recorded", await Record(silo, contact, command));
        Assert.Equal("Repeated Repeated", await Record(silo, contact, Tell(command.Activities)));
        Assert.Equal("Corrected", await Record(silo, contact, Tell(Told("p1", Bought("C-1", Line("La Nuit de sel", 3, 7_500)), revision: 2))));
        Assert.Equal("Superseded", await Record(silo, contact, Tell(command.Activities[0])));

        var row = Assert.Single((await Histories(silo).Purchases(organisation, contact, new HistoryFilter(), null, 10)).Rows);
        Assert.Equal((7_500L, 2, "Caisse du hall", false, 3), (row.NetMinor, row.Told.Revision, row.Told.RecordedBy, row.Cancelled, row.Left[0]));
        Assert.Equal("Recorded", await Record(silo, contact, Tell(Told("c1", new Cancellation("p1", "EUR", [new CancelledLine(1, 1, 2_000)], null)))));
        row = Assert.Single((await Histories(silo).Purchases(organisation, contact, new HistoryFilter(), null, 10)).Rows);
        Assert.Equal((5_500L, false, 2), (row.NetMinor, row.Cancelled, row.Left[0]));
        Assert.Equal("Recorded", await Record(silo, contact, Tell(Told("c2", new Cancellation("p1", null, [], "Annulé")))));
        row = Assert.Single((await Histories(silo).Purchases(organisation, contact, new HistoryFilter(), null, 10)).Rows);
        Assert.Equal((0L, true, 0), (row.NetMinor, row.Cancelled, row.Left[0]));

        var detail = await Histories(silo).Find(organisation, contact, new ActivityKey("till-1", "p1"));
        Assert.Equal("m1 c1 c2", string.Join(' ', detail!.Related.Select(one => one.Told.Id).OrderBy(id => id == "m1" ? 0 : 1).ThenBy(id => id)));
        Assert.Null(await Histories(silo).Find(organisation, await Made(silo, House), new ActivityKey("till-1", "p1")));
        Assert.Empty((await JournalVerification.Run(database.Owner, GuichetGrains.StateTables, default)).Faults.Where(fault => fault.Contains(organisation)));
    }

    [Fact]
    public async Task Of_a_batch_with_one_mistake_nothing_is_kept()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Till);
        var contact = await Made(silo, Named("Dupont", "Chantal"));
        Assert.Equal("purchase-unknown", await Record(silo, contact, Tell(Told("p1", Bought("C-1", Line("Nuit", 1, 100))), Told("c1", new Cancellation("p9", null, [], null)))));
        Assert.Empty((await Histories(silo).Purchases(organisation, contact, new HistoryFilter(), null, 10)).Rows);
        Assert.False((await Grain(silo, contact).View())!.Client);
    }

    /// <summary>Two nodes, two contacts, one id at the same moment: one has it, the other is told so.</summary>
    [Fact]
    public async Task One_id_told_of_two_contacts_at_the_same_moment_is_one_contacts()
    {
        await using var one = await TestSilo.Start(database.Product, time);
        await using var other = await TestSilo.Start(database.Product, time);
        for (var round = 0; round < 8; round++)
        {
            string a, b;
            using (Caller.As(Till)) (a, b) = (await Made(one, Named("Dupont")), await Made(one, Named("Durand")));
            var told = Told($"p{round}", Bought("C", Line("Nuit", 1, 100)));
            using var caller = Caller.As(Till);
            var outcomes = await Task.WhenAll(Record(one, a, Tell(told)), Record(other, b, Tell(told)));
            Assert.Equal(["Recorded", "activity-of-another-contact"], outcomes.OrderBy(said => said, StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task Tellings_that_arrive_together_are_each_recorded_once()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Till);
        var contact = await Made(silo, Named("Dupont"));
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Record(silo, contact, Tell([.. Enumerable.Range(0, 10).Select(j => Told($"p{i / 2 * 10 + j}", Bought("C", Line("Nuit", 1, 100))))]))));
        Assert.Equal(150, Assert.Single(await Histories(silo).Parts(organisation, contact, ContactHistory.Purchases, new HistoryFilter())).Count);
        Assert.Equal("150", await Scalar("SELECT state ->> 'livePurchases' FROM contacts WHERE organisation = $1 AND id = $2", organisation, contact));
    }

    [Fact]
    public async Task Histories_go_by_pages_that_neither_repeat_nor_leave_out()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Till);
        var contact = await Made(silo, Named("Dupont"));
        // Many at one instant: the id decides.
        await Record(silo, contact, Tell([.. Enumerable.Range(0, 25).Select(i => Told($"p{i}", Bought($"C-{i}", Line("Nuit", 1, 100)), at: Now.AddMinutes(-(i / 10))))]));
        var seen = new List<string>();
        HistoryPlace? after = null;
        do
        {
            var page = await Histories(silo).Purchases(organisation, contact, new HistoryFilter(), after, 4);
            seen.AddRange(page.Rows.Select(row => row.Told.Id));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(25, seen.Count);
        Assert.Equal(25, seen.Distinct().Count());
        Assert.Equal("p9", seen[0]);
        Assert.Single((await Histories(silo).Purchases(organisation, contact, new HistoryFilter(From: Now.AddMinutes(-1), Before: Now.AddSeconds(-30), Source: "till-1"), null, 1)).Rows);
        Assert.Empty((await Histories(silo).Purchases(organisation, contact, new HistoryFilter(Source: "till-2\0"), null, 10)).Rows);
    }

    [Fact]
    public async Task A_structure_shows_what_its_people_did_while_they_were_its_own()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Till);
        var (house, mother) = (await Made(silo, House), await Made(silo, House with { Name = "Académie" }));
        var (relay, both, gone, child) = (await Made(silo, Named("Martin", "Céline")), await Made(silo, Named("Petit", "Luc")), await Made(silo, Named("Roux", "Paul")), await Made(silo, Named("Martin", "Zoé")));
        await Relate(silo, relay, RelationKind.Relay, house, Today.AddDays(-10), null);
        await Relate(silo, both, RelationKind.Relay, house, null, Today.AddDays(-20));
        await Relate(silo, both, RelationKind.Member, house, Today.AddDays(-25), Today);
        await Relate(silo, gone, RelationKind.Member, house, null, Today.AddDays(-5));
        await Relate(silo, child, RelationKind.Child, relay, null, null);
        await Relate(silo, house, RelationKind.Subsidiary, mother, null, null);
        foreach (var (whose, id, daysAgo) in new[] { (house, "own", 400), (relay, "before", 11), (relay, "first", 10), (both, "once", 22), (gone, "last", 5), (gone, "after", 4), (child, "child", 1) })
            Assert.Equal("Recorded", await Record(silo, whose, Tell(Told(id, Bought(id, Line("Nuit", 1, 1_000)), at: Now.AddDays(-daysAgo)))));

        var rows = (await Histories(silo).Purchases(organisation, house, new HistoryFilter(), null, 50)).Rows;
        Assert.Equal("last first once own", string.Join(' ', rows.Select(row => row.Told.Id)));
        Assert.Equal("ROUX, Paul", rows[0].Whose.Shown);
        Assert.Equal(house, rows[3].Whose.Id);
        Assert.Equal("once", Assert.Single((await Histories(silo).Purchases(organisation, house, new HistoryFilter(Person: both), null, 50)).Rows).Told.Id);
        Assert.Equal(4_000, (await Histories(silo).Parts(organisation, house, ContactHistory.Purchases, new HistoryFilter())).Sum(part => part.AmountMinor));
        Assert.Empty((await Histories(silo).Purchases(organisation, mother, new HistoryFilter(), null, 50)).Rows);
        Assert.NotNull(await Histories(silo).Find(organisation, house, new ActivityKey("till-1", "last")));
        Assert.Null(await Histories(silo).Find(organisation, house, new ActivityKey("till-1", "after")));
    }

    [Fact]
    public async Task A_session_is_shown_once_whether_it_was_bought_or_come_to_and_not_when_it_was_given_back()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Till);
        var contact = await Made(silo, Named("Dupont"));
        var (first, second, third) = (Now.AddDays(3), Now.AddDays(2), Now.AddDays(1));
        await Record(silo, contact, Tell(
            Told("p1", Bought("C-1", Line("La Nuit de sel", 2, 5_000) with { SessionAt = first }, Line("Le Voyage", 1, 2_000) with { SessionAt = second }, Line("Affiche", 1, 500) with { Product = ProductKind.Article, SessionAt = null })),
            Told("p2", Bought("C-2", Line("Océan", 1, 2_000) with { SessionAt = third })),
            Told("c2", new Cancellation("p2", null, [], null)),
            Told("a1", new Attendance(null, "LA NUIT DE SEL", first, null, AttendanceState.Expected, 2, null, null, ["F12", "F13"]))));
        Assert.Equal("La Nuit de sel:Expected:F12, F13 Le Voyage:Bought:", await Cultural());
        await Record(silo, contact, Tell(Told("a1", new Attendance("p1", "La Nuit de sel", first, null, AttendanceState.Attended, 2, null, null, []), revision: 2)));
        Assert.Equal("La Nuit de sel:Attended: Le Voyage:Bought:", await Cultural());
        Assert.Equal(3, (await Histories(silo).Parts(organisation, contact, ContactHistory.Cultural, new HistoryFilter())).Sum(part => part.Quantity));

        async Task<string> Cultural() => string.Join(' ', (await Histories(silo).Cultural(organisation, contact, new HistoryFilter(), null, 10)).Rows
            .Select(row => $"{(row.Title.StartsWith("LA", StringComparison.Ordinal) ? "La Nuit de sel" : row.Title)}:{row.State}:{row.Seats}"));
    }

    /// <summary>A mail is of whoever had the address when it left; before anybody had it, of the first who did.</summary>
    [Fact]
    public async Task Mails_are_found_by_the_address_that_was_the_contacts_when_they_left()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Till);
        var links = silo.Services.GetRequiredService<ILinkLookups>();
        await Letter("before anybody");
        await Report("report before");
        time.Advance(TimeSpan.FromDays(1));
        var first = await Made(silo, Named("Dupont") with { Emails = ["regie@port-royal.example"] });
        await Letter("hers");
        time.Advance(TimeSpan.FromDays(1));
        (await Grain(silo, first).Change(new ChangeContact(Named("Dupont"), 1) { Id = Guid.NewGuid(), By = Till })).Expect();
        await Letter("nobody's");
        time.Advance(TimeSpan.FromDays(1));
        var second = await Made(silo, Named("Durand") with { Emails = ["regie@port-royal.example"] });
        time.Advance(TimeSpan.FromDays(1));
        await Letter("his");
        await Report("report after");
        await Record(silo, second, Tell(Told("s1", new SentMessage(MessageChannel.Sms, "told", null, MessageState.Delivered, null))));

        Assert.Equal("hers|report before|before anybody", await Sent(first));
        Assert.Equal("told|report after|his", await Sent(second));
        Assert.Equal(3, (await Histories(silo).Parts(organisation, second, ContactHistory.Messages, new HistoryFilter())).Sum(part => part.Count));
        // Page by page, across what tills told, reports and letters.
        var page = await Histories(silo).Sent(organisation, second, new HistoryFilter(), null, 2);
        Assert.Equal("his", (await Histories(silo).Sent(organisation, second, new HistoryFilter(), page.Next, 2)).Rows.Single().Letter!.Subject);

        async Task<string> Sent(string contact) => string.Join('|', (await Histories(silo).Sent(organisation, contact, new HistoryFilter(), null, 10)).Rows
            .Select(row => row.Message?.Subject ?? row.Letter?.Subject ?? row.Report!.RunId));

        async Task Letter(string subject)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            var id = Guid.NewGuid();
            await links.NoteLetter(organisation, id, new SentLetter("link", "regie@port-royal.example", subject, null));
            await links.NoteLetter(organisation, id, new SentLetter("link", "regie@port-royal.example", subject, null));
        }

        async Task Report(string run)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await using var command = database.Owner.CreateCommand("""
                WITH made AS (INSERT INTO report_deliveries (organisation, run_id, partner_id, at, made_at, test, sessions, versions, told_versions) VALUES ($1, $2, 'p', $3, $3, false, '{}', '{}', '{}'))
                INSERT INTO report_recipients (organisation, run_id, partner_id, position, email, recipient_kind, mail_id, state, moved_at) VALUES ($1, $2, 'p', 1, 'regie@port-royal.example', 'to', gen_random_uuid(), 'handedOver', $3)
                """);
            foreach (var value in new object[] { organisation, run, Now.UtcDateTime }) command.Parameters.Add(new() { Value = value });
            // The delivery first: the recipient refers to it.
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Prospects_can_be_left_out_and_a_structure_whose_people_bought_is_none()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Till);
        var (buyer, prospect, house, empty) = (await Made(silo, Named("Dupont", "Anne")), await Made(silo, Named("Dupont", "Berthe")), await Made(silo, House with { Name = "Dupont et fils" }), await Made(silo, House with { Name = "Dupont et filles" }));
        await Relate(silo, buyer, RelationKind.Relay, house, null, null);
        await Relate(silo, buyer, RelationKind.Relay, empty, Today.AddDays(1), null);
        await Record(silo, buyer, Tell(Told("p1", Bought("C-1", Line("Nuit", 1, 100)))));
        var queries = silo.Services.GetRequiredService<ContactQueries>();
        Assert.Equal($"{buyer}:True {prospect}:False {empty}:False {house}:True", await Found(new ContactFilter("dupont")));
        Assert.Equal($"{buyer}:True {house}:True", await Found(new ContactFilter("dupont", WithProspects: false)));
        await Record(silo, buyer, Tell(Told("c1", new Cancellation("p1", null, [], null))));
        Assert.Equal("", await Found(new ContactFilter("dupont", WithProspects: false)));

        async Task<string> Found(ContactFilter filter) => string.Join(' ', (await queries.Search(organisation, filter, Today)).Rows.Select(row => $"{row.Id}:{row.Client}"));
    }

    [Fact]
    public async Task Indicators_are_worked_out_of_what_was_told_and_of_a_structures_people()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Till);
        var (person, house) = (await Made(silo, Named("Dupont")), await Made(silo, House));
        await Relate(silo, person, RelationKind.Member, house, null, null);
        await Record(silo, person, Tell(
            Told("p0", Bought("C-0", Line("Nuit", 2, 6_000) with { SessionAt = Now.AddYears(-3) }), at: Now.AddYears(-3)),
            Told("p1", Bought("C-1", Line("Abonnement", 1, 9_000) with { Product = ProductKind.Subscription, SessionAt = null, ValidFrom = Today.AddDays(-1), ValidUntil = Today }, Line("Le Cercle", 1, 3_000) with { Product = ProductKind.Membership, SessionAt = null, ValidUntil = Today }) with { Channel = "Guichet" }),
            Told("c1", new Cancellation("p1", "EUR", [new CancelledLine(2, 1, 3_000)], null)),
            Told("a1", new Attendance(null, "Nuit", Now.AddDays(-1), null, AttendanceState.Attended, 2, null, null, []))));
        foreach (var contact in new[] { person, house })
        {
            var (indicators, _) = await silo.Services.GetRequiredService<ContactIndicatorQueries>().Of(organisation, contact, Today);
            Assert.Equal(3, indicators.Seniority!.Years);
            Assert.Equal("Guichet", indicators.Channel!.Name);
            Assert.Equal("Abonnement", Assert.Single(indicators.Subscriptions).Title);
            Assert.Empty(indicators.Memberships);
            Assert.Equal((9_000L, "EUR"), (indicators.Values.Single().NetMinor, indicators.Values.Single().Currency));
            Assert.Equal((2, 2), (indicators.Assiduity.Active, indicators.Assiduity.Came));
        }
        var nobody = await silo.Services.GetRequiredService<ContactIndicatorQueries>().Of(organisation, await Made(silo, Named("Durand")), Today);
        Assert.Null(nobody.Indicators.Seniority);
        Assert.Empty(nobody.Indicators.Values);
    }

    [Fact]
    public async Task Open_pages_of_the_contact_and_of_its_structures_hear_of_it()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using var caller = Caller.As(Till);
        var (person, house) = (await Made(silo, Named("Dupont")), await Made(silo, House));
        await Relate(silo, person, RelationKind.Relay, house, null, null);
        var heard = new TaskCompletionSource<ContactActivityTold>(TaskCreationOptions.RunContinuationsAsynchronously);
        await silo.Client.GetStreamProvider(LiveStreams.Provider).Feed(organisation).SubscribeAsync((happened, _) =>
        {
            if (happened is ContactActivityTold told) heard.TrySetResult(told);
            return Task.CompletedTask;
        });
        await Record(silo, person, Tell(Told("p1", Bought("C-1", Line("Nuit", 1, 100)))));
        Assert.Equal($"{person} {house}", string.Join(' ', (await heard.Task).ContactIds));
    }

    [Fact]
    public async Task Another_organisation_may_tell_the_same_ids_and_sees_none_of_it()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        string mine;
        using (Caller.As(Till))
        {
            mine = await Made(silo, Named("Dupont"));
            await Record(silo, mine, Tell(Told("p1", Bought("C-1", Line("Nuit", 1, 100)))));
        }
        foreach (var history in Enum.GetValues<ContactHistory>()) Assert.Empty(await Histories(silo).Parts("another", mine, history, new HistoryFilter()));
        Assert.Empty((await Histories(silo).Purchases("another", mine, new HistoryFilter(), null, 10)).Rows);
        Assert.Null(await Histories(silo).Find("another", mine, new ActivityKey("till-1", "p1")));
        Assert.Equal("0", await database.Product.CreateCommand("SELECT count(*)::text FROM contact_activities").ExecuteScalarAsync());
    }

    private static ContactHistoryQueries Histories(TestSilo silo) => silo.Services.GetRequiredService<ContactHistoryQueries>();

    private IContactGrain Grain(TestSilo silo, string id) => silo.Grains.GetGrain<IContactGrain>(GrainKey.Of(organisation, id));

    private ContactActivity Told(string id, ActivityContent content, int revision = 1, DateTimeOffset? at = null) => new("till-1", id, revision, at ?? Now, content);

    private PurchaseLine Line(string title, int quantity, long amount) => new(ProductKind.Ticket, title, Now.AddDays(9), null, quantity, null, null, amount, null, null);

    private static Purchase Bought(string order, params PurchaseLine[] lines) => new(order, "EUR", [.. lines], "Web", null);

    private static Payment Paid(long minor, params string[] settles) => new(new Money(minor, "EUR"), false, "CB", [.. settles]);

    private RecordActivities Tell(params ImmutableArray<ContactActivity> activities) => new(activities) { Id = Guid.NewGuid(), By = Till };

    /// <summary>What became of each, or the first refusal.</summary>
    private async Task<string> Record(TestSilo silo, string contact, RecordActivities command)
    {
        var outcome = await TimeProvider.System.Send(() => Grain(silo, contact).RecordActivities(command));
        return outcome.IsRefused ? outcome.Refusals[0].Code : string.Join(' ', outcome.Accepted.Taken);
    }

    private async Task<string> Made(TestSilo silo, ContactDetails details)
    {
        var id = Ids.New(time);
        (await Grain(silo, id).Create(new CreateContact(details) { Id = Guid.NewGuid(), By = Till })).Expect();
        return id;
    }

    private async Task Relate(TestSilo silo, string id, RelationKind kind, string to, DateOnly? from, DateOnly? until) =>
        (await Grain(silo, id).Relate(new RelateContact(new ContactRelation(kind, to, from, until)) { Id = Guid.NewGuid(), By = Till })).Expect();

    private async Task<string?> Scalar(string sql, params object[] values)
    {
        await using var command = database.Owner.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return (await command.ExecuteScalarAsync())?.ToString();
    }
}
