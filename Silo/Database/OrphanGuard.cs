using System.Diagnostics;
using System.Globalization;

namespace Guichet.Hosting;

/// <summary>
/// Stops the server when the node has died without doing so itself, however it died: a shell waits at the end of a
/// pipe whose other end closes with the node. Where there is no shell (Windows), the next start takes the server over.
/// </summary>
internal sealed class OrphanGuard : IDisposable
{
    // The last line read is the server's process; or that it is being launched, which is waited for; or empty, when there
    // is nothing left to do. A server that was killed leaves its file behind, and a node that came since has one of its own:
    // only what is to be deleted is waited for, and not for ever.
    private const string Script = """
        trap '' INT TERM HUP
        while read -r line; do server=$line; done
        if [ "$server" = launching ]; then sleep 2; server=$(head -n 1 "$1/postmaster.pid" 2>/dev/null); fi
        if [ -n "$server" ] && [ "$(head -n 1 "$1/postmaster.pid" 2>/dev/null)" = "$server" ]; then
          kill -INT "$server"
        fi
        if [ -n "$2" ]; then
          left=600
          while [ -e "$1/postmaster.pid" ] && [ $left -gt 0 ]; do left=$((left - 1)); sleep 0.1; done
          rm -rf -- "$2"
        fi
        """;

    private readonly Process? shell;

    /// <param name="cluster">The server's data directory.</param>
    /// <param name="scratch">A folder that shall not outlive the node, or null.</param>
    public OrphanGuard(string cluster, string? scratch)
    {
        if (OperatingSystem.IsWindows())
            return;
        shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script, "guichet-postgres-guard", cluster, scratch ?? ""])
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
        });
    }

    public void Expect() => Tell("launching");

    public void Watch(int server) => Tell(server.ToString(CultureInfo.InvariantCulture));

    public void Dispose()
    {
        Tell("");
        shell?.StandardInput.Close();
        shell?.Dispose();
    }

    private void Tell(string line)
    {
        try
        {
            shell?.StandardInput.WriteLine(line);
            shell?.StandardInput.Flush();
        }
        catch (IOException)
        {
            // Somebody killed the guard. The server runs on; what is lost is its end after a crash of the node.
        }
    }
}
