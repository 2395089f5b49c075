using System.Reflection;

namespace Guichet.Architecture;

/// <summary>What the rules are about: the product's assemblies, and its files in the checkout that the tests were built from.</summary>
internal static class Product
{
    public static readonly Assembly Contracts = typeof(Command).Assembly;
    public static readonly Assembly Grains = typeof(GuichetGrains).Assembly;

    public static readonly IReadOnlyList<string> Projects =
        ["Papers", "Grains.Interfaces", "Grains", "WebFront", "Devices", "Silo", "Orleans.Embedded", "benchmarks", "tests"];

    private static readonly string[] Built = ["bin", "obj", "node_modules", "data"];

    public static string Root { get; } = FindRoot();

    public static IEnumerable<Type> TypesOf(params ReadOnlySpan<Assembly> assemblies) =>
        assemblies.ToArray().SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsCompilerGenerated());

    /// <summary>The files below a folder of the checkout, by path from the root; not what builds leave there.</summary>
    public static IEnumerable<SourceFile> Files(string folder, string extension) =>
        Below(new DirectoryInfo(Path.Combine(Root, folder))).Where(file => file.Extension == extension)
            .Select(file => new SourceFile(Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'), File.ReadAllText(file.FullName)));

    public static IEnumerable<string> Folders() =>
        Projects.SelectMany(project => Directories(new DirectoryInfo(Path.Combine(Root, project))))
            .Select(folder => Path.GetRelativePath(Root, folder.FullName).Replace('\\', '/'));

    private static IEnumerable<FileInfo> Below(DirectoryInfo folder) => Directories(folder).SelectMany(one => one.EnumerateFiles());

    private static IEnumerable<DirectoryInfo> Directories(DirectoryInfo folder) => !folder.Exists ? [] :
        folder.EnumerateDirectories().Where(one => !Built.Contains(one.Name)).SelectMany(Directories).Prepend(folder);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Orleans.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests are not below the checkout they were built from");
    }
}

internal sealed record SourceFile(string Path, string Text);
