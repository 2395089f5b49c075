using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace Guichet.Simulation;

/// <summary>
/// The program: <c>--histories N</c> lives that many, on every core, from <c>--from</c> on (drawn when not given); with <c>--keep FILE</c> it
/// notes how far it is and goes on from there the next time; with <c>--bug B</c> they are lived with that bug planted. <c>--seed S</c> lives one and tells it, with <c>--bug B</c> planted and only
/// <c>--steps 1,2,3</c> of its plan. The exit code is 1 when a promise was broken.
/// </summary>
public static class Runner
{
    public static int Run(string[] args)
    {
        if (args.Length % 2 != 0 || args.Where((_, i) => i % 2 == 0).Any(name => name is not ("--histories" or "--from" or "--threads" or "--keep" or "--seed" or "--bug" or "--steps")))
        {
            Console.Error.WriteLine("--histories N [--from SEED] [--threads T] [--keep FILE] [--bug BUG] | --seed SEED [--bug BUG] [--steps 1,2,3]");
            return 2;
        }
        var options = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
        Bug? bug = options.TryGetValue("--bug", out var named) ? Enum.Parse<Bug>(named) : null;
        return options.TryGetValue("--seed", out var seed)
            ? TellOne(Number(seed), bug, options.GetValueOrDefault("--steps"))
            : RunMany(Number(options.GetValueOrDefault("--histories", "1000")), bug, options);
    }

    private static int TellOne(int seed, Bug? bug, string? steps)
    {
        var plan = Plan.From(seed);
        var chosen = steps is null ? plan.Steps : [.. steps.Split(',').Select(number => plan.Steps[Number(number)])];
        Console.WriteLine(Story.Tell(plan, chosen, bug));
        return World.Live(plan, chosen, bug).Failure is null ? 0 : 1;
    }

    private static int RunMany(int histories, Bug? bug, Dictionary<string, string> options)
    {
        var keep = options.GetValueOrDefault("--keep");
        var progress = keep is not null && File.Exists(keep)
            ? Progress.Read(File.ReadAllText(keep))
            : new Progress(options.TryGetValue("--from", out var from) ? Number(from) : RandomNumberGenerator.GetInt32(int.MaxValue / 2), 0);
        var threads = Number(options.GetValueOrDefault("--threads", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)));
        Console.WriteLine($"Histories from seed {progress.First}, {progress.Lived} lived before, {histories} to live, {threads} at a time.");
        var run = new SeedRange(progress.First + progress.Lived, histories, bug);
        var watch = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        var broken = 0;
        run.Live(threads, done =>
        {
            if (run.Failed.Count > broken) Console.WriteLine($"Seed {run.Failed[broken].Seed}: {run.Failed[broken++].Failure}");
            if (watch.Elapsed - told < TimeSpan.FromSeconds(10) && done < histories) return;
            told = watch.Elapsed;
            if (keep is not null) File.WriteAllText(keep, (progress with { Lived = progress.Lived + run.Complete }).Write());
            Console.WriteLine($"{progress.Lived + done} histories, {done / told.TotalSeconds:0.0} a second; {run.Turns / told.TotalSeconds:0} events a second; {run.Lived.TotalDays / told.TotalSeconds:0.0} simulated days a second; {run.Failed.Count} broke a promise; {run.Tallied}");
        });
        foreach (var (seed, failure) in run.Failed.Take(3)) Console.WriteLine($"\nSeed {seed}: {failure}\n{Story.Tell(seed, bug)}");
        Console.WriteLine($"{run.Done} histories, seeds {progress.First + progress.Lived} to {progress.First + progress.Lived + histories - 1}, in {watch.Elapsed.TotalSeconds:0} s: {run.Failed.Count} broke a promise{(run.Failed.IsEmpty ? "" : $" ({string.Join(' ', run.Failed.Select(one => one.Seed))})")}.");
        return run.Failed.IsEmpty ? 0 : 1;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Progress(int First, int Lived)
    {
        public static Progress Read(string written) => written.Trim().Split(' ') is [var first, var lived] ? new Progress(Number(first), Number(lived)) : throw new FormatException("No progress of a simulation.");

        public string Write() => string.Create(CultureInfo.InvariantCulture, $"{First} {Lived}\n");
    }
}

/// <summary>Worlds of consecutive seeds, one on each thread at a time.</summary>
public sealed class SeedRange(int first, int count, Bug? bug = null)
{
    private readonly Lock gate = new();
    private readonly HashSet<int> ahead = [];
    private int next;

    public int Done { get; private set; }

    /// <summary>How many from the first on have been lived without one left out: from there another run may go on.</summary>
    public int Complete { get; private set; }
    public long Turns { get; private set; }
    public TimeSpan Lived { get; private set; }
    public Tallied Tallied { get; private set; } = Tallied.None;
    public ImmutableList<(int Seed, string Failure)> Failed { get; private set; } = [];

    /// <param name="progressed">Called after each history with how many there were, one at a time.</param>
    public void Live(int threads, Action<int>? progressed = null)
    {
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() => Work(progressed)))];
        foreach (var worker in workers) worker.Start();
        foreach (var worker in workers) worker.Join();
    }

    private void Work(Action<int>? progressed)
    {
        while (Interlocked.Increment(ref next) is var mine && mine <= count)
        {
            var ending = World.Live(Plan.From(first + mine - 1), null, bug);
            lock (gate)
            {
                Done++;
                ahead.Add(mine - 1);
                while (ahead.Remove(Complete)) Complete++;
                Turns += ending.Turns;
                Lived += ending.Lived;
                Tallied += ending.Tallied;
                if (ending.Failure is { } failure) Failed = Failed.Add((ending.Seed, failure));
                progressed?.Invoke(Done);
            }
        }
    }
}
