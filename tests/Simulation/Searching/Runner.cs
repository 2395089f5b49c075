using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Guichet.Simulation;

/// <summary>
/// The program. <c>--histories N</c> lives N of them on every core (<c>--threads T</c>), from <c>--from SEED</c> on (drawn when not given);
/// with <c>--keep FILE</c> it notes how far it is and goes on from there the next time, until N are lived in all. <c>--venue-years N</c> lives
/// years of a venue instead. <c>--seed S</c> lives one history and tells it, with only <c>--steps 1,2,3</c> of its plan; <c>--digest S</c>
/// prints what two runs of it must have in common. With <c>--bug B</c> that bug is planted. The exit code is 1 when a promise was broken.
/// </summary>
public static class Runner
{
    private const string Usage =
        "--histories N | --venue-years N  [--from SEED] [--threads T] [--keep FILE] [--bug BUG]\n--seed SEED [--steps 1,2,3] [--bug BUG]\n--digest SEED";

    private static readonly string[] Known = ["--histories", "--venue-years", "--from", "--threads", "--keep", "--seed", "--digest", "--bug", "--steps"];

    public static int Run(string[] args)
    {
        try
        {
            if (args.Length % 2 != 0) throw new FormatException("Each option has a value.");
            if (args.Where((name, i) => i % 2 == 0 && !Known.Contains(name)).FirstOrDefault() is { } unknown) throw new FormatException($"{unknown} isn't known.");
            return Run(args.Chunk(2).DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]));
        }
        catch (FormatException mistake)
        {
            Console.Error.WriteLine($"{mistake.Message}\n{Usage}");
            return 2;
        }
    }

    private static int Run(Dictionary<string, string> options)
    {
        Bug? bug = !options.TryGetValue("--bug", out var named) ? null
            : Enum.TryParse<Bug>(named, out var known) && Enum.IsDefined(known) ? known
            : throw new FormatException($"--bug {named} is none of {string.Join(' ', Enum.GetNames<Bug>())}.");
        if (options.ContainsKey("--digest"))
        {
            Console.WriteLine(World.Live(Plan.From(Number(options, "--digest", 0))).Digest);
            return 0;
        }
        return options.ContainsKey("--seed")
            ? TellOne(Number(options, "--seed", 0), bug, options.GetValueOrDefault("--steps"))
            : RunMany(options, bug);
    }

    private static int TellOne(int seed, Bug? bug, string? steps)
    {
        var plan = Plan.From(seed);
        var chosen = steps is null ? plan.Steps : [.. steps.Split(',').Select(number => StepOf(plan, number))];
        Console.WriteLine(Story.Tell(plan, chosen, bug));
        return World.Live(plan, chosen, bug).Failure is null ? 0 : 1;
    }

    private static Step StepOf(Plan plan, string number) =>
        int.TryParse(number, CultureInfo.InvariantCulture, out var at) && at >= 0 && at < plan.Steps.Length
            ? plan.Steps[at]
            : throw new FormatException($"--steps {number}: seed {plan.Seed} has steps 0 to {plan.Steps.Length - 1}.");

    private static int RunMany(Dictionary<string, string> options, Bug? bug)
    {
        var years = options.ContainsKey("--venue-years");
        var what = years ? "venue-years" : "histories";
        var wanted = Number(options, years ? "--venue-years" : "--histories", 1_000);
        var threads = Math.Max(1, Number(options, "--threads", Environment.ProcessorCount));
        var keep = options.GetValueOrDefault("--keep");
        var before = keep is not null && File.Exists(keep)
            ? Progress.Read(keep)
            : new Progress(options.ContainsKey("--from") ? Number(options, "--from", 0) : RandomNumberGenerator.GetInt32(int.MaxValue / 2), 0, 0, 0, 0, []);
        Console.WriteLine($"{before.Lived} {what} lived before, {Math.Max(0, wanted - before.Lived)} to live, from seed {before.First + before.Lived} on, {threads} at a time.");
        var run = new SeedRange(before.First + before.Lived, Math.Max(0, wanted - before.Lived), bug) { Plans = years ? Plan.YearFrom : Plan.From };
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var ended = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        var watch = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        var broken = 0;
        run.Live(threads, done =>
        {
            for (; broken < run.Failed.Count; broken++) Console.WriteLine($"Seed {run.Failed[broken].Seed}: {run.Failed[broken].Failure}");
            if (watch.Elapsed - told < TimeSpan.FromSeconds(10)) return;
            told = watch.Elapsed;
            Note();
            Console.WriteLine($"{before.Lived + done} of {wanted} {what}, {Rates(done)}; {run.Failed.Count} broke a promise");
        });
        Note();
        foreach (var (seed, failure) in run.Failed.Take(3))
            if (!years) Console.WriteLine($"\nSeed {seed}: {failure}\n{Story.Tell(seed, bug)}");
        var after = After();
        var processor = Environment.CpuUsage.TotalTime.TotalSeconds;
        Console.WriteLine($"{run.Done} {what}, seeds {run.First} to {run.First + run.Done - 1}, in {watch.Elapsed.TotalSeconds:0} s, {processor:0} of the processor's: {Rates(run.Done)}.");
        Console.WriteLine($"For each second of the processor {run.Done / processor:0.0} {what}, {run.Turns / processor:0} events, {run.Lived.TotalDays / processor:0.0} simulated days. {run.Tallied}");
        if (keep is not null) Console.WriteLine($"In all {after.Lived} of {wanted}, seeds {after.First} to {after.First + after.Lived - 1}, {after.Events} events, {after.Seconds:0} s, {after.ProcessorSeconds:0} of the processor's.");
        if (run.Stopped) Console.WriteLine("Stopped; the same command goes on.");
        Console.WriteLine(after.Failed.Length == 0 ? "None broke a promise." : $"{after.Failed.Length} broke a promise: {string.Join(' ', after.Failed)}.");
        return after.Failed.Length == 0 ? 0 : 1;

        // What was begun is lived to its end, and noted.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            run.Stop();
        }

        Progress After() => before with
        {
            Lived = before.Lived + run.Complete,
            Events = before.Events + run.Turns,
            Seconds = before.Seconds + watch.Elapsed.TotalSeconds,
            ProcessorSeconds = before.ProcessorSeconds + Environment.CpuUsage.TotalTime.TotalSeconds,
            Failed = [.. before.Failed.Union(run.Failed.Select(one => one.Seed)).Order()],
        };

        void Note()
        {
            if (keep is not null) After().Write(keep);
        }

        string Rates(int done) => string.Create(
            CultureInfo.InvariantCulture, $"{done / watch.Elapsed.TotalSeconds:0.0} a second, {run.Turns / watch.Elapsed.TotalSeconds:0} events a second");
    }

    private static int Number(Dictionary<string, string> options, string name, int otherwise) =>
        !options.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number
        : throw new FormatException($"{name} {text} isn't a number.");

    /// <param name="Lived">From the first seed on, without one left out.</param>
    private sealed record Progress(int First, int Lived, long Events, double Seconds, double ProcessorSeconds, ImmutableArray<int> Failed)
    {
        public static Progress Read(string file)
        {
            try
            {
                return JsonSerializer.Deserialize<Progress>(File.ReadAllText(file)) ?? throw new JsonException();
            }
            catch (JsonException)
            {
                throw new FormatException($"{file} isn't the progress of a simulation.");
            }
        }

        /// <summary>Whole or not at all.</summary>
        public void Write(string file)
        {
            File.WriteAllText(file + ".new", JsonSerializer.Serialize(this));
            File.Move(file + ".new", file, overwrite: true);
        }
    }
}

/// <summary>Worlds of consecutive seeds, one on each thread at a time.</summary>
public sealed class SeedRange(int first, int count, Bug? bug = null)
{
    private readonly Lock gate = new();
    private readonly HashSet<int> ahead = [];
    private int next;
    private volatile bool stopped;

    public Func<int, Plan> Plans { get; init; } = Plan.From;

    /// <summary>Whether the first that breaks a promise is enough: none of a higher seed is begun then.</summary>
    public bool StopsAtFailure { get; init; }

    public int First => first;
    public int Done { get; private set; }

    /// <summary>How many from the first on have been lived without one left out: from there another run may go on.</summary>
    public int Complete { get; private set; }
    public bool Stopped => stopped;
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

    /// <summary>Those that have begun are lived to their end.</summary>
    public void Stop() => stopped = true;

    private void Work(Action<int>? progressed)
    {
        while (!stopped && !(StopsAtFailure && !Failed.IsEmpty) && Interlocked.Increment(ref next) is var mine && mine <= count)
        {
            var ending = World.Live(Plans(first + mine - 1), null, bug);
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
