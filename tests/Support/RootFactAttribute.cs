namespace Guichet.Support;

/// <summary>A test of what only root can bring about, such as a disk that is full. It is left out for everybody else.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute
{
    public RootFactAttribute()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            Skip = "Only root can do this.";
    }
}
