using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Guichet.Contacts;

/// <summary>
/// The fields of a search by name, as addresses, the API and saved searches have them: one place that reads them, so that what is saved
/// means what was shown.
/// </summary>
public static class ContactSearchFields
{
    public const int LongestValue = 300;
    private const int MostTags = 20;

    /// <summary>
    /// <c>q</c> and the others are texts as <see cref="ContactFilter"/> takes them; <c>type</c> and <c>tag</c> may be given several times;
    /// <c>account</c> is <c>true</c> for those with an internet account and <c>false</c> for those without;
    /// <c>notValid</c>, <c>archived</c>, <c>ambassadors</c>, <c>relays</c> and <c>prospects</c> are <c>true</c> or <c>false</c>; <c>criterion</c> is a code, or <c>code:value</c>.
    /// </summary>
    public static readonly FrozenSet<string> Names = new[]
    {
        "q", "kind", "type", "name", "firstName", "number", "relay", "nature", "phone", "phoneCountry", "email", "country", "postcode", "city", "administrativeNumber",
        "criterion", "criterionValue", "iban", "referenceCode", "connectedAs", "connectedWith", "ambassadors", "notValid", "archived", "relays", "prospects", "role", "tag", "account",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The filter that the conditions make; and what is wrong with them, by field. What is wrong narrows nothing.</summary>
    public static (ContactFilter Filter, ImmutableArray<Refusal> Wrong) Read(IEnumerable<SearchCondition> conditions)
    {
        var wrong = ImmutableArray.CreateBuilder<Refusal>();
        var given = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, value) in conditions)
        {
            if (!Names.Contains(name)) wrong.Add(Refusal.Of("search-field-unknown", name.Length <= 40 && ContactRules.IsWhole(name) ? name : null));
            else if (string.IsNullOrWhiteSpace(value)) continue;
            else if (value.Length > LongestValue) wrong.Add(Refusal.Of("text-too-long", name, ContactRules.Number(LongestValue)));
            else if (!ContactRules.IsWhole(value) || value.Any(char.IsControl)) wrong.Add(Refusal.Of("text-not-one-line", name));
            else if (given.TryGetValue(name, out var values)) values.Add(value.Trim());
            else given.Add(name, [value.Trim()]);
        }
        var country = Country("country");
        var phoneCountry = Country("phoneCountry");
        var phone = Text("phone");
        if (phone is not null && PhoneText.Searched(phone) is null) wrong.Add(Refusal.Of("search-phone-unreadable", "phone", phone));
        var with = Text("connectedWith");
        if (with is not null && !Ids.IsValid(with)) wrong.Add(Refusal.Of("related-contact-unknown", "connectedWith"));
        var (criterion, criterionValue) = (Text("criterion"), Text("criterionValue"));
        if (criterion?.Split(':') is [var code, var coded]) (criterion, criterionValue) = (code, coded);
        if ((criterion is not null && !ContactRules.IsCode(criterion)) || (criterionValue is not null && !ContactRules.IsCode(criterionValue)))
            wrong.Add(Refusal.Of("criterion-invalid", "criterion"));
        else if (criterion is null && criterionValue is not null) wrong.Add(Refusal.Of("criterion-missing", "criterion"));
        var tags = All("tag");
        if (tags.Length > MostTags) wrong.Add(Refusal.Of("too-many", "tag", ContactRules.Number(MostTags)));
        if (tags.Any(tag => ContactTags.KeyOf(tag).Length == 0)) wrong.Add(Refusal.Of("tag-missing", "tag"));
        var filter = new ContactFilter(
            Text("q"), Choice<ContactKind>("kind"), [.. All("type").Select(type => ChoiceOf<ContactType>("type", type)).OfType<ContactType>().Distinct()], Text("name"), Text("firstName"),
            Text("number"), Text("relay"), Text("nature"), phone, Text("email"), country, Text("postcode"), Text("city"), Text("administrativeNumber"), criterion, criterionValue,
            Text("iban"), Text("referenceCode"), Choice<RelationKind>("connectedAs"), with, Yes("ambassadors", false), Yes("notValid", false), Yes("archived", false), Yes("relays", true), Yes("prospects", true))
        {
            Tags = tags.Length > MostTags ? [] : tags,
            Role = Choice<ContactRole>("role"),
            PhoneCountry = phoneCountry,
            Account = YesOrNo("account"),
        };
        return (filter, wrong.ToImmutable());

        string? Text(string name) => given.TryGetValue(name, out var values) ? One(name, values) : null;

        string One(string name, List<string> values)
        {
            if (values.Count > 1) wrong.Add(Refusal.Of("one-choice-expected", name));
            return values[0];
        }

        ImmutableArray<string> All(string name) => given.TryGetValue(name, out var values) ? [.. values.Distinct(StringComparer.Ordinal)] : [];

        bool Yes(string name, bool otherwise) => YesOrNo(name) ?? otherwise;

        bool? YesOrNo(string name)
        {
            var said = Text(name);
            if (said is not (null or "true" or "false")) wrong.Add(Refusal.Of("yes-or-no-expected", name));
            return said switch { "true" => true, "false" => false, _ => null };
        }

        T? Choice<T>(string name) where T : struct, Enum => Text(name) is { } said ? ChoiceOf<T>(name, said) : null;

        T? ChoiceOf<T>(string name, string said) where T : struct, Enum
        {
            foreach (var value in Enum.GetValues<T>())
                if (ContactQueries.Name(value) == said) return value;
            wrong.Add(Refusal.Of("choice-unknown", name, said, string.Join(", ", Enum.GetValues<T>().Select(ContactQueries.Name))));
            return null;
        }

        string? Country(string name)
        {
            if (Text(name)?.ToUpperInvariant() is not { } said) return null;
            if (PhoneText.Countries.Contains(said)) return said;
            wrong.Add(Refusal.Of("country-unknown", name, said));
            return null;
        }
    }
}
