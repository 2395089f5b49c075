using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using Orleans.Embedded;

namespace Guichet.Support;

/// <summary>The grains of a test's host on the engine of this build.</summary>
internal static class TestEngine
{
    public static void UseTestEngine(this ISiloBuilder silo)
    {
        silo.UseLocalhostClustering();
        silo.UseInMemoryReminderService();
        // Tests move days in no time: what is being loaded at that moment hasn't taken days.
        silo.Services.Configure<GrainCollectionOptions>(options => options.ActivationTimeout = TimeSpan.FromDays(40));
    }

    /// <summary>Ends the grains where they are, as a crash would.</summary>
    public static Task Kill(IHost host)
    {
        host.Services.GetRequiredService<EmbeddedEngine>().Kill();
        return Task.CompletedTask;
    }
}
