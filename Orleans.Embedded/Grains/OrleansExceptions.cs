namespace Orleans.Runtime;

/// <summary>Base of what the engine itself throws. What a grain throws reaches the caller as it is.</summary>
[GenerateSerializer]
public class OrleansException : Exception
{
    public OrleansException() { }
    public OrleansException(string message) : base(message) { }
    public OrleansException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>The request was not run: the engine refused it or could not reach its target.</summary>
[GenerateSerializer]
public class OrleansMessageRejectionException : OrleansException
{
    internal OrleansMessageRejectionException(string message) : base(message) { }
    internal OrleansMessageRejectionException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>What ran the target is gone. Whether the request had any effect is unknown.</summary>
[GenerateSerializer]
public sealed class SiloUnavailableException : OrleansMessageRejectionException
{
    public SiloUnavailableException() : base("The silo is unavailable") { }
    public SiloUnavailableException(string msg) : base(msg) { }
    public SiloUnavailableException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>Too many requests wait.</summary>
[GenerateSerializer]
public sealed class LimitExceededException : OrleansException
{
    public LimitExceededException() { }
    public LimitExceededException(string message) : base(message) { }
    public LimitExceededException(string message, Exception innerException) : base(message, innerException) { }

    public LimitExceededException(string limitName, int current, int threshold, object extraInfo)
        : base($"{limitName}: {current} of at most {threshold} ({extraInfo})") { }
}

/// <summary>The host is put together in a way that can't work.</summary>
[GenerateSerializer]
public sealed class OrleansConfigurationException : Exception
{
    public OrleansConfigurationException(string message) : base(message) { }
    public OrleansConfigurationException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>A reminder that another change overtook, or that isn't there.</summary>
[GenerateSerializer]
public sealed class ReminderException(string message) : OrleansException(message);
