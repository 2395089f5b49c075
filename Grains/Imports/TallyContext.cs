using System.Collections.Immutable;
using Guichet.Sessions;
using Guichet.Tallies;

namespace Guichet.Imports;

/// <param name="Title">Its show's.</param>
/// <param name="Receives">Its figures come over a link.</param>
/// <param name="Current">The version that its page shows; null before the first.</param>
public sealed record TalliedSession(
    string Id, string Title, long Revision, SessionDetails Details, SessionStatus Status, bool Receives, Tally? Current);

/// <summary>What exists when tallies are imported.</summary>
/// <param name="Target">The one session that the file is about; null when its lines say.</param>
/// <param name="MayAddChannels">A channel that a session doesn't have is added to it; otherwise refused.</param>
public sealed record TallyContext(ImmutableArray<TalliedSession> Sessions, string? Target = null, bool MayAddChannels = false)
{
    public KnownNames Names => new(
        [.. Sessions.SelectMany(session => session.Details.Categories).Select(category => category.Name).Distinct()],
        [.. Sessions.SelectMany(session => session.Details.Tariffs).Select(tariff => tariff.Name).Distinct()],
        [.. Sessions.SelectMany(session => session.Details.Channels).Select(channel => channel.Name).Distinct()]);
}
