using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Devices;

public static class DevicesHosting
{
    public static IServiceCollection AddDevices(this IServiceCollection services) => services
        .AddSingleton<DeviceGateway>()
        .AddSingleton<IConnectedDevices>(all => all.GetRequiredService<DeviceGateway>());
}
