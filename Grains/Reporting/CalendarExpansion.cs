using Guichet.Journal;

namespace Guichet.Reporting;

/// <summary>
/// A calendar's time is a run like any other. A group's is for all of the group, whoever came to it meanwhile, but for those who have a
/// calendar of their own.
/// </summary>
public sealed class CalendarExpansion(IReportDeliveries deliveries, IGrainFactory grains, TimeProvider time) : IReportExpansion
{
    public async Task Expand(string organisation, ExpandReportRun run, CancellationToken cancellation)
    {
        var scope = ReportCalendarId.PartnerOf(run.CalendarId) is { } partner
            ? ReportScope.Of(partner)
            : new ReportScope(
                [], ReportCalendarId.GroupOf(run.CalendarId) ?? throw new EffectImpossibleException($"{run.CalendarId} is no group's calendar."),
                await deliveries.Apart(organisation, cancellation), [], null, false);
        var begun = await time.Send(() => grains.GetGrain<IReportRunGrain>(GrainKey.Of(organisation, run.RunId)).Begin(
            new BeginReportRun(scope with { OnlyIfChanged = run.OnlyIfChanged }, run.At, run.CalendarId, run.RunId)
            {
                Id = CommandIds.From("begin-report-run", organisation, run.RunId),
                By = Actor.System("calendar"),
            }));
        switch (begun.IsRefused ? begun.Refusals[0].Code : null)
        {
            // Done, now or by an earlier try.
            case null or "command-reused" or "run-exists":
                break;
            case "occurrence-missed":
                await Miss(organisation, run);
                break;
            case var impossible:
                throw new EffectImpossibleException(impossible);
        }
        await deliveries.NoteExpanded(organisation, run.RunId, cancellation);
    }

    /// <summary>The calendar found it in time, and then everything was down again until it was too late.</summary>
    private async Task Miss(string organisation, ExpandReportRun run)
    {
        var missed = await time.Send(() => grains.GetGrain<IReportCalendarGrain>(GrainKey.Of(organisation, run.CalendarId)).Miss(new MissReport(run.RunId)
        {
            Id = CommandIds.From("miss-report", organisation, run.RunId),
            By = Actor.System("calendar"),
        }));
        if (missed.IsRefused) throw new EffectImpossibleException(missed.Refusals[0].Code);
    }
}
