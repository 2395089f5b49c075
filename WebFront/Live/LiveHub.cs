using System.Collections.Concurrent;
using Guichet.Feed;
using Guichet.Words;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Guichet.Live;

/// <summary>
/// From an organisation's stream to its open pages on this node. Subscribes when a page is first shown, lets go a minute after
/// the last is closed, or the node stops. Nothing on the way reads the database.
/// </summary>
public sealed partial class LiveHub : IHostedService, IAsyncDisposable
{
    /// <summary>Pages are told at this pace that nothing happened; they take two and a half silences for a loss.</summary>
    public static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(60);

    /// <summary>A page is not held up by a stream that doesn't answer: it is shown, and fetches itself again once it does.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, Room> rooms = new(StringComparer.Ordinal);
    private readonly string node = Guid.NewGuid().ToString("N")[..8];
    private readonly Subscribe subscribe;
    private readonly TimeProvider time;
    private readonly ILogger<LiveHub> log;
    private ITimer? heartbeat;
    private int roomsMade;

    /// <param name="subscribe">Subscribes to an organisation's stream; disposing of what it gives unsubscribes.</param>
    public LiveHub(Subscribe subscribe, TimeProvider time, ILogger<LiveHub> log) =>
        (this.subscribe, this.time, this.log) = (subscribe, time, log);

    public delegate Task<IAsyncDisposable> Subscribe(string organisation, Func<FeedEvent, Task> happened);

    /// <summary>
    /// Where an organisation's feed is now. What is read after this call is up to date with it; "-" when the stream can't be had,
    /// and the page is then told to fetch itself again when it connects.
    /// </summary>
    public async Task<string> Position(string organisation, string zone)
    {
        var room = RoomOf(organisation, zone);
        try
        {
            return (await room.Feed.WaitAsync(LongestWait, time)).Position;
        }
        catch (Exception problem)
        {
            LogUnavailable(problem, organisation);
            return "-";
        }
    }

    /// <summary>Pages open on this node, for the operations page.</summary>
    public int OpenPages => rooms.Values.Sum(room => room.Feed.IsCompletedSuccessfully ? room.Feed.Result.PageCount : 0);

    /// <summary>The feeds with open pages, by their organisations.</summary>
    internal IReadOnlyDictionary<string, LiveFeed> Watched() => rooms
        .Where(one => one.Value.Feed.IsCompletedSuccessfully && one.Value.Feed.Result.PageCount > 0)
        .ToDictionary(one => one.Key, one => one.Value.Feed.Result, StringComparer.Ordinal);

    internal async Task<(LiveFeed Feed, LivePage Page)> Open(string organisation, string zone, string operatorId, string sessionId, Language language, string? at, CancellationToken cancellation)
    {
        var feed = await RoomOf(organisation, zone).Feed.WaitAsync(cancellation);
        return (feed, feed.Open(operatorId, sessionId, language, at));
    }

    /// <summary>For an event that didn't come over the stream: a sign-out that this very node made.</summary>
    public void Publish(FeedEvent happened)
    {
        if (rooms.TryGetValue(happened.Organisation, out var room) && room.Feed.IsCompletedSuccessfully)
            room.Feed.Result.Publish(happened);
    }

    public async ValueTask DisposeAsync()
    {
        if (heartbeat is not null)
            await heartbeat.DisposeAsync();
        await LeaveAll();
    }

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>While the engine still runs: a subscription of a node that is gone would be served in vain.</summary>
    async Task IHostedService.StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LeaveAll().WaitAsync(LongestFarewell, time, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            // The streams let go of what doesn't answer.
        }
    }

    private Task LeaveAll() => Task.WhenAll(rooms.Keys.Select(organisation => rooms.TryRemove(organisation, out var room) ? room.Leave() : Task.CompletedTask));

    private Room RoomOf(string organisation, string zone)
    {
        if (rooms.TryGetValue(organisation, out var known))
        {
            known.UsedAt = time.GetTimestamp();
            if (!known.Feed.IsFaulted)
                return known;
            rooms.TryRemove(KeyValuePair.Create(organisation, known));
        }
        EnsureHeartbeat();
        var made = new Room(this, organisation, zone) { UsedAt = time.GetTimestamp() };
        var room = rooms.GetOrAdd(organisation, made);
        room.Start();
        return room;
    }

    private void EnsureHeartbeat()
    {
        if (heartbeat is not null)
            return;
        var timer = time.CreateTimer(_ => Beat(), null, HeartbeatPeriod, HeartbeatPeriod);
        if (Interlocked.CompareExchange(ref heartbeat, timer, null) is not null)
            timer.Dispose();
    }

    private void Beat()
    {
        foreach (var (organisation, room) in rooms)
        {
            if (!room.Feed.IsCompletedSuccessfully)
                continue;
            var feed = room.Feed.Result;
            feed.Beat();
            if (feed.PageCount > 0)
                room.UsedAt = time.GetTimestamp();
            else if (time.GetElapsedTime(room.UsedAt) > Linger && rooms.TryRemove(KeyValuePair.Create(organisation, room)))
                _ = room.Leave();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The feed of organisation {Organisation} can't be had: its pages are not live")]
    private partial void LogUnavailable(Exception problem, string organisation);

    /// <summary>One organisation's feed and its subscription, which is made once however many pages ask at the same time.</summary>
    private sealed class Room(LiveHub hub, string organisation, string zone)
    {
        private readonly TaskCompletionSource<LiveFeed> feed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private IAsyncDisposable? subscription;
        private int started;

        public Task<LiveFeed> Feed => feed.Task;

        public long UsedAt { get; set; }

        public void Start()
        {
            if (Interlocked.Exchange(ref started, 1) == 0)
                _ = Join();
        }

        public async Task Leave()
        {
            if (!feed.Task.IsCompletedSuccessfully)
                return;
            try
            {
                if (subscription is not null)
                    await subscription.DisposeAsync();
            }
            catch (Exception problem)
            {
                hub.LogUnavailable(problem, organisation);
            }
        }

        private async Task Join()
        {
            // Each language's way of writing is made once, for the organisation's zone: a reader elsewhere sees the same times.
            var french = new Formats(Language.French, Reader.Zone(zone), hub.time);
            var english = new Formats(Language.English, Reader.Zone(zone), hub.time);
            var made = new LiveFeed(
                $"{hub.node}{Interlocked.Increment(ref hub.roomsMade)}",
                hub.time.GetUtcNow(),
                language => language == Language.English ? english : french);
            try
            {
                subscription = await hub.subscribe(organisation, happened =>
                {
                    made.Publish(happened);
                    return Task.CompletedTask;
                });
                feed.SetResult(made);
            }
            catch (Exception problem)
            {
                feed.SetException(problem);
            }
        }
    }
}

/// <summary>The hub's subscription to the product's stream.</summary>
internal static class FeedSubscription
{
    public static async Task<IAsyncDisposable> To(IClusterClient cluster, string organisation, Func<FeedEvent, Task> happened)
    {
        var stream = cluster.GetStreamProvider(LiveStreams.Provider).Feed(organisation);
        return new Handle(await stream.SubscribeAsync((item, _) => happened(item)));
    }

    private sealed class Handle(StreamSubscriptionHandle<FeedEvent> handle) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await handle.UnsubscribeAsync();
    }
}
