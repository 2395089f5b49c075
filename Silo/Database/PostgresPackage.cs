using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Guichet.Hosting;

/// <summary>
/// The PostgreSQL server that npm brings for this platform: <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c> with
/// their libraries and extensions (no <c>psql</c>, no <c>pg_dump</c>).
/// </summary>
/// <remarks>
/// A published program carries it in <c>postgres/</c> beside itself; a built one is told by the build where npm put it
/// (<c>Silo.csproj</c>, target InstallPostgres).
/// </remarks>
internal sealed class PostgresPackage
{
    private readonly string folder;

    private PostgresPackage(string folder) => this.folder = folder;

    /// <summary>The folder that holds <c>bin</c>, <c>lib</c> and <c>share</c>.</summary>
    public string Home => Path.Combine(folder, "native");

    /// <summary>The major version, the one that a cluster's <c>PG_VERSION</c> must have.</summary>
    public required string Major { get; init; }

    public string Program(string name) => Path.Combine(Home, "bin", OperatingSystem.IsWindows() ? name + ".exe" : name);

    /// <exception cref="DatabaseUnavailableException">No package for this platform is installed.</exception>
    public static PostgresPackage Find()
    {
        var built = typeof(PostgresPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == "PostgresPackages").Value!;
        foreach (var packages in new[] { Path.Combine(AppContext.BaseDirectory, "postgres"), built })
            if (File.Exists(Path.Combine(packages, Platform, "package.json")))
                return At(Path.Combine(packages, Platform));

        throw new DatabaseUnavailableException(
            $"No PostgreSQL for {Platform} is installed with the program. Run `npm ci` in Silo and build again, or name a server of yours in GUICHET_DATABASE.");
    }

    /// <summary>Makes the package usable by <paramref name="account"/>: in place, or else as a copy under <paramref name="copies"/>.</summary>
    /// <remarks>
    /// npm packages hold no symbolic links, and npm 11 no longer runs the script that makes them again: the libraries'
    /// short names (<c>libpq.so.5</c> for <c>libpq.so.5.18</c>) are restored here, from the list that the package brings.
    /// </remarks>
    public PostgresPackage UsableBy(ServerAccount account, string copies)
    {
        if (account.CanReach(Program("postgres")) && TryRestoreLinks(folder))
            return this;

        var copy = Path.Combine(copies, $"postgres-{Platform}-{VersionOf(folder)}");
        if (!Directory.Exists(copy))
        {
            // Whole or not at all: another node may be making the same copy, and this one may be interrupted.
            var making = $"{copy}.{Environment.ProcessId}";
            Copy(folder, making);
            if (!TryRestoreLinks(making))
                throw new DatabaseUnavailableException($"The libraries of PostgreSQL cannot be linked in {making}.");
            try
            {
                Directory.Move(making, copy);
            }
            catch (IOException) when (Directory.Exists(copy))
            {
                Directory.Delete(making, recursive: true);
            }
        }
        return At(copy);
    }

    private static PostgresPackage At(string folder) => new(folder) { Major = VersionOf(folder).Split('.')[0] };

    private static string Platform
    {
        get
        {
            var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
            // Windows runs x64 programs on arm64; there is no package of its own for it.
            var arm = RuntimeInformation.OSArchitecture == Architecture.Arm64 && system != "windows";
            return $"{system}-{(arm ? "arm64" : "x64")}";
        }
    }

    private static string VersionOf(string folder)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "package.json")));
        return manifest.RootElement.GetProperty("version").GetString()!;
    }

    private static bool TryRestoreLinks(string folder)
    {
        var list = Path.Combine(folder, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return true;

        using var links = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var path = Path.Combine(folder, link.GetProperty("target").GetString()!);
            if (File.Exists(path))
                continue;
            try
            {
                File.CreateSymbolicLink(path, Path.GetFileName(link.GetProperty("source").GetString()!));
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                // Another node may have made it a moment ago; if not, the folder is not ours to write.
                if (!File.Exists(path))
                    return false;
            }
        }
        return true;
    }

    /// <summary>Copies a folder without its links, for everybody to read.</summary>
    private static void Copy(string from, string to)
    {
        const UnixFileMode read = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode run = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        Directory.CreateDirectory(to);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(to, read | run);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            if (new FileInfo(file).LinkTarget is not null)
                continue;
            var copy = Path.Combine(to, Path.GetFileName(file));
            File.Copy(file, copy, overwrite: true);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(copy, File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute) ? read | run : read);
        }
        foreach (var child in Directory.EnumerateDirectories(from))
            Copy(child, Path.Combine(to, Path.GetFileName(child)));
    }
}
