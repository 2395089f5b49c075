using System.Security.Cryptography;
using Xunit.Abstractions;

namespace Guichet.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int FreshHistories = 60;

    public static TheoryData<Bug> Every => [.. Enum.GetValues<Bug>()];

    [Theory]
    [InlineData(5)]
    [InlineData(11)]
    [InlineData(2026)]
    public void The_same_seed_gives_the_same_history(int seed)
    {
        var first = World.Live(Plan.From(seed), keepsHistory: true);
        var second = World.Live(Plan.From(seed), keepsHistory: true);
        Assert.Equal(first.History, second.History);
        Assert.Equal((first.Digest, first.Turns), (second.Digest, second.Turns));
        Assert.NotEqual(first.Digest, World.Live(Plan.From(seed + 1)).Digest);
    }

    /// <summary>Other ones at each run: what was found by luck is found again by the seed that is printed.</summary>
    [Fact]
    public void Fresh_worlds_keep_every_promise()
    {
        var from = RandomNumberGenerator.GetInt32(int.MaxValue / 2);
        var range = new SeedRange(from, FreshHistories);
        range.Live(Environment.ProcessorCount);
        output.WriteLine($"Seeds {from} to {from + FreshHistories - 1}: {range.Turns} events, {range.Tallied}");
        Console.WriteLine($"Simulated histories: seeds {from} to {from + FreshHistories - 1}, {range.Turns} events.");
        Assert.True(range.Failed.IsEmpty, range.Failed.IsEmpty ? "" : Story.Tell(range.Failed[0].Seed, null));
    }

    /// <summary>What each of them found is in the changelog.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(29)]
    public void A_seed_that_found_a_bug_of_the_product_keeps_every_promise(int seed) => Assert.Null(World.Live(Plan.From(seed)).Failure);

    /// <summary>A world in which nothing happens keeps every promise too: these are what it is for.</summary>
    [Fact]
    public void What_a_world_is_for_happens_in_it()
    {
        var range = new SeedRange(1, 30);
        range.Live(Environment.ProcessorCount);
        var happened = range.Tallied;
        Assert.True(happened is { Validated: > 100, Received: > 50, Settled: > 30, Crashes: > 10, Retries: > 100, Mails: > 10, Posts: > 10 }, happened.ToString());
    }

    [Theory]
    [MemberData(nameof(Every))]
    public void A_planted_bug_is_found(Bug bug)
    {
        var (seed, failure) = Search(bug);
        output.WriteLine($"{bug}: seed {seed}: {failure}");
        Assert.Null(World.Live(Plan.From(seed)).Failure);
    }

    [Fact]
    public void A_failing_history_is_shrunk_to_a_story_that_fails_again()
    {
        var (seed, failure) = Search(Bug.VersionCheckOff);
        var plan = Plan.From(seed);
        var shortest = Shrinking.Shrink(plan, failure, Bug.VersionCheckOff);
        var story = Story.Tell(plan, shortest, Bug.VersionCheckOff);
        output.WriteLine(story);
        Assert.InRange(shortest.Length, 1, plan.Steps.Length / 2);
        Assert.NotNull(World.Live(plan, shortest, Bug.VersionCheckOff).Failure);
        Assert.Contains("BROKEN", story);
        Assert.Contains($"--seed {seed} --bug VersionCheckOff --steps {shortest[0].Number}", story);
    }

    private static (int Seed, string Failure) Search(Bug bug)
    {
        for (var seed = 1; seed <= 500; seed++)
            if (World.Live(Plan.From(seed), null, bug).Failure is { } failure)
                return (seed, failure);
        throw new Xunit.Sdk.XunitException($"{bug} isn't found in 500 histories.");
    }
}
