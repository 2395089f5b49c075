using System.Data.Common;
using Guichet.Feed;
using Guichet.Operations;
using Guichet.Organisations;
using Npgsql;
using Orleans.Configuration;
using Orleans.Dashboard;

namespace Guichet.Hosting;

/// <summary>
/// The grains on the engine of this build: Microsoft Orleans. Its list of nodes, its reminders and who listens to which stream are in the
/// node's database (070-cluster.sql); streams' events are in memory.
/// </summary>
internal static class GrainEngine
{
    public const EngineUse Use = EngineUse.Together;

    private const string Invariant = "Npgsql";

    /// <summary>Two or three questions of a balancer that asks every two seconds.</summary>
    public static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    public static void UseGrainEngine(this WebApplicationBuilder builder, NodeDatabase database)
    {
        var cluster = ClusterSettings.From(builder.Configuration);
        // Connections of its own: a node that waits for its turn to commit must still say that it is alive.
        var connections = Connections.AsProduct(database.ConnectionString, "guichet cluster", atMost: 4);
        builder.Services.AddSingleton(_ => new Opened(connections, cluster));
        builder.Services.AddHostedService(all => ActivatorUtilities.CreateInstance<EngineLock>(all, Use));
        // The engine tells of each step of its life, and each call of its own; what goes wrong is enough.
        builder.Logging.AddFilter("Orleans", LogLevel.Warning).AddFilter("Polly", LogLevel.Warning).AddFilter("Orleans.Runtime.Silo", LogLevel.Error)
            // At start it takes the machine's whole uptime for a pause.
            .AddFilter("Orleans.Runtime.Watchdog", LogLevel.Error);
        builder.Services.AddSingleton<ClusterNodes>();
        builder.Services.AddSingleton<INodes>(all => all.GetRequiredService<ClusterNodes>());
        builder.Services.AddHostedService(all => all.GetRequiredService<ClusterNodes>());
        builder.UseOrleans(silo => silo
            .UseDatabase(connections)
            .UseCluster(cluster)
            .AddActivityPropagation()
            .AddGuichetGrains()
            .AddOutgoingGrainCallFilter<AgainElsewhere>()
            .AddDashboard(dashboard => dashboard.HideTrace = true));
    }

    public static void MapGrainEngine(this WebApplication app)
    {
        // Asked for once, so that the host closes them after the engine.
        app.Services.GetRequiredService<Opened>();
        app.MapOrleansDashboard("/dashboard").RequireAuthorization(ForInstallationAttribute.Name).ExcludeFromDescription();
    }

    public static ISiloBuilder UseDatabase(this ISiloBuilder silo, DbDataSource connections) => silo
        .UseAdoNetClustering(clustering => (clustering.Invariant, clustering.DataSource) = (Invariant, connections))
        .UseAdoNetReminderService(reminders => (reminders.Invariant, reminders.DataSource) = (Invariant, connections))
        .AddAdoNetGrainStorage("PubSubStore", storage => (storage.Invariant, storage.DataSource) = (Invariant, connections));

    public static ISiloBuilder UseCluster(this ISiloBuilder silo, ClusterSettings cluster)
    {
        // The service keeps its default name, the one under which the embedded engine writes reminders too.
        silo.Configure<ClusterOptions>(options => options.ClusterId = cluster.Id);
        // People look for a node by its machine, and may have several on one.
        silo.Configure<SiloOptions>(options => options.SiloName = $"{Environment.MachineName}:{cluster.Port}");
        // No gateway: the only clients are the nodes themselves.
        silo.Configure<EndpointOptions>(options =>
            (options.AdvertisedIPAddress, options.SiloPort, options.GatewayPort) = (cluster.Address, cluster.Port, 0));
        // A node that is silent for two seconds is given up, and what it had is woken elsewhere by the next call. One witness is
        // enough: two activations of a grain do no harm, because the journal checks versions.
        silo.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromSeconds(1);
            options.NumMissedProbesLimit = 2;
            options.NumVotesForDeathDeclaration = 1;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(2);
            // A node that starts waits for those that are listed and have lately said that they are alive, dead ones too.
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(3);
        });
        // Each queue is asked for news this often: half of it is what an event waits, and every question costs an idle node time.
        silo.Services.Configure<StreamPullingAgentOptions>(LiveStreams.Provider, options => options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10));
        silo.Services.Configure<HashRingStreamQueueMapperOptions>(LiveStreams.Provider, options => options.TotalQueueCount = 2);
        return silo;
    }

    private sealed class Opened(NpgsqlDataSource connections, ClusterSettings cluster) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await connections.DisposeAsync();
            cluster.Dispose();
        }
    }
}
