using System.Net;
using System.Net.Sockets;

namespace Guichet.Hosting;

/// <summary>
/// A port of this machine that no other node takes. The engine's listener lets a second process listen at the same port; two nodes that
/// start in the same second would then be one and the same to the cluster. So a node also holds a file, which ends with the process.
/// </summary>
internal sealed class PortClaim : IDisposable
{
    private readonly FileStream held;

    private PortClaim(int port, FileStream held) => (Port, this.held) = (port, held);

    public int Port { get; }

    /// <summary>Null when the port isn't free, or isn't to be had at this address.</summary>
    public static PortClaim? Take(IPAddress address, int port)
    {
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(Path.GetTempPath(), $"guichet-port-{port}"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception taken) when (taken is IOException or UnauthorizedAccessException)
        {
            return null;
        }
        if (IsFree(address, port))
            return new(port, file);
        file.Dispose();
        return null;
    }

    public void Dispose() => held.Dispose();

    private static bool IsFree(IPAddress address, int port)
    {
        using var probe = new TcpListener(address, port);
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
