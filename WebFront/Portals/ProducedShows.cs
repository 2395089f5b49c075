using System.Collections.Immutable;
using Guichet.Contacts;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Live;
using Guichet.Sessions;
using Guichet.Words;

namespace Guichet.Portals;

/// <summary>A session as its producer sees it.</summary>
/// <param name="Row">Without what isn't the producer's: who entered the figures and from where, and, unless it may, the revenue.</param>
public sealed record ProducedShow(SessionRow Row, bool Revenue);

/// <summary>
/// The sessions of a contact that is a producer, or one of its people: the one place that reads them for its space. What it may not see is taken
/// away here, before any page, file or event is made of it.
/// </summary>
internal sealed class ProducedShows(Productions productions, SessionQueries sessions, IGrainFactory grains)
{
    private const int RowsPerRead = 1_000;

    /// <summary>By date, the earliest first.</summary>
    public async Task<ImmutableArray<ProducedShow>> Of(string organisation, string contact, Formats formats, CancellationToken cancellation)
    {
        var mine = (await productions.Of(organisation, contact, formats.Today, cancellation)).ToDictionary(one => one.SessionId, one => one.Revenue, StringComparer.Ordinal);
        var shown = ImmutableArray.CreateBuilder<ProducedShow>(mine.Count);
        foreach (var ids in mine.Keys.Chunk(RowsPerRead))
        {
            var page = await sessions.List(organisation, new SessionFilter([], Ids: [.. ids], Limit: RowsPerRead), formats.StartOf(formats.Today), cancellation);
            shown.AddRange(page.Rows.Select(row => Shown(row, mine[row.Id])));
        }
        shown.Sort((one, other) => one.Row.Start.CompareTo(other.Row.Start) is not 0 and var order ? order : string.CompareOrdinal(one.Row.Id, other.Row.Id));
        return shown.ToImmutable();
    }

    /// <summary>One of them, with its tally; null for any other session, also of the same organisation.</summary>
    public async Task<(ProducedShow Show, SessionView Session)?> Find(string organisation, string contact, string session, Formats formats, CancellationToken cancellation)
    {
        if (!Ids.IsValid(session)) return null;
        if ((await productions.Of(organisation, contact, formats.Today, cancellation)).FirstOrDefault(one => one.SessionId == session) is not { } mine) return null;
        var page = await sessions.List(organisation, new SessionFilter([], Ids: [session], Limit: 1), formats.StartOf(formats.Today), cancellation);
        if (page.Rows is not [var row]) return null;
        // Contacts call no session's grain: it was just looked up that this one is theirs to see.
        using var caller = Caller.As(Actor.System("space", organisation));
        return await grains.GetGrain<ISessionGrain>(GrainKey.Of(organisation, session)).View() is { } view ? (Shown(row, mine.Revenue), view) : null;
    }

    /// <summary>The list as an open page follows it.</summary>
    public async Task<FollowedPage> Followed(string organisation, string contact, string zone, Language language, Formats formats, CancellationToken cancellation)
    {
        var shown = await Of(organisation, contact, formats, cancellation);
        var mine = shown.Select(one => one.Row.Id).ToHashSet(StringComparer.Ordinal);
        var through = (await productions.Through(organisation, contact, cancellation)).ToHashSet(StringComparer.Ordinal);
        return new FollowedPage(organisation, zone, language, contact, Json.Write(shown), happened => happened switch
        {
            SessionFiguresChanged figures => mine.Contains(figures.SessionId),
            // Made, put on sale, moved to a series: it may be the producer's now.
            Feed.SessionChanged => true,
            Feed.ContactChanged changed => through.Contains(changed.ContactId),
            _ => false,
        });
    }

    private static ProducedShow Shown(SessionRow row, bool revenue) => new(
        row with
        {
            GrossMinor = revenue ? row.GrossMinor : null,
            SoldUnpriced = revenue ? row.SoldUnpriced : 0,
            IncomingFrom = null,
            IncomingState = null,
            LagMs = null,
            OutgoingCount = 0,
            TallyBy = null,
            TallySource = null,
            TallySourceName = null,
        },
        revenue);
}
