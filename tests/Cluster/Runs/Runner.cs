using System.Diagnostics;
using System.Globalization;

namespace Guichet.Tests.Cluster;

/// <summary>
/// The program. Without options: three nodes on Orleans through everything that can happen to them, in under five minutes.
/// <c>--engine embedded</c>: one node of the default build, killed and starved at random instants for <c>--minutes</c> M (3). Either with
/// <c>--seed</c> N, which says what people do, and to the single node when what happens. <c>--figures</c>: how fast one, two and three nodes
/// and the default build are, in one run. The exit code is 1 when a promise was broken.
/// </summary>
internal static class Runner
{
    public static async Task<int> Run(string[] args)
    {
        var options = new Dictionary<string, string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--figures") options[args[i]] = "";
            else if (args[i] is "--engine" or "--minutes" or "--seed" && i + 1 < args.Length) options[args[i]] = args[++i];
            else return Usage();
        }
        var engine = options.GetValueOrDefault("--engine", "orleans");
        if (engine is not ("orleans" or "embedded")
            || !double.TryParse(options.GetValueOrDefault("--minutes", "3"), CultureInfo.InvariantCulture, out var minutes) || minutes is <= 0 or > 1_440
            || !int.TryParse(options.GetValueOrDefault("--seed", Random.Shared.Next(1_000_000).ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture, out var seed))
            return Usage();

        var watch = Stopwatch.StartNew();
        var output = Console.Out;
        // What a node in this process has to say to whoever sets it up is nothing to whoever reads this.
        Console.SetOut(TextWriter.Null);
        if (options.ContainsKey("--figures")) return await Figures.Run(output);
        await output.WriteLineAsync($"Seed {seed}, engine {engine}.");
        IReadOnlyList<string> broken;
        if (engine == "embedded")
        {
            (broken, _, _, _) = await EmbeddedRun.Run(seed, TimeSpan.FromMinutes(minutes), int.MaxValue, claimsEnd: false, output);
        }
        else
        {
            var (program, missing) = await OrleansNodes.Build(output);
            if (program is null)
            {
                await output.WriteLineAsync($"Skipped: Orleans' packages can't be restored here. {missing}");
                return 0;
            }
            broken = await OrleansRun.Run(program, seed, output);
        }
        await output.WriteLineAsync($"In {Drive.Seconds(watch.Elapsed)}. Again: dotnet run --project tests/Cluster -c Release -- --engine {engine} --seed {seed}");
        return broken.Count == 0 ? 0 : 1;
    }

    private static int Usage()
    {
        Console.Error.WriteLine("[--engine orleans|embedded] [--minutes M, of embedded] [--seed N] | --figures");
        return 2;
    }
}
