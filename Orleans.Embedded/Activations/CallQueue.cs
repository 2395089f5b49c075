namespace Orleans.Embedded;

/// <summary>The requests that wait for their turn, in the order they came. Those that may overtake are rare, and
/// looked for only when there are any.</summary>
internal struct CallQueue
{
    private GrainCall? _first, _last;
    private int _mayOvertake;

    public int Count { get; private set; }

    public readonly bool IsEmpty => _first is null;

    public void Add(GrainCall call)
    {
        call.NextWaiting = null;
        if (_last is null)
            _first = call;
        else
            _last.NextWaiting = call;
        _last = call;
        Count++;
        if (MayOvertake(call))
            _mayOvertake++;
    }

    /// <summary>Takes the first call that <paramref name="activation"/> may start now.</summary>
    public GrainCall? TakeStartable(Activation activation)
    {
        GrainCall? before = null;
        for (var call = _first; call is not null; before = call, call = call.NextWaiting)
        {
            if (activation.MayStart(call))
                return Remove(before, call);
            if (_mayOvertake == 0)
                return null;
        }
        return null;
    }

    public GrainCall? Take() => _first is null ? null : Remove(null, _first);

    private GrainCall Remove(GrainCall? before, GrainCall call)
    {
        if (before is null)
            _first = call.NextWaiting;
        else
            before.NextWaiting = call.NextWaiting;
        if (_last == call)
            _last = before;
        call.NextWaiting = null;
        Count--;
        if (MayOvertake(call))
            _mayOvertake--;
        return call;
    }

    private static bool MayOvertake(GrainCall call) =>
        call.AlwaysInterleave || call.Method.ReadOnly || call.ReentrancyId != Guid.Empty;
}
