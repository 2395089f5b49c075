using System.Collections.Immutable;
using NodaTime;
using NodaTime.Extensions;
using NodaTime.TimeZones;

namespace Guichet.Reporting;

public enum ReportDayKind
{
    /// <summary>Reports leave.</summary>
    Due = 0,

    /// <summary>They would have left, and leave on another day because this is a holiday.</summary>
    MovedAway = 1,

    /// <summary>They leave, because another day is a holiday.</summary>
    MovedHere = 2,

    /// <summary>They would have left; it is a holiday.</summary>
    Holiday = 3,

    /// <summary>They would have left; the calendar pauses.</summary>
    Paused = 4,
}

/// <summary>A date that the rule falls on, or is moved to, and what becomes of it.</summary>
/// <param name="Holiday">Its name, where the law gives it one; null for a date that the house added.</param>
/// <param name="Other">Where it was moved to, or from; null where it wasn't.</param>
public sealed record ReportDay(DateOnly Date, ReportDayKind Kind, HolidayName? Holiday, DateOnly? Other)
{
    public bool Leaves => Kind is ReportDayKind.Due or ReportDayKind.MovedHere;
}

/// <summary>The dates and instants of a calendar, as it stands or as it would be. Pure.</summary>
public static class ReportDates
{
    /// <summary>How far a holiday moves a report, in days.</summary>
    public const int FurthestMove = 31;

    /// <summary>How far ahead the next dates are looked for, in days: three years.</summary>
    public const int FurthestAhead = 1096;

    private static readonly ZoneLocalMappingResolver AsPeopleMean =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>Every date from the first to the last, both included, that the rule falls on or is moved to, in order: a month's view.</summary>
    public static ImmutableArray<ReportDay> Days(ReportCalendarDetails details, DateOnly first, DateOnly last)
    {
        var days = new SortedDictionary<LocalDate, ReportDay>();
        var (from, to) = (LocalDate.FromDateOnly(first), LocalDate.FromDateOnly(last));
        var beyond = details.OnHoliday == HolidayRule.Skip ? 0 : FurthestMove;
        for (var date = from.PlusDays(-beyond); date <= to.PlusDays(beyond); date = date.PlusDays(1))
            if (FallsOn(details, date))
                foreach (var day in Becomes(details, date))
                    Add(days, day);
        return [.. days.Where(day => day.Key >= from && day.Key <= to).Select(day => day.Value)];
    }

    /// <summary>The times after one instant, up to and with another, in order.</summary>
    public static ImmutableArray<ReportSlot> Between(ReportCalendarDetails details, DateTimeOffset after, DateTimeOffset upTo)
    {
        if (!details.Enabled || upTo <= after) return [];
        var zone = DateTimeZoneProviders.Tzdb[details.Zone];
        // A day's slack on each side: a skipped time, or a skipped day, comes later than its date says.
        var first = LocalDateIn(after, zone).PlusDays(-2);
        var last = LocalDateIn(upTo, zone).PlusDays(2);
        return [.. Days(details, first.ToDateOnly(), last.ToDateOnly()).Where(day => day.Leaves)
            .Select(day => Slot(details, day.Date, zone)).Where(slot => slot.At > after && slot.At <= upTo)];
    }

    /// <summary>The next times after an instant: as many as asked for, fewer where there are no more within three years.</summary>
    public static ImmutableArray<ReportSlot> Next(ReportCalendarDetails details, DateTimeOffset after, int count)
    {
        const int Stride = 64;
        var found = ImmutableArray.CreateBuilder<ReportSlot>(count);
        for (var ahead = 0; ahead < FurthestAhead && found.Count < count; ahead += Stride)
            foreach (var slot in Between(details, after.AddDays(ahead), after.AddDays(ahead + Stride)))
                if (found.Count < count) found.Add(slot);
        return found.ToImmutable();
    }

    private static ReportSlot Slot(ReportCalendarDetails details, DateOnly date, DateTimeZone zone)
    {
        var local = LocalDate.FromDateOnly(date) + LocalTime.FromTimeOnly(details.At);
        return new ReportSlot(local.ToDateTimeUnspecified(), zone.ResolveLocal(local, AsPeopleMean).ToInstant().ToDateTimeOffset());
    }

    private static LocalDate LocalDateIn(DateTimeOffset at, DateTimeZone zone) => Instant.FromDateTimeOffset(at).InZone(zone).Date;

    private static bool FallsOn(ReportCalendarDetails details, LocalDate date)
    {
        var first = LocalDate.FromDateOnly(details.First);
        if (date < first) return false;
        var rule = details.Rule;
        if (rule.Rhythm == ReportRhythm.Monthly)
            return rule.MonthDays.Contains(date.Day) || rule.LastOfMonth && date.Day == date.Calendar.GetDaysInMonth(date.Year, date.Month);
        return rule.Weekdays.Contains(date.DayOfWeek.ToDayOfWeek())
            && Period.DaysBetween(Monday(first), Monday(date)) / 7 % rule.EveryWeeks == 0;
    }

    private static LocalDate Monday(LocalDate date) => date.PlusDays(1 - (int)date.DayOfWeek);

    private static IEnumerable<ReportDay> Becomes(ReportCalendarDetails details, LocalDate date)
    {
        var day = date.ToDateOnly();
        if (IsPaused(details, date)) return [new ReportDay(day, ReportDayKind.Paused, null, null)];
        if (!IsHoliday(details, date, out var name)) return [new ReportDay(day, ReportDayKind.Due, null, null)];
        if (Moved(details, date) is not { } other) return [new ReportDay(day, ReportDayKind.Holiday, name, null)];
        return [new ReportDay(day, ReportDayKind.MovedAway, name, other.ToDateOnly()), new ReportDay(other.ToDateOnly(), ReportDayKind.MovedHere, name, day)];
    }

    /// <summary>Where a holiday's report goes; null for nowhere.</summary>
    private static LocalDate? Moved(ReportCalendarDetails details, LocalDate holiday)
    {
        if (details.OnHoliday == HolidayRule.Skip) return null;
        var step = details.OnHoliday == HolidayRule.Before ? -1 : 1;
        for (var days = 1; days <= FurthestMove; days++)
            if (holiday.PlusDays(step * days) is var other && !IsHoliday(details, other, out _))
                return IsPaused(details, other) || other < LocalDate.FromDateOnly(details.First) ? null : other;
        return null;
    }

    /// <summary>A date that is due by itself stays so, whatever is moved to it: it leaves once.</summary>
    private static void Add(SortedDictionary<LocalDate, ReportDay> days, ReportDay day)
    {
        var date = LocalDate.FromDateOnly(day.Date);
        if (!days.TryGetValue(date, out var there) || day.Kind < there.Kind) days[date] = day;
    }

    private static bool IsPaused(ReportCalendarDetails details, LocalDate date)
    {
        var day = date.ToDateOnly();
        return details.Pauses.Any(pause => day >= pause.First && day <= pause.Last);
    }

    private static bool IsHoliday(ReportCalendarDetails details, LocalDate date, out HolidayName? name)
    {
        name = FrenchHolidays.Name(date, details.Holidays);
        return name is not null || details.AddedHolidays.Contains(date.ToDateOnly());
    }
}
