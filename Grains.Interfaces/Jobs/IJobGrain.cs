using System.Collections.Immutable;
using Guichet.Organisations;

namespace Guichet.Jobs;

/// <summary>What long work is for.</summary>
public enum JobKind
{
    /// <summary>Goes through the contact file and writes down who may be there twice.</summary>
    ContactDuplicates = 0,

    /// <summary>Carries out an import of contacts.</summary>
    ContactImport = 1,

    /// <summary>Undoes one.</summary>
    ContactImportUndo = 2,

    /// <summary>Edits all that a search of contacts finds.</summary>
    ContactBulk = 3,
}

public enum JobStatus
{
    Running = 0,

    /// <summary>By a person, who may have it go on.</summary>
    Stopped = 1,
    Finished = 2,
}

/// <param name="Argument">JSON of the kind's own; null where it takes none.</param>
/// <param name="Total">How many there are to be done; 0 while it isn't known.</param>
[GenerateSerializer, Immutable, Alias("start-job")]
public sealed record StartJob(JobKind Kind, string? Argument, long Total) : Command;

/// <summary>What a step came to.</summary>
/// <param name="Step">1, 2, 3…: one that was recorded already changes nothing.</param>
/// <param name="Cursor">Where the next step goes on; the kind's own.</param>
/// <param name="Done">Of the total, with this step.</param>
/// <param name="Counts">What the kind counts, each in all so far.</param>
/// <param name="Finished">There is no next step.</param>
[GenerateSerializer, Immutable, Alias("record-job-step")]
public sealed record RecordJobStep(int Step, string? Cursor, long Done, ImmutableSortedDictionary<string, long> Counts, bool Finished) : Command;

/// <summary>The step in hand is done to its end, and none after it.</summary>
[GenerateSerializer, Immutable, Alias("stop-job")]
public sealed record StopJob : Command;

/// <summary>Goes on where it was stopped.</summary>
[GenerateSerializer, Immutable, Alias("resume-job")]
public sealed record ResumeJob : Command;

/// <param name="Step">The last that was recorded; 0 before the first.</param>
/// <param name="EndedAt">When it finished or was stopped.</param>
[GenerateSerializer, Immutable, Alias("job-view")]
public sealed record JobView(
    string Organisation, string Id, JobKind Kind, string? Argument, JobStatus Status, long Total, long Done, int Step, string? Cursor,
    ImmutableSortedDictionary<string, long> Counts, string By, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    public long Count(string name) => Counts.GetValueOrDefault(name);
}

/// <summary>
/// Long work, done step by step: each step's effect is written in the transaction that records the one before, so that a crash loses at most
/// the step in hand, which is done again.
/// </summary>
[Alias("job-grain")]
public interface IJobGrain : IGrainWithStringKey
{
    /// <summary>Null before it is started.</summary>
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<JobView?> View();

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Start(StartJob command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Stop(StopJob command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Resume(ResumeJob command);

    [SystemOnly]
    Task<Outcome<Done>> RecordStep(RecordJobStep command);
}
