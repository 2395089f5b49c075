using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Xunit.Abstractions;

namespace Guichet.Simulation;

public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int FreshHistories = 300;

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

    /// <summary>Another process hashes its strings otherwise, and this one lives in another country, on one processor, with code that is compiled another way.</summary>
    [Fact]
    public void The_same_seed_gives_the_same_history_on_a_machine_that_is_otherwise()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(World).Assembly.Location, "--digest", "11"])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["TZ"] = "America/St_Johns",
                ["LANG"] = "tr_TR.UTF-8",
                ["LC_ALL"] = "tr_TR.UTF-8",
                ["DOTNET_PROCESSOR_COUNT"] = "1",
                ["DOTNET_TieredCompilation"] = "0",
            },
        };
        using var other = Process.Start(start)!;
        var digest = other.StandardOutput.ReadToEnd().Trim();
        other.WaitForExit();
        Assert.Equal(World.Live(Plan.From(11)).Digest, digest);
    }

    /// <summary>
    /// Of the plan alone, which no change of the product changes: where this differs, every seed means something else than it did before, and
    /// the new value belongs here.
    /// </summary>
    [Fact]
    public void A_seed_means_what_it_meant()
    {
        var steps = string.Join('\n', Plan.From(11).Steps.Select(step => string.Create(CultureInfo.InvariantCulture, $"{step.At} {step.Who} {step.What} {step.Tries}")));
        Assert.Equal("46e3e8add40f7734", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(steps)))[..16]);
    }

    /// <summary>Other ones at each run: what was found by luck is found again by the seed that is printed.</summary>
    [Fact]
    public void Fresh_worlds_keep_every_promise()
    {
        var range = new SeedRange(RandomNumberGenerator.GetInt32(int.MaxValue / 2), FreshHistories);
        range.Live(Environment.ProcessorCount);
        output.WriteLine($"Seeds {range.First} to {range.First + FreshHistories - 1}: {range.Turns} events, {range.Tallied}");
        Console.WriteLine($"Simulated histories: seeds {range.First} to {range.First + FreshHistories - 1}, {range.Turns} events.");
        Assert.True(range.Failed.IsEmpty, range.Failed.IsEmpty ? "" : Story.Tell(range.Failed[0].Seed, null));
    }

    [Fact]
    public void A_venue_keeps_every_promise_for_a_year()
    {
        var year = World.Live(Plan.YearFrom(1));
        Assert.Null(year.Failure);
        Assert.True(year is { Lived.Days: >= 350, Tallied: { Validated: > 3_500, Received: > 200, Crashes: > 5, Reported: { Run: > 300, Taken: > 5_000 } } }, year.ToString());
    }

    /// <summary>A world in which nothing happens keeps every promise too: these are what it is for.</summary>
    [Fact]
    public void What_a_world_is_for_happens_in_it()
    {
        var range = new SeedRange(1, 60);
        range.Live(Environment.ProcessorCount);
        var happened = range.Tallied;
        Assert.True(happened is { Validated: > 200, Received: > 100, Settled: > 60, Moved: > 20, Crashes: > 20, Retries: > 200, Mails: > 20, Posts: > 20 }, happened.ToString());
        Assert.True(happened.Reported is { Run: > 50, Missed: > 0, AtChanges: > 5, Taken: > 50, Doubted: > 5, Skipped: > 20, Copies: > 10 }, happened.ToString());
        Assert.True(happened.Deaths is { AtStore: > 0, AtOutbox: > 0, AtStream: > 0, Outside: > 0 }, happened.ToString());
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
        var range = new SeedRange(1, 1_000, bug) { StopsAtFailure = true };
        range.Live(Environment.ProcessorCount);
        return range.Failed.IsEmpty ? throw new Xunit.Sdk.XunitException($"{bug} isn't found in {range.Done} histories.") : range.Failed.MinBy(one => one.Seed);
    }
}
