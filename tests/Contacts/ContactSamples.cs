using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Organisations;
using Guichet.Support;

namespace Guichet.Tests.Contacts;

internal static class ContactSamples
{
    public static readonly ContactDetails Person = new(
        ContactKind.Individual, [], "Dupont", "Madame", "Chantal", new DateOnly(1970, 5, 17), null, Language.French, null, null,
        ["chantal@dupont.example"], null, null, null, [], null, null, false, false);

    public static readonly ContactDetails House = new(
        ContactKind.Structure, [], "Collège Jean-Moulin", null, null, null, null, Language.French, "190 123 45", "Établissement scolaire",
        [], null, null, null, [], null, null, false, false);

    public static ContactAddress At(string? postcode, string? city, string country = "FR", AddressKind kind = AddressKind.Main) =>
        new(kind, country, postcode, city, "12, rue de la Gaîté", null, null, null, null, false);

    public static ContactDetails Named(string name, string? first = null) => Person with { Name = name, FirstName = first, Emails = [], BirthDate = null, Title = null };

    public static readonly CriterionDefinition Public = new(
        "public", ContactKind.Individual, "Public", "Audience", Multiple: true, [new("senior", "Senior", "Senior", false), new("etudiant", "Étudiant", "Student", false)], false);

    /// <summary>Adds a criterion to those of an organisation.</summary>
    public static async Task Define(IGrainFactory grains, string organisation, Actor by, CriterionDefinition definition)
    {
        using var caller = Caller.As(by);
        var settings = grains.GetGrain<IContactSettingsGrain>(GrainKey.Of(organisation, ContactSettingsKey.Id));
        (await settings.Define(new DefineCriterion(definition, (await settings.View()).Revision) { Id = Guid.NewGuid(), By = by })).Expect();
    }
}
