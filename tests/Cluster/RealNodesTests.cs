using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Simulation;
using Guichet.Support;
using Guichet.Tallies;
using Xunit.Abstractions;

namespace Guichet.Tests.Cluster;

/// <summary>
/// A short run of a real node on its real PostgreSQL, killed and starved under load; and what it left behind falsified in the ways that the
/// reckoning is for, each of which it must see.
/// </summary>
public sealed class RealNodesTests(ITestOutputHelper told)
{
    private const int Seed = 7;

    [LinuxFact]
    public async Task A_node_that_is_killed_and_starved_keeps_every_promise_and_a_forged_end_is_seen()
    {
        using var output = new StringWriter();
        var (broken, remains, evidence, offices) = await EmbeddedRun.Run(Seed, TimeSpan.FromSeconds(20), most: 3, claimsEnd: true, output);
        told.WriteLine(output.ToString());
        Assert.Empty(broken);
        Assert.Contains(remains.Tallies, row => row.SourceVersion is not null);
        Assert.True(evidence.Told.Count(one => one.Tally is not null) > 20, "hardly anything was acknowledged");

        House[] houses = [.. offices.Select(office => office.House)];
        foreach (var (forgery, forge, promise) in Forgeries)
        {
            var seen = Reckoning.Of(forge(remains, evidence), evidence, houses);
            Assert.True(seen.Any(one => one.Contains(promise, StringComparison.Ordinal)), $"{forgery}: {string.Join("; ", seen.Take(3))}");
        }
        Assert.Empty(Reckoning.Of(remains, evidence, houses));
    }

    private static readonly (string Forgery, Func<Remains, Evidence, Remains> Forge, string Promise)[] Forgeries =
    [
        ("an acknowledged tally is dropped, its journal line too", (remains, evidence) =>
        {
            var lost = evidence.Told.Last(one => one.Tally is not null && one.Tally.Value.Version == LastOf(remains, one.Aggregate));
            return remains with
            {
                Aggregates = remains.Aggregates.Replace(Of(remains, lost.Aggregate), Changed(Of(remains, lost.Aggregate), lines => lines.RemoveAll(line => line.CommandId == lost.Command))),
                Tallies = remains.Tallies.RemoveAll(row => row.SessionId == lost.Aggregate.Id && row.Tally.Version == lost.Tally!.Value.Version),
            };
        }, "isn't there"),
        ("an acknowledged tally's row is dropped", (remains, evidence) =>
        {
            var lost = evidence.Told.First(one => one.Tally is not null);
            return remains with { Tallies = remains.Tallies.RemoveAll(row => row.SessionId == lost.Aggregate.Id && row.Tally.Version == lost.Tally!.Value.Version) };
        }, "version"),
        ("a tally is there twice", (remains, evidence) =>
        {
            var twice = evidence.Told.First(one => one.Tally is not null).Aggregate;
            var (row, line) = (remains.Tallies.Last(row => row.SessionId == twice.Id), Of(remains, twice).Lines.Last(line => line.Events.Contains("tally-validated", StringComparison.Ordinal)));
            return remains with
            {
                Aggregates = remains.Aggregates.Replace(Of(remains, twice), Changed(Of(remains, twice), lines => lines.Add(After(lines, twice, line)))),
                Tallies = remains.Tallies.Add(row with { Tally = row.Tally with { Version = row.Tally.Version + 1 } }),
            };
        }, "twice under one id"),
        ("figures of a version are others than those sent", (remains, evidence) =>
        {
            var row = remains.Tallies.First(row => row.SourceVersion is null);
            return remains with { Tallies = remains.Tallies.Replace(row, row with { Tally = row.Tally with { Figures = row.Tally.Figures with { Sold = row.Tally.Figures.Sold + 1 } } }) };
        }, "isn't what was sent"),
        ("what was received over a link is another figure", (remains, evidence) =>
        {
            var row = remains.Tallies.First(row => row.SourceVersion is not null);
            return remains with { Tallies = remains.Tallies.Replace(row, row with { Tally = row.Tally with { Figures = row.Tally.Figures with { Sold = row.Tally.Figures.Sold + 1 } } }) };
        }, "isn't what the terms allow of it"),
        ("an effect stays in the outbox", (remains, _) => remains with
        {
            Effects = remains.Effects.Replace(remains.Effects[^1], new StoredEffect(remains.Effects[^1].Effect)),
        }, "the outbox doesn't drain"),
        ("a journal line's actor is changed", (remains, evidence) =>
        {
            var forged = evidence.Told.First(one => one.Tally is not null).Aggregate;
            return remains with
            {
                Aggregates = remains.Aggregates.Replace(Of(remains, forged), Changed(Of(remains, forged), lines => lines[0] = lines[0] with { By = lines[0].By with { Name = "Nobody" } })),
            };
        }, "doesn't match its hash"),
        ("a request that nobody answered expired twice", (remains, evidence) =>
        {
            var link = Of(remains, remains.Aggregates.First(one => one.Id.Kind == "links" && evidence.Expiring.ContainsKey(one.Id.Id)).Id);
            var line = link.Lines.Single(line => line.Events.Contains("\"link-expired\"", StringComparison.Ordinal));
            return remains with { Aggregates = remains.Aggregates.Replace(link, Changed(link, lines => lines.Add(line))) };
        }, "expired 2 times"),
    ];

    /// <summary>The line once more, so that the chain holds.</summary>
    private static JournalLine After(List<JournalLine> lines, AggregateId aggregate, JournalLine line)
    {
        var next = line with { Sequence = lines.Count + 1 };
        return next with { Hash = HashChain.Next(lines[^1].Hash, aggregate, next) };
    }

    private static int LastOf(Remains remains, AggregateId session) => remains.Tallies.Where(row => row.SessionId == session.Id).Max(row => row.Tally.Version);

    private static StoredAggregate Of(Remains remains, AggregateId id) => remains.Aggregates.Single(one => one.Id == id);

    private static StoredAggregate Changed(StoredAggregate stored, Action<List<JournalLine>> change)
    {
        var changed = new StoredAggregate(stored.Id) { State = stored.State, Version = stored.Version };
        changed.Lines.AddRange(stored.Lines);
        change(changed.Lines);
        foreach (var line in changed.Lines) changed.ByCommand[line.CommandId] = line;
        return changed;
    }
}
