using System.Collections.Concurrent;
using Guichet.Feed;
using Guichet.Words;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;

namespace Guichet.Live;

/// <summary>What an open page that isn't the organisation's own shows, as of now.</summary>
/// <param name="Zone">The organisation's IANA zone.</param>
/// <param name="Whose">The partner or contact that looks, or whose link it is.</param>
/// <param name="Print">What it shows but for the instant: alike as long as nothing changed.</param>
/// <param name="Concerns">Whether what happened may change it.</param>
internal sealed record FollowedPage(string Organisation, string Zone, Language Language, string Whose, string Print, Func<FeedEvent, bool> Concerns);

/// <summary>
/// Keeps open pages up to date that are shown to others than the organisation's people. They are never told what happens in the organisation, only that
/// their own page is another now: the feed's events are looked at here, and the page is told when what it shows has changed.
/// </summary>
internal sealed class FollowedPages(LiveHub hub, TimeProvider time)
{
    /// <summary>Pages of one that are live at once on this node; the others show their figures and say that they aren't.</summary>
    public const int MostOfOne = 20;

    /// <summary>Several tallies in a row are one reading.</summary>
    private static readonly TimeSpan gathering = TimeSpan.FromMilliseconds(700);

    /// <summary>How long an open page still shows what it may no longer, at most.</summary>
    private static readonly TimeSpan checking = TimeSpan.FromMinutes(1);

    private static readonly byte[] again = "retry: 2000\nevent: resync\ndata: 0\n\n"u8.ToArray();
    private static readonly byte[] changed = "event: named\ndata: [{\"name\":\"figures\",\"detail\":\"\"}]\n\n"u8.ToArray();
    private static readonly byte[] beat = "event: beat\ndata: 0\n\n"u8.ToArray();
    private static readonly byte[] moved = "event: moved\ndata: 0\n\n"u8.ToArray();
    private static readonly byte[] ended = "event: ended\ndata: 0\n\n"u8.ToArray();

    private readonly ConcurrentDictionary<(string, string), int> open = new();

    /// <summary>Answers a page's event stream until the page leaves, or nothing is shown to it any more.</summary>
    /// <param name="read">What it shows; null for nothing.</param>
    /// <param name="session">Of who is signed in: the stream ends with it. Empty for a link's.</param>
    public async Task<IResult> Answer(HttpContext http, Func<CancellationToken, Task<FollowedPage?>> read, string holder, string session, IHostApplicationLifetime node)
    {
        var first = await read(http.RequestAborted);
        using var place = first is null ? null : Enter(first.Organisation, first.Whose);
        if (first is not null && place is null) return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        var response = http.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, node.ApplicationStopping);
        try
        {
            await Follow(first, read, holder, session, response.Body, leaving.Token);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            if (!http.RequestAborted.IsCancellationRequested) await response.Body.WriteAsync(moved, http.RequestAborted);
        }
        return Results.Empty;
    }

    /// <summary>A place among those of one, given back when disposed of; null when there is none.</summary>
    private Place? Enter(string organisation, string whose)
    {
        var key = (organisation, whose);
        if (open.AddOrUpdate(key, 1, (_, count) => count + 1) <= MostOfOne) return new Place(this, key);
        Leave(key);
        return null;
    }

    private async Task Follow(FollowedPage? shown, Func<CancellationToken, Task<FollowedPage?>> read, string holder, string session, Stream connection, CancellationToken left)
    {
        if (shown is not null)
        {
            var (feed, page) = await hub.Open(shown.Organisation, shown.Zone, holder, session, shown.Language, null, left);
            try
            {
                // What changed while the page was on its way: it fetches itself once.
                shown = await read(left);
                await Write(again);
                var checkedAt = time.GetTimestamp();
                while (shown is not null)
                {
                    var moment = await page.Next(shown.Concerns, left);
                    if (moment == LiveMoment.Ended) break;
                    if (moment == LiveMoment.Beat && time.GetElapsedTime(checkedAt) < checking)
                    {
                        await Write(beat);
                        continue;
                    }
                    if (moment == LiveMoment.Happened)
                    {
                        await Task.Delay(gathering, time, left);
                        feed.Rejoin(page);
                    }
                    var now = await read(left);
                    checkedAt = time.GetTimestamp();
                    if (now is not null) await Write(now.Print == shown.Print ? beat : changed);
                    shown = now;
                }
            }
            finally
            {
                feed.Close(page);
            }
        }
        await Write(ended);

        async Task Write(byte[] frame)
        {
            await connection.WriteAsync(frame, left);
            await connection.FlushAsync(left);
        }
    }

    private void Leave((string, string) key)
    {
        if (open.AddOrUpdate(key, 0, (_, count) => count - 1) == 0) open.TryRemove(KeyValuePair.Create(key, 0));
    }

    private sealed class Place(FollowedPages of, (string, string) key) : IDisposable
    {
        public void Dispose() => of.Leave(key);
    }
}
