using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Embedded;

namespace Guichet.Tests.Engine;

/// <summary>A host whose every step is taken by the test: one thread, order from a seed, time that jumps from timer to timer.</summary>
public sealed class SeededSilo : IDisposable
{
    private readonly IHost _host;

    public SeededSilo(int seed, Action<ISiloBuilder>? configure = null)
    {
        Scheduler = new(seed);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.UseOrleans(silo =>
        {
            silo.UseInMemoryReminderService().AddMemoryStreams(TestSilo.Streams);
            silo.Configure<EmbeddedOptions>(options => options.Scheduler = Scheduler);
            configure?.Invoke(silo);
        });
        _host = builder.Build();
        Run(() => Engine.StartAsync(CancellationToken.None));
    }

    public ManualTime Clock { get; } = new();
    public SeededScheduler Scheduler { get; }
    public IClusterClient Client => _host.Services.GetRequiredService<IClusterClient>();
    internal EmbeddedEngine Engine => _host.Services.GetRequiredService<EmbeddedEngine>();

    /// <summary>Runs work to its end, and lets time go on whenever nothing else can.</summary>
    public void Run(Func<Task> work)
    {
        var task = Scheduler.Run(work);
        while (true)
        {
            Scheduler.RunUntilIdle();
            if (task.IsCompleted)
                break;
            Clock.AdvanceTo(Clock.NextDue ?? throw new InvalidOperationException("nothing is left to happen, but the work is not done"));
        }
        task.GetAwaiter().GetResult();
    }

    /// <summary>Stops the engine itself: a host's own code leaves the scheduler.</summary>
    public void Dispose()
    {
        Run(() => Engine.StopAsync(CancellationToken.None));
        _host.Dispose();
    }
}
