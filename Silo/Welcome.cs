using Guichet.Demo;
using Guichet.Mail;
using Guichet.Portals;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Guichet.Hosting;

/// <summary>
/// Once the node listens: says where, and how to sign in, to who stands at the console, and tells the rest of the product what
/// address to put into mails. A collector of JSON lines reads the address in the log.
/// </summary>
internal sealed class Welcome(IServer server, IConfiguration configuration, Settings settings, PublicAddress address, IServiceProvider services) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        var listening = Reached(server.Features.Get<IServerAddressesFeature>()!.Addresses.First());
        address.Root = settings.Address ?? listening;
        if (!settings.JsonLogs)
            Greet(listening);
        return Task.CompletedTask;
    }

    /// <summary>Mails may leave before the node listens, the demo's among them: where it will is known by then, unless the system chooses the port.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var told = configuration["urls"]?.Split(';', StringSplitOptions.RemoveEmptyEntries) is [var first, ..] ? Reached(first) : null;
        if ((settings.Address ?? told) is { Port: > 0 } known) address.Root = known;
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>An address that means every network of this machine, as a browser on it writes it.</summary>
    private static Uri Reached(string listening) => new(listening
        .Replace("//0.0.0.0", "//localhost", StringComparison.Ordinal).Replace("//[::]", "//localhost", StringComparison.Ordinal)
        .Replace("//*", "//localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal));

    private void Greet(Uri listening)
    {
        Console.WriteLine();
        Console.WriteLine($"  Guichet  {listening.GetLeftPart(UriPartial.Authority)}");
        if (services.GetService<Mailbox>() is not null)
            Console.WriteLine($"  Mail     {new Uri(listening, "mailbox")}");
        Console.WriteLine();
        if (services.GetService<DemoWorld>() is null)
            return;
        Console.WriteLine("  Sign in to the demo, each in a browser (or a private window) of its own:");
        foreach (var signIn in DemoWorld.SignIns)
            Console.WriteLine($"    {signIn.Organisation,-20}  {signIn.Email,-32}  {signIn.Password}");
        Console.WriteLine($"  The theatre's contacts have a space of their own at {new Uri(listening, SpaceAddress.Of(DemoWorld.House)[1..])}");
        foreach (var signIn in DemoWorld.SpaceSignIns)
            Console.WriteLine($"    {signIn.Organisation,-20}  {signIn.Email,-32}  {signIn.Password}");
        Console.WriteLine();
    }
}
