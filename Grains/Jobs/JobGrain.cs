using Guichet.Journal;
using Orleans.Concurrency;

namespace Guichet.Jobs;

[Reentrant]
public sealed class JobGrain : AggregateGrain<JobState, JobEvent>, IJobGrain
{
    protected override string Kind => "jobs";

    protected override JobState Empty => JobState.Empty;

    protected override Decision<JobEvent> Decide(JobState state, Command command, DateTimeOffset now) => JobCore.Decide(Aggregate.Id, state, command, now);

    protected override JobState Apply(JobState state, JobEvent happened) => JobCore.Apply(state, happened);

    public async Task<JobView?> View()
    {
        await UpToDate();
        return State.StartedAt is { } started
            ? new JobView(
                Aggregate.Organisation, Aggregate.Id, State.Kind, State.Argument, State.Status, State.Total, State.Done, State.Step, State.Cursor, State.Counts,
                State.By, started, State.EndedAt)
            : null;
    }

    public Task<Outcome<Done>> Start(StartJob command) => Execute<Done>(command);

    public Task<Outcome<Done>> Stop(StopJob command) => Execute<Done>(command);

    public Task<Outcome<Done>> Resume(ResumeJob command) => Execute<Done>(command);

    public Task<Outcome<Done>> RecordStep(RecordJobStep command) => Execute<Done>(command);
}
