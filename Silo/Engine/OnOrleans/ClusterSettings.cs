using System.Globalization;
using System.Net;
using Orleans.Configuration;

namespace Guichet.Hosting;

/// <summary>What a node is told of the cluster it belongs to (docs/cluster.md). Its port is its own until this is disposed of.</summary>
internal sealed class ClusterSettings : IDisposable
{
    private const int FirstPort = 11111;
    private const int Tries = 20;

    /// <summary>Nodes of one database that say the same are one cluster. Two clusters on one database would each have the same grains.</summary>
    public required string Id { get; init; }

    /// <summary>Where the other nodes reach this one. It listens there and nowhere else.</summary>
    public required IPAddress Address { get; init; }

    public int Port => claim.Port;

    private readonly PortClaim claim;

    private ClusterSettings(PortClaim claim) => this.claim = claim;

    public static ClusterSettings From(IConfiguration configuration)
    {
        var address = configuration["Guichet:Cluster:Address"] switch
        {
            null or "" => IPAddress.Loopback,
            var told when IPAddress.TryParse(told, out var parsed) && !parsed.Equals(IPAddress.Any) && !parsed.Equals(IPAddress.IPv6Any) => parsed,
            var other => throw new WrongSettingException($"Guichet:Cluster:Address is '{other}': say the IP address at which the other nodes reach this one."),
        };
        return new(PortOf(configuration["Guichet:Cluster:Port"], address))
        {
            Id = configuration["Guichet:Cluster:Id"] is { Length: > 0 } id ? id : ClusterOptions.DefaultClusterId,
            Address = address,
        };
    }

    public void Dispose() => claim.Dispose();

    private static PortClaim PortOf(string? told, IPAddress address)
    {
        if (string.IsNullOrEmpty(told))
            return Enumerable.Range(FirstPort, Tries).Select(port => PortClaim.Take(address, port)).FirstOrDefault(claim => claim is not null)
                ?? throw new WrongSettingException($"No port from {FirstPort} on is free at {address}: say Guichet:Cluster:Address, an address of this machine, and Guichet:Cluster:Port.");
        if (!ushort.TryParse(told, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) || wanted == 0)
            throw new WrongSettingException($"Guichet:Cluster:Port is '{told}': say a port from 1 to 65535.");
        return PortClaim.Take(address, wanted)
            ?? throw new WrongSettingException($"Guichet:Cluster:Port {wanted} isn't free at {address}: say another, or an address of this machine in Guichet:Cluster:Address.");
    }
}
