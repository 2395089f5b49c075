using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Guichet.Tests.Engine;

/// <summary>A host of its own for one test, on whichever engine the build has.</summary>
public sealed partial class TestSilo : IAsyncDisposable
{
    public const string Streams = "events";

    private readonly IHost _host;

    private TestSilo(IHost host, ManualTime clock) => (_host, Clock) = (host, clock);

    public ManualTime Clock { get; }
    public IServiceProvider Services => _host.Services;
    public IClusterClient Client => Services.GetRequiredService<IClusterClient>();

    public static async Task<TestSilo> StartAsync(Action<ISiloBuilder>? configure = null)
    {
        var clock = new ManualTime();
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(silo =>
        {
            UseEngine(silo, clock);
            configure?.Invoke(silo);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new(host, clock);
    }

    public T Grain<T>(string key) where T : IGrainWithStringKey => Client.GetGrain<T>(key);

    /// <summary>Lets time pass step by step until the task has an end: what is timed may not have begun yet, and ends
    /// on other threads, which get a moment of real time after each step.</summary>
    public async Task AdvanceUntilAsync(TimeSpan step, Task task)
    {
        var patience = Task.Delay(Gate.Patience, TimeProvider.System);
        while (!task.IsCompleted && !patience.IsCompleted)
        {
            Clock.Advance(step);
            await Task.WhenAny(task, Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System));
        }
        Assert.True(task.IsCompleted, "time passed in vain");
    }

    public Task StopAsync() => _host.StopAsync();

    /// <summary>Abruptly: what a test has left unfinished is not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(new CancellationToken(canceled: true));
        _host.Dispose();
    }

    /// <summary>A key that no other test uses.</summary>
    public static string NewKey() => Guid.NewGuid().ToString("N");
}
