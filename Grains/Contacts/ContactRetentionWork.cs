using System.Collections.Immutable;
using System.Globalization;
using Guichet.Jobs;
using Guichet.Journal;

namespace Guichet.Contacts;

/// <summary>Goes through the file and writes down whom the rules would erase: a slice in each step, whatever the size of the file.</summary>
public sealed class ContactRetentionPreview(ContactRetentionQueries queries, IGrainFactory grains, TimeProvider time) : IJobWork
{
    private const int ForgottenAtOnce = 50_000;

    public JobKind Kind => JobKind.ContactRetentionPreview;

    public async Task<JobStep> Do(JobView job, CancellationToken cancellation)
    {
        var argument = Json.Read<RetentionArgument>(job.Argument!);
        var after = job.Cursor is { } cursor ? long.Parse(cursor, CultureInfo.InvariantCulture) : 0;
        var retention = grains.GetGrain<IContactRetentionGrain>(GrainKey.Of(job.Organisation, ContactRetentionKey.Id));
        var view = await retention.View();
        // Another look has been begun, or the rules are others: nobody reads this one.
        if (view.Preview?.Id != job.Id) return new JobStep(job.Cursor, job.Done, job.Counts, true);
        if (job.Step == 0)
            while (await queries.Forget(job.Organisation, job.Id, [.. view.Runs.Select(run => run.PreviewId)], ForgottenAtOnce, cancellation) == ForgottenAtOnce)
            {
            }
        var judged = await queries.Next(job.Organisation, argument, after, time.GetUtcNow(), cancellation);
        await queries.Found(job.Organisation, job.Id, [.. judged.Where(one => one.Verdict > RetentionVerdict.Recent)], cancellation);
        var counts = job.Counts;
        foreach (var group in judged.GroupBy(one => (one.Verdict, one.RuleId)))
        {
            counts = RetentionCounts.Plus(counts, RetentionCounts.Of(group.Key.Verdict), group.Count());
            if (group.Key.RuleId is { } rule) counts = RetentionCounts.Plus(counts, RetentionCounts.Of(group.Key.Verdict, rule), group.Count());
        }
        var done = job.Done + judged.Length;
        if (judged.Length == ContactRetentionQueries.Slice) return new JobStep(ContactRules.Number(judged[^1].Number), done, counts, false);
        _ = (await retention.RecordPreview(new RecordRetentionPreview(job.Id, counts.GetValueOrDefault(RetentionCounts.Of(RetentionVerdict.Erase)), done)
        {
            Id = CommandIds.From("record-retention-preview", job.Organisation, job.Id),
            By = Actor.System("contact-retention", job.Organisation),
        })).Accepted;
        return new JobStep(judged.IsEmpty ? job.Cursor : ContactRules.Number(judged[^1].Number), done, counts, true);
    }
}

/// <summary>
/// Erases those whom a preview found. Each is judged again at that moment, by the same rules from the same day on; and the contact itself
/// refuses when something was said of it since.
/// </summary>
public sealed class ContactRetentionRun(ContactRetentionQueries queries, IGrainFactory grains, TimeProvider time) : IJobWork
{
    public const string Erased = "erased";
    public const string Refused = "refused";

    /// <summary>Contacts in a step: who stops a run waits no longer than for these.</summary>
    public const int Slice = 100;

    /// <summary>Each erasure takes its contact's traces out of the database after it: more at once would only wait there.</summary>
    private const int AtOnce = 8;

    /// <summary>The clock of the node that a contact is on may be behind this one's.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(1);

    public JobKind Kind => JobKind.ContactRetentionRun;

    public async Task<JobStep> Do(JobView job, CancellationToken cancellation)
    {
        var argument = Json.Read<RetentionArgument>(job.Argument!);
        var after = job.Cursor is { } cursor ? long.Parse(cursor, CultureInfo.InvariantCulture) : 0;
        var retention = grains.GetGrain<IContactRetentionGrain>(GrainKey.Of(job.Organisation, ContactRetentionKey.Id));
        // Its rules were changed, or another look was taken: it erases nobody any more.
        if ((await retention.View()).Running?.Id != job.Id) return new JobStep(job.Cursor, job.Done, job.Counts, true);
        var slice = await queries.ToErase(job.Organisation, argument.PreviewId, after, Slice, cancellation);
        var now = time.GetUtcNow();
        var judged = (await queries.These(job.Organisation, argument, [.. slice.Select(one => one.Id)], now, cancellation)).ToDictionary(one => one.Id, StringComparer.Ordinal);
        var outcomes = new (long Number, string Outcome, Refusal? Refusal)[slice.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, slice.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (i, _) =>
            outcomes[i] = await Erase(job, argument, slice[i], judged.GetValueOrDefault(slice[i].Id), now));
        await queries.Became(job.Organisation, argument.PreviewId, outcomes, cancellation);
        var counts = outcomes.GroupBy(one => one.Outcome).Aggregate(job.Counts, (all, group) => RetentionCounts.Plus(all, group.Key, group.Count()));
        var done = job.Done + slice.Count;
        if (slice.Count == Slice) return new JobStep(ContactRules.Number(slice[^1].Number), done, counts, false);
        var erased = counts.GetValueOrDefault(Erased);
        _ = (await retention.RecordRun(new RecordRetentionRun(job.Id, erased, done - erased)
        {
            Id = CommandIds.From("record-retention-run", job.Organisation, job.Id),
            By = Actor.System("contact-retention", job.Organisation),
        })).Accepted;
        return new JobStep(slice.Count == 0 ? job.Cursor : ContactRules.Number(slice[^1].Number), done, counts, true);
    }

    /// <summary>The command's id is the run's and the contact's: done again after a crash, it is erased once, and answers so.</summary>
    private async Task<(long Number, string Outcome, Refusal? Refusal)> Erase(JobView job, RetentionArgument argument, ContactRetentionQueries.FoundContact found, JudgedContact? judged, DateTimeOffset now)
    {
        if (judged is { Verdict: not RetentionVerdict.Erase }) return (found.Number, ContactQueries.Name(judged.Verdict), null);
        var contact = grains.GetGrain<IContactGrain>(GrainKey.Of(job.Organisation, found.Id));
        // Gone since: erased by a step that wasn't recorded, or by somebody, or merged. Its last line says which.
        if (judged is null)
            return await contact.View() is { Erasure: { Ground: ErasureGround.Retention } erasure } && erasure.At >= argument.At && erasure.By == argument.By.Name
                ? (found.Number, Erased, null)
                : (found.Number, Refused, Refusal.Of("retention-gone"));
        var outcome = await time.Send(() => contact.Erase(new EraseContact(ErasureGround.Retention, null, judged.Revision)
        {
            IdleSince = now - ClockSlack,
            Id = CommandIds.From("contact-retention", job.Organisation, job.Id, found.Id),
            By = argument.By,
        }));
        return outcome.IsRefused ? (found.Number, Refused, outcome.Refusals[0]) : (found.Number, Erased, null);
    }
}

/// <summary>What the jobs of retention count, by name.</summary>
public static class RetentionCounts
{
    public static string Of(RetentionVerdict verdict) => ContactQueries.Name(verdict);

    public static string Of(RetentionVerdict verdict, string rule) => $"{ContactQueries.Name(verdict)}/{rule}";

    internal static ImmutableSortedDictionary<string, long> Plus(ImmutableSortedDictionary<string, long> counts, string name, int more) => counts.SetItem(name, counts.GetValueOrDefault(name) + more);
}
