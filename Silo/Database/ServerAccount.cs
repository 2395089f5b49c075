using System.Diagnostics;

namespace Guichet.Hosting;

/// <summary>
/// The account that PostgreSQL runs under. It is the node's own, except when that is root, whom PostgreSQL refuses:
/// then it is <c>postgres</c> where the machine has it, else <c>nobody</c>.
/// </summary>
internal sealed class ServerAccount
{
    private readonly string[] becoming;

    private ServerAccount(string name, string[] becoming)
    {
        Name = name;
        this.becoming = becoming;
    }

    public string Name { get; }

    /// <summary>True when the server doesn't run as the node does, so files must be given to it and be within its reach.</summary>
    public bool IsAnother => becoming.Length > 0;

    /// <param name="owner">Whom an existing cluster belongs to, so that it goes on under the same account.</param>
    /// <exception cref="DatabaseUnavailableException">The node is root and can't become anybody else.</exception>
    public static async Task<ServerAccount> ChooseAsync(string? owner, CancellationToken cancel)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new ServerAccount(Environment.UserName, []);

        foreach (var name in new[] { owner, "postgres", "nobody" }.OfType<string>().Distinct())
        {
            var group = await RunAsync(["id", "-g", name], cancel);
            if (name == "root" || group.ExitCode != 0)
                continue;
            // Whichever the system has: util-linux nearly everywhere, sudo on macOS.
            foreach (string[] becoming in (string[][])[
                ["setpriv", $"--reuid={name}", $"--regid={group.Output.Trim()}", "--clear-groups", "--"],
                ["runuser", "-u", name, "--"],
                ["sudo", "-n", "-u", name, "--"]])
                if ((await RunAsync([.. becoming, "id", "-u"], cancel)) is { ExitCode: 0 } became && became.Output.Trim() != "0")
                    return new ServerAccount(name, becoming);
        }
        throw new DatabaseUnavailableException(
            "PostgreSQL refuses to run as root, and no other account could be used (setpriv, runuser and sudo were tried). Run the node as an ordinary user, or name a server of yours in GUICHET_DATABASE.");
    }

    /// <summary>Runs a program to its end under this account.</summary>
    /// <param name="leavesChild">It leaves a process behind, which on Windows would hold the pipe of its output open for ever: no output is read.</param>
    public Task<Finished> RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancel, bool leavesChild = false) =>
        RunAsync([.. becoming, program, .. arguments], cancel, leavesChild);

    /// <summary>Gives a file or a whole folder to this account.</summary>
    public async Task OwnAsync(string path, CancellationToken cancel)
    {
        if (IsAnother && await RunAsync(["chown", "-R", Name, path], cancel) is { ExitCode: not 0 } failed)
            throw new DatabaseUnavailableException($"{path} cannot be given to {Name}: {failed.Output}");
    }

    /// <summary>Whether this account may pass through every folder above a path. The node's own files always count as within reach.</summary>
    public bool CanReach(string path)
    {
        if (!IsAnother || OperatingSystem.IsWindows())
            return true;
        for (var folder = Directory.GetParent(path); folder is not null; folder = folder.Parent)
            if (folder.Exists && !folder.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        return !File.Exists(path) || File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead);
    }

    private static async Task<Finished> RunAsync(string[] command, CancellationToken cancel, bool leavesChild = false)
    {
        var silent = leavesChild && OperatingSystem.IsWindows();
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            // Some place that every account may be in.
            WorkingDirectory = Path.GetPathRoot(Environment.CurrentDirectory),
            RedirectStandardInput = true,
            RedirectStandardOutput = !silent,
            RedirectStandardError = !silent,
        };
        // A PGDATA or PGPORT of the person's shell is about another server.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        // Its messages are read here.
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = silent ? Task.FromResult("") : process.StandardOutput.ReadToEndAsync(cancel);
            var errors = silent ? Task.FromResult("") : process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return new Finished(process.ExitCode, await output + await errors);
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return new Finished(127, missing.Message);
        }
    }

    internal sealed record Finished(int ExitCode, string Output);
}
