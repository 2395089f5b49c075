using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Guichet.Hosting;

/// <summary>
/// Where the node listens: where it is told (<c>--urls</c>, <c>ASPNETCORE_URLS</c>, <c>Kestrel</c> in the settings), else
/// on this machine only, at port 5080 or the next that is free, so that two checkouts can run side by side.
/// </summary>
internal static class Address
{
    private const int First = 5080;
    private const int Tries = 20;

    public static void Choose(WebApplicationBuilder builder)
    {
        var told = builder.Configuration["urls"] ?? builder.Configuration["http_ports"] ?? builder.Configuration["https_ports"];
        if (told is null && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}"));
    }

    private static int FreePort() => Enumerable.Range(First, Tries).Cast<int?>().FirstOrDefault(port => IsFree(port!.Value)) ?? 0;

    private static bool IsFree(int port)
    {
        using var probe = new TcpListener(IPAddress.Loopback, port);
        try
        {
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
