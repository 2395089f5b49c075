using System.Diagnostics;
using Guichet.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Benchmarks;

/// <summary>The same command and the same activation with more and more behind them: both must stay flat.</summary>
internal static class Growth
{
    public static Task Run() => Sheet.WithNode(async (app, database) =>
    {
        var grains = app.Services.GetRequiredService<IGrainFactory>();
        using var caller = Caller.As(Sheet.Operator);
        var session = await Sheet.Session(grains, "growing");
        var lines = 1;
        double? first = null;
        foreach (var wanted in new[] { 10, 1_000, 100_000 })
        {
            while (lines < wanted)
            {
                var batch = Math.Min(256, wanted - lines);
                await Task.WhenAll(Enumerable.Range(lines, batch).Select(sold => session.Validate(Sheet.Tally(sold))));
                lines += batch;
            }
            await Sheet.Execute(database.Owner, "VACUUM ANALYZE sessions, journal, tallies");
            var times = new List<double>();
            for (var i = 0; i < 400; i++)
            {
                var start = Stopwatch.GetTimestamp();
                _ = (await session.Validate(Sheet.Tally(i))).Accepted;
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                lines++;
            }
            times.Sort();
            var median = Sheet.Quantile(times, 0.5);
            first ??= median;
            Sheet.Print($"one tally with {wanted:N0} journal lines behind, p50", $"{median:0.00} ms", $"{first:0.00} ms with 10", median / first.Value);
        }
    });
}
