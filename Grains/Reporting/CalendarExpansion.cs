using Guichet.Journal;

namespace Guichet.Reporting;

/// <summary>
/// A calendar's time is a run like any other. A group's is for all of the group, whoever came to it meanwhile, but for those who have a
/// calendar of their own.
/// </summary>
public sealed class CalendarExpansion(Database database, IGrainFactory grains, TimeProvider time) : IReportExpansion
{
    public async Task Expand(string organisation, ExpandReportRun run, CancellationToken cancellation)
    {
        var scope = ReportCalendarId.PartnerOf(run.CalendarId) is { } partner
            ? ReportScope.Of(partner)
            : new ReportScope(
                [], ReportCalendarId.GroupOf(run.CalendarId) ?? throw new EffectImpossibleException($"{run.CalendarId} is no group's calendar."),
                [.. await Apart(organisation, cancellation)], [], null, false);
        var begun = await time.Send(() => grains.GetGrain<IReportRunGrain>(GrainKey.Of(organisation, run.RunId)).Begin(
            new BeginReportRun(scope with { OnlyIfChanged = run.OnlyIfChanged }, run.At, run.CalendarId, run.RunId)
            {
                Id = CommandIds.From("begin-report-run", organisation, run.RunId),
                By = Actor.System("calendar"),
            }));
        // Begun by an earlier try, or too late by now: either way there is nothing more to do.
        if (begun.IsRefused && begun.Refusals[0].Code is not ("command-reused" or "run-exists" or "occurrence-missed"))
            throw new EffectImpossibleException(begun.Refusals[0].Code);
        await database.Execute(
            organisation, "UPDATE report_runs SET expanded_at = @now WHERE organisation = @organisation AND id = @id AND expanded_at IS NULL",
            new { organisation, id = run.RunId, now = time.GetUtcNow().UtcDateTime }, cancellation);
    }

    /// <summary>Partners that have a calendar of their own, also one that is switched off: nothing leaves for them by their group's.</summary>
    private Task<IReadOnlyList<string>> Apart(string organisation, CancellationToken cancellation) => database.Query<string>(
        organisation, "SELECT substr(id, 9) FROM report_calendars WHERE organisation = @organisation AND id LIKE 'partner-%' AND state ? 'details'", new { organisation }, cancellation);
}
