using System.Collections.Immutable;
using Guichet.Feed;
using Guichet.Journal;
using Orleans.Concurrency;
using Orleans.Streams;

namespace Guichet.Reporting;

[Reentrant]
public sealed class ReportRunGrain : AggregateGrain<ReportRunState, ReportRunEvent>, IReportRunGrain
{
    private IStreamProvider streams = null!;

    protected override string Kind => "report_sendings";

    protected override ReportRunState Empty => ReportRunState.Empty;

    protected override Decision<ReportRunEvent> Decide(ReportRunState state, Command command, DateTimeOffset now) =>
        ReportRunCore.Decide(state, command, Aggregate.Id, now);

    protected override ReportRunState Apply(ReportRunState state, ReportRunEvent happened) => ReportRunCore.Apply(state, happened);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await base.OnActivateAsync(cancellationToken);
        streams = this.GetStreamProvider(LiveStreams.Provider);
    }

    public Task<ReportRunView?> View() => Task.FromResult(State.Details is not { } details ? null : new ReportRunView(
        Aggregate.Organisation, Aggregate.Id, details.Kind, details.Scope, details.At, details.BegunAt, details.By, details.Calendar, details.Occurrence));

    public Task<Outcome<Done>> Send(SendReports command) => Execute<Done>(command);

    public Task<Outcome<Done>> Begin(BeginReportRun command) => Execute<Done>(command);

    public Task<Outcome<Done>> Resend(ResendReports command) => Execute<Done>(command);

    protected override Task Committed(ReportRunState before, ReportRunState after, ImmutableArray<ReportRunEvent> events) =>
        streams.Feed(Aggregate.Organisation).OnNextAsync(new ReportRunMoved(Aggregate.Organisation, Time.GetUtcNow(), Aggregate.Id));
}
