using System.Net;
using System.Net.Sockets;
using Guichet.Feed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Guichet.Support;

/// <summary>
/// The grains of a test's host on the engine of this build. The product has the test's clock; the engine keeps real time, because
/// a cluster whose time stands still doesn't come up.
/// </summary>
internal static class TestEngine
{
    public static void UseTestEngine(this ISiloBuilder silo)
    {
        silo.Services.AddKeyedSingleton<TimeProvider>(KeyedService.AnyKey, (_, _) => TimeProvider.System);
        silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: "tests", clusterId: $"{Guid.NewGuid():N}");
        silo.Configure<EndpointOptions>(options => options.AdvertisedIPAddress = IPAddress.Loopback);
        silo.UseInMemoryReminderService();
        silo.AddMemoryGrainStorage("PubSubStore");
        silo.Services.Configure<StreamPullingAgentOptions>(LiveStreams.Provider, options => options.GetQueueMsgsTimerPeriod = TimeSpan.FromMilliseconds(5));
        silo.Services.Configure<HashRingStreamQueueMapperOptions>(LiveStreams.Provider, options => options.TotalQueueCount = 1);
    }

    /// <summary>Ends the grains without letting them finish: the nearest to a crash that a host in this process has.</summary>
    public static Task Kill(IHost host) => host.StopAsync(new CancellationToken(canceled: true));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
