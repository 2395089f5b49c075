using System.Collections.Immutable;
using System.Globalization;
using Guichet.Partners;
using Guichet.Reporting;

namespace Guichet.Simulation;

/// <param name="Addresses">One or more.</param>
/// <param name="Told">The sessions that it is associated with when it is made.</param>
public sealed record PlannedPartner(House Owner, int Number, string Id, PartnerGroup Group, ImmutableArray<string> Addresses, ImmutableArray<PlannedSession> Told)
{
    public string Name => $"partner {Number}";

    /// <summary>The id of the calendar, or the template, that it may have of its own.</summary>
    public string Own => $"partner-{Id}";
}

/// <summary>A calendar of a group's or of one partner's, whatever it says at the time.</summary>
/// <param name="Id">As the product names it: <c>group-agents</c>, <c>partner-…</c>.</param>
public sealed record PlannedCalendar(House Owner, string Id, string Whose)
{
    public string Name => $"{Owner.Name}'s calendar of {Whose}";
}

/// <summary>When a calendar's reports leave, as people put it.</summary>
/// <param name="Weekdays">Empty for a rhythm of days of the month.</param>
/// <param name="EveryWeeks">Counted from the week of <paramref name="First"/>.</param>
/// <param name="Holidays">Nothing leaves on these.</param>
public sealed record Rhythm(
    ImmutableArray<DayOfWeek> Weekdays, int EveryWeeks, ImmutableArray<int> MonthDays, bool LastOfMonth, TimeOnly At, string Zone, DateOnly First,
    ImmutableArray<(DateOnly First, DateOnly Last)> Pauses, ImmutableArray<DateOnly> Holidays, bool OnlyIfChanged, bool Enabled)
{
    public string Text => string.Create(CultureInfo.InvariantCulture,
        $"{(Weekdays.IsEmpty ? $"day {string.Join(", ", MonthDays)}{(LastOfMonth ? " and the last" : "")}" : string.Join(", ", Weekdays))}{(EveryWeeks > 1 ? $" every {EveryWeeks} weeks" : "")} at {At:HH\\:mm} in {Zone}{(Pauses.IsEmpty ? "" : ", with pauses")}{(OnlyIfChanged ? ", if anything changed" : "")}{(Enabled ? "" : ", switched off")}");

    /// <summary>The local times whose instants are after one and not after the other, in order. By hand, as <see cref="Wall"/> is.</summary>
    public IEnumerable<(DateTime Local, DateTimeOffset At)> Between(DateTimeOffset after, DateTimeOffset upTo)
    {
        if (!Enabled || upTo <= after) yield break;
        var last = DateOnly.FromDateTime(Wall.At(upTo, Zone)).AddDays(1);
        for (var day = DateOnly.FromDateTime(Wall.At(after, Zone)).AddDays(-1); day <= last; day = day.AddDays(1))
        {
            if (!Leaves(day)) continue;
            var local = day.ToDateTime(At);
            var at = Wall.Instant(local, Zone);
            if (at > after && at <= upTo) yield return (local, at);
        }
    }

    public ReportCalendarDetails Details => new(
        Weekdays.IsEmpty ? new ReportRule(ReportRhythm.Monthly, [], 1, MonthDays, LastOfMonth) : new ReportRule(ReportRhythm.Weekly, Weekdays, EveryWeeks, [], false),
        At, Zone, First, [.. Pauses.Select(pause => new ReportPause(pause.First, pause.Last))], HolidayRegion.None, Holidays, HolidayRule.Skip, OnlyIfChanged, Enabled);

    private bool Leaves(DateOnly day)
    {
        if (day < First || Holidays.Contains(day) || Pauses.Any(pause => pause.First <= day && day <= pause.Last)) return false;
        if (Weekdays.IsEmpty) return MonthDays.Contains(day.Day) || (LastOfMonth && day.AddDays(1).Month != day.Month);
        return Weekdays.Contains(day.DayOfWeek) && (Monday(day) - Monday(First)) / 7 % EveryWeeks == 0;
    }

    private static int Monday(DateOnly day) => day.DayNumber - (((int)day.DayOfWeek + 6) % 7);
}
