namespace Orleans.Runtime;

/// <summary>Values that go along with calls, from caller to callee and on. What the callee changes is not seen by the
/// caller. The dictionary behind it is never changed once set, so messages may share it.</summary>
public static class RequestContext
{
    private const string Reentrancy = "#CCR";

    private static readonly AsyncLocal<Dictionary<string, object>?> Values = new();

    internal static Dictionary<string, object>? Export() => Values.Value;

    internal static void Import(Dictionary<string, object>? values)
    {
        if (!ReferenceEquals(Values.Value, values))
            Values.Value = values;
    }

    internal static Guid ReentrancyIdOf(Dictionary<string, object>? values) =>
        values is not null && values.TryGetValue(Reentrancy, out var id) ? (Guid)id : Guid.Empty;

    public static IEnumerable<string> Keys => Values.Value?.Keys ?? Enumerable.Empty<string>();

    public static IEnumerable<KeyValuePair<string, object>> Entries =>
        Values.Value ?? Enumerable.Empty<KeyValuePair<string, object>>();

    public static object? Get(string key) => Values.Value is { } values && values.TryGetValue(key, out var value) ? value : null;

    public static void Set(string key, object value)
    {
        var copy = Values.Value is { } values ? new Dictionary<string, object>(values) : new(1);
        copy[key] = value;
        Values.Value = copy;
    }

    public static bool Remove(string key)
    {
        if (Values.Value is not { } values || !values.ContainsKey(key))
            return false;
        var copy = new Dictionary<string, object>(values);
        copy.Remove(key);
        Values.Value = copy.Count == 0 ? null : copy;
        return true;
    }

    public static void Clear() => Import(null);

    /// <summary>Names the call chain: a grain that allowed it lets the chain's calls back in while it waits for them.</summary>
    public static Guid ReentrancyId
    {
        get => ReentrancyIdOf(Values.Value);
        set
        {
            if (value == Guid.Empty)
                Remove(Reentrancy);
            else
                Set(Reentrancy, value);
        }
    }

    /// <summary>Until disposed, calls made from here may come back to this grain without waiting for it.</summary>
    public static ReentrancySection AllowCallChainReentrancy()
    {
        var current = ReentrancyId;
        return new(current, current == Guid.Empty ? Guid.NewGuid() : current);
    }

    /// <summary>Until disposed, calls made from here that come back wait like any other.</summary>
    public static ReentrancySection SuppressCallChainReentrancy() => new(ReentrancyId, Guid.Empty);

    public readonly struct ReentrancySection : IDisposable
    {
        private readonly Guid _original;
        private readonly Guid _section;
        private readonly Activation? _activation;

        public ReentrancySection(Guid originalReentrancyId, Guid newReentrancyId)
        {
            (_original, _section) = (originalReentrancyId, newReentrancyId);
            _activation = RuntimeContext.Current as Activation;
            if (newReentrancyId != originalReentrancyId)
                ReentrancyId = newReentrancyId;
            if (newReentrancyId != Guid.Empty)
                _activation?.EnterReentrantSection(newReentrancyId);
        }

        public void Dispose()
        {
            if (_section != Guid.Empty)
                _activation?.LeaveReentrantSection(_section);
            if (_original != _section)
                ReentrancyId = _original;
        }
    }
}
