using System.Collections.Immutable;
using Guichet.Imports;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Takings;

/// <summary>How places sold at a tariff count in a quarterly return.</summary>
public enum TariffKind
{
    Other = 0,
    Full = 1,
    Subscription = 2,
}

/// <summary>What stands in the way of a session's line.</summary>
public enum ReturnGap
{
    /// <summary>Its show has no genre.</summary>
    Domain = 0,
    Tally = 1,

    /// <summary>Its tally has totals only.</summary>
    Detail = 2,

    /// <summary>Places were sold of which nobody said the revenue.</summary>
    Revenue = 3,

    /// <summary>None of its tariffs counts as the full price.</summary>
    FullPrice = 4,
}

/// <summary>A session as the return reads it.</summary>
/// <param name="Genre">Of its show.</param>
/// <param name="Figures">Of its current tally; null without one. Lines are empty where only totals are known.</param>
/// <param name="ReceivedFrom">Whose tally it is, where it came over a link; else null.</param>
public sealed record ReturnSession(
    string Id, string Title, string? Genre, string Place, DateTime LocalStart, string Currency, int Version, TallyFigures? Figures,
    ImmutableArray<TallyLine> Lines, ImmutableArray<Tariff> Tariffs, string? ReceivedFrom);

/// <summary>A session's line. What isn't known is null, never 0.</summary>
/// <param name="Tickets">Sold and exempt.</param>
/// <param name="FullGrossMinor">Revenue of the places at full price, VAT included.</param>
public sealed record ReturnLine(
    ReturnSession Session, long? Tickets, long? FullPlaces, long? FullGrossMinor, long? SubscriptionPlaces, long? FreePlaces, long? GrossMinor,
    ImmutableArray<ReturnGap> Gaps);

/// <summary>A tariff's name as it is used in the quarter, and how it counts.</summary>
/// <param name="Key">The name without case and accents: the same in every session.</param>
public sealed record ReturnTariff(string Key, string Name, TariffKind Kind, int Sessions);

/// <summary>
/// What French law has those who sell live shows declare each quarter (décret n° 2017-926 du 9 mai 2017): of each performance the show,
/// domain, venue and date, tickets, places and revenue at full price, subscriptions, exempt places, revenue.
/// </summary>
/// <param name="Received">Sessions whose tallies came over a link: whoever sells them declares them, so they have no line.</param>
public sealed record QuarterlyReturn(Quarter Quarter, ImmutableArray<ReturnLine> Lines, ImmutableArray<ReturnTariff> Tariffs, ImmutableArray<ReturnSession> Received)
{
    /// <param name="said">How tariffs count, by key, where a person said otherwise than their names do.</param>
    public static QuarterlyReturn Of(Quarter quarter, IReadOnlyCollection<ReturnSession> sessions, IReadOnlyDictionary<string, TariffKind> said)
    {
        var own = sessions.Where(session => session.ReceivedFrom is null).ToList();
        TariffKind KindOf(string name) => said.TryGetValue(Imports.Words.Fold(name), out var kind) ? kind : Guessed(name);
        return new QuarterlyReturn(
            quarter,
            [.. own.Select(session => LineOf(session, KindOf))],
            [.. own.SelectMany(session => session.Tariffs.DistinctBy(tariff => Imports.Words.Fold(tariff.Name))).GroupBy(tariff => Imports.Words.Fold(tariff.Name))
                .Select(group => new ReturnTariff(group.Key, group.First().Name, KindOf(group.First().Name), group.Count()))
                .OrderBy(tariff => tariff.Kind == TariffKind.Other).ThenBy(tariff => tariff.Kind).ThenBy(tariff => tariff.Key, StringComparer.Ordinal)],
            [.. sessions.Where(session => session.ReceivedFrom is not null)]);
    }

    /// <summary>By the words that box offices name their tariffs with.</summary>
    public static TariffKind Guessed(string name)
    {
        var words = Imports.Words.Fold(name).Split([' ', '-', '_', '/', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Any(word => word.StartsWith("abon", StringComparison.Ordinal) || word.StartsWith("subscri", StringComparison.Ordinal) || word is "abo")) return TariffKind.Subscription;
        if (words.Any(word => word.StartsWith("redui", StringComparison.Ordinal) || word is "reduced" or "reduit")) return TariffKind.Other;
        return words.Any(word => word is "plein" or "pleins" or "normal" or "entier" or "full" or "standard") ? TariffKind.Full : TariffKind.Other;
    }

    private static ReturnLine LineOf(ReturnSession session, Func<string, TariffKind> kindOf)
    {
        var gaps = ImmutableArray.CreateBuilder<ReturnGap>();
        if (string.IsNullOrWhiteSpace(session.Genre)) gaps.Add(ReturnGap.Domain);
        if (session.Figures is not { } figures)
        {
            gaps.Add(ReturnGap.Tally);
            return new ReturnLine(session, null, null, null, null, null, null, gaps.ToImmutable());
        }
        var detailed = !session.Lines.IsEmpty || figures == TallyFigures.Zero;
        if (!detailed) gaps.Add(ReturnGap.Detail);
        var kinds = session.Tariffs.ToDictionary(tariff => tariff.Code, tariff => kindOf(tariff.Name), StringComparer.Ordinal);
        ImmutableArray<TallyLine> Lines(TariffKind kind) => [.. session.Lines.Where(line => kinds.GetValueOrDefault(line.Tariff) == kind)];
        var (full, subscriptions) = (Lines(TariffKind.Full), Lines(TariffKind.Subscription));
        var hasFull = detailed && kinds.ContainsValue(TariffKind.Full);
        if (detailed && !hasFull) gaps.Add(ReturnGap.FullPrice);
        var gross = detailed ? GrossOf(session.Lines) : figures.GrossMinor;
        if (gross is null) gaps.Add(ReturnGap.Revenue);
        return new ReturnLine(
            session, (long)figures.Sold + figures.Free, hasFull ? Sold(full) : null, hasFull ? GrossOf(full) : null, detailed ? Sold(subscriptions) : null, figures.Free, gross,
            gaps.ToImmutable());
    }

    private static long Sold(ImmutableArray<TallyLine> lines) => lines.Sum(line => (long)line.Sold);

    private static long? GrossOf(ImmutableArray<TallyLine> lines) =>
        lines.Any(line => line is { Sold: > 0, GrossMinor: null }) ? null : lines.Sum(line => line.GrossMinor ?? 0);
}
