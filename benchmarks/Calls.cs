using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guichet.Benchmarks;

[Alias("benchmark-echo-grain")]
public interface IEchoGrain : IGrainWithStringKey
{
    Task<int> Echo(int value);
}

public sealed class EchoGrain : Grain, IEchoGrain
{
    public Task<int> Echo(int value) => Task.FromResult(value);
}

/// <summary>Bare grain calls, one after another over a thousand grains, by one caller and by as many as there are cores.</summary>
internal static class Calls
{
    /// <summary>What real Orleans did on two cores (quality.md).</summary>
    private const double Orleans = 37_000;

    public static async Task Run()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        using var host = builder.Build();
        await host.StartAsync();
        var factory = host.Services.GetRequiredService<IGrainFactory>();
        var grains = Enumerable.Range(0, 1_000).Select(i => factory.GetGrain<IEchoGrain>($"bench/{i}")).ToArray();
        foreach (var grain in grains) await grain.Echo(0);
        foreach (var callers in new[] { 1, Environment.ProcessorCount })
        {
            var next = new int[callers];
            var rate = await Sheet.Rate(callers, TimeSpan.FromSeconds(4), async caller => await grains[(next[caller]++ * callers + caller) % grains.Length].Echo(1));
            Sheet.Print($"grain calls/s, 1,000 grains in turn, {callers} caller(s)", $"{rate:N0}/s", "37,000/s, real Orleans on two cores (quality.md)", rate / Orleans);
        }
        await host.StopAsync();
    }
}
