namespace Orleans.Runtime;

/// <summary>Which activation's turn runs on this thread.</summary>
internal static class RuntimeContext
{
    [ThreadStatic]
    private static IGrainContext? _current;

    public static IGrainContext? Current => _current;

    public static IGrainContext? Exchange(IGrainContext? next)
    {
        var before = _current;
        _current = next;
        return before;
    }
}
