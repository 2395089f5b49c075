using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Organisations;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

public sealed class ContactCoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 9, 30, 0, TimeSpan.Zero);
    private static readonly Actor Claire = new("org-a", "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);
    private static readonly ContactFacts Seven = ContactFacts.None with { Number = 7 };

    private static CreateContact Create(ContactDetails details) => new(details) { Id = Guid.NewGuid(), By = Claire };

    private static ChangeContact Change(ContactDetails details, long basedOn = 1) => new(details, basedOn) { Id = Guid.NewGuid(), By = Claire };

    private static RelateContact Relate(RelationKind kind, string to = "other", DateOnly? from = null, DateOnly? until = null) =>
        new(new ContactRelation(kind, to, from, until)) { Id = Guid.NewGuid(), By = Claire };

    private static ConsentProof Proof(int daysAgo = 1, string where = "Formulaire du site", string? wording = "J’accepte de recevoir le programme.") => new(Now.AddDays(-daysAgo), where, wording);

    private static GiveConsent Give(ConsentProof proof, string category = "Programme", ConsentChannel channel = ConsentChannel.Email) => new(channel, category, proof) { Id = Guid.NewGuid(), By = Claire };

    private static WithdrawConsent Withdraw(ConsentProof proof, string category = "Programme") => new(ConsentChannel.Email, category, proof) { Id = Guid.NewGuid(), By = Claire };

    private static ClassifyContact Classify(string criterion, params string[] values) => new(criterion, [.. values]) { Id = Guid.NewGuid(), By = Claire };

    /// <summary>As the organisation defines it: several values for <c>public</c>, one for <c>age</c>, the value <c>old</c> and the criterion <c>gone</c> retired.</summary>
    private static ContactFacts FactsOf(Command command) => command is not ClassifyContact classify ? Seven : Seven with
    {
        Criterion = classify.Criterion switch
        {
            "public" => Defined("public", multiple: true, "senior", "abonne"),
            "age" => Defined("age", multiple: false, "a", "b"),
            "gone" => Defined("gone", multiple: false, "a") with { Retired = true },
            "houses" => Defined("houses", multiple: false, "a") with { Kind = ContactKind.Structure },
            _ => null,
        },
    };

    private static CriterionDefinition Defined(string code, bool multiple, params string[] values) =>
        new(code, ContactKind.Individual, code, code, multiple, [.. values.Select(value => new CriterionValue(value, value, value, false)), new("old", "old", "old", true)], false);

    private static (ContactState State, string Codes, object? Answer) Decide(ContactState state, Command command, ContactFacts? facts = null)
    {
        var decision = ContactCore.Decide(state, command, facts ?? FactsOf(command), Now);
        return (decision.Events.Aggregate(state, ContactCore.Apply), string.Join(' ', decision.Refusals.Select(refusal => refusal.Field is null ? refusal.Code : $"{refusal.Code}@{refusal.Field}")), decision.Answer);
    }

    private static ContactState Made(ContactDetails? details = null, params Command[] commands) =>
        commands.Prepend(Create(details ?? Person)).Aggregate(ContactState.Empty, (state, command) =>
        {
            var (after, codes, _) = Decide(state, command);
            Assert.Empty(codes);
            return after;
        });

    private static ContactDetails Living(params ContactAddress[] addresses) => Person with { Addresses = [.. addresses] };

    public static TheoryData<string, ContactDetails> Bad => new()
    {
        { "contact-name-missing@name", Person with { Name = "" } },
        { "contact-name-missing@name", Person with { Name = null! } },
        { "contact-name-missing@name", Person with { Name = " \u00A0\u200B " } },
        { "contact-name-missing@name", Person with { Name = "-’-" } },
        { "text-too-long@name", Person with { Name = new string('x', 300) } },
        { "text-too-long@firstName", Person with { FirstName = new string('é', 300) } },
        { "text-not-one-line@name", Person with { Name = "Dupont\r\nBcc: x@y.example" } },
        { "text-not-one-line@name", Person with { Name = "Dup\0ont" } },
        { "text-not-one-line@name", Person with { Name = "Dupont \ud83c" } },
        { "text-not-one-line@firstName", Person with { FirstName = "\udfad Chantal" } },
        { "type-unknown@types", Person with { Types = [(ContactType)9] } },
        { "birth-date-impossible@birthDate", Person with { BirthDate = new DateOnly(1, 1, 1) } },
        { "birth-date-impossible@birthDate", Person with { BirthDate = new DateOnly(1849, 12, 31) } },
        { "birth-date-impossible@birthDate", Person with { BirthDate = new DateOnly(2026, 11, 27) } },
        { "contact-email-invalid@emails[0]", Person with { Emails = ["chantal"] } },
        { "contact-email-invalid@emails[1]", Person with { Emails = ["a@b.example", " "] } },
        { "contact-email-invalid@emails[0]", Person with { Emails = ["a@b.example\nBcc: c@d.example"] } },
        { "contact-email-invalid@emails[0]", Person with { Emails = [$"{new string('x', 300)}@b.example"] } },
        // Legal, and nobody's: a quoted name, a machine's number, a machine without a domain.
        { "contact-email-invalid@emails[0]", Person with { Emails = ["\"chantal dupont\"@example.org"] } },
        { "contact-email-invalid@emails[0]", Person with { Emails = ["chantal@[192.0.2.1]"] } },
        { "contact-email-invalid@emails[0]", Person with { Emails = ["chantal@localhost"] } },
        { "email-twice@emails[1]", Person with { Emails = ["a@b.example", " A@B.Example "] } },
        { "too-many@emails", Person with { Emails = [.. Enumerable.Range(0, 6).Select(i => $"a{i}@b.example")] } },
        { "phone-unreadable@mobile", Person with { Mobile = "demain" } },
        { "phone-unreadable@phone", Person with { Phone = "12" } },
        { "phone-unreadable@fax", Person with { Fax = "+999 12 34 56 78" } },
        { "phone-unreadable@phone", Person with { Phone = "01 42 33 44 55 ext. 12" } },
        { "phone-unreadable@mobile", Person with { Mobile = new string('1', 300) } },
        { "iban-wrong@iban", Person with { Iban = "FR76 3000 6000 0112 3456 7890 188" } },
        { "iban-wrong@iban", Person with { Iban = "FR76" } },
        { "iban-wrong@iban", Person with { Iban = "7630006000011234567890189" } },
        { "iban-wrong@iban", Person with { Iban = "FR76 3000 6000 0112 3456 7890 18🎭" } },
        { "main-address-not-one@addresses", Living(At("75012", "Paris", kind: AddressKind.Delivery)) },
        { "main-address-not-one@addresses", Living(At("75012", "Paris"), At("69001", "Lyon")) },
        { "too-many@addresses", Living([.. Enumerable.Range(0, 11).Select(i => At("75012", "Paris", kind: i == 0 ? AddressKind.Main : AddressKind.Billing))]) },
        { "country-unknown@addresses[0].country", Living(At("75012", "Paris", "XX")) },
        { "country-unknown@addresses[0].country", Living(At("75012", "Paris", "France")) },
        { "country-unknown@addresses[0].country", Living(At("75012", "Paris", null!)) },
        { "postcode-not-french@addresses[0].postcode", Living(At("7501", "Paris")) },
        { "postcode-not-french@addresses[0].postcode", Living(At("2A004 ", "Ajaccio")) },
        { "text-too-long@addresses[0].city", Living(At("75012", new string('x', 101))) },
        { "structures-only@administrativeNumber structures-only@nature", Person with { AdministrativeNumber = "732", Nature = "École" } },
        { "contact-name-missing@name contact-email-invalid@emails[0] iban-wrong@iban", Person with { Name = "", Emails = ["x"], Iban = "X" } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void Details_that_cannot_be_taken_are_refused_by_field(string refusals, ContactDetails details)
    {
        Assert.Equal(refusals, Decide(ContactState.Empty, Create(details)).Codes);
        Assert.Equal(refusals, Decide(Made(), Change(details)).Codes);
    }

    [Theory]
    [InlineData("Дюпон", "Ольга")]
    [InlineData("小林", "さくら")]
    [InlineData("דהאן", null)]
    [InlineData("🎭", "🎈")]
    [InlineData("O’Neill", "Séán")]
    [InlineData("N'Diaye", null)]
    [InlineData("%", "_")]
    [InlineData("*", "***")]
    public void Names_of_every_script_are_taken_as_they_are(string name, string? first)
    {
        var details = Made(Named($"  {name} ", first)).Details!;
        Assert.Equal((name, first), (details.Name, details.FirstName));
    }

    [Theory]
    [InlineData("plain@example.org")]
    [InlineData("first.last+tag@example.org")]
    [InlineData("o'neill@example.org")]
    [InlineData("under_score-hyphen@sub.domain.example")]
    [InlineData("!#$%&*/=?^`{|}~@example.org")]
    [InlineData("élodie@théâtre.example")]
    [InlineData("1@123.example")]
    public void Email_addresses_of_every_shape_that_people_have_are_taken(string email) => Assert.Equal([email], Made(Person with { Emails = [email] }).Details!.Emails.AsEnumerable());

    [Theory]
    [InlineData("06 12 34 56 78", "FR", "+33612345678")]
    [InlineData("+33 (0)6 12 34 56 78", "FR", "+33612345678")]
    [InlineData("0033 6.12.34.56.78", "FR", "+33612345678")]
    [InlineData("0475 12 34 56", "BE", "+32475123456")]
    [InlineData("+32 475 12 34 56", "FR", "+32475123456")]
    [InlineData("(212) 555-0123", "US", "+12125550123")]
    public void Phones_are_kept_in_one_writing_read_in_the_addresss_country(string written, string country, string kept) =>
        Assert.Equal(kept, Made(Person with { Mobile = written, Addresses = [At(null, null, country)] }).Details!.Mobile);

    [Fact]
    public void A_phone_without_any_country_is_read_as_a_french_one() => Assert.Equal("+33142334455", Made(Person with { Phone = "01.42.33.44.55" }).Details!.Phone);

    [Fact]
    public void What_people_write_is_kept_cleaned()
    {
        var details = Made(Person with
        {
            Types = [ContactType.Support, ContactType.Guide, ContactType.Guide],
            Emails = [" Chantal@Dupont.EXAMPLE "],
            Language = Language.Browser,
            FirstName = " ",
            Iban = "fr76 3000 6000 0112 3456 7890 189",
            Addresses = [At("75 012", " Paris ", "fr")],
        }).Details!;
        Assert.Equal([ContactType.Guide, ContactType.Support], details.Types.AsEnumerable());
        Assert.Equal(("chantal@dupont.example", Language.French, (string?)null, "FR7630006000011234567890189"), (details.Emails[0], details.Language, details.FirstName, details.Iban));
        Assert.Equal(("FR", "75012", "Paris"), (details.Addresses[0].Country, details.Addresses[0].Postcode, details.Addresses[0].City));
    }

    [Theory]
    [InlineData("2000-02-29", "2026-02-28", 25)]
    [InlineData("2000-02-29", "2026-03-01", 26)]
    [InlineData("2000-02-29", "2024-02-28", 23)]
    [InlineData("2000-02-29", "2024-02-29", 24)]
    [InlineData("1970-05-17", "2026-05-16", 55)]
    [InlineData("1970-05-17", "2026-05-17", 56)]
    [InlineData("2026-11-26", "2026-11-26", 0)]
    public void Ages_are_whole_years_and_a_29_February_counts_on_1_March(string born, string on, int age) =>
        Assert.Equal(age, ContactRules.AgeOn(DateOnly.Parse(born, System.Globalization.CultureInfo.InvariantCulture), DateOnly.Parse(on, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Who_was_born_on_a_29_February_or_today_is_taken()
    {
        Assert.Equal(new DateOnly(2000, 2, 29), Made(Person with { BirthDate = new DateOnly(2000, 2, 29) }).Details!.BirthDate);
        Assert.Equal(new DateOnly(2026, 11, 26), Made(Person with { BirthDate = new DateOnly(2026, 11, 26) }).Details!.BirthDate);
    }

    [Fact]
    public void A_contact_is_made_once_with_the_number_taken_for_it()
    {
        var (state, _, answer) = Decide(ContactState.Empty, Create(Person));
        Assert.Equal((7L, new NewContact(7), 1L, "Claire Morin", Now), (state.Number, answer, state.Revision, state.CreatedBy, state.CreatedAt));
        Assert.Equal("contact-exists", Decide(state, Create(Person)).Codes);
        Assert.All((Command[])[Change(Person, 0), Relate(RelationKind.Child), Classify("a", "b"), Give(Proof())], command => Assert.Equal("contact-unknown", Decide(ContactState.Empty, command).Codes));
    }

    [Fact]
    public void Two_who_change_the_same_record_do_not_overwrite_one_another()
    {
        var changed = Made(null, Change(Person with { FirstName = "Chrysoline" }));
        Assert.Equal("changed-meanwhile", Decide(changed, Change(Person)).Codes);
        Assert.Equal("changed-meanwhile", Decide(changed, new PreferSeats([], 1) { Id = Guid.NewGuid(), By = Claire }).Codes);
        Assert.Equal("", Decide(changed, Change(Person, 2)).Codes);
        Assert.Equal("kind-fixed@kind", Decide(changed, Change(House, 2)).Codes);
        Assert.True(Decide(changed, new ArchiveContact(true) { Id = Guid.NewGuid(), By = Claire }).State is { Archived: true, Revision: 3 });
    }

    [Fact]
    public void A_structure_has_nothing_that_is_a_persons() => Assert.Equal(
        "individuals-only@title individuals-only@firstName individuals-only@birthDate individuals-only@function",
        Decide(ContactState.Empty, Create(House with { Title = "M.", FirstName = "Jean", BirthDate = new DateOnly(1970, 1, 1), Function = "Directeur" })).Codes);

    [Fact]
    public void Notes_are_added_changed_and_removed_each_with_a_revision_of_its_own()
    {
        var (state, _, answer) = Decide(Made(), new AddContactNote(" Préfère\r\nle soir ") { Id = Guid.NewGuid(), By = Claire });
        var note = Assert.IsType<ContactNote>(answer);
        Assert.Equal(("Préfère\nle soir", 1, "Claire Morin", Now), (note.Text, note.Revision, note.By, note.At));
        Assert.Equal("note-missing@text", Decide(state, new AddContactNote(" ") { Id = Guid.NewGuid(), By = Claire }).Codes);
        Assert.Equal("text-too-long@text", Decide(state, new AddContactNote(new string('x', 4_001)) { Id = Guid.NewGuid(), By = Claire }).Codes);
        Assert.Equal("text-has-control@text", Decide(state, new AddContactNote("a\0b") { Id = Guid.NewGuid(), By = Claire }).Codes);
        Assert.Equal("note-unknown", Decide(state, new ChangeContactNote("none", "x", 1) { Id = Guid.NewGuid(), By = Claire }).Codes);
        var changed = Decide(state, new ChangeContactNote(note.Id, "Le matin", 1) { Id = Guid.NewGuid(), By = Claire }).State;
        Assert.Equal(("Le matin", 2), (changed.Notes[0].Text, changed.Notes[0].Revision));
        Assert.Equal("changed-meanwhile", Decide(changed, new ChangeContactNote(note.Id, "Jamais", 1) { Id = Guid.NewGuid(), By = Claire }).Codes);
        Assert.Equal("changed-meanwhile", Decide(changed, new RemoveContactNote(note.Id, 1) { Id = Guid.NewGuid(), By = Claire }).Codes);
        Assert.Empty(Decide(changed, new RemoveContactNote(note.Id, 2) { Id = Guid.NewGuid(), By = Claire }).State.Notes);
        Assert.Equal(1, changed.Revision);
    }

    [Fact]
    public void A_criterion_has_the_values_that_were_given_last_and_none_takes_it_away()
    {
        var state = Made(null, Classify("public", "senior", "abonne"), Classify("age", "b"), Classify("public", "senior"));
        Assert.Equal("age:b public:senior", string.Join(' ', state.Criteria.Select(criterion => $"{criterion.Criterion}:{string.Join(',', criterion.Values)}")));
        Assert.Empty(ContactCore.Decide(state, Classify("public", "senior"), Seven, Now).Events);
        Assert.Equal(["age"], Decide(state, Classify("public")).State.Criteria.Select(criterion => criterion.Criterion));
        Assert.Equal("criterion-invalid@criterion", Decide(state, Classify("Âge", "b")).Codes);
        Assert.Equal("criterion-invalid@values", Decide(state, Classify("age", "a:b")).Codes);
        Assert.Equal("too-many@values", Decide(state, Classify("age", [.. Enumerable.Range(0, 101).Select(i => $"v{i}")])).Codes);
    }

    [Theory]
    [InlineData("public", "senior,abonne", "")]
    [InlineData("age", "a,b", "criterion-single@values")]
    [InlineData("age", "c", "criterion-value-unknown@values")]
    [InlineData("age", "old", "criterion-value-retired@values")]
    [InlineData("gone", "a", "criterion-retired@criterion")]
    [InlineData("houses", "a", "structures-only@criterion")]
    [InlineData("nowhere", "a", "criterion-unknown@criterion")]
    [InlineData("nowhere", "", "")]
    public void A_contact_takes_only_what_its_organisation_defines_for_its_kind(string criterion, string values, string codes) =>
        Assert.Equal(codes, Decide(Made(), Classify(criterion, values.Split(',', StringSplitOptions.RemoveEmptyEntries))).Codes);

    [Fact]
    public void What_was_retired_after_it_was_given_is_kept_and_lost_but_not_given_again()
    {
        var several = Seven with { Criterion = Defined("age", multiple: true, "a", "b") };
        var state = Decide(Made(), Classify("age", "a", "b"), several).State;
        var now = Seven with { Criterion = Defined("age", multiple: false, "b") with { Values = [new("a", "a", "a", true), new("b", "b", "b", true)], Retired = true } };
        Assert.Equal("", Decide(state, Classify("age", "a"), now).Codes);
        Assert.Equal("", Decide(state, Classify("age", "a", "b"), now).Codes);
        Assert.Equal("", Decide(state, Classify("age"), now).Codes);
        Assert.Equal("criterion-retired@criterion", Decide(Decide(state, Classify("age", "a"), now).State, Classify("age", "a", "b"), now).Codes);
    }

    [Fact]
    public void Preferred_seats_come_whole_and_say_their_house()
    {
        var state = Decide(Made(), new PreferSeats([new(" Grande salle ", "Parterre", "F", "12", " ")], 1) { Id = Guid.NewGuid(), By = Claire }).State;
        Assert.Equal(new PreferredSeat("Grande salle", "Parterre", "F", "12", null), Assert.Single(state.Seats));
        Assert.Equal("seat-place-missing@seats[1].place", Decide(Made(), new PreferSeats([new("A", null, null, null, null), new(" ", null, null, null, null)], 1) { Id = Guid.NewGuid(), By = Claire }).Codes);
        Assert.Equal("too-many@seats", Decide(Made(), new PreferSeats([.. Enumerable.Repeat(new PreferredSeat("A", null, null, null, null), 51)], 1) { Id = Guid.NewGuid(), By = Claire }).Codes);
    }

    [Fact]
    public void A_consent_keeps_its_proofs_through_withdrawal_and_giving_anew()
    {
        var state = Made(null, Give(Proof(9)), Give(Proof(8)), Withdraw(Proof(5, "Lien de désinscription", null)), Withdraw(Proof(4)), Give(Proof(1)));
        Assert.Collection(state.Consents,
            first => Assert.Equal((Now.AddDays(-9), Now.AddDays(-5), "Claire Morin"), (first.Given.At, first.Withdrawn!.At, first.WithdrawnBy)),
            second => Assert.True(second is { Withdrawn: null, Given.Wording: "J’accepte de recevoir le programme." }));
        Assert.Equal("proof-to-come@proof.at", Decide(state, Give(Proof(-1))).Codes);
        Assert.Equal("proof-missing@proof.where wording-missing@proof.wording", Decide(state, Give(Proof(where: " ", wording: ""))).Codes);
        Assert.Equal("category-missing@category", Decide(state, Give(Proof(), " ")).Codes);
        Assert.Equal("consent-channel-unknown@channel", Decide(state, Give(Proof(), channel: (ConsentChannel)8)).Codes);
        Assert.Equal("withdrawn-before-given@proof.at", Decide(state, Withdraw(Proof(3))).Codes);
    }

    [Theory]
    [InlineData(ContactKind.Individual, RelationKind.Child, ContactKind.Individual, "")]
    [InlineData(ContactKind.Individual, RelationKind.Child, ContactKind.Structure, "relation-between-wrong-kinds@kind")]
    [InlineData(ContactKind.Individual, RelationKind.Relay, ContactKind.Structure, "")]
    [InlineData(ContactKind.Individual, RelationKind.Relay, ContactKind.Individual, "relation-between-wrong-kinds@kind")]
    [InlineData(ContactKind.Individual, RelationKind.Member, ContactKind.Structure, "")]
    [InlineData(ContactKind.Individual, RelationKind.Subsidiary, ContactKind.Structure, "relation-between-wrong-kinds@kind")]
    [InlineData(ContactKind.Structure, RelationKind.Subsidiary, ContactKind.Structure, "")]
    [InlineData(ContactKind.Structure, RelationKind.Subsidiary, ContactKind.Individual, "relation-between-wrong-kinds@kind")]
    [InlineData(ContactKind.Structure, RelationKind.Member, ContactKind.Structure, "relation-between-wrong-kinds@kind")]
    [InlineData(ContactKind.Structure, RelationKind.Child, ContactKind.Structure, "relation-between-wrong-kinds@kind")]
    [InlineData(ContactKind.Individual, (RelationKind)9, ContactKind.Individual, "relation-kind-unknown@kind")]
    public void A_relation_goes_between_the_right_kinds(ContactKind own, RelationKind kind, ContactKind other, string codes) =>
        Assert.Equal(codes, Decide(Made(own == ContactKind.Individual ? Person : House), Relate(kind), Seven with { Other = other }).Codes);

    [Fact]
    public void A_relation_is_refused_to_oneself_to_nobody_in_a_circle_and_backwards()
    {
        var person = Seven with { Other = ContactKind.Individual };
        Assert.Equal("relation-to-itself@to", Decide(Made(), Relate(RelationKind.Child), person with { Itself = true }).Codes);
        Assert.Equal("related-contact-unknown@to", Decide(Made(), Relate(RelationKind.Child)).Codes);
        Assert.Equal("relation-circular@to", Decide(Made(), Relate(RelationKind.Child), person with { Circular = true }).Codes);
        Assert.Equal("relation-ends-before@until", Decide(Made(), Relate(RelationKind.Child, "p", new DateOnly(2026, 2, 1), new DateOnly(2026, 1, 31)), person).Codes);
    }

    [Fact]
    public void The_same_relation_again_takes_other_dates_and_roles_follow_the_dates()
    {
        var (person, house) = (Seven with { Other = ContactKind.Individual }, Seven with { Other = ContactKind.Structure });
        var state = Decide(Made(), Relate(RelationKind.Relay, "s"), house).State;
        state = Decide(state, Relate(RelationKind.Relay, "s", null, new DateOnly(2026, 6, 30)), house).State;
        state = Decide(state, Relate(RelationKind.Member, "s"), house).State;
        state = Decide(state, Relate(RelationKind.Child, "p", new DateOnly(2026, 9, 1)), person).State;
        Assert.Equal(3, state.Relations.Length);
        Assert.Equal([ContactRole.Relay, ContactRole.Member], ContactRoles.Of(ContactKind.Individual, state.Relations, new DateOnly(2026, 6, 30)).AsEnumerable());
        Assert.Equal([ContactRole.Child, ContactRole.Member], ContactRoles.Of(ContactKind.Individual, state.Relations, new DateOnly(2026, 9, 1)).AsEnumerable());
        Assert.Equal([ContactRole.PublicIndividual], ContactRoles.Of(ContactKind.Individual, [], default).AsEnumerable());
        Assert.Equal([ContactRole.PublicStructure], ContactRoles.Of(ContactKind.Structure, [], default).AsEnumerable());
        Assert.Equal(2, Decide(state, new UnrelateContact(RelationKind.Member, "s") { Id = Guid.NewGuid(), By = Claire }).State.Relations.Length);
    }

    [Fact]
    public void Everything_that_happens_reads_back_as_it_was_written()
    {
        ImmutableArray<ContactEvent> all =
        [
            new ContactCreated(7, Person), new ContactChanged(House), new ContactArchived(true), new ContactNoteAdded(new("n", 1, "x", "Claire", Now)), new ContactNoteChanged(new("n", 2, "y", "Claire", Now)),
            new ContactNoteRemoved("n"), new ContactClassified(new("age", ["b"])), new SeatsPreferred([new("A", "b", "c", "d", "e")]), new ConsentGiven(ConsentChannel.Sms, "c", Proof()),
            new ConsentWithdrawn(ConsentChannel.Sms, "c", Proof()), new ContactRelated(new(RelationKind.Member, "s", new DateOnly(2026, 1, 1), null)), new ContactUnrelated(RelationKind.Member, "s"),
        ];
        var written = Json.Write(all.Select(happened => happened with { By = "Claire", At = Now }).ToImmutableArray());
        Assert.Equal(written, Json.Write(Json.Read<ImmutableArray<ContactEvent>>(written)));
    }
}
