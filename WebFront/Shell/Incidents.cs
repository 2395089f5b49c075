using System.Collections.Immutable;

namespace Guichet.Shell;

/// <param name="Reference">What the person was shown.</param>
/// <param name="Route">The route's pattern, not the address: ids and what was typed are nobody's business here.</param>
/// <param name="What">The exception's type; its message is in the log, under the reference.</param>
public sealed record Incident(string Reference, DateTimeOffset At, string Method, string Route, string What);

/// <summary>This node's last hundred unexpected errors, so that the reference on an error page leads somewhere.</summary>
public sealed class Incidents(TimeProvider time)
{
    private const int Kept = 100;

    private readonly Queue<Incident> latest = new();
    private readonly Lock gate = new();

    internal void Add(string reference, string method, string route, Exception problem)
    {
        lock (gate)
        {
            latest.Enqueue(new Incident(reference, time.GetUtcNow(), method, route, problem.GetType().Name));
            if (latest.Count > Kept) latest.Dequeue();
        }
    }

    /// <summary>Newest first.</summary>
    public ImmutableArray<Incident> Latest()
    {
        lock (gate) return [.. latest.Reverse()];
    }
}
