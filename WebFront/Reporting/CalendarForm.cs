using System.Collections.Immutable;
using System.Globalization;
using Guichet.Components;
using Microsoft.AspNetCore.Http;

namespace Guichet.Reporting;

/// <summary>A calendar's form as it was typed. Fields are named as the refusals of <see cref="ReportCalendarCore"/> name them.</summary>
public sealed record CalendarForm
{
    public const string Rhythm = "rule.rhythm";
    public const string Weekdays = "rule.weekdays";
    public const string EveryWeeks = "rule.everyWeeks";
    public const string MonthDays = "rule.monthDays";
    public const string LastOfMonth = "rule.lastOfMonth";
    public const string At = "at";
    public const string Zone = "zone";
    public const string First = "first";
    public const string Pauses = "pauses";
    public const string Holidays = "holidays";
    public const string AddedHolidays = "addedHolidays";
    public const string OnHoliday = "onHoliday";
    public const string OnlyIfChanged = "onlyIfChanged";
    public const string Enabled = "enabled";

    private const string Date = "yyyy-MM-dd";

    /// <summary>The order in which the form asks.</summary>
    public static readonly string[] Order = [Rhythm, Weekdays, EveryWeeks, MonthDays, At, Zone, First, Pauses, Holidays, OnHoliday, AddedHolidays];

    public required ReportRhythm ChosenRhythm { get; init; }

    public required ImmutableArray<DayOfWeek> ChosenWeekdays { get; init; }

    public required string TypedWeeks { get; init; }

    public required string TypedMonthDays { get; init; }

    public required bool Last { get; init; }

    public required string TypedAt { get; init; }

    public required string ChosenZone { get; init; }

    public required string TypedFirst { get; init; }

    public required IReadOnlyList<IReadOnlyDictionary<string, string>> PauseRows { get; init; }

    public required HolidayRegion Region { get; init; }

    public required HolidayRule HolidayRule { get; init; }

    public required IReadOnlyList<IReadOnlyDictionary<string, string>> AddedRows { get; init; }

    public required bool IfChanged { get; init; }

    public required bool IsEnabled { get; init; }

    /// <summary>Before anyone chose: no day yet, at ten, in the house's zone, from today.</summary>
    public static CalendarForm Blank(string zone, DateOnly today) => Of(new ReportCalendarDetails(
        new ReportRule(ReportRhythm.Weekly, [], 1, [], false), new TimeOnly(10, 0), zone, today, [], HolidayRegion.None, [], HolidayRule.Skip, false, true));

    public static CalendarForm Of(ReportCalendarDetails details) => new()
    {
        ChosenRhythm = details.Rule.Rhythm,
        ChosenWeekdays = details.Rule.Weekdays,
        TypedWeeks = details.Rule.EveryWeeks.ToString(CultureInfo.InvariantCulture),
        TypedMonthDays = string.Join(", ", details.Rule.MonthDays),
        Last = details.Rule.LastOfMonth,
        TypedAt = details.At.ToString("HH:mm", CultureInfo.InvariantCulture),
        ChosenZone = details.Zone,
        TypedFirst = Written(details.First),
        PauseRows = [.. details.Pauses.Select(pause => new Dictionary<string, string> { ["first"] = Written(pause.First), ["last"] = Written(pause.Last) })],
        Region = details.Holidays,
        HolidayRule = details.OnHoliday,
        AddedRows = [.. details.AddedHolidays.Select(day => new Dictionary<string, string> { ["date"] = Written(day) })],
        IfChanged = details.OnlyIfChanged,
        IsEnabled = details.Enabled,
    };

    public static CalendarForm Read(IFormCollection form) => new()
    {
        ChosenRhythm = One(form[Rhythm], ReportRhythm.Weekly),
        ChosenWeekdays = [.. form[Weekdays].Select(name => Enum.TryParse<DayOfWeek>(name, out var day) && Enum.IsDefined(day) ? day : (DayOfWeek?)null).OfType<DayOfWeek>()],
        TypedWeeks = form[EveryWeeks].ToString().Trim(),
        TypedMonthDays = form[MonthDays].ToString().Trim(),
        Last = form[LastOfMonth] == "true",
        TypedAt = form[At].ToString().Trim(),
        ChosenZone = form[Zone].ToString().Trim(),
        TypedFirst = form[First].ToString().Trim(),
        PauseRows = RowsField.Read(form, Pauses, ["first", "last"], []),
        Region = One(form[Holidays], HolidayRegion.None),
        HolidayRule = One(form[OnHoliday], HolidayRule.Skip),
        AddedRows = RowsField.Read(form, AddedHolidays, ["date"], []),
        IfChanged = form[OnlyIfChanged] == "true",
        IsEnabled = form[Enabled] == "true",
    };

    /// <summary>What it says, cleaned, and everything that is wrong with it at once: what can't be read, and what no calendar may be.</summary>
    public (ReportCalendarDetails Details, ImmutableArray<Refusal> Refusals) Checked(DateTimeOffset now)
    {
        var unread = ImmutableArray.CreateBuilder<Refusal>();
        if (!TimeOnly.TryParseExact(TypedAt, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) unread.Add(Refusal.Of("report-time-unread", At));
        var details = new ReportCalendarDetails(
            new ReportRule(
                ChosenRhythm, ChosenWeekdays, int.TryParse(TypedWeeks, NumberStyles.None, CultureInfo.InvariantCulture, out var weeks) ? weeks : 0,
                ChosenRhythm == ReportRhythm.Monthly ? DaysOfMonth(unread) : [], Last),
            at, ChosenZone, Day(TypedFirst, First, unread),
            [.. PauseRows.Select((row, i) => new ReportPause(Day(row["first"], $"{Pauses}[{i}].first", unread), Day(row["last"], $"{Pauses}[{i}].last", unread)))],
            Region, [.. AddedRows.Select((row, i) => Day(row["date"], $"{AddedHolidays}[{i}].date", unread))], HolidayRule, IfChanged, IsEnabled);
        var (cleaned, refusals) = ReportCalendarCore.Check(details, now);
        // What couldn't be read stands for nothing: only that is said of its field, and nothing of the whole.
        return (cleaned, unread.Count == 0 ? refusals :
        [
            .. unread,
            .. refusals.Where(refusal => refusal.Code != "report-calendar-never" && !unread.Any(other => RowOf(other.Field) == RowOf(refusal.Field))),
        ]);
    }

    private ImmutableArray<int> DaysOfMonth(ImmutableArray<Refusal>.Builder unread)
    {
        var days = ImmutableArray.CreateBuilder<int>();
        foreach (var piece in TypedMonthDays.Split([',', ';', ' ', '\u00A0', '\u202F'], StringSplitOptions.RemoveEmptyEntries))
            if (int.TryParse(piece, NumberStyles.None, CultureInfo.InvariantCulture, out var day)) days.Add(day);
            else if (!unread.Any(refusal => refusal.Field == MonthDays)) unread.Add(Refusal.Of("report-month-days-unread", MonthDays, piece.Length <= 20 ? piece : piece[..20]));
        return days.ToImmutable();
    }

    private static DateOnly Day(string typed, string field, ImmutableArray<Refusal>.Builder unread)
    {
        if (DateOnly.TryParseExact(typed, Date, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        unread.Add(Refusal.Of("report-date-unread", field));
        return default;
    }

    private static string RowOf(string? field) => field?.Split("].")[0] ?? "";

    private static string Written(DateOnly day) => day.ToString(Date, CultureInfo.InvariantCulture);

    private static T One<T>(Microsoft.Extensions.Primitives.StringValues posted, T otherwise) where T : struct, Enum =>
        Enum.TryParse<T>(posted, out var value) && Enum.IsDefined(value) ? value : otherwise;
}
