using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Guichet.Journal;

using Decision = Guichet.Journal.Decision<Guichet.Jobs.JobEvent>;

namespace Guichet.Jobs;

/// <param name="StartedAt">Null before it is started.</param>
public sealed record JobState(
    JobKind Kind, string? Argument, JobStatus Status, long Total, long Done, int Step, string? Cursor, ImmutableSortedDictionary<string, long> Counts,
    string By, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    public static readonly JobState Empty = new(default, null, default, 0, 0, 0, null, ImmutableSortedDictionary<string, long>.Empty, "", null, null);
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(JobStarted), "job-started")]
[JsonDerivedType(typeof(JobStepDone), "job-step-done")]
[JsonDerivedType(typeof(JobStopped), "job-stopped")]
[JsonDerivedType(typeof(JobResumed), "job-resumed")]
public abstract record JobEvent
{
    public DateTimeOffset At { get; init; }
}

public sealed record JobStarted(JobKind Kind, string? Argument, long Total, string By) : JobEvent;

public sealed record JobStepDone(int Step, string? Cursor, long Done, ImmutableSortedDictionary<string, long> Counts, bool Finished) : JobEvent;

public sealed record JobStopped : JobEvent;

public sealed record JobResumed : JobEvent;

/// <summary>Does one step of a job.</summary>
/// <param name="Step">The one that is to be done: of a job that is elsewhere by now, it is another effect's.</param>
[Alias("run-job-step")]
public sealed record RunJobStep(string JobId, int Step) : Effect;

/// <summary>What a job decides: pure, without clock, storage or engine.</summary>
public static class JobCore
{
    public static Decision Decide(string jobId, JobState state, Command command, DateTimeOffset now)
    {
        var decision = command switch
        {
            StartJob when state.StartedAt is not null => Decision.Refuse("job-exists"),
            StartJob start => Decision.Accept(new JobStarted(start.Kind, start.Argument, start.Total, start.By.Name)).With(new RunJobStep(jobId, 1)),
            _ when state.StartedAt is null => Decision.Refuse("job-unknown"),
            RecordJobStep record when record.Step != state.Step + 1 || state.Status == JobStatus.Finished => Decision.Accept(),
            RecordJobStep record => Record(jobId, state, record),
            _ when state.Status == JobStatus.Finished => Decision.Refuse("job-finished"),
            StopJob => state.Status == JobStatus.Stopped ? Decision.Accept() : Decision.Accept(new JobStopped()),
            ResumeJob => state.Status == JobStatus.Running ? Decision.Accept() : Decision.Accept(new JobResumed()).With(new RunJobStep(jobId, state.Step + 1)),
            _ => throw new ArgumentException($"A job doesn't know {command.GetType().Name}.", nameof(command)),
        };
        return decision with { Events = [.. decision.Events.Select(happened => happened with { At = now })] };
    }

    public static JobState Apply(JobState state, JobEvent happened) => happened switch
    {
        JobStarted started => JobState.Empty with { Kind = started.Kind, Argument = started.Argument, Total = started.Total, By = started.By, StartedAt = started.At },
        JobStepDone done => state with
        {
            Step = done.Step,
            Cursor = done.Cursor,
            Done = done.Done,
            Counts = done.Counts,
            Total = done.Finished ? done.Done : Math.Max(state.Total, done.Done),
            Status = done.Finished ? JobStatus.Finished : state.Status,
            EndedAt = done.Finished ? done.At : state.EndedAt,
        },
        JobStopped => state with { Status = JobStatus.Stopped, EndedAt = happened.At },
        JobResumed => state with { Status = JobStatus.Running, EndedAt = null },
        _ => throw new ArgumentException($"A job doesn't know {happened.GetType().Name}.", nameof(happened)),
    };

    /// <summary>A step that was in hand when the job was stopped counts; the next waits.</summary>
    private static Decision Record(string jobId, JobState state, RecordJobStep record)
    {
        var decision = Decision.Accept(new JobStepDone(record.Step, record.Cursor, record.Done, record.Counts, record.Finished));
        return record.Finished || state.Status == JobStatus.Stopped ? decision : decision.With(new RunJobStep(jobId, record.Step + 1));
    }
}
