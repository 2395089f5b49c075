using System.Runtime.InteropServices;

namespace Guichet.Hosting;

/// <summary>Whether this node has been told to stop. It then still answers for a moment, but isn't ready any more.</summary>
internal sealed class Leaving
{
    private int said;

    public bool IsSaid => Volatile.Read(ref said) == 1;

    /// <summary>False when it was said before.</summary>
    public bool Say() => Interlocked.Exchange(ref said, 1) == 0;
}

/// <summary>
/// From the signal to the end. A node behind a load balancer first says that it isn't ready and goes on answering, each connection once
/// more, until the balancer has noticed (<see cref="Settings.Drain"/>); only then it stops: requests under way finish, open pages find
/// another node, grains are handed over. A second signal ends the waiting.
/// </summary>
internal sealed partial class NodeLifetime(Leaving leaving, Settings settings, IHostApplicationLifetime host, TimeProvider time, ILogger<NodeLifetime> logger)
    : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT })
            signals.Add(PosixSignalRegistration.Create(signal, told =>
            {
                told.Cancel = true;
                _ = LeaveAsync();
            }));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => signals.ForEach(signal => signal.Dispose());

    private async Task LeaveAsync()
    {
        if (leaving.Say() && settings.Drain > TimeSpan.Zero && host.ApplicationStarted.IsCancellationRequested)
        {
            LogLeaving(settings.Drain.TotalSeconds);
            try
            {
                await Task.Delay(settings.Drain, time, host.ApplicationStopping);
            }
            catch (OperationCanceledException)
            {
                // Told again, or stopped from within.
            }
        }
        host.StopApplication();
    }

    [LoggerMessage(LogLevel.Information, "Told to stop: not ready any more, and gone in {Seconds} s")]
    private partial void LogLeaving(double seconds);
}

internal static class LeavingNode
{
    /// <summary>While the node is leaving, each answer closes its connection: whoever kept it comes back through the balancer.</summary>
    public static void UseLeaving(this WebApplication app)
    {
        var leaving = app.Services.GetRequiredService<Leaving>();
        app.Use((http, next) =>
        {
            if (leaving.IsSaid)
                http.Response.Headers.Connection = "close";
            return next(http);
        });
    }
}
