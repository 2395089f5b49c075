using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;

namespace Guichet.Tests.Engine;

public sealed partial class TestSilo
{
    private static void UseEngine(ISiloBuilder silo)
    {
        silo.UseLocalhostClustering(FreePort(), FreePort(), serviceId: "tests", clusterId: NewKey());
        silo.Configure<EndpointOptions>(options => options.AdvertisedIPAddress = IPAddress.Loopback);
        silo.UseInMemoryReminderService();
        silo.AddMemoryGrainStorage("PubSubStore");
        silo.AddMemoryStreams(Streams);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
