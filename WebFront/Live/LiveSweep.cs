using Guichet.Journal;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Guichet.Live;

/// <summary>
/// Finds figures that were committed while pages were open here, and of which no event came: the node that should have told of them died,
/// or a queue with it. Their pages are told to fetch themselves again. Streams are quick, this is sure.
/// </summary>
internal sealed partial class LiveSweep(LiveHub hub, Database database, TimeProvider time, ILogger<LiveSweep> logger) : BackgroundService
{
    /// <summary>A lost figure is on the pages after this and <see cref="Underway"/> at the latest.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Younger commits may still have their event on its way.</summary>
    public static readonly TimeSpan Underway = TimeSpan.FromSeconds(2);

    /// <summary>Further back than the last round, because nodes' clocks differ; what was heard of is known, so nothing is told twice.</summary>
    private static readonly TimeSpan reach = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                try
                {
                    await Turn(stoppingToken);
                }
                catch (Exception failure) when (failure is NpgsqlException or TimeoutException)
                {
                    LogFailed(failure);
                }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The pages find another node, and fetch themselves there.
        }
    }

    /// <summary>One round; answers the sessions whose figures weren't heard of.</summary>
    public async Task<int> Turn(CancellationToken cancellation)
    {
        var watched = hub.Watched();
        if (watched.Count == 0) return 0;
        const string sql = """
            SELECT s.organisation, s.id, s.tally_version AS version
            FROM unnest(@organisations, @sinces) AS watched (organisation, since)
            CROSS JOIN LATERAL (
              SELECT DISTINCT id FROM journal AS j
              WHERE j.organisation = watched.organisation AND j.at > watched.since AND j.at <= @until AND j.kind = 'sessions' AND j.command IN ('validate-tally', 'receive-tally')) AS told
            JOIN sessions AS s ON s.organisation = watched.organisation AND s.id = told.id
            WHERE s.tally_version IS NOT NULL AND s.tally_at <= @until
            """;
        var now = time.GetUtcNow();
        var rows = await database.Query<Row>(Database.Everyone, sql, new
        {
            organisations = watched.Keys.ToArray(),
            sinces = watched.Values.Select(feed => feed.Since > now - reach ? feed.Since : now - reach).ToArray(),
            until = now - Underway,
        }, cancellation);
        return rows.Count(row => watched[row.Organisation].Missed(row.Id, row.Version));
    }

    [LoggerMessage(LogLevel.Warning, "Whether open pages missed a figure can't be seen; trying again")]
    private partial void LogFailed(Exception failure);

    private sealed record Row(string Organisation, string Id, int Version);
}
