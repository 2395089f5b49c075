using System.Collections.Immutable;
using Guichet.Organisations;

namespace Guichet.Contacts;

/// <param name="Code">1 to 64 of a–z, 0–9 and hyphen; never changes.</param>
/// <param name="French">Label, 1 to 100 characters.</param>
/// <param name="English">Likewise; the French one where it is left empty.</param>
/// <param name="Retired">No longer given; contacts that have it keep it.</param>
[GenerateSerializer, Immutable, Alias("criterion-value")]
public sealed record CriterionValue(string Code, string French, string English, bool Retired);

/// <summary>By what an organisation classifies its individuals, or its structures.</summary>
/// <param name="Code">Unique in the organisation; as a value's, and the labels likewise.</param>
/// <param name="Kind">Whom it classifies, for good.</param>
/// <param name="Multiple">A contact may have several of its values.</param>
/// <param name="Values">1 to 200 in the order in which they are offered, each code once.</param>
[GenerateSerializer, Immutable, Alias("criterion-definition")]
public sealed record CriterionDefinition(
    string Code, ContactKind Kind, string French, string English, bool Multiple, ImmutableArray<CriterionValue> Values, bool Retired);

/// <summary>A text that people are shown when they are asked.</summary>
/// <param name="Label">To find it by. 1 to 100 characters.</param>
/// <param name="Text">1 to 2,000 characters.</param>
[GenerateSerializer, Immutable, Alias("consent-wording")]
public sealed record ConsentWording(string Label, string Text);

/// <summary>What people are asked to consent to.</summary>
/// <param name="Name">1 to 64 characters; each once, whatever the case and accents.</param>
/// <param name="Wordings">0 to 20.</param>
[GenerateSerializer, Immutable, Alias("consent-category")]
public sealed record ConsentCategory(string Name, ImmutableArray<ConsentWording> Wordings);

/// <param name="Revision">Grows with every change; forms send it back as <c>BasedOn</c>.</param>
[GenerateSerializer, Immutable, Alias("contact-settings-view")]
public sealed record ContactSettingsView(
    string Organisation, long Revision, ImmutableArray<CriterionDefinition> Criteria, ImmutableArray<ConsentCategory> Categories)
{
    public CriterionDefinition? Criterion(string code) => Criteria.FirstOrDefault(definition => definition.Code == code);
}

/// <summary>Adds a criterion, or puts this in place of what it was. A value that is left out is retired: contacts that have it keep it.</summary>
[GenerateSerializer, Immutable, Alias("define-criterion")]
public sealed record DefineCriterion(CriterionDefinition Definition, long BasedOn) : Command;

/// <summary>A retired criterion is offered no more; contacts keep what they have of it.</summary>
[GenerateSerializer, Immutable, Alias("retire-criterion")]
public sealed record RetireCriterion(string Code, bool Retired) : Command;

/// <param name="Categories">0 to 50, all there are from now on; consents that name others stay as they are.</param>
[GenerateSerializer, Immutable, Alias("set-consent-categories")]
public sealed record SetConsentCategories(ImmutableArray<ConsentCategory> Categories, long BasedOn) : Command;

/// <summary>Of an organisation there is one: its id in the key.</summary>
public static class ContactSettingsKey
{
    public const string Id = "contacts";
}

/// <summary>How an organisation keeps its contact file: its criteria, and what it asks people to consent to.</summary>
[Alias("contact-settings-grain")]
public interface IContactSettingsGrain : IGrainWithStringKey
{
    [Requires(Role.Reader, Contacts = ContactAccess.Any), Orleans.Concurrency.ReadOnly]
    Task<ContactSettingsView> View();

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Define(DefineCriterion command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Retire(RetireCriterion command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> SetCategories(SetConsentCategories command);
}
