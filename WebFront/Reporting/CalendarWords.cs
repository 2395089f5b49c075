using System.Globalization;
using Guichet.Components;
using Guichet.Partners;
using Guichet.Words;
using NodaTime;

namespace Guichet.Reporting;

/// <summary>Calendars of reports as people say them.</summary>
internal static class CalendarWords
{
    /// <summary><c>le mardi et le vendredi à 10 h 00, Europe/Paris</c>.</summary>
    public static string Sentence(this Reader reader, ReportCalendarDetails details) =>
        $"{reader.Days(details.Rule)} {reader.T("à", "at")} {reader.Formats.Time(details.At)}, {ZoneName(details.Zone)}";

    /// <summary>What else there is to know of it; null where there is nothing.</summary>
    public static string? Conditions(this Reader reader, ReportCalendarDetails details)
    {
        var said = new List<string>();
        if (details.First > reader.Formats.Today) said.Add(reader.T($"à partir du {reader.Formats.DateLong(details.First)}", $"from {reader.Formats.DateLong(details.First)}"));
        if (details.OnlyIfChanged) said.Add(reader.T("seulement s’il y a du nouveau", "only if there is something new"));
        if (details.Holidays != HolidayRegion.None || !details.AddedHolidays.IsEmpty) said.Add(reader.T($"jour férié\u00A0: {reader.Word(details.OnHoliday)}", $"holidays: {reader.Word(details.OnHoliday)}"));
        if (details.Pauses.Count(pause => pause.Last >= reader.Formats.Today) is > 0 and var pauses) said.Add(reader.Formats.Count(pauses, "pause prévue", "pauses prévues", "pause planned", "pauses planned"));
        return said.Count == 0 ? null : string.Join(reader.T(" ; ", "; "), said);
    }

    public static string Days(this Reader reader, ReportRule rule)
    {
        var formats = reader.Formats;
        if (rule.Rhythm == ReportRhythm.Monthly)
        {
            string[] days =
            [
                .. rule.MonthDays.Select(day => reader.T($"le {day}{(day == 1 ? "er" : "")}", $"the {day}{Ordinal(day)}")),
                .. rule.LastOfMonth ? [reader.T("le dernier jour", "the last day")] : Array.Empty<string>(),
            ];
            return reader.T($"{formats.List(days)} de chaque mois", $"on {formats.List(days)} of each month");
        }
        if (rule.EveryWeeks == 1 && rule.Weekdays.Length == 7) return reader.T("tous les jours", "every day");
        var names = formats.List([.. rule.Weekdays.Select(day => reader.T($"le {reader.Word(day)}", reader.Word(day)))]);
        return rule.EveryWeeks == 1
            ? reader.T(names, $"every {names}")
            : reader.T($"toutes les {formats.Number(rule.EveryWeeks)} semaines, {names}", $"every {formats.Number(rule.EveryWeeks)} weeks on {names}");
    }

    public static string Word(this Reader reader, DayOfWeek day) => reader.Formats.Culture.DateTimeFormat.GetDayName(day);

    public static string Word(this Reader reader, HolidayRule rule) => rule switch
    {
        HolidayRule.Before => reader.T("la veille", "the day before"),
        HolidayRule.After => reader.T("le lendemain", "the day after"),
        _ => reader.T("rien ne part", "nothing leaves"),
    };

    public static string ZoneName(string zone) => zone.Replace('_', ' ');

    /// <summary>Whose it is: the group's many, or the partner's name.</summary>
    public static string Whose(this Reader reader, PlannedCalendar calendar) => calendar.Partner ?? reader.Many(calendar.Group);

    public static string Whose(this Reader reader, PastOccurrence past) => past.Partner
        ?? (ReportCalendarId.GroupOf(past.CalendarId) is { } group ? reader.Many(group) : reader.T("Un partenaire supprimé", "A partner that is gone"));

    /// <summary>Whether reports leave by it.</summary>
    public static (Tone Tone, string Icon, string Text) StateOf(this Reader reader, ReportCalendarDetails? details, bool ofPartner)
    {
        if (details is null) return (Tone.Muted, "circle-dashed", reader.T("aucun", "none"));
        if (!details.Enabled) return ofPartner ? (Tone.Muted, "user", reader.T("à la main seulement", "by hand only")) : (Tone.Muted, "circle-x", reader.T("désactivé", "switched off"));
        return reader.PausedUntil(details) is { } last
            ? (Tone.Warn, "player-pause", reader.T($"en pause jusqu’au {reader.Formats.DateShort(last)} inclus", $"paused through {reader.Formats.DateShort(last)}"))
            : (Tone.Good, "circle-check", reader.T("actif", "on"));
    }

    /// <summary>The last day of the pause that lasts today in the calendar's zone, those that follow on it without a gap taken in; null for none.</summary>
    private static DateOnly? PausedUntil(this Reader reader, ReportCalendarDetails details)
    {
        var day = reader.Formats.Today;
        DateOnly? until = null;
        foreach (var pause in details.Pauses.OrderBy(pause => pause.First))
            if (pause.First <= (until?.AddDays(1) ?? day) && pause.Last >= (until ?? day)) until = pause.Last;
        return until;
    }

    /// <summary>Why a time passed without a report.</summary>
    public static string Why(this Reader reader, PastOccurrence past) => past.Missed switch
    {
        MissedReason.TooLate => reader.T(
            $"Guichet était arrêté ; remarqué le {reader.Formats.DateTimeShort(past.RecordedAt)}, plus de 12 heures après.",
            $"Guichet was down; noticed on {reader.Formats.DateTimeShort(past.RecordedAt)}, more than 12 hours later."),
        MissedReason.NotBegun => reader.T("Guichet s’est arrêté de nouveau avant de pouvoir l’envoyer.", "Guichet was down again before it could be sent."),
        _ => reader.T("Cette copie restaurée ne pouvait rien envoyer.", "This restored copy could send nothing."),
    };

    /// <summary>Why nothing leaves on a day on which the rule falls.</summary>
    public static string Nothing(this Reader reader, ReportDay day)
    {
        if (day.Kind == ReportDayKind.Paused) return reader.T("en pause : rien ne part", "paused: nothing leaves");
        var holiday = day.Holiday is { } name ? reader.T(name.French, name.English) : reader.T("férié", "holiday");
        return day is { Kind: ReportDayKind.MovedAway, Other: { } other }
            ? reader.T($"{holiday} : part le {reader.Formats.DateLong(other)}", $"{holiday}: leaves on {reader.Formats.DateLong(other)}")
            : reader.T($"{holiday} : rien ne part", $"{holiday}: nothing leaves");
    }

    /// <summary>Of an instant, its time on the wall of the calendar's zone.</summary>
    public static DateTime LocalIn(string zone, DateTimeOffset at) =>
        Instant.FromDateTimeOffset(at).InZone(DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc).ToDateTimeUnspecified();

    /// <summary>A time to come, on the calendar's wall; on the house's too where the zones differ.</summary>
    public static string When(this Reader reader, string zone, DateTimeOffset at)
    {
        var said = reader.Formats.DateTimeLong(LocalIn(zone, at));
        return zone == reader.Formats.Zone.Id ? said : $"{said} ({ZoneName(zone)}{reader.T(" ; chez vous", "; your time")} {reader.Formats.DateTimeShort(reader.Formats.Local(at))})";
    }

    private static string Ordinal(int day) => (day % 10, day / 10) switch
    {
        (1, not 1) => "st",
        (2, not 1) => "nd",
        (3, not 1) => "rd",
        _ => "th",
    };
}
