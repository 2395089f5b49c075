using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Guichet.Reporting;

public static class ReportsHosting
{
    /// <summary>What reports need on every node.</summary>
    public static void AddReports(this IServiceCollection services)
    {
        services.AddSingleton<ReportQueries>();
        services.TryAddSingleton<IReportDeliveries, PostgresReportDeliveries>();
        services.AddSingleton<ReportRunQueued>();
        services.AddSingleton<ReportLog>();
        services.AddSingleton<ReportFailures>();
        services.AddSingleton<ReportBounces>();
        services.AddSingleton<ReportCalendars>();
        services.AddSingleton<IReportExpansion, CalendarExpansion>();
        services.AddEffect<ExpandRun, ExpandRunHandler>();
        services.AddEffect<PrepareReports, PrepareReportsHandler>();
        services.AddEffect<ResendRun, ResendRunHandler>();
        services.AddEffect<SendReport, SendReportHandler>();
    }
}
