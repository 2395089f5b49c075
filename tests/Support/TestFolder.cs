namespace Guichet.Support;

/// <summary>Passing folders for nodes.</summary>
public static class TestFolder
{
    /// <summary>
    /// A new folder that other accounts may walk through: where the tests are root, a node's database runs as another and then finds
    /// its place in the folder, which is removed with it, instead of in the machine's shared one.
    /// </summary>
    public static string Create()
    {
        var folder = Directory.CreateTempSubdirectory("guichet-test-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return folder;
    }
}
