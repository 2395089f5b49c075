using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Orleans.Configuration;

namespace Guichet.Hosting;

/// <summary>What a node is told of the cluster it belongs to (docs/running.md).</summary>
internal sealed record ClusterSettings
{
    private const int FirstPort = 11111;
    private const int Tries = 20;

    /// <summary>Nodes of one database that say the same are one cluster. Two clusters on one database would each have the same grains.</summary>
    public required string Id { get; init; }

    /// <summary>Where the other nodes reach this one. It listens there and nowhere else.</summary>
    public required IPAddress Address { get; init; }

    public required int Port { get; init; }

    public static ClusterSettings From(IConfiguration configuration)
    {
        var address = configuration["Guichet:Cluster:Address"] switch
        {
            null or "" => IPAddress.Loopback,
            var told when IPAddress.TryParse(told, out var parsed) && !parsed.Equals(IPAddress.Any) && !parsed.Equals(IPAddress.IPv6Any) => parsed,
            var other => throw new WrongSettingException($"Guichet:Cluster:Address is '{other}': say the IP address at which the other nodes reach this one."),
        };
        return new()
        {
            Id = configuration["Guichet:Cluster:Id"] is { Length: > 0 } id ? id : ClusterOptions.DefaultClusterId,
            Address = address,
            Port = configuration["Guichet:Cluster:Port"] switch
            {
                null or "" => FreePort(address),
                var told when ushort.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0 => port,
                var other => throw new WrongSettingException($"Guichet:Cluster:Port is '{other}': say a port from 1 to 65535."),
            },
        };
    }

    /// <summary>The usual one or the next that is free, so that several nodes can run on one machine.</summary>
    private static int FreePort(IPAddress address) =>
        Enumerable.Range(FirstPort, Tries).Cast<int?>().FirstOrDefault(port => IsFree(address, port!.Value))
        ?? throw new WrongSettingException($"No port from {FirstPort} on is free at {address}: say Guichet:Cluster:Address, an address of this machine, and Guichet:Cluster:Port.");

    private static bool IsFree(IPAddress address, int port)
    {
        using var probe = new TcpListener(address, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
