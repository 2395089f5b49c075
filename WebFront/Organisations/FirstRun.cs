using Guichet.Mail;
using Microsoft.Extensions.Hosting;

namespace Guichet.Organisations;

/// <summary>Whether the installation still waits for its first organisation. Once it is over, it is over for ever.</summary>
internal sealed class FirstRun(OrganisationQueries organisations)
{
    private volatile bool over;

    public async Task<bool> IsOver(CancellationToken cancellation) => over || (over = await organisations.AnyExists(cancellation));
}

/// <summary>Prints, where only whoever runs the machine sees it, what opens the first-run wizard.</summary>
internal sealed class FirstRunNotice(FirstRun firstRun, SetupCodes codes, PublicAddress address) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        if (await firstRun.IsOver(cancellationToken)) return;
        var code = await codes.Print(cancellationToken);
        Console.WriteLine($"""

              Nobody can sign in yet. To set up, open
              {new Uri(address.Root, $"setup?code={code}")}
              Set-up code: {code}

            """);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
