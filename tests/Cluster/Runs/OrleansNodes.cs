using System.Diagnostics;
using Guichet.Hosting;

namespace Guichet.Tests.Cluster;

/// <summary>The program built on Microsoft Orleans, where its packages can be had.</summary>
internal static class OrleansNodes
{
    /// <summary>Its <c>guichet.dll</c>; or why there is none: the packages can't be restored.</summary>
    /// <exception cref="InvalidOperationException">They can, and it doesn't build.</exception>
    public static async Task<(string? Program, string? Missing)> Build(TextWriter output)
    {
        var top = Top();
        var project = Path.Combine(top, "Silo", "Silo.csproj");
        var (restored, said) = await Dotnet(top, "restore", project, "-p:GrainEngine=Orleans");
        if (restored != 0) return (null, said.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal))?.Trim() ?? said.Trim());
        await output.WriteLineAsync("Building the nodes on Orleans…");
        var (built, wrote) = await Dotnet(top, "build", project, "-c", "Release", "-p:GrainEngine=Orleans", "--no-restore", "-m:1", "-v", "q", "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        if (built != 0) throw new InvalidOperationException($"The nodes on Orleans don't build:\n{wrote}");
        return (Path.Combine(top, "Silo", "bin", "Orleans", "Release", "net10.0", "guichet.dll"), null);
    }

    /// <summary>What each node of a cluster on this machine is told.</summary>
    public static (string, string)[] Settings(string database) =>
    [
        ("Guichet:Database", database), ("Guichet:Drain", "5"), ("Guichet:Cluster:Port", Fleet.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture)),
    ];

    private static string Top()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Orleans.sln"))) return folder.FullName;
        throw new InvalidOperationException("This is run from a checkout.");
    }

    private static async Task<(int ExitCode, string Output)> Dotnet(string top, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = top };
        // What the build that runs this has set is about itself.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await said + await complained);
    }
}
