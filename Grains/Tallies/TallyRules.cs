using System.Collections.Immutable;
using Guichet.Sessions;

namespace Guichet.Tallies;

/// <summary>What tally lines must be, and what asks for a confirmation (domain.md, "Sessions and tallies").</summary>
public static class TallyRules
{
    public const int LargestCount = 1_000_000;
    public const long LargestTotal = 100_000_000;
    public const long LargestGrossMinor = 1_000_000_000_000;
    public const int LongestNote = 1_000;

    /// <summary>A fall in sold places of more than this share of the version before asks for a confirmation.</summary>
    public const int DropPercent = 10;

    /// <summary>
    /// The lines in the order of the session's grid, all-zero ones left out (absent is zero), or what is wrong, line by line. Where nothing is
    /// sold, revenue left out is 0.
    /// </summary>
    public static (ImmutableArray<TallyLine> Lines, ImmutableArray<Refusal> Refusals) Check(ImmutableArray<TallyLine> lines, SessionDetails details)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var categories = Positions(details.Categories, category => category.Code);
        var tariffs = Positions(details.Tariffs, tariff => tariff.Code);
        var channels = Positions(details.Channels, channel => channel.Code);
        var seen = new HashSet<(string, string, string)>();
        lines = lines.IsDefault ? [] : lines;
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (!categories.ContainsKey(line.Category)) refusals.Add(Refusal.Of("category-unknown", $"lines[{i}].category", line.Category));
            if (!tariffs.ContainsKey(line.Tariff)) refusals.Add(Refusal.Of("tariff-unknown", $"lines[{i}].tariff", line.Tariff));
            if (!channels.ContainsKey(line.Channel)) refusals.Add(Refusal.Of("channel-unknown", $"lines[{i}].channel", line.Channel));
            if (!seen.Add((line.Category, line.Tariff, line.Channel)))
                refusals.Add(Refusal.Of("line-twice", $"lines[{i}]", line.Category, line.Tariff, line.Channel));
            CheckCount(line.Sold, i, "sold", refusals);
            CheckCount(line.Reserved, i, "reserved", refusals);
            CheckCount(line.Free, i, "free", refusals);
            if (line.GrossMinor is < 0 or > LargestGrossMinor)
                refusals.Add(Refusal.Of("gross-out-of-range", $"lines[{i}].gross", SessionRules.Text(line.GrossMinor.Value)));
        }
        // Each line may be in range and all of them together not: sums are counted in 32 bits.
        if (refusals.Count == 0 && lines.Sum(line => (long)line.Sold + line.Reserved + line.Free) > LargestTotal)
            refusals.Add(Refusal.Of("total-out-of-range", "lines", SessionRules.Text(LargestTotal)));
        if (refusals.Count > 0) return ([], refusals.ToImmutable());
        return ([.. lines
            .Select(line => line is { Sold: 0, GrossMinor: null } ? line with { GrossMinor = 0 } : line)
            .Where(line => line is not { Sold: 0, Reserved: 0, Free: 0, GrossMinor: 0 })
            .OrderBy(line => categories[line.Category]).ThenBy(line => tariffs[line.Tariff]).ThenBy(line => channels[line.Channel])], []);
    }

    /// <summary>What its writer must confirm before these lines become a version.</summary>
    public static ImmutableArray<Refusal> Unconfirmed(
        ImmutableArray<TallyLine> lines, Tally? current, SessionDetails details, bool dropConfirmed, bool overCapacityConfirmed)
    {
        var refusals = ImmutableArray.CreateBuilder<Refusal>();
        var sold = TallyFigures.Of(lines).Sold;
        if (!dropConfirmed && current is not null && IsDrop(current.Figures.Sold, sold))
            refusals.Add(Refusal.Of("tally-drop-unconfirmed", null, SessionRules.Text(current.Figures.Sold), SessionRules.Text(sold)));
        if (!overCapacityConfirmed)
            foreach (var category in details.Categories)
            {
                var taken = lines.Where(line => line.Category == category.Code).Sum(line => line.Sold + line.Free);
                if (taken > category.Capacity)
                    refusals.Add(Refusal.Of("tally-over-capacity-unconfirmed", null, category.Name, SessionRules.Text(taken), SessionRules.Text(category.Capacity)));
            }
        return refusals.ToImmutable();
    }

    /// <summary>Sold falls by more than ten per cent.</summary>
    public static bool IsDrop(int before, int after) => after < before && (long)(before - after) * 100 > (long)before * DropPercent;

    private static void CheckCount(int count, int line, string field, ImmutableArray<Refusal>.Builder refusals)
    {
        if (count is < 0 or > LargestCount) refusals.Add(Refusal.Of("count-out-of-range", $"lines[{line}].{field}", SessionRules.Text(count), SessionRules.Text(LargestCount)));
    }

    private static Dictionary<string, int> Positions<T>(ImmutableArray<T> items, Func<T, string> code)
    {
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < items.Length; i++) positions[code(items[i])] = i;
        return positions;
    }
}
