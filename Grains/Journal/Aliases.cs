using System.Collections.Concurrent;
using System.Reflection;

namespace Guichet.Journal;

/// <summary>A type's name in stored data: its <c>[Alias]</c>, so that a rename in code never breaks what was written.</summary>
public static class Aliases
{
    private static readonly ConcurrentDictionary<Type, string> Known = new();

    /// <exception cref="InvalidOperationException">The type has no alias.</exception>
    public static string Of(Type type) => Known.GetOrAdd(type, static type =>
        type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias
        ?? throw new InvalidOperationException($"{type.Name} is stored by name and has no [Alias]."));
}
