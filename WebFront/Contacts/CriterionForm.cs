using System.Collections.Immutable;
using System.Globalization;
using Guichet.Components;
using Microsoft.AspNetCore.Http;

namespace Guichet.Contacts;

/// <summary>A criterion as it was typed. Codes of what is new are made of its French label.</summary>
internal sealed class CriterionForm
{
    private static readonly string[] Shown = ["french", "english"];
    private static readonly string[] Kept = ["code"];

    public bool IsNew { get; private init; }

    public long BasedOn { get; private init; }

    public ContactKind Kind { get; private init; }

    public string Code { get; private init; } = "";

    public string French { get; private init; } = "";

    public string English { get; private init; } = "";

    public bool Multiple { get; private init; }

    public IReadOnlyList<Dictionary<string, string>> Rows { get; private init; } = [];

    /// <summary>Offered no more; each may be taken up again.</summary>
    public IReadOnlyList<CriterionValue> Retired { get; private init; } = [];

    private IReadOnlyList<string> Restored { get; init; } = [];

    public static CriterionForm Of(CriterionDefinition? definition, long revision, ContactKind kind) => new()
    {
        IsNew = definition is null,
        BasedOn = revision,
        Kind = kind,
        Code = definition?.Code ?? "",
        French = definition?.French ?? "",
        English = definition?.English ?? "",
        Multiple = definition?.Multiple ?? false,
        Rows = [.. (definition?.Values ?? []).Where(value => !value.Retired).Select(value => new Dictionary<string, string> { ["french"] = value.French, ["english"] = value.English, ["code"] = value.Code })],
        Retired = [.. (definition?.Values ?? []).Where(value => value.Retired)],
    };

    public static CriterionForm Read(IFormCollection form, ContactSettingsView view)
    {
        var known = view.Criterion(form["known"].ToString());
        return new CriterionForm
        {
            IsNew = known is null,
            BasedOn = long.TryParse(form["based-on"], NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision : view.Revision,
            Kind = form["kind"] == nameof(ContactKind.Structure) ? ContactKind.Structure : ContactKind.Individual,
            Code = known?.Code ?? form["code"].ToString().Trim(),
            French = form["french"].ToString(),
            English = form["english"].ToString(),
            Multiple = form["multiple"] == "true",
            Rows = RowsField.Read(form, "values", Shown, Kept),
            Retired = [.. (known?.Values ?? []).Where(value => value.Retired)],
            Restored = [.. form["restored"].OfType<string>()],
        };
    }

    /// <summary>With, of each value, the line that it was typed on; -1 for one that no line shows.</summary>
    public (CriterionDefinition Definition, ImmutableArray<int> Lines) ToDefinition()
    {
        var values = ImmutableArray.CreateBuilder<CriterionValue>();
        var lines = ImmutableArray.CreateBuilder<int>();
        for (var line = 0; line < Rows.Count; line++)
        {
            var row = Rows[line];
            values.Add(new CriterionValue(row["code"].Length > 0 ? row["code"] : Free(CodeOf(row["french"]), values), row["french"], row["english"], Retired: false));
            lines.Add(line);
        }
        foreach (var value in Retired)
        {
            values.Add(value with { Retired = !Restored.Contains(value.Code) });
            lines.Add(-1);
        }
        return (new CriterionDefinition(Code.Length > 0 ? Code : CodeOf(French), Kind, French, English, Multiple, values.ToImmutable(), Retired: false), lines.ToImmutable());
    }

    /// <summary>The form's field of a refusal of <see cref="ToDefinition"/>.</summary>
    public string? FieldOf(Refusal refusal, ImmutableArray<int> lines)
    {
        if (refusal.Field is not ['v', 'a', 'l', 'u', 'e', 's', '[', .. var rest] || rest.IndexOf(']', StringComparison.Ordinal) is not (> 0 and var end)) return refusal.Field;
        var line = lines[int.Parse(rest.AsSpan(0, end), CultureInfo.InvariantCulture)];
        return line < 0 ? "values" : string.Create(CultureInfo.InvariantCulture, $"values[{line}].french");
    }

    /// <summary><c>Jeune public</c> as <c>jeune-public</c>; what has no letter that a code may have gets one that says so.</summary>
    private static string CodeOf(string label)
    {
        var code = string.Concat(SearchKey.Of(label).Select(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) ? letter : '-')).Trim('-');
        while (code.Contains("--", StringComparison.Ordinal)) code = code.Replace("--", "-", StringComparison.Ordinal);
        return code.Length == 0 ? "critere" : code.Length > 60 ? code[..60].TrimEnd('-') : code;
    }

    private string Free(string code, ImmutableArray<CriterionValue>.Builder taken)
    {
        var (free, number) = (code, 1);
        while (taken.Any(value => value.Code == free) || Rows.Any(row => row["code"] == free) || Retired.Any(value => value.Code == free))
            free = string.Create(CultureInfo.InvariantCulture, $"{code}-{++number}");
        return free;
    }
}
