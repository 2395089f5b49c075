using System.Collections.Immutable;

namespace Guichet.Sessions;

/// <summary>The parts of a session that two people can have changed at the same time, and that are kept as wholes.</summary>
public enum SessionPart
{
    Show = 0,
    Series = 1,
    Place = 2,
    Start = 3,
    Currency = 4,
    Categories = 5,
    Tariffs = 6,
    Prices = 7,
    Channels = 8,
    Vat = 9,
}

/// <summary>What to show someone whose form was filled from a session that another changed meanwhile.</summary>
/// <param name="Merged">Their own changes over the other's.</param>
/// <param name="Taken">Parts that the other changed and they didn't: taken over.</param>
/// <param name="Both">Parts that both changed differently: theirs stands, and they should know.</param>
public sealed record SessionMerge(SessionDetails Merged, ImmutableArray<SessionPart> Taken, ImmutableArray<SessionPart> Both)
{
    /// <param name="seen">What the form was filled from.</param>
    /// <param name="typed">What it was sent with.</param>
    /// <param name="current">What the session is by now.</param>
    public static SessionMerge Of(SessionDetails seen, SessionDetails typed, SessionDetails current)
    {
        var taken = ImmutableArray.CreateBuilder<SessionPart>();
        var both = ImmutableArray.CreateBuilder<SessionPart>();
        var merged = typed;
        foreach (var part in Enum.GetValues<SessionPart>())
        {
            if (Same(part, current, seen) || Same(part, current, typed)) continue;
            if (Same(part, typed, seen))
            {
                taken.Add(part);
                merged = With(part, merged, current);
            }
            else both.Add(part);
        }
        return new SessionMerge(merged, taken.ToImmutable(), both.ToImmutable());
    }

    private static bool Same(SessionPart part, SessionDetails one, SessionDetails other) => part switch
    {
        SessionPart.Show => one.ShowId == other.ShowId,
        SessionPart.Series => one.SeriesId == other.SeriesId,
        SessionPart.Place => one.Place == other.Place,
        SessionPart.Start => one.LocalStart == other.LocalStart && one.Zone == other.Zone,
        SessionPart.Currency => one.Currency == other.Currency,
        SessionPart.Categories => one.Categories.SequenceEqual(other.Categories),
        SessionPart.Tariffs => one.Tariffs.SequenceEqual(other.Tariffs),
        SessionPart.Prices => one.Prices.ToHashSet().SetEquals(other.Prices),
        SessionPart.Vat => one.VatBasisPoints == other.VatBasisPoints,
        _ => one.Channels.SequenceEqual(other.Channels),
    };

    private static SessionDetails With(SessionPart part, SessionDetails details, SessionDetails from) => part switch
    {
        SessionPart.Show => details with { ShowId = from.ShowId },
        SessionPart.Series => details with { SeriesId = from.SeriesId },
        SessionPart.Place => details with { Place = from.Place },
        SessionPart.Start => details with { LocalStart = from.LocalStart, Zone = from.Zone },
        SessionPart.Currency => details with { Currency = from.Currency },
        SessionPart.Categories => details with { Categories = from.Categories },
        SessionPart.Tariffs => details with { Tariffs = from.Tariffs },
        SessionPart.Prices => details with { Prices = from.Prices },
        SessionPart.Vat => details with { VatBasisPoints = from.VatBasisPoints },
        _ => details with { Channels = from.Channels },
    };
}
