using System.Collections.Immutable;
using Guichet.Partners;

namespace Guichet.Reporting;

public enum ReportRunKind
{
    /// <summary>Someone sent it.</summary>
    ByHand = 0,

    /// <summary>Someone sent it to themselves: nobody else gets it, and no partner counts as told.</summary>
    Test = 1,

    /// <summary>A calendar's occurrence.</summary>
    Calendar = 2,
}

/// <summary>For whom a run is, and what of.</summary>
/// <param name="Partners">Ids, 1 to 10,000; empty for all of <paramref name="Group"/> that are not archived, those of them left out that are in <paramref name="Except"/>.</param>
/// <param name="Sessions">Only these sessions, of those that each partner is told of, whether they changed or not; empty for all, by the template's rules.</param>
/// <param name="Series">Only the sessions of this series; null for all.</param>
/// <param name="OnlyIfChanged">A partner without a figure newer than its last report is skipped.</param>
[GenerateSerializer, Immutable, Alias("report-scope")]
public sealed record ReportScope(
    ImmutableArray<string> Partners, PartnerGroup? Group, ImmutableArray<string> Except, ImmutableArray<string> Sessions, string? Series, bool OnlyIfChanged)
{
    public static ReportScope Of(params ImmutableArray<string> partners) => new(partners, null, [], [], null, false);

    /// <summary>It names what it is of: the rules for sessions that are over or unchanged are for those that nobody named.</summary>
    [System.Text.Json.Serialization.JsonIgnore] public bool NamesSessions => !Sessions.IsDefaultOrEmpty || Series is not null;
}

/// <summary>Sends reports, to every partner of the scope or to the sender alone.</summary>
/// <param name="At">
/// The instant of the figures, which the preview showed: not ahead, and at most an hour ago (<c>preview-too-old</c>). What was validated since
/// stays for the next report.
/// </param>
/// <param name="French">Instead of the templates' texts; null for those.</param>
/// <param name="TestTo">The sender's own address; null to send to the partners.</param>
[GenerateSerializer, Immutable, Alias("send-reports")]
public sealed record SendReports(ReportScope Scope, DateTimeOffset At, ReportText? French, ReportText? English, string? TestTo) : Command;

/// <summary>A calendar's occurrence has come. The figures are those validated at its instant, however late it is begun.</summary>
/// <param name="Calendar">Its id.</param>
/// <param name="Occurrence">Its local date and time, ISO 8601 without offset.</param>
[GenerateSerializer, Immutable, Alias("begin-report-run")]
public sealed record BeginReportRun(ReportScope Scope, DateTimeOffset At, string Calendar, string Occurrence) : Command;

/// <summary>Tries those again whom the run didn't reach; nobody whom it reached.</summary>
/// <param name="InDoubt">Also those of whom nobody knows whether they were reached: they may get it twice.</param>
/// <param name="Partner">Only this one; null for all.</param>
[GenerateSerializer, Immutable, Alias("resend-reports")]
public sealed record ResendReports(bool InDoubt, string? Partner) : Command;

/// <param name="At">The instant of its figures.</param>
/// <param name="By">Who sent it; the calendar's name for an occurrence.</param>
[GenerateSerializer, Immutable, Alias("report-run-view")]
public sealed record ReportRunView(string Organisation, string Id, ReportRunKind Kind, ReportScope Scope, DateTimeOffset At, DateTimeOffset BegunAt, string By, string? Calendar, string? Occurrence);

/// <summary>Ids of runs.</summary>
public static class ReportRunId
{
    /// <summary>Of an occurrence: the same however often it is begun.</summary>
    public static string Of(string organisation, string calendar, string occurrence, DateTimeOffset at) => Ids.From(at, organisation, calendar, occurrence);
}

/// <summary>One sending of reports. It decides that there is one; the deliveries are made of it by an effect, in one transaction.</summary>
[Alias("report-run-grain")]
public interface IReportRunGrain : IGrainWithStringKey
{
    /// <summary>Null when there is no such run.</summary>
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<ReportRunView?> View();

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Send(SendReports command);

    [SystemOnly]
    Task<Outcome<Done>> Begin(BeginReportRun command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Resend(ResendReports command);
}
