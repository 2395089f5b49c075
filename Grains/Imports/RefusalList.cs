using System.Collections.Immutable;

namespace Guichet.Imports;

/// <summary>Gathers refusals: counts all, keeps the first ones.</summary>
/// <param name="most">How many are kept.</param>
internal sealed class RefusalList(int most = Taken<object>.Kept)
{
    private readonly ImmutableArray<ImportRefusal>.Builder _kept = ImmutableArray.CreateBuilder<ImportRefusal>();

    public int Count { get; private set; }

    public void Add(ImportRefusal refusal)
    {
        Count++;
        if (_kept.Count < most) _kept.Add(refusal);
    }

    /// <summary>Those kept, in the order in which they came.</summary>
    public IReadOnlyList<ImportRefusal> Kept => _kept;

    /// <summary>The value, unless anything was refused.</summary>
    public Taken<T> Or<T>(Func<T> value) where T : class => Count == 0 ? value() : Refused<T>();

    public Taken<T> Refused<T>() where T : class =>
        new(null, [.. _kept.OrderBy(refusal => refusal.Line)], Count);
}
