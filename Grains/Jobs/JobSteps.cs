using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Jobs;

/// <param name="Cursor">Where the next step goes on.</param>
/// <param name="Done">Of the total, with this step.</param>
/// <param name="Counts">Each in all so far.</param>
public sealed record JobStep(string? Cursor, long Done, ImmutableSortedDictionary<string, long> Counts, bool Finished);

/// <summary>What a kind of job does in one step: seconds of work at most, harmless when it is done again.</summary>
public interface IJobWork
{
    JobKind Kind { get; }

    Task<JobStep> Do(JobView job, CancellationToken cancellation);
}

/// <summary>Does the step that is due, if it still is, and records it.</summary>
public sealed class RunJobStepHandler(IEnumerable<IJobWork> works, IGrainFactory grains) : IEffectHandler<RunJobStep>
{
    public async Task Do(RunJobStep effect, EffectContext context, CancellationToken cancellation)
    {
        var grain = grains.GetGrain<IJobGrain>(GrainKey.Of(context.Organisation, effect.JobId));
        if (await grain.View() is not { Status: JobStatus.Running } job || job.Step != effect.Step - 1) return;
        var step = await works.Single(work => work.Kind == job.Kind).Do(job, cancellation);
        var recorded = await grain.RecordStep(new RecordJobStep(effect.Step, step.Cursor, step.Done, step.Counts, step.Finished)
        {
            Id = Guid.NewGuid(),
            By = Actor.System("jobs", context.Organisation),
        });
        if (recorded.IsRefused) throw new EffectImpossibleException(recorded.Refusals[0].Code);
    }
}
