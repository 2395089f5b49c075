using System.Collections.Immutable;

namespace Guichet.Devices;

public enum DeviceKind
{
    Scanner = 0,
    Gate = 1,
    Printer = 2,
}

/// <summary>A device that speaks with this node at this moment.</summary>
/// <param name="Name">As its house calls it.</param>
/// <param name="LastHeard">When it last said anything.</param>
public sealed record ConnectedDevice(string Organisation, string Id, DeviceKind Kind, string Name, DateTimeOffset ConnectedAt, DateTimeOffset LastHeard);

/// <summary>The devices connected to this node's gateway: a port, so that pages see them without knowing how they speak.</summary>
public interface IConnectedDevices
{
    /// <summary>An organisation's devices, by name.</summary>
    ImmutableArray<ConnectedDevice> Of(string organisation);
}
