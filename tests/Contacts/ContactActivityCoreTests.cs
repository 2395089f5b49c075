using System.Collections.Frozen;
using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Organisations;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>What a contact decides on what tills tell.</summary>
public sealed class ContactActivityCoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 9, 30, 0, TimeSpan.Zero);
    private static readonly Actor Till = new("org-a", "till", ActorKind.Token, "Caisse", Role.BoxOffice);
    private static readonly ContactState Contact = ContactCore.Apply(ContactState.Empty, new ContactCreated(17, Person));

    private static ContactActivity Told(string id, ActivityContent content, int revision = 1, DateTimeOffset? at = null, string source = "till-1") => new(source, id, revision, at ?? Now.AddHours(-1), content);

    private static PurchaseLine Line(int quantity = 2, long amount = 5_000, string title = "La Nuit de sel") =>
        new(ProductKind.Ticket, title, Now.AddDays(9), "Grande salle", quantity, "Or", "Plein", amount, null, null);

    private static Purchase Bought(params PurchaseLine[] lines) => new("C-1001", "EUR", lines.Length == 0 ? [Line()] : [.. lines], "Web", "Site");

    private static Cancellation Back(string of, params CancelledLine[] lines) => new(of, lines.Length == 0 ? null : "EUR", [.. lines], null);

    private static Attendance Coming(AttendanceState state = AttendanceState.Expected) => new("p1", "La Nuit de sel", Now.AddDays(9), null, state, 2, null, null, ["F12", "F13"]);

    private static Payment Paid(long minor = 5_000, bool refund = false) => new(new Money(minor, "EUR"), refund, "CB", ["p1"]);

    private static readonly SentMessage Mail = new(MessageChannel.Email, "Votre soirée", "Avant-spectacle", MessageState.Sent, "chantal@dupont.example");

    private static RecordActivities Tell(params ContactActivity[] activities) => new([.. activities]) { Id = Guid.NewGuid(), By = Till };

    /// <summary>What the contact's rows would answer after these.</summary>
    private static ContactFacts Known(params ContactActivity[] activities) => Facts(own: true, activities);

    private static ContactFacts Facts(bool own, params ContactActivity[] activities) => ContactFacts.None with
    {
        Activities = new ActivityFacts(activities.ToFrozenDictionary(
            activity => activity.Key, activity => new KnownActivity(own, activity with { OccurredAt = activity.OccurredAt.ToUniversalTime() }, ContactActivityRules.HashOf(activity)))),
    };

    private static (ContactState After, string Said, ActivitiesRecorded? Recorded) Decide(RecordActivities command, ContactFacts? facts = null, int live = 0)
    {
        var decision = ContactCore.Decide(Contact with { LivePurchases = live }, command, facts ?? ContactFacts.None, Now);
        var said = decision.IsRefused
            ? string.Join(' ', decision.Refusals.Select(refusal => refusal.Field is null ? refusal.Code : $"{refusal.Code}@{refusal.Field}"))
            : string.Join(' ', ((ActivitiesTaken)decision.Answer!).Taken);
        return (decision.Events.Aggregate(Contact with { LivePurchases = live }, ContactCore.Apply), said, decision.Events.OfType<ActivitiesRecorded>().SingleOrDefault());
    }

    public static TheoryData<string, ContactActivity> Wrong => new()
    {
        { "activity-source-invalid@activities[0].source", Told("p1", Bought(), source: "") },
        { "activity-source-invalid@activities[0].source", Told("p1", Bought(), source: "Caisse 1") },
        { "activity-source-invalid@activities[0].source", Told("p1", Bought(), source: new string('a', 41)) },
        { "activity-source-reserved@activities[0].source", Told("p1", Bought(), source: "guichet-reports") },
        { "activity-id-invalid@activities[0].id", Told("", Bought()) },
        { "activity-id-invalid@activities[0].id", Told("p 1", Bought()) },
        { "activity-id-invalid@activities[0].id", Told("p\0", Bought()) },
        { "activity-id-invalid@activities[0].id", Told(new string('1', 101), Bought()) },
        { "number-out-of-range@activities[0].revision", Told("p1", Bought(), revision: 0) },
        { "activity-to-come@activities[0].occurredAt", Told("p1", Bought(), at: Now.AddHours(25)) },
        { "activity-too-old@activities[0].occurredAt", Told("p1", Bought(), at: default(DateTimeOffset)) },
        { "activity-order-missing@activities[0].purchase.order", Told("p1", Bought() with { Order = " " }) },
        { "purchase-without-lines@activities[0].purchase.lines", Told("p1", Bought() with { Lines = [] }) },
        { "too-many@activities[0].purchase.lines", Told("p1", Bought([.. Enumerable.Repeat(Line(), 201)])) },
        { "currency-unknown@activities[0].purchase.lines", Told("p1", Bought() with { Currency = "euro" }) },
        { "quantity-negative@activities[0].purchase.lines[1].quantity", Told("p1", Bought(Line(), Line(quantity: -2))) },
        { "number-out-of-range@activities[0].purchase.lines[0].quantity", Told("p1", Bought(Line(quantity: 0))) },
        { "amount-negative@activities[0].purchase.lines[0].amount", Told("p1", Bought(Line(amount: -1))) },
        { "amount-too-large@activities[0].purchase.lines[0].amount", Told("p1", Bought(Line(amount: long.MaxValue))) },
        { "activity-title-missing@activities[0].purchase.lines[0].title", Told("p1", Bought(Line(title: ""))) },
        { "text-not-one-line@activities[0].purchase.lines[0].title", Told("p1", Bought(Line(title: "a\nb"))) },
        { "text-too-long@activities[0].purchase.lines[0].category", Told("p1", Bought(Line() with { Category = new string('x', 101) })) },
        { "activity-date-impossible@activities[0].purchase.lines[0].session", Told("p1", Bought(Line() with { SessionAt = new DateTimeOffset(26, 1, 1, 0, 0, 0, TimeSpan.Zero) })) },
        { "validity-ends-before@activities[0].purchase.lines[0].validUntil", Told("p1", Bought(Line() with { ValidFrom = new(2026, 9, 1), ValidUntil = new(2026, 8, 31) })) },
        { "purchase-unknown@activities[0].cancellation.of", Told("c1", Back("p1")) },
        { "activity-id-invalid@activities[0].cancellation.of", Told("c1", Back("")) },
        { "quantity-negative@activities[0].cancellation.lines[0].quantity", Told("c1", Back("p1", new CancelledLine(1, -1, 100))) },
        { "activity-title-missing@activities[0].attendance.title", Told("a1", Coming() with { Title = "" }) },
        { "number-out-of-range@activities[0].attendance.quantity", Told("a1", Coming() with { Quantity = 0 }) },
        { "amount-zero@activities[0].payment.amount", Told("m1", Paid(0)) },
        { "amount-negative@activities[0].payment.amount", Told("m1", Paid(-100)) },
        { "payment-means-missing@activities[0].payment.means", Told("m1", Paid() with { Means = "" }) },
        { "activity-id-invalid@activities[0].payment.settles[1]", Told("m1", Paid() with { Settles = ["p1", "p 2"] }) },
        { "message-subject-missing@activities[0].message.subject", Told("s1", Mail with { Subject = "" }) },
        { "activity-choice-unknown@activities[0].message.state", Told("s1", Mail with { State = (MessageState)9 }) },
    };

    [Theory, MemberData(nameof(Wrong))]
    public void What_is_wrong_is_refused_by_its_place(string refused, ContactActivity activity)
    {
        var (after, said, recorded) = Decide(Tell(activity));
        Assert.Equal(refused, said);
        Assert.Null(recorded);
        Assert.Equal(0, after.LivePurchases);
    }

    [Fact]
    public void One_that_is_wrong_refuses_all_and_every_mistake_is_named() =>
        Assert.Equal(
            "activity-id-invalid@activities[1].id quantity-negative@activities[2].purchase.lines[0].quantity",
            Decide(Tell(Told("p1", Bought()), Told("", Paid()), Told("p2", Bought(Line(quantity: -1))))).Said);

    [Theory]
    [InlineData(0, "activities-missing@activities")]
    [InlineData(501, "too-many@activities")]
    public void Neither_none_nor_more_than_five_hundred(int many, string refused) =>
        Assert.Equal(refused, Decide(Tell([.. Enumerable.Range(0, many).Select(i => Told($"p{i}", Bought()))])).Said);

    [Fact]
    public void Five_hundred_of_every_kind_are_taken_at_once()
    {
        var (after, said, recorded) = Decide(Tell([.. Enumerable.Range(0, 500).Select(i => Told($"x{i}", i % 4 == 0 ? Bought() : i % 4 == 1 ? Coming() : i % 4 == 2 ? Paid() : Mail))]));
        Assert.Equal(500, said.Split(' ').Count(one => one == "Recorded"));
        Assert.Equal((125, 125, 500), (after.LivePurchases, recorded!.Standings.Length, recorded.Activities.Length));
    }

    /// <summary>A till whose clock is ahead by less than a day is believed; its zone doesn't matter.</summary>
    [Fact]
    public void An_instant_a_little_ahead_is_kept_as_it_was_told()
    {
        var at = new DateTimeOffset(2026, 11, 27, 4, 0, 0, TimeSpan.FromHours(2));
        Assert.Equal(at.ToUniversalTime(), Decide(Tell(Told("p1", Bought(), at: at))).Recorded!.Activities[0].Activity.OccurredAt);
    }

    public static TheoryData<string, ContactActivity, ContactActivity?> Again => new()
    {
        { "Recorded", Told("p1", Bought()), null },
        { "Recorded", Told("p1", Bought(), source: "till-2"), Told("p1", Bought()) },
        { "Repeated", Told("p1", Bought()), Told("p1", Bought()) },
        { "Repeated", Told("p1", Bought(), at: new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.FromHours(1))), Told("p1", Bought(), at: new DateTimeOffset(2026, 11, 26, 9, 0, 0, TimeSpan.Zero)) },
        { "Corrected", Told("p1", Bought(Line(3)), revision: 2), Told("p1", Bought()) },
        { "Corrected", Told("p1", Bought(), revision: 7), Told("p1", Bought()) },
        { "Superseded", Told("p1", Bought()), Told("p1", Bought(Line(3)), revision: 2) },
        { "activity-changed-without-revision@activities[0].revision", Told("p1", Bought(Line(3))), Told("p1", Bought()) },
        { "activity-changed-without-revision@activities[0].revision", Told("p1", Bought(), at: Now.AddHours(-2)), Told("p1", Bought()) },
        { "activity-kind-fixed@activities[0]", Told("p1", Paid(), revision: 2), Told("p1", Bought()) },
    };

    [Theory, MemberData(nameof(Again))]
    public void What_is_told_again_is_known_by_its_revision(string said, ContactActivity told, ContactActivity? known) =>
        Assert.Equal(said, Decide(Tell(told), known is null ? null : Known(known)).Said);

    [Fact]
    public void The_same_id_is_refused_where_it_is_anothers_and_twice_in_one_telling()
    {
        Assert.Equal("activity-of-another-contact@activities[0].id", Decide(Tell(Told("p1", Bought(), revision: 2)), Facts(own: false, Told("p1", Bought()))).Said);
        Assert.Equal("activity-twice@activities[1].id", Decide(Tell(Told("p1", Bought()), Told("p1", Bought(), revision: 2))).Said);
    }

    public static TheoryData<string, Cancellation, Cancellation[], long, int[]> Backs => new()
    {
        { "Recorded", Back("p1"), [], 0, [0, 0] },
        { "Recorded", Back("p1", new CancelledLine(1, 1, 2_500)), [], 6_500, [1, 1] },
        { "Recorded", Back("p1", new CancelledLine(1, 1, 2_000)), [], 7_000, [1, 1] },
        { "Recorded", Back("p1", new CancelledLine(1, 1, 2_500)), [Back("p1", new CancelledLine(1, 1, 2_500))], 4_000, [0, 1] },
        { "Recorded", Back("p1"), [Back("p1", new CancelledLine(1, 1, 2_500))], 0, [0, 0] },
        { "cancelled-more-than-bought@activities[0].cancellation.lines[0].quantity", Back("p1", new CancelledLine(1, 2, 0)), [Back("p1", new CancelledLine(1, 1, 0))], 0, [] },
        { "given-back-more-than-paid@activities[0].cancellation.lines[0].amount", Back("p1", new CancelledLine(2, 1, 4_001)), [], 0, [] },
        { "purchase-line-unknown@activities[0].cancellation.lines[0].line", Back("p1", new CancelledLine(3, 1, 0)), [], 0, [] },
        { "cancellation-in-other-currency@activities[0].cancellation.lines", Back("p1", new CancelledLine(1, 1, 100)) with { Currency = "CHF" }, [], 0, [] },
        { "purchase-unknown@activities[0].cancellation.of", Back("p9"), [], 0, [] },
    };

    /// <summary>Of a purchase of two places at 50 € and one at 40 €.</summary>
    [Theory, MemberData(nameof(Backs))]
    public void What_is_taken_back_adds_up(string said, Cancellation back, Cancellation[] before, long net, int[] left)
    {
        var known = Known([Told("p1", Bought(Line(2, 5_000), Line(1, 4_000))), .. before.Select((one, i) => Told($"b{i}", one))]);
        var (_, told, recorded) = Decide(Tell(Told("c1", back)), known, live: 1);
        Assert.Equal(said, told);
        if (recorded is null) return;
        var standing = Assert.Single(recorded.Standings);
        Assert.Equal((net, string.Join(',', left)), (standing.NetMinor, string.Join(',', standing.Left)));
    }

    /// <summary>The contact is a client while something of a purchase is left.</summary>
    [Fact]
    public void A_prospect_that_buys_becomes_a_client_and_one_whose_purchase_is_cancelled_is_none()
    {
        var bought = Decide(Tell(Told("p1", Bought())));
        Assert.True(bought.After.IsClient);
        Assert.False(Decide(Tell(Told("c1", Back("p1", new CancelledLine(1, 2, 4_000)))), Known(Told("p1", Bought())), live: 1).After.IsClient);
        Assert.True(Decide(Tell(Told("c1", Back("p1", new CancelledLine(1, 1, 2_000)))), Known(Told("p1", Bought())), live: 1).After.IsClient);
        // Mended to less, the cancellation leaves something.
        Assert.True(Decide(Tell(Told("c1", Back("p1", new CancelledLine(1, 1, 0)), revision: 2)), Known(Told("p1", Bought()), Told("c1", Back("p1"))), live: 0).After.IsClient);
        // Told together, the other way round.
        Assert.Equal((0, "Recorded Recorded"), (Decide(Tell(Told("c1", Back("p1")), Told("p1", Bought()))).After.LivePurchases, Decide(Tell(Told("c1", Back("p1")), Told("p1", Bought()))).Said));
        // A correction of the purchase keeps what was taken back of it.
        Assert.Equal(5_500, Decide(Tell(Told("p1", Bought(Line(3, 7_500)), revision: 2)), Known(Told("p1", Bought()), Told("c1", Back("p1", new CancelledLine(1, 1, 2_000)))), live: 1).Recorded!.Standings[0].NetMinor);
        // What is no purchase makes no client.
        Assert.False(Decide(Tell(Told("m1", Paid()), Told("a1", Coming()), Told("s1", Mail))).After.IsClient);
    }

    [Fact]
    public void A_cancellation_stays_with_its_purchase() =>
        Assert.Equal("cancellation-of-fixed@activities[0].cancellation.of", Decide(Tell(Told("c1", Back("p2"), revision: 2)), Known(Told("p1", Bought()), Told("p2", Bought()), Told("c1", Back("p1"))), live: 1).Said);

    [Fact]
    public void What_a_till_tells_doesnt_count_as_a_change_of_the_record()
    {
        var (after, _, _) = Decide(Tell(Told("p1", Bought())));
        Assert.Equal((Contact.Revision, Contact.ChangedBy, Contact.ChangedAt), (after.Revision, after.ChangedBy, after.ChangedAt));
    }

    [Fact]
    public void Of_nobody_nothing_is_recorded() =>
        Assert.Equal("contact-unknown", ContactCore.Decide(ContactState.Empty, Tell(Told("p1", Bought())), ContactFacts.None, Now).Refusals[0].Code);

    [Fact]
    public void Everything_reads_back_as_it_was_written()
    {
        ActivityContent[] all = [Bought(), Back("p1", new CancelledLine(1, 1, 100)), Coming(), Paid(), Mail];
        foreach (var content in all) Assert.Equal(Json.Write(content), Json.Write(Json.Read<ActivityContent>(Json.Write(content))));
    }
}
