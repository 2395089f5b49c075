using System.Diagnostics;

namespace Guichet.Support;

/// <summary>A folder that is a disk of its own, in memory, which something else can fill: only root can make one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string folder;

    private SmallDisk(string folder)
    {
        this.folder = folder;
        AppDomain.CurrentDomain.ProcessExit += Leave;
    }

    public static bool Possible => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess;

    private string Ballast => Path.Combine(folder, "ballast");

    public static async Task<SmallDisk> Mount(string folder, int megabytes)
    {
        await Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=755", "tmpfs", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Leaves so many bytes free, or a little more where others write meanwhile.</summary>
    public async Task Fill(long leaving)
    {
        for (var attempt = 1; ; attempt++, leaving *= 2)
            try
            {
                await Run("fallocate", "-l", $"{new DriveInfo(folder).AvailableFreeSpace - leaving}", Ballast);
                return;
            }
            catch (InvalidOperationException) when (attempt < 8)
            {
                // It was taken between the look and the filling.
            }
    }

    public void MakeRoom() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= Leave;
        // Lazily: whatever still uses it must not hide what went wrong.
        await Run("umount", "--lazy", folder);
    }

    /// <summary>It goes with the process at the latest, as soon as nobody uses it any more.</summary>
    private void Leave(object? sender, EventArgs ended) => Run("umount", "--lazy", folder).Wait(TimeSpan.FromSeconds(2));

    private static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await process.StandardError.ReadToEndAsync()}");
    }
}
