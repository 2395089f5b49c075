using Guichet.Feed;
using Guichet.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guichet.Notifications;

/// <summary>
/// Takes away what organisations were told longer ago than <see cref="KeptFor"/>, read or not. Nothing is lost by it: what happened is in
/// the journal. Every node does it a few times a day; a second time finds nothing.
/// </summary>
public sealed class NotificationSweep(Database database, NotificationQueries notifications, IClusterClient cluster, TimeProvider time, ILogger<NotificationSweep> logger)
    : BackgroundService
{
    /// <summary>Said in docs/running.md.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(180);

    private static readonly TimeSpan Period = TimeSpan.FromHours(6);

    /// <summary>At most so many rows are locked at a time.</summary>
    private const int Batch = 1_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                try
                {
                    await Turn(stoppingToken);
                }
                catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
                {
                    NotificationLog.SweepFailed(logger, failure);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The node stops; the next start goes on.
        }
    }

    /// <summary>One round, whoever's turn it is; answers how many it took away. Open pages' bells follow.</summary>
    public async Task<int> Turn(CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - KeptFor;
        var rang = new HashSet<string>(StringComparer.Ordinal);
        var taken = 0;
        IReadOnlyList<Gone> gone;
        do
        {
            gone = await database.Query<Gone>(Database.Everyone, Delete, new { before = before.UtcDateTime, limit = Batch }, cancellation);
            taken += gone.Count;
            foreach (var one in gone.Where(one => one.Unread)) rang.Add(one.Organisation);
        }
        while (gone.Count == Batch);
        foreach (var organisation in rang)
            await cluster.GetStreamProvider(LiveStreams.Provider).Feed(organisation)
                .OnNextAsync(new NotificationsRead(organisation, time.GetUtcNow(), await notifications.Unread(organisation, cancellation)));
        return taken;
    }

    private sealed record Gone(string Organisation, bool Unread);

    private const string Delete = """
        DELETE FROM notifications WHERE (organisation, id) IN (
          SELECT organisation, id FROM notifications WHERE at < @before ORDER BY at LIMIT @limit FOR UPDATE SKIP LOCKED)
        RETURNING organisation, read_at IS NULL AS unread
        """;
}

internal static partial class NotificationLog
{
    [LoggerMessage(LogLevel.Warning, "Old notifications can't be taken away; trying again")]
    public static partial void SweepFailed(ILogger logger, Exception failure);
}
