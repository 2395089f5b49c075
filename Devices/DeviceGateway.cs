using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Guichet.Devices;

/// <summary>
/// Where devices are connected to this node. It keeps no state that matters: a device that comes back connects again.
/// </summary>
public sealed class DeviceGateway(TimeProvider time) : IConnectedDevices
{
    private readonly ConcurrentDictionary<(string Organisation, string Id), Connection> connections = new();

    /// <summary>A device's connection; it is there until disposed. A second one of the same device takes the place of the first.</summary>
    public Connection Connect(string organisation, string id, DeviceKind kind, string name)
    {
        var connection = new Connection(this, new ConnectedDevice(organisation, id, kind, name, Now, Now));
        connections[(organisation, id)] = connection;
        return connection;
    }

    public ImmutableArray<ConnectedDevice> Of(string organisation) =>
        [.. connections.Values.Select(connection => connection.Device).Where(device => device.Organisation == organisation).OrderBy(device => device.Name, StringComparer.CurrentCulture)];

    public sealed class Connection(DeviceGateway gateway, ConnectedDevice device) : IDisposable
    {
        public ConnectedDevice Device { get; private set; } = device;

        /// <summary>It said something.</summary>
        public void Heard() => Device = Device with { LastHeard = gateway.Now };

        /// <summary>It is gone, unless it has connected again meanwhile.</summary>
        public void Dispose() => gateway.connections.TryRemove(new((Device.Organisation, Device.Id), this));
    }

    private DateTimeOffset Now => time.GetUtcNow();
}
