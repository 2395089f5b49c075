using Guichet.Devices;
using Guichet.Support;

namespace Guichet.Tests.Devices;

public sealed class DeviceGatewayTests
{
    private readonly ManualTime time = new();

    [Fact]
    public void A_house_sees_its_own_connected_devices_only()
    {
        var gateway = new DeviceGateway(time);
        using var ours = gateway.Connect("ours", "s1", DeviceKind.Scanner, "Porte A");
        using var theirs = gateway.Connect("theirs", "s1", DeviceKind.Gate, "Tourniquet");
        time.Advance(TimeSpan.FromSeconds(9));
        ours.Heard();
        var device = Assert.Single(gateway.Of("ours"));
        Assert.Equal("Porte A", device.Name);
        Assert.Equal(TimeSpan.FromSeconds(9), device.LastHeard - device.ConnectedAt);
    }

    [Fact]
    public void A_device_that_connects_again_is_not_taken_away_by_the_end_of_its_first_connection()
    {
        var gateway = new DeviceGateway(time);
        var first = gateway.Connect("ours", "s1", DeviceKind.Scanner, "Porte A");
        using var second = gateway.Connect("ours", "s1", DeviceKind.Scanner, "Porte A bis");
        first.Dispose();
        Assert.Equal("Porte A bis", Assert.Single(gateway.Of("ours")).Name);
        second.Dispose();
        Assert.Empty(gateway.Of("ours"));
    }
}
