using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Support;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>The journal of a contact, as people read it.</summary>
public sealed class ContactSentencesTests
{
    private static readonly ConsentProof Proof = new(new(2026, 11, 26, 9, 0, 0, TimeSpan.Zero), "Guichet", "J’accepte.");

    private static readonly ContactEvent[] OfContacts =
    [
        new ContactCreated(7, Person), new ContactChanged(House), new ContactArchived(true), new ContactArchived(false),
        new ContactNoteAdded(new("n", 1, "Une note\nde deux lignes", "Claire", default)), new ContactNoteChanged(new("n", 2, string.Concat(Enumerable.Repeat("🎭", 200)), "Claire", default)), new ContactNoteRemoved("n"),
        new ContactClassified(new("public", ["senior"])), new ContactClassified(new("public", [])), new ContactTagged(["Presse"], ["Ami"]), new ContactTagged([], ["Ami"]), new SeatsPreferred([new("A", null, null, null, null)]),
        new ConsentGiven(ConsentChannel.Sms, "Programme", Proof), new ConsentWithdrawn(ConsentChannel.Sms, "Programme", Proof),
        new ContactRelated(new(RelationKind.Relay, "s", new DateOnly(2026, 1, 1), null)), new ContactUnrelated(RelationKind.Child, "p"),
        new ActivitiesRecorded([new(new("till-1", "s1", 1, default, new SentMessage(MessageChannel.Email, "Bienvenue", null, MessageState.Sent, null)), 0)], [], 0),
    ];

    private static readonly ContactEvent[] OfSpaces =
    [
        new AccountOpened("chantal@dupont.example"), new AccountIdentifierChanged("chantal.d", "chantal@dupont.example"), new AccountSuspended(true), new AccountSuspended(false), new AccountClosed(),
        new PasswordLinkSent(), new AccountPasswordSet(true, new("hash")), new AccountPasswordSet(false, new("hash")),
        new SupportViewed("v", SpacePage.Visit, "s", "Appel du matin"), new SupportViewed("v", SpacePage.Purchases, "s", "Appel du matin"),
        new ProducerAssociated(ProductionKind.Series, "s", true), new ProducerDissociated(ProductionKind.Session, "x"),
    ];

    private static readonly ContactContent Content = new(Person, [], [], [], [], [], []);

    private static readonly ContactEvent[] OfMerges =
    [
        new ContactsMerged("m", [new("o", 8, "DUPOND, Chantale")], Content, Content, 0), new ContactMergeUndone("m", Content, Content, 0), new ContactAbsorbed("s", 7, "m"),
        new ContactReleased("m", Person, [], 0), new RelationsRetargeted("m", []), new RelationsRestored("m", []), new ContactsToldApart("o", true), new ContactsToldApart("o", false),
    ];

    private static readonly ContactEvent[] OfErasures = [new ContactErased(7, ErasureGround.Request, "Dossier 12", default), new WordsErased()];

    private static readonly ContactEvent[] OfDuties = [new PersonalDataDisclosed(), new ContactHeld("Litige en cours"), new ContactHeld((string?)null)];

    private static readonly ContactRetentionEvent[] OfRetention =
    [
        new RetentionRulesSet([new("p", "Prospects", null, [], RetentionStanding.Prospects, RetentionArchive.Either, 36)]), new RetentionPreviewBegun("p", false), new RetentionPreviewBegun("p", true),
        new RetentionPreviewed("p", 3, 10), new RetentionRunBegun("r", "p", 3, false), new RetentionRunEnded("r", 2, 1), new RetentionSwitched(true, 3), new RetentionSwitched(false, null),
        new RetentionNightBegun(new DateOnly(2026, 11, 26)), new RetentionHeldBack("p", 30, 10),
    ];

    private static readonly ContactSettingsEvent[] OfSettings =
        [new CriterionDefined(Public), new CriterionRetired("public", true), new CriterionRetired("public", false), new ConsentCategoriesSet([new("Programme", [])])];

    [Theory]
    [InlineData(Words.Language.French)]
    [InlineData(Words.Language.English)]
    public void Every_event_is_a_sentence(Words.Language language)
    {
        var reader = new Words.Reader(new Words.Formats(language, Words.Reader.Zone(null), new ManualTime()));
        var sentences = new TimelineSentences(reader, id => id switch { "public:senior" => "Senior", "s" => "Collège Jean-Moulin", _ => id });
        var said = OfContacts.Concat(OfMerges).Concat(OfDuties).Concat(OfErasures).Concat(OfSpaces).Select(happened => (Event: (object)happened, Said: Assert.Single(sentences.Of(Line("contacts", Json.Write(ImmutableArray.Create(happened)))))))
            .Concat(OfRetention.Select(happened => (Event: (object)happened, Said: Assert.Single(sentences.Of(Line("contact_retention", Json.Write(ImmutableArray.Create(happened))))))))
            .Concat(OfSettings.Select(happened => (Event: (object)happened, Said: Assert.Single(sentences.Of(Line("contact_settings", Json.Write(ImmutableArray.Create(happened)))))))).ToList();
        Assert.All(said, each =>
        {
            Assert.NotEqual(each.Event.GetType().Name, each.Said.Text);
            Assert.Contains(' ', each.Said.Text);
            Assert.DoesNotContain('\n', each.Said.Detail ?? "");
        });
        Assert.Contains(said, each => each.Said.Detail?.Contains("Senior", StringComparison.Ordinal) == true);
        Assert.Contains(said, each => each.Said.Detail?.Contains("Collège Jean-Moulin", StringComparison.Ordinal) == true);
        var worded = said.Select(each => each.Event.GetType()).ToHashSet();
        Assert.Empty(Kinds(typeof(ContactEvent)).Concat(Kinds(typeof(ContactSettingsEvent))).Concat(Kinds(typeof(ContactRetentionEvent))).Except(worded));
    }

    private static IEnumerable<Type> Kinds(Type events) => events.GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>().Select(derived => derived.DerivedType);

    private static TimelineLine Line(string kind, string events) =>
        new(kind, "id", 1, default, new Actor("org", "claire", ActorKind.Operator, "Claire", Role.BoxOffice), "command", events, "", "subject", null, null, false);
}
