using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Guichet.Support;

/// <summary>
/// The real program as a process, on a port of its own: for what only a real process shows, such as being killed. It keeps
/// its data in a folder of its own unless told otherwise, and ends with the test at the latest.
/// </summary>
public sealed partial class NodeProcess : IAsyncDisposable
{
    // A busy machine is no failure.
    private static readonly TimeSpan patience = TimeSpan.FromMinutes(3);

    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly List<(string Text, TaskCompletionSource Seen)> awaited = [];
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(Process process, string data)
    {
        this.process = process;
        Data = data;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"The node ended before it listened:\n{Output}"));
    }

    /// <summary>Its data folder.</summary>
    public string Data { get; }

    /// <summary>Where it answers.</summary>
    public Uri Address { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    public int ProcessId => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>Completes when it has ended, however.</summary>
    public Task Ended => process.WaitForExitAsync();

    /// <summary>What it has written so far.</summary>
    public string Output
    {
        get
        {
            lock (lines)
                return string.Join('\n', lines);
        }
    }

    /// <summary>Starts a node and waits until it listens.</summary>
    /// <param name="data">Its data folder.</param>
    /// <param name="settings">More settings: <c>("Guichet:Database", …)</c>; without a colon, environment variables.</param>
    public static Task<NodeProcess> StartAsync(string data, params (string Name, string Value)[] settings) => StartAsync(OwnProgram, data, settings);

    /// <param name="program">Another build of the program than the one the tests are made with: its <c>guichet.dll</c>.</param>
    /// <inheritdoc cref="StartAsync(string, ValueTuple{string, string}[])" />
    public static async Task<NodeProcess> StartAsync(string program, string data, (string Name, string Value)[] settings)
    {
        var node = new NodeProcess(Start(program, [], data, settings), data);
        node.Begin();
        try
        {
            node.Address = await node.listening.Task.WaitAsync(patience);
        }
        catch
        {
            await node.KillAsync();
            throw;
        }
        node.Http = new HttpClient { BaseAddress = node.Address };
        return node;
    }

    /// <summary>Runs one of the program's commands to its end.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(string data, params string[] command) => RunAsync(data, command, []);

    /// <inheritdoc cref="RunAsync(string, string[])" />
    public static async Task<(int ExitCode, string Output)> RunAsync(string data, string[] command, params (string Name, string Value)[] settings)
    {
        await using var node = new NodeProcess(Start(OwnProgram, command, data, settings), data);
        node.Begin();
        await node.process.WaitForExitAsync().WaitAsync(patience);
        return (node.process.ExitCode, node.Output);
    }

    /// <summary>Completes when a line holding this text has been written.</summary>
    public Task WrittenAsync(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (lines)
        {
            if (lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
                return Task.CompletedTask;
            awaited.Add((text, seen));
        }
        return seen.Task.WaitAsync(patience);
    }

    /// <summary>As <c>kill -9</c> does: nothing of the program runs any more.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>As a service manager does; Ctrl+C is the same to a node, but ignored by what was started in a script's background.</summary>
    public Task TellToStopAsync() => Processes.Signal(process.Id, "TERM");

    /// <summary>Tells it to stop, and waits until it has.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await TellToStopAsync();
        await process.WaitForExitAsync().WaitAsync(patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        try
        {
            if (!process.HasExited)
                await StopAsync();
        }
        finally
        {
            process.Kill();
        }
        process.Dispose();
    }

    private static string OwnProgram => typeof(Hosting.NodeDatabase).Assembly.Location;

    private static Process Start(string program, string[] command, string data, (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [program, .. command, .. settings.Where(IsOption).Select(setting => $"--{setting.Name}={setting.Value}")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.Environment["GUICHET_DATA"] = data;
        // Its register of erasures is the test's own: beside a folder of the test's, but never beside everybody's.
        if (Path.GetDirectoryName(data) == Path.TrimEndingDirectorySeparator(Path.GetTempPath())) start.Environment["GUICHET_ERASURES"] = Path.Combine(data, "erasures");
        start.Environment["GUICHET_LOGS"] = "text";
        start.Environment["GUICHET_DEMO"] = "false";
        start.Environment["GUICHET_DRAIN"] = "0";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in settings.Where(setting => !IsOption(setting)))
            start.Environment[name] = value;
        return new Process { StartInfo = start, EnableRaisingEvents = true };
    }

    private static bool IsOption((string Name, string Value) setting) => setting.Name.Contains(':', StringComparison.Ordinal);

    private void Begin()
    {
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        lock (lines)
        {
            lines.Add(line);
            foreach (var (_, seen) in awaited.Where(one => line.Contains(one.Text, StringComparison.Ordinal)))
                seen.TrySetResult();
        }
        if (Listening().Match(line) is { Success: true } match)
            listening.TrySetResult(new Uri(match.Groups[1].Value));
    }

    [GeneratedRegex(@"^\s*Guichet\s+(http://\S+)")]
    private static partial Regex Listening();
}
