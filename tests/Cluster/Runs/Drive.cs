using System.Globalization;
using Guichet.Journal;
using Guichet.Simulation;
using Npgsql;

namespace Guichet.Tests.Cluster;

/// <summary>What was done to an installation, and what its clients had of it.</summary>
internal sealed record Ordeal(string What, LedgerSheet Sheet, IReadOnlyList<(string Why, int Times)> Reasons);

/// <summary>A workload on an installation that goes through one ordeal after the other, and the reckoning at the end.</summary>
internal sealed class Drive(Workload workload, Ledger ledger, Evidence evidence, IReadOnlyList<House> houses, TextWriter output)
{
    private readonly List<Ordeal> ordeals = [];

    /// <summary>Does something to the installation, and watches until it is through with it.</summary>
    /// <param name="watched">For how long after it was done.</param>
    /// <param name="withoutFailure">A promise: no request may fail meanwhile.</param>
    public async Task Through(string what, Func<Task> act, TimeSpan watched, bool withoutFailure = false)
    {
        var from = ledger.Now;
        await act();
        await Task.Delay(watched, TimeProvider.System);
        var to = ledger.Now;
        var ordeal = new Ordeal(what, ledger.Between(from, to), ledger.WhyBetween(from, to));
        ordeals.Add(ordeal);
        await output.WriteLineAsync($"{Row(ordeal)}{(ordeal.Reasons.Count == 0 ? "" : $"   {string.Join(", ", ordeal.Reasons.Select(one => $"{one.Times} {one.Why}"))}")}");
        if (withoutFailure && ordeal.Sheet.Failed > 0) evidence.Broken($"{what}: {ordeal.Sheet.Failed} attempts failed ({string.Join(", ", ordeal.Reasons.Select(one => $"{one.Times} {one.Why}"))})");
    }

    public async Task WriteHead()
    {
        await output.WriteLineAsync("| what was done | answered | failed attempts | requests sent again | last failure after | longest silence | slowest request | page without stream |");
        await output.WriteLineAsync("|---|---|---|---|---|---|---|---|");
    }

    /// <summary>Lets the people come to an end and the installation to rest, and reads what it has left behind; the promises that were broken.</summary>
    public async Task<IReadOnlyList<string>> Settle(NpgsqlDataSource owner, IReadOnlyList<string> mails, TimeSpan longest)
    {
        await workload.Stop();
        var began = ledger.Now;
        while (true)
        {
            var remains = await Read(owner, mails);
            List<string> broken = [.. Reckoning.Of(remains, evidence, houses), .. Pages(remains)];
            if (broken.Except(evidence.SeenBroken).Any() && ledger.Now - began < longest)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
                continue;
            }
            var verified = await JournalVerification.Run(owner, GuichetGrains.StateTables, CancellationToken.None);
            broken.AddRange(verified.Faults);
            await output.WriteLineAsync($"""

                At rest after {Seconds(ledger.Now - began)}: {evidence.Told.Count(told => told.Tally is not null)} acknowledgements of {remains.Tallies.Count(row => row.SourceVersion is null)} tallies,
                {remains.Tallies.Count(row => row.SourceVersion is not null)} received over links ({evidence.Links.Count} links), {evidence.Postings.Count} posted to webhooks, {evidence.Expiring.Count} requests expired,
                {evidence.Sights.Count} sights, {workload.Pages.Count} open pages, {remains.Lines} journal lines of {verified.Aggregates} aggregates, {remains.Effects.Length} effects.
                """);
            await output.WriteLineAsync(broken.Count == 0 ? "Every promise was kept." : $"{broken.Count} promises were broken:");
            foreach (var promise in broken.Take(20)) await output.WriteLineAsync($"  {promise}");
            return broken;
        }
    }

    /// <summary>Connections from before the database was restarted are worth nothing.</summary>
    private static async Task<Remains> Read(NpgsqlDataSource owner, IReadOnlyList<string> mails)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await Remains.Read(owner, mails);
            }
            catch (NpgsqlException) when (attempt < 20)
            {
                owner.Clear();
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            }
    }

    /// <summary>Each open page shows what its session has.</summary>
    private IEnumerable<string> Pages(Remains remains)
    {
        var sold = remains.Tallies.GroupBy(row => (row.Organisation, row.SessionId)).ToDictionary(of => of.Key, of => of.MaxBy(row => row.Tally.Version)!.Tally.Figures.Sold);
        foreach (var page in workload.Pages)
            if (sold.TryGetValue((page.Organisation, page.Session), out var figure) && page.Sold != figure.ToString(CultureInfo.InvariantCulture))
                yield return $"an open page shows {(page.Sold.Length == 0 ? "nothing" : page.Sold)} sold of session {page.Session}, which has {figure}";
    }

    private static string Row(Ordeal ordeal) =>
        $"| {ordeal.What} | {ordeal.Sheet.Answered} | {ordeal.Sheet.Failed} | {ordeal.Sheet.Retried} | {(ordeal.Sheet.LastFailure is { } last ? Seconds(last) : "–")} | {Seconds(ordeal.Sheet.Silence)} | {Seconds(ordeal.Sheet.Slowest)} | {(ordeal.Sheet.Blind == TimeSpan.Zero ? "–" : Seconds(ordeal.Sheet.Blind))} |";

    public static string Seconds(TimeSpan span) => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s");
}
