using Guichet.Journal;
using Guichet.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guichet.Links;

public sealed class LinkSweepOptions
{
    /// <summary>A receiver is never behind for longer than this after everything is back up.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>What one round found.</summary>
/// <param name="Behind">Live links whose receiver hadn't the sender's version; they were sent it again.</param>
public sealed record LinkSweepResult(int Expired, int Settled, int Behind, int Undelivered, int Refreshed, int Failed)
{
    public static readonly LinkSweepResult Nothing = new(0, 0, 0, 0, 0, 0);
}

/// <summary>
/// Finds, by comparing what is stored, whatever a crash, a lost stream event or a given-up effect left undone: requests past their date,
/// sessions that weren't told, receivers that are behind, webhooks that were not reached. Everything it does is harmless when done twice.
/// One node sweeps in each period, whichever comes first.
/// </summary>
public sealed class LinkSweep(
    ILinkLookups lookups, LinkSettling settling, IGrainFactory grains, ISendingPermission permission, LinkSweepOptions options, TimeProvider time, ILogger<LinkSweep> logger)
    : BackgroundService
{
    private const int PageSize = 200;
    private const int Together = 8;

    /// <summary>What the last round of this node found; null before the first.</summary>
    public LinkSweepResult? Last { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    // A little less than the period, so that a timer that comes early doesn't leave every other round out.
                    if (await lookups.ClaimSweep(time.GetUtcNow(), options.Period * 0.9)) await Turn(stoppingToken);
                }
                catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
                {
                    LinkLog.SweepFailed(logger, failure);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops; another one, or the next start, goes on.
        }
    }

    /// <summary>One round, whoever's turn it is.</summary>
    public async Task<LinkSweepResult> Turn(CancellationToken cancellation)
    {
        using var caller = Caller.As(Actor.System("links"));
        var failed = 0;
        var expired = await Through((after, limit) => lookups.Expired(after, limit, cancellation), place => place, Expire);
        var settled = await Through((after, limit) => lookups.Unsettled(after, limit, cancellation), place => place, place => settling.Settle(place.Organisation, place.Id));
        var behind = await Through(
            (after, limit) => lookups.Behind(after, limit, cancellation), link => new LinkPlace(link.Organisation, link.Id),
            link => grains.GetGrain<ISessionGrain>(GrainKey.Of(link.Organisation, link.Session)).Resend(link.Id));
        var refreshed = await Through((after, limit) => lookups.Outdated(after, limit, cancellation), outdated => outdated.Link, Refresh);
        var undelivered = permission.MaySend
            ? await Through(
                (after, limit) => lookups.Undelivered(after, limit, cancellation), place => place,
                place => grains.GetGrain<ILinkWebhookGrain>(GrainKey.Of(place.Organisation, place.Id)).Deliver())
            : 0;
        return Last = new LinkSweepResult(expired, settled, behind, undelivered, refreshed, failed);

        // Page by page to the end, so that what fails at the front never keeps what is behind it from its turn.
        async Task<int> Through<T>(Func<LinkPlace, int, Task<IReadOnlyList<T>>> page, Func<T, LinkPlace> placeOf, Func<T, Task> mend)
        {
            var found = 0;
            for (var after = LinkPlace.First; ;)
            {
                var items = await page(after, PageSize);
                // On the caller's scheduler: the pool, or the one that a simulator brings.
                var together = new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = cancellation, TaskScheduler = TaskScheduler.Current };
                await Parallel.ForEachAsync(items, together, async (item, _) =>
                {
                    try
                    {
                        await mend(item);
                    }
                    catch (Exception failure)
                    {
                        Interlocked.Increment(ref failed);
                        var place = placeOf(item);
                        LinkLog.MendFailed(logger, failure, place.Organisation, place.Id);
                    }
                });
                found += items.Count;
                if (items.Count < PageSize) return found;
                after = placeOf(items[^1]);
            }
        }
    }

    private Task Expire(LinkPlace place)
    {
        var command = new ExpireLink { Id = Guid.NewGuid(), By = Actor.System("links", place.Organisation) };
        return time.Send(() => grains.GetGrain<ILinkGrain>(GrainKey.Of(place.Organisation, place.Id)).Expire(command));
    }

    private Task Refresh(OutdatedLink outdated)
    {
        var command = new RefreshLinkSession(outdated.Session) { Id = Guid.NewGuid(), By = Actor.System("links", outdated.Link.Organisation) };
        return time.Send(() => grains.GetGrain<ILinkGrain>(GrainKey.Of(outdated.Link.Organisation, outdated.Link.Id)).RefreshSession(command));
    }
}

internal static partial class LinkLog
{
    [LoggerMessage(LogLevel.Warning, "The links can't be swept; trying again")]
    public static partial void SweepFailed(ILogger logger, Exception failure);

    [LoggerMessage(LogLevel.Warning, "Link {Organisation}/{Id}: what the sweep found there couldn't be mended; the next round tries again")]
    public static partial void MendFailed(ILogger logger, Exception failure, string organisation, string id);
}
