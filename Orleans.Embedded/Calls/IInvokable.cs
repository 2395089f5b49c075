using System.Reflection;

namespace Orleans.Serialization.Invocation;

/// <summary>A call on its way: which method, with what.</summary>
public interface IInvokable
{
    object? GetTarget();
    int GetArgumentCount();
    object? GetArgument(int index);
    void SetArgument(int index, object value);
    string GetMethodName();
    string GetInterfaceName();
    string GetActivityName();
    MethodInfo GetMethod();
    Type GetInterfaceType();
    TimeSpan? GetDefaultResponseTimeout();
    CancellationToken GetCancellationToken();
}
