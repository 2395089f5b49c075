using System.Collections.Immutable;
using Guichet.Jobs;
using Guichet.Journal;

namespace Guichet.Tests.Jobs;

public sealed class JobCoreTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 26, 9, 30, 0, TimeSpan.Zero);
    private static readonly Actor Claire = new("org-a", "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    private static StartJob Start() => new(JobKind.ContactDuplicates, null, 5_000) { Id = Guid.NewGuid(), By = Claire };

    private static StopJob Stop() => new() { Id = Guid.NewGuid(), By = Claire };

    private static ResumeJob Resume() => new() { Id = Guid.NewGuid(), By = Claire };

    private static RecordJobStep Step(int step, long done, bool finished = false) =>
        new(step, $"{done}", done, ImmutableSortedDictionary<string, long>.Empty.Add("pairs", step), finished) { Id = Guid.NewGuid(), By = Claire };

    public static TheoryData<string, string, Command[]> Decisions => new()
    {
        { "Running 0/5000 step 0", "run 1", [Start()] },
        { "Running 2000/5000 step 1", "run 2", [Start(), Step(1, 2_000)] },
        { "Running 2000/5000 step 1", "", [Start(), Step(1, 2_000), Step(1, 9_000)] },
        { "Running 0/5000 step 0", "", [Start(), Step(2, 2_000)] },
        { "Running 6000/6000 step 2", "run 3", [Start(), Step(1, 2_000), Step(2, 6_000)] },
        { "Finished 4900/4900 step 2", "", [Start(), Step(1, 2_000), Step(2, 4_900, finished: true)] },
        { "Stopped 0/5000 step 0", "", [Start(), Stop()] },
        { "Stopped 0/5000 step 0", "", [Start(), Stop(), Stop()] },
        { "Stopped 2000/5000 step 1", "", [Start(), Stop(), Step(1, 2_000)] },
        { "Finished 2000/2000 step 1", "", [Start(), Stop(), Step(1, 2_000, finished: true)] },
        { "Running 2000/5000 step 1", "run 2", [Start(), Step(1, 2_000), Stop(), Resume()] },
        { "Running 0/5000 step 0", "", [Start(), Resume()] },
        { "job-exists", "", [Start(), Start()] },
        { "job-unknown", "", [Stop()] },
        { "job-unknown", "", [Step(1, 2_000)] },
        { "job-finished", "", [Start(), Step(1, 2_000, finished: true), Stop()] },
        { "job-finished", "", [Start(), Step(1, 2_000, finished: true), Resume()] },
        { "Finished 2000/2000 step 1", "", [Start(), Step(1, 2_000, finished: true), Step(2, 3_000)] },
    };

    /// <summary>The effects are those of the last command.</summary>
    [Theory]
    [MemberData(nameof(Decisions))]
    public void A_job_goes_step_by_step_until_it_is_done_or_stopped(string state, string effects, Command[] commands)
    {
        var (now, said, due) = (JobState.Empty, "", "");
        foreach (var command in commands)
        {
            var decision = JobCore.Decide("job", now, command, Now);
            now = decision.Events.Aggregate(now, JobCore.Apply);
            said = decision.IsRefused ? decision.Refusals[0].Code : $"{now.Status} {now.Done}/{now.Total} step {now.Step}";
            due = string.Join(' ', decision.Effects.Cast<RunJobStep>().Select(effect => $"run {effect.Step}"));
        }
        Assert.Equal((state, effects), (said, due));
    }
}
