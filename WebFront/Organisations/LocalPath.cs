namespace Guichet.Organisations;

/// <summary>Where to go back to after signing in: only to a page of ours.</summary>
internal static class LocalPath
{
    /// <summary>The path as it is, or the home page for anything that could lead elsewhere: <c>//host</c>, <c>/\host</c>, another scheme.</summary>
    public static string OrHome(string? path) =>
        path is ['/', ..] and { Length: < 2000 } && path is not ['/', '/' or '\\', ..] && !path.Any(char.IsControl) && !path.Contains('\\', StringComparison.Ordinal)
            ? path
            : "/";
}
