using Guichet.Journal;

namespace Guichet.Reporting;

/// <summary>Has a calendar that was set woken when it is due: in the outbox, so that a crash right after the change loses nothing.</summary>
[Alias("wake-report-calendar")]
public sealed record WakeReportCalendar(string CalendarId) : Effect;

/// <summary>
/// Makes a run into a delivery for each partner that is due in it. Its row in <c>report_runs</c> is there; <c>expanded_at</c> says
/// whether this is done.
/// </summary>
/// <param name="At">The instant of the figures, and the date of the mails.</param>
[Alias("expand-report-run")]
public sealed record ExpandReportRun(string CalendarId, string RunId, DateTimeOffset At, bool OnlyIfChanged) : Effect;

/// <summary>Takes a run apart. A port, so that calendars don't know what is delivered; a node without one leaves its runs unexpanded.</summary>
public interface IReportExpansion
{
    /// <summary>Harmless a second time.</summary>
    Task Expand(string organisation, ExpandReportRun run, CancellationToken cancellation);
}

public sealed class WakeReportCalendarHandler(IGrainFactory grains) : IEffectHandler<WakeReportCalendar>
{
    public Task Do(WakeReportCalendar effect, EffectContext context, CancellationToken cancellation) =>
        grains.GetGrain<IReportCalendarGrain>(GrainKey.Of(context.Organisation, effect.CalendarId)).Wake();
}

public sealed class ExpandReportRunHandler(IEnumerable<IReportExpansion> expansions) : IEffectHandler<ExpandReportRun>
{
    public async Task Do(ExpandReportRun effect, EffectContext context, CancellationToken cancellation)
    {
        foreach (var expansion in expansions) await expansion.Expand(context.Organisation, effect, cancellation);
    }
}
