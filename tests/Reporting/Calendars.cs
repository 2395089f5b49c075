using System.Collections.Immutable;
using Guichet.Journal;
using NodaTime;

namespace Guichet.Reporting;

/// <summary>Calendars as tests write them.</summary>
internal static class Calendars
{
    public static readonly AggregateId Key = new("report_calendars", "theatre", "group-partners");

    public static readonly Actor Claire = new("theatre", "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    /// <summary>The seed's: Tuesday and Friday at 10:00, in Paris, from Tuesday 24 November 2026 on.</summary>
    public static readonly ReportCalendarDetails TuesdayAndFriday = Weekly(DayOfWeek.Tuesday, DayOfWeek.Friday);

    public static ReportCalendarDetails Weekly(params DayOfWeek[] days) => new(
        new ReportRule(ReportRhythm.Weekly, [.. days], 1, [], false), new TimeOnly(10, 0), "Europe/Paris", new DateOnly(2026, 11, 24), [], HolidayRegion.None, [],
        HolidayRule.Skip, OnlyIfChanged: false, Enabled: true);

    public static ReportCalendarDetails Monthly(bool last, params int[] days) =>
        TuesdayAndFriday with { Rule = new ReportRule(ReportRhythm.Monthly, [], 1, [.. days], last) };

    public static ReportCalendarDetails Daily(string zone, TimeOnly at, DateOnly first) =>
        Weekly(Enum.GetValues<DayOfWeek>()) with { Zone = zone, At = at, First = first };

    public static DateTimeOffset Paris(string local)
    {
        var zone = DateTimeZoneProviders.Tzdb["Europe/Paris"];
        return zone.AtStrictly(LocalDateTime.FromDateTime(DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture))).ToInstant().ToDateTimeOffset();
    }

    public static DateOnly Day(string date) => DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture);

    public static SetReportCalendar Set(ReportCalendarDetails details, long basedOn = 0) => new(details, basedOn) { Id = Guid.NewGuid(), By = Claire };

    public static RecordDueReports Tick => new() { Id = Guid.NewGuid(), By = Actor.System("report-calendar", "theatre") };

    public static ReportCalendarState After(this ReportCalendarState state, Decision<ReportCalendarEvent> decision)
    {
        Assert.False(decision.IsRefused, string.Join(", ", decision.Refusals.Select(refusal => refusal.Code)));
        return decision.Events.Aggregate(state, ReportCalendarCore.Apply);
    }

    public static Decision<ReportCalendarEvent> Decide(this ReportCalendarState state, Command command, DateTimeOffset now, bool maySend = true) =>
        ReportCalendarCore.Decide(state, command, Key, maySend, now);

    public static ReportCalendarState Made(ReportCalendarDetails details, DateTimeOffset at) =>
        ReportCalendarState.Empty.After(ReportCalendarState.Empty.Decide(Set(details), at));

    public static ImmutableArray<ReportOccurrence> Occurrences(this Decision<ReportCalendarEvent> decision) =>
        [.. decision.Events.OfType<ReportsBecameDue>().SelectMany(due => due.Occurrences)];
}
