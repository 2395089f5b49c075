using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Guichet.Tests.Journeys;

/// <summary>The real node, as a process of its own with a database of its own, at a port that was free.</summary>
public sealed partial class RunningNode : IAsyncDisposable
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(90);
    private readonly Process process;
    private readonly string folder;
    private readonly StringBuilder output = new();
    private readonly List<(Regex Line, TaskCompletionSource<string> Found)> awaited = [];

    private RunningNode(Process process, string folder) => (this.process, this.folder) = (process, folder);

    public Uri Address { get; private set; } = default!;

    public int ProcessId => process.Id;

    /// <summary>What it printed so far: shown by a test that fails on it.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    /// <summary>The first group of a line that it prints, or has printed.</summary>
    public Task<string> Printed(Regex line)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (output)
        {
            if (line.Match(output.ToString()) is { Success: true } said) found.SetResult(said.Groups[1].Value);
            else awaited.Add((line, found));
        }
        return found.Task.WaitAsync(LongestStart);
    }

    /// <param name="settings">Further settings of the command line: <c>--Guichet:Demo=true</c>.</param>
    public static async Task<RunningNode> Start(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("guichet-journey-").FullName;
        // Where this is root, the node's database is another account's, and is removed with the folder only if it may walk through it.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = folder,
        };
        foreach (var argument in (string[])[Program(), "--urls", "http://127.0.0.1:0", $"--Guichet:Data={Path.Combine(folder, "data")}", .. settings])
            start.ArgumentList.Add(argument);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DOTNET_NOLOGO"] = "1";

        var node = new RunningNode(new Process { StartInfo = start, EnableRaisingEvents = true }, folder);
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        void Read(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is null)
                return;
            lock (node.output)
            {
                node.output.AppendLine(line.Data);
                foreach (var (wanted, found) in node.awaited)
                    if (wanted.Match(line.Data) is { Success: true } said)
                        found.TrySetResult(said.Groups[1].Value);
            }
            if (AddressLine().Match(line.Data) is { Success: true } match)
                listening.TrySetResult(new Uri(match.Value));
        }
        node.process.OutputDataReceived += Read;
        node.process.ErrorDataReceived += Read;
        node.process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"The node stopped before it listened.\n{node.Output}"));
        node.process.Start();
        node.process.BeginOutputReadLine();
        node.process.BeginErrorReadLine();
        try
        {
            node.Address = await listening.Task.WaitAsync(LongestStart);
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
        return node;
    }

    /// <summary>Moves the clock of a node that was started with one of its own (<c>--Guichet:Clock</c>), and waits until it is.</summary>
    public async Task MoveClockTo(DateTimeOffset instant)
    {
        var written = instant.ToString("yyyy-MM-dd'T'HH:mm:sszzz", System.Globalization.CultureInfo.InvariantCulture);
        await process.StandardInput.WriteLineAsync(written);
        await process.StandardInput.FlushAsync();
        await Printed(new Regex($"The clock was moved to ({Regex.Escape(written)})"));
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            // As a service manager does: the node closes its database with it.
            using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The host that was built with these tests, in the same configuration.</summary>
    private static string Program()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        for (var top = output; top is not null; top = top.Parent)
            if (File.Exists(Path.Combine(top.FullName, "Orleans.sln")))
                return Path.Combine(top.FullName, "Silo", Path.GetRelativePath(Path.Combine(top.FullName, "tests", "Journeys"), output.FullName), "guichet.dll");
        throw new InvalidOperationException("Run from within the repository.");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex AddressLine();
}
