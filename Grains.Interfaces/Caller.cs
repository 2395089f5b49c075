using Orleans.Runtime;

namespace Guichet;

/// <summary>The actor that a grain call is made for, in Orleans' <see cref="RequestContext"/>. The incoming-call filter refuses calls without one.</summary>
public static class Caller
{
    private const string Key = "guichet.caller";

    public static Actor? Current => RequestContext.Get(Key) as Actor;

    /// <summary>Makes <paramref name="actor"/> the caller of every grain call from here on, in this logical flow.</summary>
    public static void Set(Actor actor) => RequestContext.Set(Key, actor);

    /// <summary>Makes <paramref name="actor"/> the caller until the answer is disposed of, then the one before it again.</summary>
    public static Scope As(Actor actor)
    {
        var before = Current;
        Set(actor);
        return new Scope(before);
    }

    public readonly struct Scope(Actor? before) : IDisposable
    {
        public void Dispose()
        {
            if (before is null) RequestContext.Remove(Key);
            else Set(before);
        }
    }
}
