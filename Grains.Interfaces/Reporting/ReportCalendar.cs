using System.Collections.Immutable;
using Guichet.Partners;

namespace Guichet.Reporting;

public enum ReportRhythm
{
    /// <summary>On days of the week, every so many weeks.</summary>
    Weekly = 0,

    /// <summary>On days of the month.</summary>
    Monthly = 1,
}

/// <summary>On which dates reports leave, holidays and pauses apart.</summary>
/// <param name="Weekdays">Of the weekly rhythm: one or more, each once; none only where it is off.</param>
/// <param name="EveryWeeks">Of the weekly rhythm: 1 to 52; weeks begin on Monday and are counted from the calendar's first date.</param>
/// <param name="MonthDays">Of the monthly rhythm: 1 to 31, each once; a month that has no such day is passed over.</param>
/// <param name="LastOfMonth">Of the monthly rhythm: also on its last day, whichever that is.</param>
[GenerateSerializer, Immutable, Alias("report-rule")]
public sealed record ReportRule(
    ReportRhythm Rhythm, ImmutableArray<DayOfWeek> Weekdays, int EveryWeeks, ImmutableArray<int> MonthDays, bool LastOfMonth);

/// <summary>Nothing leaves on these dates, the first and the last included.</summary>
[GenerateSerializer, Immutable, Alias("report-pause")]
public sealed record ReportPause(DateOnly First, DateOnly Last);

/// <summary>The public holidays that a calendar knows (code du travail, L3133-1; for Alsace and Moselle, L3134-13).</summary>
public enum HolidayRegion
{
    None = 0,
    France = 1,

    /// <summary>With Good Friday and 26 December.</summary>
    AlsaceMoselle = 2,
}

/// <summary>What becomes of a date that is a holiday.</summary>
public enum HolidayRule
{
    /// <summary>Nothing leaves.</summary>
    Skip = 0,

    /// <summary>It leaves on the nearest day before that is no holiday, up to 31 days.</summary>
    Before = 1,

    /// <summary>It leaves on the nearest day after that is no holiday, up to 31 days.</summary>
    After = 2,
}

/// <summary>When a group's reports leave, or those of one partner.</summary>
/// <param name="At">Of the day, in the zone; whole minutes. Skipped by a clock change: the first instant after; repeated: the first of the two.</param>
/// <param name="Zone">IANA's name: <c>Europe/Paris</c>.</param>
/// <param name="First">Nothing leaves before this date; 1950 to 2200.</param>
/// <param name="Pauses">At most 50.</param>
/// <param name="AddedHolidays">Holidays of the house's own; at most 200.</param>
/// <param name="OnlyIfChanged">A partner whose figures are those of its last report gets none.</param>
/// <param name="Enabled">Off: it is kept, also without a day, and nothing leaves; a partner whose own is off is sent reports by hand only.</param>
[GenerateSerializer, Immutable, Alias("report-calendar-details")]
public sealed record ReportCalendarDetails(
    ReportRule Rule, TimeOnly At, string Zone, DateOnly First, ImmutableArray<ReportPause> Pauses, HolidayRegion Holidays,
    ImmutableArray<DateOnly> AddedHolidays, HolidayRule OnHoliday, bool OnlyIfChanged, bool Enabled);

/// <summary>Makes the calendar, or changes it. What became due before is recorded by the one before; the new one counts from now on.</summary>
/// <param name="BasedOn">The revision that was shown; 0 for none.</param>
[GenerateSerializer, Immutable, Alias("set-report-calendar")]
public sealed record SetReportCalendar(ReportCalendarDetails Details, long BasedOn) : Command;

/// <summary>A partner goes back to its group's calendar, or a group to none. What ran is still known.</summary>
[GenerateSerializer, Immutable, Alias("remove-report-calendar")]
public sealed record RemoveReportCalendar(long BasedOn) : Command;

/// <summary>Writes down what has become due, if anything has.</summary>
[GenerateSerializer, Immutable, Alias("record-due-reports")]
public sealed record RecordDueReports : Command;

/// <summary>A time that was to run could not be begun before it was too late: everything was down once more. Harmless a second time.</summary>
[GenerateSerializer, Immutable, Alias("miss-report")]
public sealed record MissReport(string RunId) : Command;

public enum ReportOccurrenceState
{
    /// <summary>It ran: its reports were sent on their way.</summary>
    Run = 0,

    /// <summary>Everything was down for too long: no report left.</summary>
    Missed = 1,
}

/// <summary>One time that a calendar became due.</summary>
/// <param name="RunId">The same however often it is derived: of the calendar, the local time and its instant.</param>
/// <param name="Local">In the zone that the calendar had.</param>
/// <param name="At">The instant of the figures.</param>
/// <param name="RecordedAt">When it was noticed; later than <paramref name="At"/> by as much as everything was down.</param>
[GenerateSerializer, Immutable, Alias("report-occurrence")]
public sealed record ReportOccurrence(string RunId, DateTime Local, string Zone, DateTimeOffset At, DateTimeOffset RecordedAt, ReportOccurrenceState State);

/// <summary>A time to come.</summary>
[GenerateSerializer, Immutable, Alias("report-slot")]
public sealed record ReportSlot(DateTime Local, DateTimeOffset At);

/// <param name="Revision">Grows with each change by a person.</param>
/// <param name="Details">Null where there is none (any more).</param>
/// <param name="Next">The next five times; fewer where it ends.</param>
/// <param name="Recent">The last 50 times, the newest first.</param>
[GenerateSerializer, Immutable, Alias("report-calendar-view")]
public sealed record ReportCalendarView(
    string Organisation, string Id, long Revision, ReportCalendarDetails? Details, ImmutableArray<ReportSlot> Next, ImmutableArray<ReportOccurrence> Recent);

/// <summary>Ids of calendars: one for each group, and one for each partner that has its own. They have their owners' names, as templates do.</summary>
public static class ReportCalendarId
{
    private const string PartnerPrefix = "partner-";

    public static string Of(PartnerGroup group) => ReportTemplateId.Of(group);

    public static string OfPartner(string partnerId) => ReportTemplateId.OfPartner(partnerId);

    /// <summary>Whose group's it is; null for a partner's own.</summary>
    public static PartnerGroup? GroupOf(string calendarId)
    {
        foreach (var group in Enum.GetValues<PartnerGroup>())
            if (Of(group) == calendarId) return group;
        return null;
    }

    /// <summary>Whose own it is; null for a group's.</summary>
    public static string? PartnerOf(string calendarId) =>
        calendarId.StartsWith(PartnerPrefix, StringComparison.Ordinal) && calendarId.Length > PartnerPrefix.Length ? calendarId[PartnerPrefix.Length..] : null;
}

/// <summary>
/// When reports leave: <c>{organisation}/group-partners</c>, <c>group-agents</c>, <c>group-venues</c>, or <c>partner-{id}</c> for a
/// partner that has a calendar of its own.
/// </summary>
[Alias("report-calendar-grain")]
public interface IReportCalendarGrain : IGrainWithStringKey
{
    /// <summary>Null when there never was one.</summary>
    [Requires(Role.Reader), Orleans.Concurrency.ReadOnly]
    Task<ReportCalendarView?> View();

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Set(SetReportCalendar command);

    [Requires(Role.BoxOffice)]
    Task<Outcome<Done>> Remove(RemoveReportCalendar command);

    /// <summary>Does what is due and has itself woken for what comes next. Harmless at any time and any number of times.</summary>
    [SystemOnly]
    Task Wake();

    [SystemOnly]
    Task<Outcome<Done>> Miss(MissReport command);
}
