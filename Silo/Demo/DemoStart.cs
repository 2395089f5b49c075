namespace Guichet.Demo;

/// <summary>Makes the demo before the web front answers, so that nobody meets half of it.</summary>
internal sealed class DemoStart(DemoWorld world, ILogger<DemoStart> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await world.MakeIfEmpty(cancellationToken)) logger.LogInformation("The demo was made.");
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
