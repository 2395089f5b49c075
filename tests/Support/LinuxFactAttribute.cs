namespace Guichet.Support;

/// <summary>A test that finds other programs' processes where Linux tells of them. What only root can do is left out of it for everybody else.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        if (!OperatingSystem.IsLinux()) Skip = "Processes are found in /proc.";
    }
}
