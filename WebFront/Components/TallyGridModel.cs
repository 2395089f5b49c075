using System.Globalization;
using Guichet.Words;
using Microsoft.AspNetCore.Http;

namespace Guichet.Components;

/// <summary>The three axes of a tally as the entry grid lays them out: rows are category × tariff, columns are channels.</summary>
public sealed record TallyGridModel(
    IReadOnlyList<TallyGridModel.CategoryRow> Categories,
    IReadOnlyList<TallyGridModel.Axis> Channels,
    string Currency)
{
    public sealed record Axis(string Id, string Name);

    /// <param name="Capacity">Places; 0 when the category has no limit.</param>
    public sealed record CategoryRow(string Id, string Name, long Capacity, IReadOnlyList<TariffRow> Tariffs);

    /// <param name="PriceMinor">Suggests the revenue of what is sold; null when the tariff has no fixed price.</param>
    public sealed record TariffRow(string Id, string Name, long? PriceMinor);
}

public enum TallyMeasure
{
    Sold,
    Reserved,
    Free,
    Gross,
}

/// <param name="GrossMinor">Null when it was left empty.</param>
public sealed record TallyGridLine(string Category, string Tariff, string Channel, long Sold, long Reserved, long Free, long? GrossMinor);

/// <summary>What the grid posts: a field <c>sold|category|tariff|channel</c> per cell, numbers as people type them.</summary>
public static class TallyGridForm
{
    public static string Name(TallyMeasure measure, string category, string tariff, string channel) =>
        $"{Word(measure)}|{category}|{tariff}|{channel}";

    /// <summary>
    /// The lines that hold anything, and the cells that aren't numbers. Cells outside of the model are ignored: axes may have gone
    /// since the page was shown, and the grid that comes back shows those that are left.
    /// </summary>
    public static (IReadOnlyList<TallyGridLine> Lines, IReadOnlyList<(string Field, string Typed)> Refused) Read(IFormCollection form, TallyGridModel model)
    {
        var lines = new List<TallyGridLine>();
        var refused = new List<(string, string)>();
        foreach (var category in model.Categories)
            foreach (var tariff in category.Tariffs)
                foreach (var channel in model.Channels)
                {
                    var sold = Cell(TallyMeasure.Sold);
                    var reserved = Cell(TallyMeasure.Reserved);
                    var free = Cell(TallyMeasure.Free);
                    var gross = Cell(TallyMeasure.Gross);
                    if (sold is not null || reserved is not null || free is not null || gross is not null)
                        lines.Add(new TallyGridLine(category.Id, tariff.Id, channel.Id, sold ?? 0, reserved ?? 0, free ?? 0, gross));

                    long? Cell(TallyMeasure measure)
                    {
                        var name = Name(measure, category.Id, tariff.Id, channel.Id);
                        var typed = form[name].ToString();
                        if (string.IsNullOrWhiteSpace(typed))
                            return null;
                        long value;
                        var read = measure == TallyMeasure.Gross
                            ? TypedNumbers.TryMoney(typed, model.Currency, out value)
                            : TypedNumbers.TryCount(typed, out value);
                        if (read && value >= 0)
                            return value;
                        refused.Add((name, typed.Length > 40 ? typed[..40] : typed));
                        return null;
                    }
                }
        return (lines, refused);
    }

    internal static string Word(TallyMeasure measure) => measure switch
    {
        TallyMeasure.Sold => "sold",
        TallyMeasure.Reserved => "reserved",
        TallyMeasure.Free => "free",
        _ => "gross",
    };

    /// <summary>An amount as it stands in a cell: no currency, no thousands, two decimals in the reader's manner.</summary>
    internal static string AmountText(long minor, string currency, Formats formats)
    {
        var digits = Money.Decimals(currency);
        decimal amount = minor;
        for (var i = 0; i < digits; i++)
            amount /= 10;
        var text = amount.ToString(amount == decimal.Truncate(amount) ? "0" : "F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return formats.Language == Language.French ? text.Replace('.', ',') : text;
    }
}
