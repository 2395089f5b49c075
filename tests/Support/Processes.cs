using System.Diagnostics;
using System.Globalization;

namespace Guichet.Support;

/// <summary>Other processes of this machine, by what Linux says of them in <c>/proc</c>.</summary>
internal static class Processes
{
    public static async Task Signal(int process, string name)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{name}", process.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }

    public static IEnumerable<int> Children(int parent) =>
        from folder in Directory.EnumerateDirectories("/proc")
        where int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _) && ParentOf(folder) == parent
        select int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);

    /// <summary>A dead process that nobody has collected is dead.</summary>
    public static bool IsAlive(int process)
    {
        try
        {
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The shell that stops a killed node's server, which is in this folder; null if none is there.</summary>
    public static Process? GuardOf(string data) => Process.GetProcessesByName("sh").FirstOrDefault(shell =>
    {
        try
        {
            return File.ReadAllText($"/proc/{shell.Id}/cmdline").Contains(data, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });

    /// <summary>The server that works on this cluster, or did when it was last started.</summary>
    public static int ServerOf(string cluster) => int.Parse(File.ReadLines(Path.Combine(cluster, "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private static int? ParentOf(string process)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(process, "stat"));
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
