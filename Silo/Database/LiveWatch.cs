using Guichet.Journal;
using Npgsql;

namespace Guichet.Database;

/// <summary>Grants the node to send, at once on the live database; on a copy when somebody says that it is the live one.</summary>
sealed class LiveWatch(NodeDatabase database, SendingPermit permit, TimeProvider time, ILogger<LiveWatch> logger) : BackgroundService
{
    static readonly TimeSpan pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var live = await LiveMarker.ClaimAsync(database.Owner, stoppingToken);
        if (!live)
            logger.LogWarning("This database is a copy: nothing is sent from here. If the original is gone for good, say so with: guichet live");
        while (!live)
        {
            await Task.Delay(pause, time, stoppingToken);
            try
            {
                live = await LiveMarker.IsLiveAsync(database.Owner, stoppingToken);
            }
            catch (NpgsqlException away)
            {
                logger.LogWarning("Whether this is the live database can't be seen: {Reason}", away.Message);
            }
        }
        permit.Grant();
    }
}
