using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Organisations;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>What a contact decides on its erasure, and what it decides once it is erased.</summary>
public sealed class ContactErasingTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 9, 30, 0, TimeSpan.Zero);
    private static readonly Actor Claire = new("org-a", "claire", ActorKind.Operator, "Claire Morin", Role.Administrator);
    private static readonly ConsentProof Proof = new(Now.AddDays(-9), "Salon de Chantal Dupont", "J’accepte.");

    private static readonly ContactState Whole = Made(Person with { Mobile = "+33612345678", Iban = "FR7630006000011234567890189" }) with
    {
        Notes = [new("n", 1, "Une note", "Claire", Now)],
        Criteria = [new("public", ["senior"])],
        Tags = ["Presse"],
        Seats = [new("Grande salle", null, "F", "12", null)],
        Consents = [new(ConsentChannel.Email, "Programme", Proof, "Claire", Proof with { Wording = null }, "Claire")],
        Relations = [new(RelationKind.Relay, "house", null, null), new(RelationKind.Child, "parent", null, null)],
        LivePurchases = 3,
    };

    private static readonly ContactState Gone = Erased(Whole);

    public static TheoryData<string, string?> Notes => new()
    {
        { "Dossier 2026-114", null },
        { "", null },
        { "   ", null },
        { "Demande de Mme DUPONT", "erasure-note-names@note" },
        { "demande de dupont, reçue le 3", "erasure-note-names@note" },
        { "Duponté", null },
        { "Chantal a écrit", null },
        { "reçue de Chantal@Dupont.example", "erasure-note-names@note" },
        { "appel du 06 12 34 56 78", "erasure-note-names@note" },
        { "appel du +33 6.12.34.56.78", "erasure-note-names@note" },
        { "IBAN fr76 3000 6000 0112 3456 7890 189", "erasure-note-names@note" },
        { new string('x', 201), "too-long@note" },
        { "deux\nlignes", "one-line@note" },
    };

    [Theory]
    [MemberData(nameof(Notes))]
    public void A_note_stays_and_so_may_name_nobody(string note, string? refusal)
    {
        var (_, codes, _) = Decide(Whole, Erase(note: note));
        if (refusal is null) Assert.Empty(codes);
        else Assert.EndsWith("@note", codes);
        if (refusal == "erasure-note-names@note") Assert.Equal(refusal, codes);
    }

    public static TheoryData<string, ContactState, Command, ErasureFacts, string> Decisions => new()
    {
        { "as a person asks", Whole, Erase(), ErasureFacts.None, "" },
        { "nobody's", ContactState.Empty, Erase(), ErasureFacts.None, "contact-unknown" },
        { "for no ground", Whole, Erase((ErasureGround)9), ErasureFacts.None, "erasure-ground-unknown@ground" },
        { "changed since it was looked at", Whole, Erase(basedOn: 7), ErasureFacts.None, "changed-meanwhile" },
        { "merged into another", Whole with { MergedInto = "other", MergeId = "m" }, Erase(), ErasureFacts.None, "contact-merged" },
        { "while a merge is carried out", Whole, Erase(), ErasureFacts.None with { Merging = true }, "contact-merging" },
        { "while an import has it in hand", Whole, Erase(), ErasureFacts.None with { Import = "contacts.csv" }, "contact-being-imported" },
        { "twice", Gone, Erase(basedOn: Gone.Revision), ErasureFacts.None, "contact-erased" },
        { "carried out", Whole with { MergedInto = "other", MergeId = "m" }, new CarryOutErasure(ErasureGround.Retention, Now.AddDays(-1), true) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "" },
        { "carried out twice", Gone, new CarryOutErasure(ErasureGround.Retention, Now, true) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "" },
        { "then changed", Gone, new ChangeContact(Person, Gone.Revision) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then archived", Gone, new ArchiveContact(true) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then noted", Gone, new AddContactNote("Une note") { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then a note removed", Gone, new RemoveContactNote("n", 1) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then classified", Gone, new ClassifyContact("public", []) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then tagged", Gone, new TagContact(["Presse"], []) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then seated", Gone, new PreferSeats([], Gone.Revision) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then consenting", Gone, new GiveConsent(ConsentChannel.Sms, "Programme", Proof) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then withdrawing", Gone, new WithdrawConsent(ConsentChannel.Email, "Programme", Proof) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then tied", Gone, new RelateContact(new(RelationKind.Relay, "x", null, null)) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then untied", Gone, new UnrelateContact(RelationKind.Relay, "house") { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then merging others", Gone, new MergeContacts([new("x", 1)], Person, Gone.Revision) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then undoing a merge", Gone, new UndoContactMerge("m") { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then told apart", Gone, new TellContactsApart("00000000000000000000", true) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then taken over", Gone, new AbsorbContact("x", 8, "m") { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-erased" },
        { "then made again", Gone, new CreateContact(Person) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "contact-exists" },
        { "then its structure is taken over", Gone, new RetargetRelations("house", "bigger", "m") { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None, "" },
        { "with those it took over, then told of one of these", Gone with { MergedInto = "other" }, Tell(), ErasureFacts.None, "contact-merged" },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void An_erasure_is_decided_by_what_speaks_against_it(string situation, ContactState state, Command command, ErasureFacts facts, string refused)
    {
        Assert.NotEmpty(situation);
        Assert.Equal(refused, Decide(state, command, facts).Codes);
    }

    [Fact]
    public void What_is_left_is_a_number_with_its_dates_and_what_sums_are_made_of()
    {
        Assert.Equal((Whole.Number, Whole.CreatedAt, Whole.CreatedBy, 3, ContactKind.Individual), (Gone.Number, Gone.CreatedAt, Gone.CreatedBy, Gone.LivePurchases, Gone.Details!.Kind));
        Assert.Equal(new RecordedErasure(ErasureGround.Request, "Dossier 12", "Claire Morin", Now), Gone.Erasure);
        Assert.Equal("n° 7", Gone.Details.Name);
        Assert.Equal((RelationKind.Relay, "house"), (Assert.Single(Gone.Relations).Kind, Gone.Relations[0].To));
        var consent = Assert.Single(Gone.Consents);
        Assert.Equal((Proof.At, Proof.At, "", "", (string?)null), (consent.Given.At, consent.Withdrawn!.At, consent.Given.Where, consent.GivenBy, consent.Given.Wording));
        var written = Json.Write(Gone);
        foreach (var word in (string[])["Dupont", "Chantal", "612345678", "FR76", "1970", "Une note", "senior", "Presse", "Grande salle", "parent"]) Assert.DoesNotContain(word, written, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void What_a_till_tells_later_counts_and_names_nobody()
    {
        var told = Tell();
        var decision = ContactCore.Decide(Gone, told, ContactFacts.None with { Id = "erased" }, Now);
        var recorded = Assert.IsType<ActivitiesRecorded>(Assert.Single(decision.Events));
        Assert.Equal(Gone.LivePurchases + 1, ContactCore.Apply(Gone, recorded).LivePurchases);
        var written = Json.Write(recorded);
        foreach (var word in (string[])["Chantal", "F12", "malade"]) Assert.DoesNotContain(word, written, StringComparison.Ordinal);
        Assert.Contains("La Nuit de sel", written, StringComparison.Ordinal);
        Assert.Equal(4_500, recorded.Standings[0].NetMinor);
        // Told again, it is known by what was told.
        Assert.Equal(told.Activities.Select(ContactActivityRules.HashOf), recorded.Activities.Select(one => one.Told));
    }

    [Theory]
    [InlineData("Une soirée chez les DUPONT", true)]
    [InlineData("Dupond et Dupont", true)]
    [InlineData("Dupontel sur scène", false)]
    [InlineData("pour chantal@dupont.example.", true)]
    [InlineData("06-12-34-56-78", true)]
    [InlineData("Carte 4970", false)]
    [InlineData("O’Dupont", true)]
    [InlineData(null, false)]
    public void Words_are_found_in_any_writing_and_not_inside_others(string? text, bool found) =>
        Assert.Equal(found, new NamingWords([Person with { Mobile = "+33612345678" }]).StandIn(text));

    [Fact]
    public void A_name_of_two_letters_is_looked_for_beside_its_first_name_only()
    {
        var words = new NamingWords([Named("Li", "Mei")]);
        Assert.False(words.StandIn("Li dans le vent"));
        Assert.True(words.StandIn("pour Mei Li"));
        Assert.True(words.StandInLine(["LI", "mei", "Brest"]));
        Assert.False(words.StandInLine(["Li", "Paul", "Brest"]));
    }

    private static RecordActivities Tell() => new(
    [
        new("till-1", "p9", 1, Now, new Purchase("C-9", "EUR", [new(ProductKind.Ticket, "La Nuit de sel", Now.AddDays(3), "Grande salle", 2, null, null, 9_000, null, null)], "Web", null)),
        new("till-1", "c9", 1, Now, new Cancellation("p9", "EUR", [new(1, 1, 4_500)], "malade")),
        new("till-1", "a9", 1, Now, new Attendance("p9", "La Nuit de sel", Now.AddDays(3), null, AttendanceState.Expected, 1, null, null, ["F12"])),
        new("till-1", "m9", 1, Now, new SentMessage(MessageChannel.Email, "Chantal, votre billet", null, MessageState.Sent, "chantal@dupont.example")),
    ])
    { Id = Guid.NewGuid(), By = Claire };

    private static EraseContact Erase(ErasureGround ground = ErasureGround.Request, string? note = "Dossier 12", long basedOn = 1) => new(ground, note, basedOn) { Id = Guid.NewGuid(), By = Claire };

    private static ContactState Made(ContactDetails details) => Decide(ContactState.Empty, new CreateContact(details) { Id = Guid.NewGuid(), By = Claire }, ErasureFacts.None).State;

    private static ContactState Erased(ContactState state) => Decide(state, Erase(basedOn: state.Revision), ErasureFacts.None).State;

    private static (ContactState State, string Codes, object? Answer) Decide(ContactState state, Command command, ErasureFacts? facts = null)
    {
        var decision = ContactCore.Decide(state, command, ContactFacts.None with { Number = 7, Id = "erased", Erasure = facts ?? ErasureFacts.None }, Now);
        return (decision.Events.Aggregate(state, ContactCore.Apply), string.Join(' ', decision.Refusals.Select(refusal => refusal.Field is null ? refusal.Code : $"{refusal.Code}@{refusal.Field}")), decision.Answer);
    }
}
