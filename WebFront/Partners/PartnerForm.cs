using System.Collections.Immutable;
using System.Globalization;
using Guichet.Components;
using Microsoft.AspNetCore.Http;

namespace Guichet.Partners;

/// <summary>A partner's form as it was typed. What is pasted into one field (several addresses) has become a row for each.</summary>
public sealed class PartnerForm
{
    public const string To = "to";
    public const string Cc = "cc";
    private static readonly string[] Shown = ["email", "name"];

    public string Name { get; private set; } = "";

    public PartnerGroup Group { get; set; }

    public Organisations.Language Language { get; private set; } = Organisations.Language.French;

    public string Note { get; private set; } = "";

    public IReadOnlyList<PartnerAddress> ToRows { get; private set; } = [];

    public IReadOnlyList<PartnerAddress> CcRows { get; private set; } = [];

    public PartnerDetails Details => new(Name, Group, [.. ToRows, .. CcRows], Language, Note);

    public static PartnerForm Of(PartnerDetails details) => new()
    {
        Name = details.Name,
        Group = details.Group,
        Language = details.Language,
        Note = details.Note ?? "",
        ToRows = [.. details.Addresses.Where(address => address.Kind == RecipientKind.To)],
        CcRows = [.. details.Addresses.Where(address => address.Kind == RecipientKind.Cc)],
    };

    public static PartnerForm Read(IFormCollection form) => new()
    {
        Name = form["name"].ToString(),
        Group = Enum.TryParse<PartnerGroup>(form["group"], out var group) && Enum.IsDefined(group) ? group : PartnerGroup.Partners,
        Language = form["language"] == nameof(Organisations.Language.English) ? Organisations.Language.English : Organisations.Language.French,
        Note = form["note"].ToString(),
        ToRows = RowsOf(form, To, RecipientKind.To),
        CcRows = RowsOf(form, Cc, RecipientKind.Cc),
    };

    private static ImmutableArray<PartnerAddress> RowsOf(IFormCollection form, string field, RecipientKind kind) =>
    [
        .. RowsField.Read(form, field, Shown, []).SelectMany(row => AddressText.Split(row["email"], kind, row["name"]) is { IsEmpty: false } found
            ? found
            // A name without an address is shown again, to be given one.
            : [new PartnerAddress("", kind, row["name"])]),
    ];

    /// <summary>The form's field of a refusal: it has the addresses in two blocks, the command in one.</summary>
    public string? FieldOf(Refusal refusal)
    {
        if (refusal.Field is "addresses") return To;
        if (refusal.Field is not ['a', 'd', 'd', 'r', 'e', 's', 's', 'e', 's', '[', .. var rest] || rest.IndexOf(']', StringComparison.Ordinal) is not (> 0 and var end)) return refusal.Field;
        var index = int.Parse(rest.AsSpan(0, end), CultureInfo.InvariantCulture);
        var (block, line) = index < ToRows.Count ? (To, index) : (Cc, index - ToRows.Count);
        return string.Create(CultureInfo.InvariantCulture, $"{block}[{line}]{rest[(end + 1)..]}");
    }

    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Rows(IReadOnlyList<PartnerAddress> addresses) =>
        [.. addresses.Select(address => new Dictionary<string, string> { ["email"] = address.Email, ["name"] = address.Name ?? "" })];
}
