using System.Collections.Immutable;

namespace Guichet.Components;

/// <summary>A part of what a form edits that is kept as a whole when two people edit at the same time.</summary>
/// <param name="Same">Whether two have it alike.</param>
/// <param name="Take">The first, with this part of the second.</param>
public sealed record MergePart<T, TKey>(TKey Key, Func<T, T, bool> Same, Func<T, T, T> Take)
{
    /// <summary>A part that is one value.</summary>
    public static MergePart<T, TKey> Of<TValue>(TKey key, Func<T, TValue> value, Func<T, TValue, T> with) =>
        new(key, (one, other) => EqualityComparer<TValue>.Default.Equals(value(one), value(other)), (into, from) => with(into, value(from)));
}

/// <summary>What to show someone whose form was filled from what another changed meanwhile.</summary>
/// <param name="Merged">Their own changes over the other's.</param>
/// <param name="Taken">Parts that the other changed and they didn't: taken over.</param>
/// <param name="Both">Parts that both changed differently: theirs stands, and they should know.</param>
public sealed record ThreeWayMerge<T, TKey>(T Merged, ImmutableArray<TKey> Taken, ImmutableArray<TKey> Both)
{
    /// <param name="seen">What the form was filled from.</param>
    /// <param name="typed">What it was sent with.</param>
    /// <param name="current">What there is by now.</param>
    public static ThreeWayMerge<T, TKey> Of(T seen, T typed, T current, IEnumerable<MergePart<T, TKey>> parts)
    {
        var taken = ImmutableArray.CreateBuilder<TKey>();
        var both = ImmutableArray.CreateBuilder<TKey>();
        var merged = typed;
        foreach (var part in parts)
        {
            if (part.Same(current, seen) || part.Same(current, typed)) continue;
            if (part.Same(typed, seen))
            {
                taken.Add(part.Key);
                merged = part.Take(merged, current);
            }
            else both.Add(part.Key);
        }
        return new ThreeWayMerge<T, TKey>(merged, taken.ToImmutable(), both.ToImmutable());
    }
}
