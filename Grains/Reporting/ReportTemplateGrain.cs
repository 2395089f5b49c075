using Guichet.Journal;
using Orleans.Concurrency;

namespace Guichet.Reporting;

[Reentrant]
public sealed class ReportTemplateGrain : AggregateGrain<ReportTemplateState, ReportTemplateEvent>, IReportTemplateGrain
{
    protected override string Kind => "report_templates";

    protected override ReportTemplateState Empty => ReportTemplateState.Empty;

    protected override Decision<ReportTemplateEvent> Decide(ReportTemplateState state, Command command, DateTimeOffset now) => ReportTemplateCore.Decide(state, command);

    protected override ReportTemplateState Apply(ReportTemplateState state, ReportTemplateEvent happened) => ReportTemplateCore.Apply(state, happened);

    public Task<ReportTemplateView> View() => Task.FromResult(new ReportTemplateView(Aggregate.Organisation, Aggregate.Id, State.Revision, State.Template));

    public Task<Outcome<Done>> Save(SaveReportTemplate command) => Execute<Done>(command);

    public Task<Outcome<Done>> Reset(ResetReportTemplate command) => Execute<Done>(command);
}
