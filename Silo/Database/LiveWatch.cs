using Guichet.Journal;
using Npgsql;

namespace Guichet.Hosting;

/// <summary>Lets the node send, at once on the live database; on a copy when somebody has said that it is the live one.</summary>
internal sealed class LiveWatch(NodeDatabase database, TimeProvider time, ILogger<LiveWatch> logger) : BackgroundService, ISendingPermission
{
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(2);
    private volatile bool live;

    public bool MaySend => live;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var found = await LiveMarker.ClaimAsync(database.Owner, stoppingToken);
        if (!found)
            logger.LogWarning("This database is a copy: nothing is sent from here. If the original is gone for good, say so with: guichet live");
        while (!found)
        {
            await Task.Delay(pause, time, stoppingToken);
            try
            {
                found = await LiveMarker.IsLiveAsync(database.Owner, stoppingToken);
            }
            catch (NpgsqlException away)
            {
                logger.LogWarning("Whether this is the live database can't be seen: {Reason}", away.Message);
            }
        }
        live = true;
    }
}
