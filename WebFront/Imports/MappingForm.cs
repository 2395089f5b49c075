using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Guichet.Imports;

/// <summary>The mapping's form: what it posts, column by column, as a mapping.</summary>
internal static class MappingForm
{
    /// <summary>Fields that make sense as the same value in every line.</summary>
    public static readonly ImmutableArray<string> Fixable =
        [ImportFields.Place, ImportFields.Time, ImportFields.Category, ImportFields.Capacity, ImportFields.Tariff, ImportFields.Price, ImportFields.Channel,
        ImportFields.Group, .. ContactFields.Fixable];

    public static string Name(string part, int column) => string.Create(CultureInfo.InvariantCulture, $"{part}-{column}");

    public static string FixedName(string field) => $"fixed-{field}";

    /// <param name="before">The file's mapping as it was: its headers and what the form doesn't show.</param>
    public static Mapping Read(IFormCollection form, Mapping before)
    {
        var columns = ImmutableArray.CreateBuilder<ColumnMapping>();
        for (var i = 0; i < before.Headers.Length; i++)
        {
            if (ImportFields.Find(before.Kind, form[Name("field", i)].ToString()) is not { } field) continue;
            columns.Add(new ColumnMapping(
                before.Headers[i], field.Name,
                About(ImportFields.Category), About(ImportFields.Tariff), About(ImportFields.Channel),
                field.IsMeasure ? Choice<NumberStyle>(form[Name("numbers", i)]) : null,
                field.Kind == FieldKind.Date ? Choice<DateOrder>(form[Name("dates", i)]) : null));

            string? About(string axis) =>
                field.IsMeasure && Mappings.Concerns(field.Name, axis) && form[Name(axis, i)].ToString().Trim() is { Length: > 0 } name ? name : null;
        }
        var constants = Fixable
            .Where(field => ImportFields.Find(before.Kind, field) is not null)
            .Select(field => new FieldConstant(field, form[FixedName(field)].ToString().Trim()))
            .Where(constant => constant.Value.Length > 0);
        return before with
        {
            Columns = columns.ToImmutable(),
            Constants = [.. constants],
            LeavesOutTotals = form["totals"] == "true",
            Scope = form["scope"] == nameof(TallyScope.ItsChannels) ? TallyScope.ItsChannels : TallyScope.Whole,
            GrossFromPrices = before.Kind == ImportKind.Tallies && columns.All(column => column.Field != ImportFields.Gross) && form["gross"] == "true",
        };
    }

    private static T? Choice<T>(string? text) where T : struct, Enum => Enum.TryParse<T>(text, out var choice) && Enum.IsDefined(choice) ? choice : null;
}
