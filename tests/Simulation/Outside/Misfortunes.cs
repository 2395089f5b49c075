namespace Guichet.Simulation;

/// <summary>What is going wrong at the moment. Each fault draws from a seed of its own, so that leaving another out doesn't change what it does.</summary>
public sealed class Misfortunes(SimulatedTime time)
{
    private readonly List<(Fault Fault, TimeSpan Until, Random Chance)> active = [];

    public void Begin(Fault fault, int seed) => active.Add((fault, time.Passed + fault.Lasts, new Random(seed)));

    /// <summary>From here on nothing goes wrong any more.</summary>
    public void End() => active.Clear();

    /// <summary>The fault of this kind that strikes now, if one does.</summary>
    public T? Strikes<T>() where T : Fault
    {
        active.RemoveAll(one => one.Until < time.Passed);
        foreach (var (fault, _, chance) in active)
            if (fault is T struck && chance.Next(100) < fault.Percent)
                return struck;
        return null;
    }
}

/// <param name="Lasts">How long it may strike.</param>
/// <param name="Percent">How often it does in that time.</param>
public abstract record Fault(TimeSpan Lasts, int Percent);

public enum CommitFate
{
    /// <summary>Nothing was written, and the node hears so.</summary>
    FailsBefore = 0,

    /// <summary>It is written; the answer is lost.</summary>
    FailsAfter = 1,

    /// <summary>The node hears of a failure first; it is written later.</summary>
    CommitsLate = 2,

    /// <summary>It is written and answered, after longer than a caller waits.</summary>
    Hangs = 3,
}

public sealed record CommitTrouble(TimeSpan Lasts, int Percent, CommitFate Fate) : Fault(Lasts, Percent);

/// <summary>Reads fail: a connection is cut, or none is free.</summary>
public sealed record ReadTrouble(TimeSpan Lasts, int Percent) : Fault(Lasts, Percent);

/// <summary>Calls from one grain to another, and from the product to its grains, take up to twenty seconds to arrive: others overtake them.</summary>
public sealed record CallTrouble(TimeSpan Lasts, int Percent) : Fault(Lasts, Percent);

public enum WireFate
{
    Drops = 0,
    Doubles = 1,

    /// <summary>Comes later, behind what was sent after it.</summary>
    Reorders = 2,
}

public sealed record WireTrouble(TimeSpan Lasts, int Percent, WireFate Fate) : Fault(Lasts, Percent);

public enum SenderFate
{
    /// <summary>Not now.</summary>
    Fails = 0,

    /// <summary>Never.</summary>
    Refuses = 1,
    Hangs = 2,

    /// <summary>Takes it, and says that it didn't.</summary>
    Forgets = 3,
}

public sealed record MailTrouble(TimeSpan Lasts, int Percent, SenderFate Fate) : Fault(Lasts, Percent);

public sealed record WebhookTrouble(TimeSpan Lasts, int Percent, SenderFate Fate) : Fault(Lasts, Percent);
