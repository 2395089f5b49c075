using System.Net;
using System.Net.Sockets;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Reminders;

namespace Guichet.Tests.Engine;

public sealed partial class TestSilo
{
    /// <summary>How long a caller waits unless told otherwise.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The clock stands still for grains, their reminders and their callers; membership, collection and the time that an
    /// activation may take are real.</summary>
    private static void UseEngine(ISiloBuilder silo, ManualTime clock)
    {
        foreach (var part in (string[])[TimeProviderNames.Grains, TimeProviderNames.Messaging, ReminderTimeProviderNames.Reminders])
            silo.Services.AddKeyedSingleton<TimeProvider>(part, new MovingTime(clock));
        silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: "tests", clusterId: NewKey());
        silo.Configure<EndpointOptions>(options => options.AdvertisedIPAddress = IPAddress.Loopback);
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = Limit);
        silo.Configure<GrainCollectionOptions>(options => options.ActivationTimeout = TimeSpan.FromSeconds(5));
        silo.UseInMemoryReminderService();
        silo.AddMemoryGrainStorage("PubSubStore");
        silo.AddMemoryStreams(Streams, streams => streams.ConfigurePullingAgent(agent =>
            agent.Configure(options => options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(10))));
    }

    /// <summary>Lets time pass for callers and for the requests that wait: real Orleans measures a request's age by the machine's clock.</summary>
    public Task LetRequestsAgeAsync(TimeSpan by)
    {
        Clock.Advance(by);
        return Task.Delay(by, TimeProvider.System);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
