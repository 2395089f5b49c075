using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Portals;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>What a contact decides of its account, its space, and who may look into it.</summary>
public sealed class ContactAccountCoreTests
{
    private const string Self = "01hchanta10000000000";
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 9, 30, 0, TimeSpan.Zero);
    private static readonly Actor Claire = new("org-a", "claire", ActorKind.Operator, "Claire Morin", Role.Administrator);
    private static readonly Actor Chantal = new("org-a", Self, ActorKind.Contact, "Chantal Dupont", Role.Reader);
    private static readonly Actor Gwenn = new("org-a", "01hgwenn000000000000", ActorKind.Contact, "Gwenn Morvan", Role.Reader);
    private static readonly SecretHash Hash = new("hash-of-a-password");
    private static readonly SpaceFacts Taken = SpaceFacts.None with { Holder = new IdentifierHolder("other", 8, "DUPOND, Chantale") };
    private static readonly SpaceFacts Support = SpaceFacts.None with { IsSupport = true };
    private static readonly SpaceFacts Visiting = Support with { Visit = new OpenedVisit(Now.AddMinutes(-59), "Appel du matin") };
    private static readonly SpaceFacts There = SpaceFacts.None with { Exists = true };

    public static TheoryData<string, string, Command, string> Decisions => new()
    {
        { "none", "open", new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire }, "" },
        { "none", "open by a name", new OpenContactAccount("chantal.d") { Id = Guid.NewGuid(), By = Claire }, "" },
        { "none", "too short", new OpenContactAccount("cd") { Id = Guid.NewGuid(), By = Claire }, "account-identifier-invalid@identifier" },
        { "none", "a blank in it", new OpenContactAccount("chantal d") { Id = Guid.NewGuid(), By = Claire }, "account-identifier-invalid@identifier" },
        { "none", "a line in it", new OpenContactAccount("chantal\r\nBcc:x") { Id = Guid.NewGuid(), By = Claire }, "account-identifier-invalid@identifier" },
        { "none", "half a letter in it", new OpenContactAccount("chantal\ud83c") { Id = Guid.NewGuid(), By = Claire }, "account-identifier-invalid@identifier" },
        { "none", "too long", new OpenContactAccount(new string('x', 255)) { Id = Guid.NewGuid(), By = Claire }, "account-identifier-invalid@identifier" },
        { "none taken", "another has it", new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire }, "account-identifier-taken@identifier" },
        { "unreachable", "no e-mail", new OpenContactAccount("chantal.d") { Id = Guid.NewGuid(), By = Claire }, "account-email-missing@email" },
        { "archived", "archived", new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire }, "account-archived" },
        { "open", "again", new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire }, "account-exists" },
        { "none", "another identifier of none", new ChangeAccountIdentifier("chantal.d") { Id = Guid.NewGuid(), By = Claire }, "account-unknown" },
        { "open", "another identifier", new ChangeAccountIdentifier("chantal.d") { Id = Guid.NewGuid(), By = Claire }, "" },
        { "open taken", "another's identifier", new ChangeAccountIdentifier("chantale") { Id = Guid.NewGuid(), By = Claire }, "account-identifier-taken@identifier" },
        { "none", "suspend none", new SuspendContactAccount(true) { Id = Guid.NewGuid(), By = Claire }, "account-unknown" },
        { "none", "link of none", new SendPasswordLink { Id = Guid.NewGuid(), By = Claire }, "account-unknown" },
        { "open", "link", new SendPasswordLink { Id = Guid.NewGuid(), By = Claire }, "" },
        { "suspended", "link of a suspended one", new SendPasswordLink { Id = Guid.NewGuid(), By = Claire }, "account-suspended" },
        { "open", "a password by the house", new SetAccountPassword(0) { Id = Guid.NewGuid(), By = Claire, Password = Hash }, "account-own-only" },
        { "open", "a password by another contact", new SetAccountPassword(0) { Id = Guid.NewGuid(), By = Gwenn, Password = Hash }, "account-own-only" },
        { "open", "a password", new SetAccountPassword(0) { Id = Guid.NewGuid(), By = Chantal, Password = Hash }, "" },
        { "password", "by the same link", new SetAccountPassword(0) { Id = Guid.NewGuid(), By = Chantal, Password = Hash }, "account-link-used" },
        { "suspended", "of a suspended one", new SetAccountPassword(1) { Id = Guid.NewGuid(), By = Chantal, Password = Hash }, "account-link-used" },
        { "none", "of none", new SetAccountPassword(0) { Id = Guid.NewGuid(), By = Chantal, Password = Hash }, "account-link-used" },
        { "password", "another password", new ChangeAccountPassword { Id = Guid.NewGuid(), By = Chantal, Password = Hash }, "" },
        { "password", "another password by the house", new ChangeAccountPassword { Id = Guid.NewGuid(), By = Claire, Password = Hash }, "account-own-only" },
        { "suspended", "another password of a suspended one", new ChangeAccountPassword { Id = Guid.NewGuid(), By = Chantal, Password = Hash }, "account-unknown" },
        { "open", "own details", new ChangeOwnDetails("06 12 34 56 78", null, At("29200", "Brest"), Language.English, 1) { Id = Guid.NewGuid(), By = Chantal }, "" },
        { "open", "own details by the house", new ChangeOwnDetails(null, null, null, Language.French, 1) { Id = Guid.NewGuid(), By = Claire }, "account-own-only" },
        { "open", "own details of before", new ChangeOwnDetails(null, null, null, Language.French, 0) { Id = Guid.NewGuid(), By = Chantal }, "changed-meanwhile" },
        { "open", "no phone", new ChangeOwnDetails("demain", null, null, Language.French, 1) { Id = Guid.NewGuid(), By = Chantal }, "phone-unreadable@mobile" },
        { "open support", "a visit", new OpenSupportVisit("Appel du matin") { Id = Guid.NewGuid(), By = Gwenn }, "" },
        { "open", "a visit by who isn't of the support", new OpenSupportVisit("Appel du matin") { Id = Guid.NewGuid(), By = Gwenn }, "support-only" },
        { "open support", "a visit by the house", new OpenSupportVisit("Appel du matin") { Id = Guid.NewGuid(), By = Claire }, "support-only" },
        { "open support", "of itself", new OpenSupportVisit("Appel du matin") { Id = Guid.NewGuid(), By = Chantal }, "support-nobody@whom" },
        { "none support", "of who has no account", new OpenSupportVisit("Appel du matin") { Id = Guid.NewGuid(), By = Gwenn }, "support-nobody@whom" },
        { "open support", "without a reason", new OpenSupportVisit("  ?  ") { Id = Guid.NewGuid(), By = Gwenn }, "support-reason-missing@reason" },
        { "open support", "a reason of two lines", new OpenSupportVisit("Appel\ndu matin") { Id = Guid.NewGuid(), By = Gwenn }, "text-not-one-line@reason" },
        { "open visiting", "a look", new RecordSupportView("v", SpacePage.Details) { Id = Guid.NewGuid(), By = Gwenn }, "" },
        { "open visiting", "a look at nothing", new RecordSupportView("v", SpacePage.Visit) { Id = Guid.NewGuid(), By = Gwenn }, "support-visit-over" },
        { "open support", "a look without a visit", new RecordSupportView("v", SpacePage.Details) { Id = Guid.NewGuid(), By = Gwenn }, "support-visit-over" },
        { "open late", "a look too late", new RecordSupportView("v", SpacePage.Details) { Id = Guid.NewGuid(), By = Gwenn }, "support-visit-over" },
        { "archived support", "a look at an archived one", new RecordSupportView("v", SpacePage.Details) { Id = Guid.NewGuid(), By = Gwenn }, "support-visit-over" },
        { "none there", "associate who is no producer", new AssociateProducer(ProductionKind.Session, "s", true) { Id = Guid.NewGuid(), By = Claire }, "producer-type-missing@contact" },
        { "producer there", "associate", new AssociateProducer(ProductionKind.Series, "s", true) { Id = Guid.NewGuid(), By = Claire }, "" },
        { "producer", "associate with nothing", new AssociateProducer(ProductionKind.Session, "s", true) { Id = Guid.NewGuid(), By = Claire }, "production-unknown@of" },
        { "producer there", "associate as nothing", new AssociateProducer((ProductionKind)7, "s", true) { Id = Guid.NewGuid(), By = Claire }, "production-unknown@of" },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void What_is_asked_is_done_or_refused_by_name(string given, string asked, Command command, string refusals)
    {
        Assert.NotEmpty(asked);
        var decision = Decide(Given(given), command, FactsOf(given));
        Assert.Equal(refusals, string.Join(' ', decision.Refusals.Select(refusal => refusal.Field is null ? refusal.Code : $"{refusal.Code}@{refusal.Field}")));
        if (refusals.Length == 0) Assert.NotEmpty(decision.Events);
    }

    [Fact]
    public void What_is_so_already_changes_nothing()
    {
        Assert.Empty(Decide(Given("open"), new SuspendContactAccount(false) { Id = Guid.NewGuid(), By = Claire }).Events);
        Assert.Empty(Decide(Given("none"), new CloseContactAccount { Id = Guid.NewGuid(), By = Claire }).Events);
        Assert.Empty(Decide(Given("open"), new ChangeAccountIdentifier("chantal@dupont.example") { Id = Guid.NewGuid(), By = Claire }).Events);
        Assert.Empty(Decide(Given("open"), new ChangeOwnDetails(null, null, null, Language.French, 1) { Id = Guid.NewGuid(), By = Chantal }).Events);
        Assert.Empty(Decide(Given("producer"), new AssociateProducer(ProductionKind.Session, "s", true) { Id = Guid.NewGuid(), By = Claire }, There with { Production = new KnownProduction(true) }).Events);
        Assert.Empty(Decide(Given("producer"), new DissociateProducer(ProductionKind.Session, "s") { Id = Guid.NewGuid(), By = Claire }).Events);
        Assert.IsType<ProducerAssociated>(Assert.Single(Decide(Given("producer"), new AssociateProducer(ProductionKind.Session, "s", false) { Id = Guid.NewGuid(), By = Claire }, There with { Production = new KnownProduction(true) }).Events));
    }

    [Fact]
    public void What_happens_in_the_space_is_no_change_of_the_record_and_is_dated_by_itself()
    {
        var state = Given("open");
        var later = After(state, Now.AddHours(2), new SendPasswordLink { Id = Guid.NewGuid(), By = Claire with { Name = "Hugo" } });
        Assert.Equal((state.ChangedBy, state.ChangedAt, state.Revision), (later.ChangedBy, later.ChangedAt, later.Revision));
        Assert.Equal(("Hugo", Now.AddHours(2), Now.AddHours(2)), (later.Account!.ChangedBy, later.Account.ChangedAt, later.Account.LinkSentAt!.Value));
    }

    [Theory]
    [InlineData("a password")]
    [InlineData("another identifier")]
    [InlineData("suspended")]
    [InlineData("closed and opened again")]
    [InlineData("archived")]
    [InlineData("another e-mail")]
    [InlineData("merged and given back")]
    public void A_link_of_before_opens_nothing(string what)
    {
        var state = Given("open");
        var number = state.AccountNumber;
        state = what switch
        {
            "a password" => After(state, Now, new SetAccountPassword(number) { Id = Guid.NewGuid(), By = Chantal, Password = Hash }),
            "another identifier" => After(state, Now, new ChangeAccountIdentifier("chantal.d") { Id = Guid.NewGuid(), By = Claire }),
            "suspended" => After(state, Now, new SuspendContactAccount(true) { Id = Guid.NewGuid(), By = Claire }, new SuspendContactAccount(false) { Id = Guid.NewGuid(), By = Claire }),
            "archived" => After(state, Now, new ArchiveContact(true) { Id = Guid.NewGuid(), By = Claire }, new ArchiveContact(false) { Id = Guid.NewGuid(), By = Claire }),
            "another e-mail" => After(state, Now, new ChangeContact(Person with { Emails = ["autre@dupont.example"] }, state.Revision) { Id = Guid.NewGuid(), By = Claire }),
            "merged and given back" => After(
                state, Now, new AbsorbContact("other", 8, "m") { Id = Guid.NewGuid(), By = Claire }, new ReleaseContact("m") { Id = Guid.NewGuid(), By = Claire }, new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire }),
            _ => After(state, Now, new CloseContactAccount { Id = Guid.NewGuid(), By = Claire }, new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire }),
        };
        var late = Decide(state, new SetAccountPassword(number) { Id = Guid.NewGuid(), By = Chantal, Password = Hash });
        Assert.Equal("account-link-used", Assert.Single(late.Refusals).Code);
        // The control: one of now does.
        Assert.Empty(Decide(state, new SetAccountPassword(state.AccountNumber) { Id = Guid.NewGuid(), By = Chantal, Password = Hash }).Refusals);
    }

    [Fact]
    public void A_change_of_anything_else_leaves_a_link_that_is_on_its_way()
    {
        var state = Given("open");
        Assert.Equal(state.AccountNumber, After(state, Now, new ChangeContact(Person with { FirstName = "Chantale" }, state.Revision) { Id = Guid.NewGuid(), By = Claire }).AccountNumber);
    }

    [Fact]
    public void A_password_is_in_no_event_as_it_is_written_down()
    {
        var decision = Decide(Given("open"), new SetAccountPassword(0) { Id = Guid.NewGuid(), By = Chantal, Password = Hash });
        Assert.DoesNotContain(Hash.Value, Json.Write(decision.Events), StringComparison.Ordinal);
        Assert.DoesNotContain(Hash.Value, Json.WriteAs(new SetAccountPassword(0) { Id = Guid.NewGuid(), By = Chantal, Password = Hash }), StringComparison.Ordinal);
        Assert.Contains(decision.Effects, effect => effect is MailAccountPasswordSet);
    }

    [Fact]
    public void Own_details_change_what_is_the_contacts_and_nothing_else()
    {
        var state = After(ContactState.Empty, Now, new CreateContact(Person with { Types = [ContactType.Producer], ReferenceCode = "R-1", Addresses = [At("75012", "Paris"), At("35000", "Rennes", kind: AddressKind.Delivery)] }) { Id = Guid.NewGuid(), By = Claire });
        state = After(state, Now, new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire });
        var after = After(state, Now, new ChangeOwnDetails("06 12 34 56 78", null, At("29200", "Brest") with { NotValid = true }, Language.English, 1) { Id = Guid.NewGuid(), By = Chantal });
        Assert.Equal(("+33612345678", Language.English, "R-1", "Chantal Dupont"), (after.Details!.Mobile, after.Details.Language, after.Details.ReferenceCode, after.ChangedBy));
        Assert.Equal(ContactType.Producer, Assert.Single(after.Details.Types));
        Assert.Equal([("Brest", AddressKind.Main, false), ("Rennes", AddressKind.Delivery, false)], after.Details.Addresses.Select(address => (address.City!, address.Kind, address.NotValid)));
        Assert.Equal("chantal@dupont.example", Assert.Single(after.Details.Emails));
    }

    private static ContactState Given(string given)
    {
        var details = given.StartsWith("producer", StringComparison.Ordinal) ? Person with { Types = [ContactType.Producer] } : given == "unreachable" ? Person with { Emails = [] } : Person;
        var state = After(ContactState.Empty, Now, new CreateContact(details) { Id = Guid.NewGuid(), By = Claire });
        if (given.StartsWith("archived", StringComparison.Ordinal)) return After(state, Now, new ArchiveContact(true) { Id = Guid.NewGuid(), By = Claire });
        if (given.Split(' ')[0] is not ("open" or "suspended" or "password")) return state;
        state = After(state, Now, new OpenContactAccount(null) { Id = Guid.NewGuid(), By = Claire });
        if (given == "suspended") return After(state, Now, new SuspendContactAccount(true) { Id = Guid.NewGuid(), By = Claire });
        return given == "password" ? After(state, Now, new SetAccountPassword(0) { Id = Guid.NewGuid(), By = Chantal, Password = Hash }) : state;
    }

    private static SpaceFacts FactsOf(string given) => given.Split(' ')[^1] switch
    {
        "taken" => Taken,
        "support" => Support,
        "visiting" => Visiting,
        "late" => Visiting with { Visit = new OpenedVisit(Now.AddMinutes(-61), "Appel du matin") },
        "there" => There,
        _ => SpaceFacts.None,
    };

    private static ContactState After(ContactState state, DateTimeOffset now, params Command[] commands)
    {
        foreach (var command in commands)
        {
            var decision = Decide(state, command, now: now);
            Assert.Empty(decision.Refusals);
            state = decision.Events.Aggregate(state, ContactCore.Apply);
        }
        return state;
    }

    private static Decision<ContactEvent> Decide(ContactState state, Command command, SpaceFacts? facts = null, DateTimeOffset? now = null) =>
        ContactCore.Decide(state, command, ContactFacts.None with { Number = 7, Id = Self, Space = facts ?? SpaceFacts.None }, now ?? Now);
}
