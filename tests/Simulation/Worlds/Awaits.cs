namespace Guichet.Simulation;

/// <summary>What a node can be waiting for when it dies.</summary>
public enum Await
{
    /// <summary>A read, a commit or its answer.</summary>
    Store = 0,
    Outbox = 1,
    Stream = 2,

    /// <summary>A mail server or a webhook.</summary>
    Outside = 3,
}

/// <summary>How many nodes died while they waited for each.</summary>
public readonly record struct Deaths(int AtStore, int AtOutbox, int AtStream, int Outside)
{
    public static Deaths operator +(Deaths left, Deaths right) =>
        new(left.AtStore + right.AtStore, left.AtOutbox + right.AtOutbox, left.AtStream + right.AtStream, left.Outside + right.Outside);
}

/// <summary>What one node waits for at the moment.</summary>
/// <param name="begins">Called when it starts to wait for something.</param>
public sealed class Awaits(Action<Await> begins)
{
    private readonly int[] now = new int[Enum.GetValues<Await>().Length];

    /// <summary>Until disposed; with the node it ends anyhow.</summary>
    public Wait For(Await what)
    {
        now[(int)what]++;
        begins(what);
        return new Wait(now, what);
    }

    public Deaths AsDeaths() => new(At(Await.Store), At(Await.Outbox), At(Await.Stream), At(Await.Outside));

    private int At(Await what) => now[(int)what] > 0 ? 1 : 0;

    public readonly struct Wait(int[] now, Await what) : IDisposable
    {
        public void Dispose() => now[(int)what]--;
    }
}
