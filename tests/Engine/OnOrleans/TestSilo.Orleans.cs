using System.Net;
using System.Net.Sockets;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Reminders;

namespace Guichet.Tests.Engine;

public sealed partial class TestSilo
{
    /// <summary>How long a caller waits, and how long an activation may take. Real Orleans measures these by the machine's
    /// clock, so they are short.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>The clock stands still for grains, their reminders and their callers; membership and collection keep real time.</summary>
    private static void UseEngine(ISiloBuilder silo, ManualTime clock)
    {
        foreach (var part in (string[])[TimeProviderNames.Grains, TimeProviderNames.Messaging, ReminderTimeProviderNames.Reminders])
            silo.Services.AddKeyedSingleton<TimeProvider>(part, clock);
        silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: "tests", clusterId: NewKey());
        silo.Configure<EndpointOptions>(options => options.AdvertisedIPAddress = IPAddress.Loopback);
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = Limit);
        silo.Configure<GrainCollectionOptions>(options => options.ActivationTimeout = Limit);
        silo.UseInMemoryReminderService();
        silo.AddMemoryGrainStorage("PubSubStore");
        silo.AddMemoryStreams(Streams, streams => streams.ConfigurePullingAgent(agent =>
            agent.Configure(options => options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10))));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
