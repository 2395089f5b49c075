using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Reporting;

public static class ReportingHosting
{
    /// <summary>The calendars' effects. What a run is taken apart into is added as <see cref="IReportExpansion"/>.</summary>
    public static IServiceCollection AddReporting(this IServiceCollection services) => services
        .AddEffect<WakeReportCalendar, WakeReportCalendarHandler>()
        .AddEffect<ExpandReportRun, ExpandReportRunHandler>();
}
