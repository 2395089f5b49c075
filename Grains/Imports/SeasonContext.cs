using System.Collections.Immutable;
using Guichet.Sessions;

namespace Guichet.Imports;

public sealed record KnownShow(string Id, string Title);

public sealed record KnownSeries(string Id, string ShowId, string Name);

/// <param name="Title">Its show's.</param>
public sealed record KnownSession(string Id, string Title, long Revision, SessionDetails Details, SessionStatus Status);

/// <summary>What exists when a season is imported.</summary>
/// <param name="Zone">Of sessions to be made, IANA.</param>
/// <param name="Currency">Of sessions to be made, ISO 4217.</param>
/// <param name="NewId">The id of something to be made, always the same for the same words.</param>
public sealed record SeasonContext(
    ImmutableArray<KnownShow> Shows, ImmutableArray<KnownSeries> Series, ImmutableArray<KnownSession> Sessions,
    string Zone, string Currency, Func<string, string> NewId)
{
    public KnownNames Names => new(
        [.. Sessions.SelectMany(session => session.Details.Categories).Select(category => category.Name).Distinct()],
        [.. Sessions.SelectMany(session => session.Details.Tariffs).Select(tariff => tariff.Name).Distinct()],
        [.. Sessions.SelectMany(session => session.Details.Channels).Select(channel => channel.Name).Distinct()]);
}
