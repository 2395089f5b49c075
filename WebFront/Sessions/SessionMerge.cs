using System.Collections.Immutable;
using Guichet.Components;

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

/// <summary>Sessions that two people changed at the same time.</summary>
internal static class SessionMerge
{
    private static readonly ImmutableArray<MergePart<SessionDetails, SessionPart>> Parts =
    [
        MergePart<SessionDetails, SessionPart>.Of(SessionPart.Show, session => session.ShowId, (session, show) => session with { ShowId = show }),
        MergePart<SessionDetails, SessionPart>.Of(SessionPart.Series, session => session.SeriesId, (session, series) => session with { SeriesId = series }),
        MergePart<SessionDetails, SessionPart>.Of(SessionPart.Place, session => session.Place, (session, place) => session with { Place = place }),
        MergePart<SessionDetails, SessionPart>.Of(
            SessionPart.Start, session => (session.LocalStart, session.Zone), (session, start) => session with { LocalStart = start.LocalStart, Zone = start.Zone }),
        MergePart<SessionDetails, SessionPart>.Of(SessionPart.Currency, session => session.Currency, (session, currency) => session with { Currency = currency }),
        new(SessionPart.Categories, (one, other) => one.Categories.SequenceEqual(other.Categories), (session, from) => session with { Categories = from.Categories }),
        new(SessionPart.Tariffs, (one, other) => one.Tariffs.SequenceEqual(other.Tariffs), (session, from) => session with { Tariffs = from.Tariffs }),
        new(SessionPart.Prices, (one, other) => one.Prices.ToHashSet().SetEquals(other.Prices), (session, from) => session with { Prices = from.Prices }),
        new(SessionPart.Channels, (one, other) => one.Channels.SequenceEqual(other.Channels), (session, from) => session with { Channels = from.Channels }),
        MergePart<SessionDetails, SessionPart>.Of(SessionPart.Vat, session => session.VatBasisPoints, (session, vat) => session with { VatBasisPoints = vat }),
    ];

    public static ThreeWayMerge<SessionDetails, SessionPart> Of(SessionDetails seen, SessionDetails typed, SessionDetails current) =>
        ThreeWayMerge<SessionDetails, SessionPart>.Of(seen, typed, current, Parts);
}
