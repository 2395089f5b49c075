using Microsoft.Extensions.Configuration;

namespace Orleans.Hosting;

/// <summary>Where a silo is put together.</summary>
public interface ISiloBuilder
{
    IServiceCollection Services { get; }
    IConfiguration Configuration { get; }
}

internal sealed record SiloBuilder(IServiceCollection Services, IConfiguration Configuration) : ISiloBuilder;
