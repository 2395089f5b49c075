using System.Diagnostics;
using System.Globalization;

namespace Guichet.Support;

/// <summary>A disk that takes what is written and then says that it couldn't keep it: a server's processes hear the kernel's EIO to their flushes.</summary>
internal sealed class FailingFlushes : IAsyncDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    private readonly Process strace;

    private FailingFlushes(Process strace) => this.strace = strace;

    public static bool Possible => !OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/strace");

    /// <summary>From when it returns until it is disposed of, the server of this cluster and its children are told EIO.</summary>
    public static async Task<FailingFlushes> Begin(string cluster)
    {
        var server = Processes.ServerOf(cluster);
        int[] processes = [server, .. Processes.Children(server)];
        var start = new ProcessStartInfo("strace") { RedirectStandardError = true };
        foreach (var argument in (string[])["-f", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO",
            .. processes.SelectMany(one => new[] { "-p", one.ToString(CultureInfo.InvariantCulture) })])
            start.ArgumentList.Add(argument);
        var strace = new Process { StartInfo = start };
        var left = processes.Length;
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        strace.ErrorDataReceived += (_, line) =>
        {
            // It says so for each that it holds, and for each that was gone before.
            if (line.Data is { } said && (said.EndsWith("attached", StringComparison.Ordinal) || said.Contains("No such process", StringComparison.Ordinal))
                && Interlocked.Decrement(ref left) == 0)
                held.TrySetResult();
        };
        strace.Start();
        strace.BeginErrorReadLine();
        await held.Task.WaitAsync(patience);
        return new FailingFlushes(strace);
    }

    public async ValueTask DisposeAsync()
    {
        // Asked, it lets go of the processes one by one; killed, it might leave one standing where it was.
        await Processes.Signal(strace.Id, "TERM");
        try
        {
            await strace.WaitForExitAsync().WaitAsync(patience);
        }
        finally
        {
            strace.Kill();
            strace.Dispose();
        }
    }
}

/// <summary>A test that comes between a program and the kernel: for root, where strace is installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StraceFactAttribute : FactAttribute
{
    public StraceFactAttribute()
    {
        if (!FailingFlushes.Possible) Skip = "Only root can do this, with strace.";
    }
}
