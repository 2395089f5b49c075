using System.Collections.Immutable;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Takings;

public enum TakingsKind
{
    /// <summary>Places sold at a tariff.</summary>
    Sold = 0,

    /// <summary>A category's exempt places: given for nothing.</summary>
    Free = 1,

    /// <summary>All that is sold, where nobody said in which categories.</summary>
    Whole = 2,
}

/// <param name="Name">Of the tariff; empty for the other kinds.</param>
/// <param name="UnitPriceMinor">The session's price, VAT included; null where it isn't known.</param>
/// <param name="GrossMinor">VAT included; null where places were sold and nobody said for how much. Tax and net likewise.</param>
/// <param name="VatMinor">Within the gross, rounded to the minor unit, halves away from zero.</param>
/// <param name="NetMinor">Gross less tax.</param>
/// <param name="DiffersFromPrice">The revenue isn't the price times the places: reductions, or another price meanwhile.</param>
public sealed record TakingsLine(
    TakingsKind Kind, string Name, long Places, long? UnitPriceMinor, long? GrossMinor, long? VatMinor, long? NetMinor, bool DiffersFromPrice);

/// <summary>The sums of lines. Amounts are those of the lines whose revenue is known.</summary>
/// <param name="Unknown">Lines whose revenue isn't.</param>
public sealed record TakingsSum(long Places, long GrossMinor, long VatMinor, long NetMinor, int Lines, int Unknown)
{
    public static TakingsSum Of(IEnumerable<TakingsLine> lines)
    {
        var sum = new TakingsSum(0, 0, 0, 0, 0, 0);
        foreach (var line in lines)
        {
            sum = new TakingsSum(
                sum.Places + line.Places, sum.GrossMinor + (line.GrossMinor ?? 0), sum.VatMinor + (line.VatMinor ?? 0), sum.NetMinor + (line.NetMinor ?? 0),
                sum.Lines + 1, sum.Unknown + (line.GrossMinor is null ? 1 : 0));
        }
        return sum;
    }

    public bool IsKnown => Unknown == 0;
}

/// <param name="Name">Of the category; empty where nobody said categories.</param>
public sealed record TakingsGroup(string Name, ImmutableArray<TakingsLine> Lines, TakingsSum Sum);

/// <summary>
/// What a session took by one version of its tally, by category and tariff, channels together: what a house and a producer settle by. The
/// tax is computed on each line; sums are sums of lines.
/// </summary>
/// <param name="Groups">In the session's order of categories; those without places are left out.</param>
/// <param name="Reserved">Places under option, which aren't takings.</param>
/// <param name="Channels">What was sold by channel, in the session's order; empty where nobody said channels.</param>
public sealed record TakingsStatement(
    string Currency, int VatBasisPoints, ImmutableArray<TakingsGroup> Groups, TakingsSum Total, int Reserved, ImmutableArray<TakingsGroup> Channels)
{
    public static TakingsStatement Of(SessionDetails details, Tally tally)
    {
        var lines = tally.Lines;
        var groups = lines.IsEmpty && tally.Figures is { Sold: > 0 } or { Free: > 0 }
            ? [Undetailed(details, tally.Figures)]
            : Ordered(lines.Select(line => line.Category), details.Categories.Select(category => category.Code))
                .Select(category => GroupOf(details, category, lines)).Where(group => group.Sum.Places > 0 || group.Sum.GrossMinor != 0).ToImmutableArray();
        return new TakingsStatement(
            details.Currency, details.VatBasisPoints, groups, TakingsSum.Of(groups.SelectMany(group => group.Lines)), tally.Figures.Reserved,
            [.. Ordered(lines.Select(line => line.Channel), details.Channels.Select(channel => channel.Code)).Select(channel => ChannelOf(details, channel, lines)).Where(group => group.Sum.Places > 0)]);
    }

    /// <summary>The session's order, and after it what it no longer has.</summary>
    private static IEnumerable<string> Ordered(IEnumerable<string> used, IEnumerable<string> order)
    {
        var known = order.ToList();
        return known.Concat(used.Except(known, StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static TakingsGroup GroupOf(SessionDetails details, string category, ImmutableArray<TallyLine> lines)
    {
        var own = lines.Where(line => line.Category == category).ToList();
        var taken = Ordered(own.Select(line => line.Tariff), details.Tariffs.Select(tariff => tariff.Code))
            .Select(tariff => LineOf(details, category, tariff, [.. own.Where(line => line.Tariff == tariff)]))
            .Where(line => line.Places > 0 || line.GrossMinor is > 0).ToList();
        var free = own.Sum(line => (long)line.Free);
        if (free > 0) taken.Add(new TakingsLine(TakingsKind.Free, "", free, 0, 0, 0, 0, false));
        return new TakingsGroup(details.Categories.FirstOrDefault(one => one.Code == category)?.Name ?? category, [.. taken], TakingsSum.Of(taken));
    }

    private static TakingsGroup ChannelOf(SessionDetails details, string channel, ImmutableArray<TallyLine> lines)
    {
        var own = lines.Where(line => line.Channel == channel).ToImmutableArray();
        var line = Taxed(details, TakingsKind.Whole, "", own.Sum(one => (long)one.Sold), null, GrossOf(own));
        return new TakingsGroup(details.Channels.FirstOrDefault(one => one.Code == channel)?.Name ?? channel, [line], TakingsSum.Of([line]));
    }

    private static TakingsLine LineOf(SessionDetails details, string category, string tariff, ImmutableArray<TallyLine> lines)
    {
        var known = details.Tariffs.FirstOrDefault(one => one.Code == tariff);
        var price = details.Prices.FirstOrDefault(one => one.Category == category && one.Tariff == tariff)?.PriceMinor ?? known?.PriceMinor;
        return Taxed(details, TakingsKind.Sold, known?.Name ?? tariff, lines.Sum(line => (long)line.Sold), price, GrossOf(lines));
    }

    private static TakingsGroup Undetailed(SessionDetails details, TallyFigures figures)
    {
        var lines = ImmutableArray.CreateBuilder<TakingsLine>();
        if (figures.Sold > 0) lines.Add(Taxed(details, TakingsKind.Whole, "", figures.Sold, null, figures.GrossMinor));
        if (figures.Free > 0) lines.Add(new TakingsLine(TakingsKind.Free, "", figures.Free, 0, 0, 0, 0, false));
        return new TakingsGroup("", lines.ToImmutable(), TakingsSum.Of(lines));
    }

    /// <summary>Null as soon as one line has places of which nobody said the revenue: a part isn't the whole.</summary>
    private static long? GrossOf(ImmutableArray<TallyLine> lines) =>
        lines.Any(line => line is { Sold: > 0, GrossMinor: null }) ? null : lines.Sum(line => line.GrossMinor ?? 0);

    private static TakingsLine Taxed(SessionDetails details, TakingsKind kind, string name, long places, long? price, long? gross)
    {
        var vat = gross is { } amount ? Vat.Within(amount, details.VatBasisPoints) : (long?)null;
        return new TakingsLine(kind, name, places, price, gross, vat, gross - vat, price is { } each && gross is { } said && said != each * places);
    }
}
