namespace Guichet;

/// <summary>What a contact that is signed in to its space may call.</summary>
public enum ContactAccess
{
    /// <summary>Not this: everything that doesn't say otherwise.</summary>
    None = 0,

    /// <summary>On the grain of its own record.</summary>
    Own = 1,

    /// <summary>On any of its organisation's: the grain itself checks who it is.</summary>
    Any = 2,
}

/// <summary>
/// On every method of a grain's interface: the least role that may call it in the organisation of the grain's key.
/// The incoming-call filter keeps to it; the system may call everything.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresAttribute(Role role) : Attribute
{
    public Role Role { get; } = role;

    /// <summary>The caller may be of another organisation than the key's: the grain itself checks that it is a party.</summary>
    public bool OpenToCounterpart { get; init; }

    public ContactAccess Contacts { get; init; }
}

/// <summary>On a method that only the product itself may call.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemOnlyAttribute : Attribute;

/// <summary>A call that the filter refused: a bug in a page or an attempt, never an answer for a person.</summary>
[GenerateSerializer, Alias("call-refused")]
public sealed class CallRefusedException : Exception
{
    public CallRefusedException() { }
    public CallRefusedException(string message) : base(message) { }
    public CallRefusedException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>
/// The command's outcome is not known (storage failed, or another activation was ahead): send it again with the same id.
/// </summary>
[GenerateSerializer, Alias("try-again")]
public sealed class TryAgainException : Exception
{
    public TryAgainException() { }
    public TryAgainException(string message) : base(message) { }
    public TryAgainException(string message, Exception innerException) : base(message, innerException) { }
}
