using System.Collections.Immutable;
using System.Text.Json.Serialization;

using Decision = Guichet.Journal.Decision<Guichet.Contacts.ContactSettingsEvent>;

namespace Guichet.Contacts;

public sealed record ContactSettingsState(long Revision, ImmutableArray<CriterionDefinition> Criteria, ImmutableArray<ConsentCategory> Categories)
{
    public static readonly ContactSettingsState Empty = new(0, [], []);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(CriterionDefined), "criterion-defined")]
[JsonDerivedType(typeof(CriterionRetired), "criterion-retired")]
[JsonDerivedType(typeof(ConsentCategoriesSet), "consent-categories-set")]
public abstract record ContactSettingsEvent;

/// <summary>New, or otherwise than before.</summary>
public sealed record CriterionDefined(CriterionDefinition Definition) : ContactSettingsEvent;

public sealed record CriterionRetired(string Code, bool Retired) : ContactSettingsEvent;

public sealed record ConsentCategoriesSet(ImmutableArray<ConsentCategory> Categories) : ContactSettingsEvent;

/// <summary>What the settings of an organisation's contact file decide: pure.</summary>
public static class ContactSettingsCore
{
    public const int MostDefinitions = 100;
    public const int MostValues = 200;
    public const int MostCategories = 50;
    public const int MostWordings = 20;
    public const int LongestCategory = 64;

    public static Decision Decide(ContactSettingsState state, Command command) => command switch
    {
        DefineCriterion define when define.BasedOn != state.Revision => Decision.Refuse("changed-meanwhile"),
        DefineCriterion define => Define(state, define.Definition),
        RetireCriterion retire => state.Criteria.FirstOrDefault(known => known.Code == retire.Code) switch
        {
            null => Decision.Refuse("criterion-unknown", "code", retire.Code),
            var known => known.Retired == retire.Retired ? Decision.Accept() : Decision.Accept(new CriterionRetired(known.Code, retire.Retired)),
        },
        SetConsentCategories set when set.BasedOn != state.Revision => Decision.Refuse("changed-meanwhile"),
        SetConsentCategories set => Categories(set.Categories),
        _ => throw new ArgumentException($"The settings of contacts don't know {command.GetType().Name}.", nameof(command)),
    };

    public static ContactSettingsState Apply(ContactSettingsState state, ContactSettingsEvent happened)
    {
        var after = happened switch
        {
            CriterionDefined { Definition: var defined } => state with
            {
                Criteria = state.Criteria.Any(known => known.Code == defined.Code)
                    ? [.. state.Criteria.Select(known => known.Code == defined.Code ? defined : known)]
                    : state.Criteria.Add(defined),
            },
            CriterionRetired retired => state with { Criteria = [.. state.Criteria.Select(known => known.Code == retired.Code ? known with { Retired = retired.Retired } : known)] },
            ConsentCategoriesSet set => state with { Categories = set.Categories },
            _ => throw new ArgumentException($"The settings of contacts don't know {happened.GetType().Name}.", nameof(happened)),
        };
        return after with { Revision = state.Revision + 1 };
    }

    private static Decision Define(ContactSettingsState state, CriterionDefinition definition)
    {
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var was = state.Criteria.FirstOrDefault(known => known.Code == definition.Code);
        if (!ContactRules.IsCode(definition.Code)) wrong.Add(Refusal.Of("criterion-invalid", "code"));
        if (!Enum.IsDefined(definition.Kind)) wrong.Add(Refusal.Of("kind-unknown", "kind"));
        else if (was is not null && was.Kind != definition.Kind) wrong.Add(Refusal.Of("criterion-kind-fixed", "kind"));
        if (was is null && state.Criteria.Length >= MostDefinitions) wrong.Add(Refusal.Of("too-many", "code", ContactRules.Number(MostDefinitions)));
        var (french, english) = Labels(definition.French, definition.English, "", wrong);
        var values = Values(definition.Values.IsDefault ? [] : definition.Values, was, wrong);
        if (wrong.Count > 0) return Decision.Refuse(wrong.ToImmutable().AsSpan());
        var defined = new CriterionDefinition(definition.Code, definition.Kind, french, english, definition.Multiple, values, was?.Retired ?? definition.Retired);
        return was is not null && Same(was, defined) ? Decision.Accept() : Decision.Accept(new CriterionDefined(defined));
    }

    private static ImmutableArray<CriterionValue> Values(ImmutableArray<CriterionValue> values, CriterionDefinition? was, ImmutableArray<Refusal>.Builder wrong)
    {
        if (values.IsEmpty) wrong.Add(Refusal.Of("criterion-values-missing", "values"));
        if (values.Length > MostValues)
        {
            wrong.Add(Refusal.Of("too-many", "values", ContactRules.Number(MostValues)));
            return [];
        }
        var cleaned = ImmutableArray.CreateBuilder<CriterionValue>();
        for (var i = 0; i < values.Length; i++)
        {
            var (value, field) = (values[i], $"values[{ContactRules.Number(i)}].");
            if (!ContactRules.IsCode(value.Code)) wrong.Add(Refusal.Of("criterion-invalid", $"{field}code"));
            else if (cleaned.Any(known => known.Code == value.Code)) wrong.Add(Refusal.Of("criterion-code-twice", $"{field}code", value.Code));
            var (french, english) = Labels(value.French, value.English, field, wrong);
            cleaned.Add(new CriterionValue(value.Code, french, english, value.Retired));
        }
        cleaned.AddRange((was?.Values ?? []).Where(gone => !cleaned.Any(value => value.Code == gone.Code)).Select(gone => gone with { Retired = true }));
        if (cleaned.Count > MostValues) wrong.Add(Refusal.Of("too-many", "values", ContactRules.Number(MostValues)));
        return cleaned.ToImmutable();
    }

    private static (string French, string English) Labels(string? french, string? english, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        var label = ContactRules.Line(french, $"{field}french", ContactRules.LongestText, wrong);
        if (label is null) wrong.Add(Refusal.Of("label-missing", $"{field}french"));
        return (label ?? "", ContactRules.Line(english, $"{field}english", ContactRules.LongestText, wrong) ?? label ?? "");
    }

    private static Decision Categories(ImmutableArray<ConsentCategory> categories)
    {
        if (categories.IsDefault) categories = [];
        if (categories.Length > MostCategories) return Decision.Refuse("too-many", "categories", ContactRules.Number(MostCategories));
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var cleaned = ImmutableArray.CreateBuilder<ConsentCategory>();
        for (var i = 0; i < categories.Length; i++)
        {
            var field = $"categories[{ContactRules.Number(i)}]";
            var name = ContactRules.Line(categories[i].Name, $"{field}.name", LongestCategory, wrong);
            if (name is null) wrong.Add(Refusal.Of("category-missing", $"{field}.name"));
            else if (cleaned.Any(known => SearchKey.Of(known.Name) == SearchKey.Of(name))) wrong.Add(Refusal.Of("category-twice", $"{field}.name", name));
            cleaned.Add(new ConsentCategory(name ?? "", Wordings(categories[i].Wordings, field, wrong)));
        }
        return wrong.Count == 0 ? Decision.Accept(new ConsentCategoriesSet(cleaned.ToImmutable())) : Decision.Refuse(wrong.ToImmutable().AsSpan());
    }

    private static ImmutableArray<ConsentWording> Wordings(ImmutableArray<ConsentWording> wordings, string field, ImmutableArray<Refusal>.Builder wrong)
    {
        if (wordings.IsDefaultOrEmpty) return [];
        if (wordings.Length > MostWordings)
        {
            wrong.Add(Refusal.Of("too-many", $"{field}.wordings", ContactRules.Number(MostWordings)));
            return [];
        }
        var cleaned = ImmutableArray.CreateBuilder<ConsentWording>();
        for (var i = 0; i < wordings.Length; i++)
        {
            var at = $"{field}.wordings[{ContactRules.Number(i)}]";
            var label = ContactRules.Line(wordings[i].Label, $"{at}.label", ContactRules.LongestText, wrong);
            if (label is null) wrong.Add(Refusal.Of("label-missing", $"{at}.label"));
            var text = ContactRules.Lines(wordings[i].Text, $"{at}.text", ContactRules.LongestWording, wrong);
            if (text is null) wrong.Add(Refusal.Of("wording-missing", $"{at}.text"));
            cleaned.Add(new ConsentWording(label ?? "", text ?? ""));
        }
        return cleaned.ToImmutable();
    }

    private static bool Same(CriterionDefinition one, CriterionDefinition other) => one with { Values = other.Values } == other && one.Values.SequenceEqual(other.Values);
}
