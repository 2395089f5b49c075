using Guichet.Components;
using Guichet.Words;

namespace Guichet.Contacts;

/// <summary>Criteria and their values as people read them; what is no longer defined by its code.</summary>
public sealed class CriterionLabels(ContactSettingsView settings, Reader reader)
{
    /// <param name="criterion">As a search has it: <c>code</c> or <c>code:value</c>.</param>
    public string Of(string criterion)
    {
        var parts = criterion.Split(':', 2);
        if (settings.Criterion(parts[0]) is not { } definition) return criterion;
        var label = reader.T(definition.French, definition.English);
        if (parts is [_]) return label;
        return $"{label}{reader.T(" : ", ": ")}{(definition.Values.FirstOrDefault(value => value.Code == parts[1]) is { } value ? reader.T(value.French, value.English) : parts[1])}";
    }

    /// <summary>Each criterion, and each of its values, in groups: <c>code</c> and <c>code:value</c>.</summary>
    /// <param name="whole">What the criterion alone says.</param>
    /// <param name="retired">Those that are no longer given, too.</param>
    /// <param name="also">What is chosen already, defined or not.</param>
    public IReadOnlyList<Option> Options(string whole, bool retired, params IEnumerable<string> also)
    {
        var options = (
            from definition in settings.Criteria
            where retired || !definition.Retired
            let label = reader.T(definition.French, definition.English)
            from option in definition.Values.Where(value => retired || !value.Retired)
                .Select(value => new Option($"{definition.Code}:{value.Code}", reader.T(value.French, value.English), Group: label)).Prepend(new Option(definition.Code, whole, Group: label))
            select option).ToList();
        options.AddRange(also.Where(one => options.TrueForAll(option => option.Value != one)).Select(one => new Option(one, Of(one))).ToList());
        return options;
    }
}
