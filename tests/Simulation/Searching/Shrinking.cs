using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Guichet.Simulation;

/// <summary>Finds the shortest history that still breaks the same promise, by leaving out what people do and what goes wrong.</summary>
public static partial class Shrinking
{
    private const int MostTries = 400;

    /// <param name="failure">The promise that the plan's steps break.</param>
    /// <returns>Steps of the plan that break it too, none of which can be left out (or as few as were found within the tries).</returns>
    public static ImmutableArray<Step> Shrink(Plan plan, string failure, Bug? bug)
    {
        var shortest = plan.Steps;
        var tries = 0;
        for (var size = Math.Max(1, shortest.Length / 2); ; size = Math.Max(1, size / 2))
        {
            var shorter = false;
            for (var from = 0; from < shortest.Length && tries < MostTries;)
            {
                ImmutableArray<Step> without = [.. shortest.Take(from), .. shortest.Skip(from + size)];
                tries++;
                if (World.Live(plan, without, bug).Failure is { } broken && IsSame(broken, failure)) (shortest, shorter) = (without, true);
                else from += size;
            }
            if (tries >= MostTries || (size == 1 && !shorter)) return shortest;
        }
    }

    /// <summary>The same promise, whatever the names and numbers.</summary>
    private static bool IsSame(string left, string right) => Shape(left) == Shape(right);

    private static string Shape(string failure) => Particulars().Replace(failure, "");

    [GeneratedRegex(@"[0-9]+|\p{Lu}\w*('s)?( \p{Lu}\w*)*|session of link")]
    private static partial Regex Particulars();
}
