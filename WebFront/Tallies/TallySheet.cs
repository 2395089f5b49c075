using System.Collections.Immutable;
using Guichet.Components;
using Guichet.Sessions;
using Guichet.Words;

namespace Guichet.Tallies;

/// <summary>A session's tally between its lines and the grid: what the cells hold, what they make, what differs.</summary>
internal static class TallySheet
{
    private static readonly TallyMeasure[] Measures = [TallyMeasure.Sold, TallyMeasure.Reserved, TallyMeasure.Free, TallyMeasure.Gross];

    public static TallyGridModel Model(SessionDetails details)
    {
        var prices = details.Prices.ToDictionary(price => (price.Category, price.Tariff), price => price.PriceMinor);
        return new TallyGridModel(
            [.. details.Categories.Select(category => new TallyGridModel.CategoryRow(category.Code, category.Name, category.Capacity, [.. details.Tariffs.Select(tariff =>
                new TallyGridModel.TariffRow(tariff.Code, tariff.Name, prices.TryGetValue((category.Code, tariff.Code), out var price) ? price : tariff.PriceMinor))]))],
            [.. details.Channels.Select(channel => new TallyGridModel.Axis(channel.Code, channel.Name))],
            details.Currency);
    }

    /// <summary>What each cell holds, by its field's name. Counts of 0 are left out; a revenue of 0 isn't, for without it it wouldn't be known.</summary>
    public static Dictionary<string, long> Cells(ImmutableArray<TallyLine> lines)
    {
        var cells = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in lines)
            foreach (var measure in Measures)
                if (Of(line, measure) is { } value && (value != 0 || (measure == TallyMeasure.Gross && line.Sold > 0)))
                    cells[TallyGridForm.Name(measure, line.Category, line.Tariff, line.Channel)] = value;
        return cells;
    }

    /// <summary>
    /// The lines that the grid posted. Revenue left empty is taken as price × sold, the prices being the model's: a person who types places
    /// only means the usual price. Where there is no price, it isn't known. A count too large for a line is cut to one that the session refuses by name.
    /// </summary>
    public static ImmutableArray<TallyLine> Lines(IReadOnlyList<TallyGridLine> posted, TallyGridModel model) =>
        [.. posted.Select(line => new TallyLine(
            line.Category, line.Tariff, line.Channel, Count(line.Sold), Count(line.Reserved), Count(line.Free), line.GrossMinor ?? line.Sold * PriceOf(model, line)))];

    /// <summary>
    /// Two people typed from the same version and the other validated first: cells that this one didn't touch take the other's value,
    /// the others keep what was typed.
    /// </summary>
    public static Dictionary<string, long> Merge(IReadOnlyDictionary<string, long> seen, IReadOnlyDictionary<string, long> typed, IReadOnlyDictionary<string, long> theirs)
    {
        var merged = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var cell in seen.Keys.Union(typed.Keys).Union(theirs.Keys))
        {
            var mine = In(typed, cell);
            if ((mine == In(seen, cell) ? In(theirs, cell) : mine) is { } value) merged[cell] = value;
        }
        return merged;

        static long? In(IReadOnlyDictionary<string, long> cells, string cell) => cells.TryGetValue(cell, out var value) ? value : null;
    }

    /// <summary>Every cell of either tally, in the order of the grid, with its value in both.</summary>
    public static IReadOnlyList<TallyDiff.Change> Differences(ImmutableArray<TallyLine> before, ImmutableArray<TallyLine> after, SessionDetails details, Reader reader)
    {
        var (old, now) = (ByAxes(before), ByAxes(after));
        var changes = new List<TallyDiff.Change>();
        // Versions may count in categories, tariffs or channels that the session no longer has: those come last, by their codes.
        var lines = before.Concat(after).Select(line => (line.Category, line.Tariff, line.Channel)).Distinct()
            .OrderBy(line => Position(details.Categories, line.Category, category => category.Code))
            .ThenBy(line => Position(details.Tariffs, line.Tariff, tariff => tariff.Code))
            .ThenBy(line => Position(details.Channels, line.Channel, channel => channel.Code));
        foreach (var (category, tariff, channel) in lines)
            foreach (var measure in Measures)
            {
                // A line that isn't there is zero; one that is may not say its revenue.
                var was = old.TryGetValue((category, tariff, channel), out var oldLine) ? Of(oldLine, measure) : 0;
                var isNow = now.TryGetValue((category, tariff, channel), out var newLine) ? Of(newLine, measure) : 0;
                if (was != 0 || isNow != 0)
                    changes.Add(new TallyDiff.Change(
                        $"{NameOf(details, category, tariff, channel)}", reader.Word(measure), was, isNow, measure == TallyMeasure.Gross ? details.Currency : null));
            }
        return changes;
    }

    /// <summary>The sums of both: places sold and revenue, and what else differs.</summary>
    public static IReadOnlyList<TallyDiff.Change> Totals(TallyFigures before, TallyFigures after, string currency, Reader reader)
    {
        var total = reader.T("Total", "Total");
        var changes = new List<TallyDiff.Change> { new(total, reader.Word(TallyMeasure.Sold), before.Sold, after.Sold) };
        if (before.Reserved != after.Reserved) changes.Add(new(total, reader.Word(TallyMeasure.Reserved), before.Reserved, after.Reserved));
        if (before.Free != after.Free) changes.Add(new(total, reader.Word(TallyMeasure.Free), before.Free, after.Free));
        if (before.GrossMinor is not null || after.GrossMinor is not null)
            changes.Add(new(total, reader.Word(TallyMeasure.Gross), before.GrossMinor, after.GrossMinor, currency));
        return changes;
    }

    public static string NameOf(SessionDetails details, string category, string tariff, string channel) => string.Join(
        " · ",
        details.Categories.FirstOrDefault(each => each.Code == category)?.Name ?? category,
        details.Tariffs.FirstOrDefault(each => each.Code == tariff)?.Name ?? tariff,
        details.Channels.FirstOrDefault(each => each.Code == channel)?.Name ?? channel);

    public static string Word(this Reader reader, TallyMeasure measure) => measure switch
    {
        TallyMeasure.Sold => reader.T("Vendus", "Sold"),
        TallyMeasure.Reserved => reader.T("Options", "Held"),
        TallyMeasure.Free => reader.T("Exonérés", "Free"),
        _ => reader.T("Recette", "Revenue"),
    };

    /// <returns>Null for a revenue that isn't known.</returns>
    public static long? Of(TallyLine line, TallyMeasure measure) => measure switch
    {
        TallyMeasure.Sold => line.Sold,
        TallyMeasure.Reserved => line.Reserved,
        TallyMeasure.Free => line.Free,
        _ => line.GrossMinor,
    };

    private static int Count(long typed) => (int)Math.Min(typed, TallyRules.LargestCount + 1L);

    private static Dictionary<(string, string, string), TallyLine> ByAxes(ImmutableArray<TallyLine> lines) =>
        lines.ToDictionary(line => (line.Category, line.Tariff, line.Channel));

    private static long? PriceOf(TallyGridModel model, TallyGridLine line) =>
        model.Categories.First(category => category.Id == line.Category).Tariffs.First(tariff => tariff.Id == line.Tariff).PriceMinor;

    private static int Position<T>(ImmutableArray<T> items, string code, Func<T, string> codeOf)
    {
        for (var i = 0; i < items.Length; i++)
            if (codeOf(items[i]) == code) return i;
        return int.MaxValue;
    }
}
