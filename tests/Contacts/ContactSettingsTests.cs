using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Journal;
using Guichet.Organisations;
using Guichet.Support;
using static Guichet.Tests.Contacts.ContactSamples;

namespace Guichet.Tests.Contacts;

/// <summary>Criteria and consents as an organisation defines them.</summary>
public sealed class ContactSettingsTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly Actor Claire = new("org-a", "claire", ActorKind.Operator, "Claire Morin", Role.Administrator);

    private static DefineCriterion Define(CriterionDefinition definition, long basedOn = 0) => new(definition, basedOn) { Id = Guid.NewGuid(), By = Claire };

    private static SetConsentCategories Ask(params ConsentCategory[] categories) => new([.. categories], 0) { Id = Guid.NewGuid(), By = Claire };

    private static CriterionValue Value(string code, string french = "Libellé", bool retired = false) => new(code, french, "", retired);

    private static string Codes(ContactSettingsState state, Command command) =>
        string.Join(' ', ContactSettingsCore.Decide(state, command).Refusals.Select(refusal => refusal.Field is null ? refusal.Code : $"{refusal.Code}@{refusal.Field}"));

    private static ContactSettingsState After(ContactSettingsState state, Command command)
    {
        var decision = ContactSettingsCore.Decide(state, command);
        Assert.Empty(decision.Refusals);
        return decision.Events.Aggregate(state, ContactSettingsCore.Apply);
    }

    public static TheoryData<string, CriterionDefinition> Bad => new()
    {
        { "criterion-invalid@code", Public with { Code = "Âge" } },
        { "criterion-invalid@code", Public with { Code = "" } },
        { "kind-unknown@kind", Public with { Kind = (ContactKind)7 } },
        { "label-missing@french", Public with { French = " " } },
        { "text-too-long@french", Public with { French = new string('x', 300) } },
        { "text-not-one-line@english", Public with { English = "a\nb" } },
        { "criterion-values-missing@values", Public with { Values = [] } },
        { "criterion-values-missing@values", Public with { Values = default } },
        { "criterion-invalid@values[1].code", Public with { Values = [Value("a"), Value("A")] } },
        { "criterion-code-twice@values[1].code", Public with { Values = [Value("a"), Value("a")] } },
        { "label-missing@values[0].french", Public with { Values = [Value("a", "")] } },
        { "too-many@values", Public with { Values = [.. Enumerable.Range(0, 201).Select(i => Value($"v{i}"))] } },
    };

    [Theory, MemberData(nameof(Bad))]
    public void A_criterion_that_cannot_be_taken_is_refused_by_field(string codes, CriterionDefinition definition) => Assert.Equal(codes, Codes(ContactSettingsState.Empty, Define(definition)));

    [Fact]
    public void A_value_that_is_left_out_is_retired_and_may_be_offered_again()
    {
        var state = After(ContactSettingsState.Empty, Define(Public));
        state = After(state, Define(Public with { Values = [Value("etudiant", "Étudiant")] }, 1));
        Assert.Equal("etudiant senior!", string.Join(' ', state.Criteria[0].Values.Select(value => value.Code + (value.Retired ? "!" : ""))));
        Assert.Equal("Étudiant", state.Criteria[0].Values[0].English);
        state = After(state, Define(Public, 2));
        Assert.All(state.Criteria[0].Values, value => Assert.False(value.Retired));
        Assert.Equal("changed-meanwhile", Codes(state, Define(Public, 2)));
        Assert.Equal("criterion-kind-fixed@kind", Codes(state, Define(Public with { Kind = ContactKind.Structure }, 3)));
        Assert.Empty(ContactSettingsCore.Decide(state, Define(Public, 3)).Events);
    }

    [Fact]
    public void A_retired_criterion_stays_retired_when_it_is_changed()
    {
        var state = After(After(ContactSettingsState.Empty, Define(Public)), new RetireCriterion("public", true) { Id = Guid.NewGuid(), By = Claire });
        Assert.True(After(state, Define(Public with { French = "Publics" }, 2)).Criteria[0] is { Retired: true, French: "Publics" });
        Assert.Empty(ContactSettingsCore.Decide(state, new RetireCriterion("public", true) { Id = Guid.NewGuid(), By = Claire }).Events);
        Assert.False(After(state, new RetireCriterion("public", false) { Id = Guid.NewGuid(), By = Claire }).Criteria[0].Retired);
        Assert.Equal("criterion-unknown@code", Codes(state, new RetireCriterion("nothing", true) { Id = Guid.NewGuid(), By = Claire }));
    }

    [Fact]
    public void Consents_are_asked_for_by_name_with_the_words_that_people_read()
    {
        var state = After(ContactSettingsState.Empty, Ask(new ConsentCategory(" Programme ", [new("Formulaire 2026", "J’accepte\r\nde le recevoir.")])));
        Assert.Equal(("Programme", "J’accepte\nde le recevoir."), (state.Categories[0].Name, state.Categories[0].Wordings[0].Text));
        Assert.Equal("category-twice@categories[1].name", Codes(ContactSettingsState.Empty, Ask(new("Programme", []), new("PROGRAMMÉ", []))));
        Assert.Equal("category-missing@categories[0].name", Codes(ContactSettingsState.Empty, Ask(new ConsentCategory("", default))));
        Assert.Equal(
            "label-missing@categories[0].wordings[0].label wording-missing@categories[0].wordings[0].text text-too-long@categories[0].wordings[1].text",
            Codes(ContactSettingsState.Empty, Ask(new ConsentCategory("x", [new("", " "), new("y", new string('z', 2_001))]))));
        Assert.Equal("changed-meanwhile", Codes(state, Ask()));
        Assert.Equal("too-many@categories", Codes(ContactSettingsState.Empty, Ask([.. Enumerable.Range(0, 51).Select(i => new ConsentCategory($"c{i}", []))])));
    }

    [Fact]
    public void Everything_that_happens_reads_back_as_it_was_written()
    {
        ImmutableArray<ContactSettingsEvent> all = [new CriterionDefined(Public), new CriterionRetired("public", true), new ConsentCategoriesSet([new("Programme", [new("a", "b")])])];
        var written = Json.Write(all);
        Assert.Equal(written, Json.Write(Json.Read<ImmutableArray<ContactSettingsEvent>>(written)));
    }

    [Fact]
    public async Task Every_command_sent_again_changes_nothing_and_readers_send_none()
    {
        await using var silo = await TestSilo.Start(database.Product, new ManualTime());
        var by = Claire with { Organisation = Guid.NewGuid().ToString("N") };
        var settings = silo.Grains.GetGrain<IContactSettingsGrain>(GrainKey.Of(by.Organisation, ContactSettingsKey.Id));
        using (Caller.As(by))
        {
            var (define, retire, ask) = (Define(Public) with { By = by }, new RetireCriterion("public", true) { Id = Guid.NewGuid(), By = by }, new SetConsentCategories([new("Programme", [])], 2) { Id = Guid.NewGuid(), By = by });
            for (var turn = 0; turn < 2; turn++)
            {
                (await settings.Define(define)).Expect();
                (await settings.Retire(retire)).Expect();
                (await settings.SetCategories(ask)).Expect();
            }
            Assert.Equal((3L, 1, 1), await settings.View() is var view ? (view.Revision, view.Criteria.Length, view.Categories.Length) : default);
        }
        var hugo = by with { Id = "hugo", Role = Role.Reader };
        using var caller = Caller.As(hugo);
        await Assert.ThrowsAnyAsync<Exception>(() => settings.Define(Define(Public, 3) with { By = hugo }));
    }
}
