using System.Collections.Immutable;
using System.Text;

namespace Guichet.Simulation;

/// <summary>A history that broke a promise, as it is told: when, who, what, and how to live it again.</summary>
public static class Story
{
    public static string Tell(int seed, Bug? bug)
    {
        var plan = Plan.From(seed);
        var ending = World.Live(plan, null, bug);
        return ending.Failure is { } failure ? Tell(plan, Shrinking.Shrink(plan, failure, bug), bug) : $"Seed {seed}: every promise is kept.";
    }

    public static string Tell(Plan plan, ImmutableArray<Step> steps, Bug? bug)
    {
        var ending = World.Live(plan, steps, bug, keepsHistory: true);
        var story = new StringBuilder();
        story.AppendLine($"Seed {plan.Seed}{(bug is null ? "" : $" with {bug}")}: {ending.Failure ?? "every promise is kept"}.");
        story.AppendLine($"{steps.Length} of {plan.Steps.Length} steps. Days and time since nine in the morning of the first, who, and what:");
        story.AppendLine();
        foreach (var line in ending.History) story.AppendLine(line);
        story.AppendLine();
        story.AppendLine($"Again: {Command(plan, steps, bug)}");
        return story.ToString();
    }

    public static string Command(Plan plan, ImmutableArray<Step> steps, Bug? bug) =>
        $"dotnet run -c Release --project tests/Simulation -- --seed {plan.Seed}{(bug is null ? "" : $" --bug {bug}")}{(steps.Length == plan.Steps.Length ? "" : $" --steps {string.Join(',', steps.Select(step => step.Number))}")}";
}
