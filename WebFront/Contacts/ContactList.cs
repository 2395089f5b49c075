using System.Collections.Immutable;
using System.Text;
using Guichet.Components;

namespace Guichet.Contacts;

/// <summary>What the address of the list of contacts asks for: the same for the page, its facets, its exports and its bulk edits.</summary>
/// <param name="Conditions">Those of the address that are a search's.</param>
/// <param name="Wrong">What of them isn't understood: nothing is shown then, rather than too much.</param>
public sealed record ContactList(ContactFilter Filter, ImmutableArray<SearchCondition> Conditions, ImmutableArray<Refusal> Wrong)
{
    public const string Order = "likely";

    /// <summary>Fields that stand on the advanced screen alone.</summary>
    public static readonly ImmutableArray<string> Advanced =
    [
        "name", "firstName", "number", "relay", "nature", "phone", "phoneCountry", "email", "country", "postcode", "city", "administrativeNumber", "criterion", "criterionValue", "iban",
        "referenceCode", "connectedAs", "connectedWith", "ambassadors", "notValid", "archived", "relays", "prospects", "account",
    ];

    public bool IsNarrowed => Conditions.Length > 0;

    public string? Value(string name) => Conditions.FirstOrDefault(condition => condition.Name == name)?.Value;

    public bool Has(string name, string value) => Conditions.Any(condition => condition.Name == name && condition.Value == value);

    public static ContactList Of(ListView view)
    {
        var conditions = ImmutableArray.CreateBuilder<SearchCondition>();
        if (view.Search.Length > 0) conditions.Add(new SearchCondition("q", view.Search));
        foreach (var (name, values) in view.Filters.Where(filter => ContactSearchFields.Names.Contains(filter.Key)))
            conditions.AddRange(values.Where(value => !string.IsNullOrWhiteSpace(value)).Select(value => new SearchCondition(name, value!.Trim())));
        var (filter, wrong) = ContactSearchFields.Read(conditions);
        return new ContactList(filter with { Sort = SortOf(view.Sort), Descending = view.Descending, Offset = view.Offset, Limit = view.Limit }, conditions.ToImmutable(), wrong);
    }

    /// <summary>The list's address with other values of some fields; null takes a field out.</summary>
    public string With(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var kept = Conditions.ToList();
        foreach (var (name, value) in changes)
        {
            kept.RemoveAll(condition => condition.Name == name);
            if (value is not null) kept.Add(new SearchCondition(name, value));
        }
        return Address("/contacts", kept);
    }

    /// <summary>With one more value of a field that takes several, or without it.</summary>
    public string Toggled(string name, string value) => Address("/contacts", Has(name, value)
        ? Conditions.Where(condition => condition.Name != name || condition.Value != value)
        : Conditions.Append(new SearchCondition(name, value)));

    public string At(string path) => Address(path, Conditions);

    public static string Address(string path, IEnumerable<SearchCondition> conditions)
    {
        var address = new StringBuilder(path);
        foreach (var (name, value) in conditions)
            address.Append(address.Length == path.Length ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        return address.ToString();
    }

    private static ContactSort SortOf(string key) => key switch
    {
        "number" => ContactSort.Number,
        "name" => ContactSort.Name,
        "city" => ContactSort.City,
        "postcode" => ContactSort.Postcode,
        _ => ContactSort.Likeliest,
    };
}
