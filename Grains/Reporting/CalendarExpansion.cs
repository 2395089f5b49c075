using Guichet.Journal;
using Guichet.Partners;

namespace Guichet.Reporting;

/// <summary>
/// A calendar's time is a run like any other. A group's is for all of the group, whoever came to it meanwhile, but for those who have a
/// calendar of their own.
/// </summary>
public sealed class CalendarExpansion(IReportDeliveries deliveries, IGrainFactory grains, TimeProvider time) : IReportExpansion
{
    private const string OfPartner = "partner-";

    public async Task Expand(string organisation, ExpandReportRun run, CancellationToken cancellation)
    {
        var scope = run.CalendarId.StartsWith(OfPartner, StringComparison.Ordinal)
            ? ReportScope.Of(run.CalendarId[OfPartner.Length..])
            : new ReportScope([], GroupOf(run.CalendarId), await deliveries.Apart(organisation, cancellation), [], null, false);
        var begun = await time.Send(() => grains.GetGrain<IReportRunGrain>(GrainKey.Of(organisation, run.RunId)).Begin(
            new BeginReportRun(scope with { OnlyIfChanged = run.OnlyIfChanged }, run.At, run.CalendarId, run.RunId)
            {
                Id = CommandIds.From("begin-report-run", organisation, run.RunId),
                By = Actor.System("calendar"),
            }));
        // Begun by an earlier try, or too late by now: either way there is nothing more to do.
        if (begun.IsRefused && begun.Refusals[0].Code is not ("command-reused" or "run-exists" or "occurrence-missed"))
            throw new EffectImpossibleException(begun.Refusals[0].Code);
        await deliveries.NoteExpanded(organisation, run.RunId, cancellation);
    }

    private static PartnerGroup GroupOf(string calendarId) => calendarId switch
    {
        "group-partners" => PartnerGroup.Partners,
        "group-agents" => PartnerGroup.Agents,
        "group-venues" => PartnerGroup.Venues,
        _ => throw new EffectImpossibleException($"{calendarId} is no group's calendar."),
    };
}
