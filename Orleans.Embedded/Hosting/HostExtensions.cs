using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans;
using Orleans.Hosting;

namespace Microsoft.Extensions.Hosting;

public static class OrleansSiloGenericHostExtensions
{
    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<ISiloBuilder> configureDelegate) =>
        hostBuilder.UseOrleans((_, silo) => configureDelegate(silo));

    public static IHostBuilder UseOrleans(this IHostBuilder hostBuilder, Action<HostBuilderContext, ISiloBuilder> configureDelegate) =>
        hostBuilder.ConfigureServices((context, services) => configureDelegate(context, Add(services, context.Configuration)));

    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder) => hostAppBuilder.UseOrleans(static _ => { });

    public static IHostApplicationBuilder UseOrleans(this IHostApplicationBuilder hostAppBuilder, Action<ISiloBuilder> configureDelegate)
    {
        configureDelegate(Add(hostAppBuilder.Services, hostAppBuilder.Configuration));
        return hostAppBuilder;
    }

    private static SiloBuilder Add(IServiceCollection services, IConfiguration configuration)
    {
        if (services.All(static one => one.ServiceType != typeof(EmbeddedEngine)))
        {
            services.AddOptions();
            services.TryAddSingleton(TimeProvider.System);
            services.AddSingleton<EmbeddedEngine>();
            services.AddSingleton<IClusterClient>(static all => all.GetRequiredService<EmbeddedEngine>().Factory);
            services.AddSingleton<IGrainFactory>(static all => all.GetRequiredService<EmbeddedEngine>().Factory);
            services.AddSingleton(static all => all.GetRequiredService<EmbeddedEngine>().Figures);
            services.AddHostedService<EngineLifetime>();
        }
        return new(services, configuration);
    }

    /// <summary>Starts and stops the engine with the host.</summary>
    private sealed class EngineLifetime(EmbeddedEngine engine) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => engine.StartAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => engine.StopAsync(cancellationToken);
    }
}
