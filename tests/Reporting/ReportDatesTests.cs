using System.Globalization;
using NodaTime;
using static Guichet.Reporting.Calendars;

namespace Guichet.Reporting;

/// <summary>On which dates, and at which instants, a calendar falls.</summary>
public sealed class ReportDatesTests
{
    [Fact]
    public void The_next_five_dates_of_the_seeds_example_are_tuesdays_and_fridays_at_ten_in_paris()
    {
        var next = ReportDates.Next(TuesdayAndFriday, Paris("2026-11-24T10:00"), 5);

        Assert.Equal(
            ["2026-11-27T10:00", "2026-12-01T10:00", "2026-12-04T10:00", "2026-12-08T10:00", "2026-12-11T10:00"],
            next.Select(slot => slot.Local.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture)));
        Assert.All(next, slot => Assert.Equal(9, slot.At.UtcDateTime.Hour));
        Assert.Equal(8, ReportDates.Next(TuesdayAndFriday, Paris("2027-06-01T00:00"), 1)[0].At.UtcDateTime.Hour);
    }

    [Theory]
    [InlineData(1, "2026-11-24 2026-11-27 2026-12-01 2026-12-04 2026-12-08 2026-12-11")]
    [InlineData(2, "2026-11-24 2026-11-27 2026-12-08 2026-12-11 2026-12-22 2026-12-25")]
    [InlineData(3, "2026-11-24 2026-11-27 2026-12-15 2026-12-18 2027-01-05 2027-01-08")]
    public void Every_so_many_weeks_counts_from_the_week_of_the_first_date(int weeks, string dates) =>
        Assert.Equal(dates, Dates(TuesdayAndFriday with { Rule = TuesdayAndFriday.Rule with { EveryWeeks = weeks } }, 6));

    [Fact]
    public void The_week_of_a_first_date_that_is_a_sunday_is_the_one_that_ends_with_it() =>
        Assert.Equal("2026-12-08 2026-12-11 2026-12-22", Dates(
            TuesdayAndFriday with { First = Day("2026-11-29"), Rule = TuesdayAndFriday.Rule with { EveryWeeks = 2 } }, 3));

    [Theory]
    [InlineData(false, new[] { 1, 15 }, "2026-12-01 2026-12-15 2027-01-01 2027-01-15")]
    [InlineData(false, new[] { 31 }, "2026-12-31 2027-01-31 2027-03-31 2027-05-31")]
    [InlineData(false, new[] { 29 }, "2026-11-29 2026-12-29 2027-01-29 2027-03-29")]
    [InlineData(true, new int[0], "2026-11-30 2026-12-31 2027-01-31 2027-02-28")]
    [InlineData(true, new[] { 30 }, "2026-11-30 2026-12-30 2026-12-31 2027-01-30")]
    public void Days_of_the_month_that_a_month_has_not_are_passed_over_and_the_last_is_always_there(bool last, int[] days, string dates) =>
        Assert.Equal(dates, Dates(Monthly(last, days), 4));

    /// <summary>25 December 2026 and 1 January 2027 are Fridays, 24 and 31 are added.</summary>
    [Theory]
    [InlineData(HolidayRule.Skip, "2026-12-22 2026-12-29 2027-01-05")]
    [InlineData(HolidayRule.Before, "2026-12-22 2026-12-23 2026-12-29 2026-12-30 2027-01-05")]
    [InlineData(HolidayRule.After, "2026-12-22 2026-12-26 2026-12-29 2027-01-02 2027-01-05")]
    public void A_holiday_is_skipped_or_leaves_on_the_nearest_day_that_is_none(HolidayRule rule, string dates)
    {
        var details = TuesdayAndFriday with
        {
            First = Day("2026-12-22"),
            Holidays = HolidayRegion.France,
            AddedHolidays = [Day("2026-12-24"), Day("2026-12-31")],
            OnHoliday = rule,
        };
        Assert.Equal(dates, string.Join(' ', Leaving(details, "2026-12-20", "2027-01-05")));
    }

    [Fact]
    public void In_alsace_and_moselle_the_26th_of_december_is_a_holiday_too() =>
        Assert.Equal("2026-12-27", string.Join(' ', Leaving(
            Weekly(DayOfWeek.Friday) with { Holidays = HolidayRegion.AlsaceMoselle, OnHoliday = HolidayRule.After }, "2026-12-20", "2026-12-28")));

    [Fact]
    public void What_is_moved_to_a_date_that_is_due_by_itself_leaves_once()
    {
        var details = Weekly(DayOfWeek.Friday, DayOfWeek.Saturday) with { Holidays = HolidayRegion.France, OnHoliday = HolidayRule.After };
        Assert.Equal("2026-12-26", string.Join(' ', Leaving(details, "2026-12-24", "2026-12-31")));
    }

    [Fact]
    public void A_report_is_never_moved_before_the_first_date_into_a_pause_or_further_than_a_month()
    {
        var christmas = Weekly(DayOfWeek.Friday) with { First = Day("2026-12-25"), Holidays = HolidayRegion.France };
        Assert.Empty(Leaving(christmas with { OnHoliday = HolidayRule.Before }, "2026-12-01", "2026-12-30"));
        Assert.Empty(Leaving(christmas with { OnHoliday = HolidayRule.After, Pauses = [new ReportPause(Day("2026-12-26"), Day("2026-12-30"))] }, "2026-12-01", "2026-12-31"));
        Assert.Empty(Leaving(christmas with
        {
            OnHoliday = HolidayRule.After,
            AddedHolidays = [.. Enumerable.Range(0, 45).Select(Day("2026-12-26").AddDays)],
        }, "2026-12-01", "2027-02-08"));
    }

    [Fact]
    public void A_months_view_says_why_a_date_does_not_leave()
    {
        var days = ReportDates.Days(TuesdayAndFriday with
        {
            First = Day("2026-12-01"),
            Holidays = HolidayRegion.France,
            OnHoliday = HolidayRule.Before,
            AddedHolidays = [Day("2026-12-15")],
            Pauses = [new ReportPause(Day("2026-12-28"), Day("2027-01-03"))],
        }, Day("2026-12-01"), Day("2026-12-31"));

        Assert.Equal(
            [
                "2026-12-01 Due", "2026-12-04 Due", "2026-12-08 Due", "2026-12-11 Due", "2026-12-14 MovedHere 2026-12-15", "2026-12-15 MovedAway 2026-12-14",
                "2026-12-18 Due", "2026-12-22 Due", "2026-12-24 MovedHere 2026-12-25 Noël/Christmas Day", "2026-12-25 MovedAway 2026-12-24 Noël/Christmas Day",
                "2026-12-29 Paused",
            ],
            days.Select(day => string.Join(' ', ((string?[])[
                $"{day.Date:yyyy-MM-dd}", $"{day.Kind}", day.Other?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                day.Holiday is null ? null : $"{day.Holiday.French}/{day.Holiday.English}"]).Where(part => part is not null))));
    }

    [Fact]
    public void A_calendar_that_is_off_has_no_next_date_and_one_that_pauses_for_ever_neither()
    {
        Assert.Empty(ReportDates.Next(TuesdayAndFriday with { Enabled = false }, Paris("2026-11-24T09:00"), 5));
        Assert.Empty(ReportDates.Next(TuesdayAndFriday with { Pauses = [new ReportPause(Day("2000-01-01"), Day("2199-12-31"))] }, Paris("2026-11-24T09:00"), 5));
    }

    /// <summary>27 March 2027 is a Saturday; on the 28th 2:00 is followed by 3:00. On 31 October 3:00 is followed by 2:00.</summary>
    [Theory]
    [InlineData("2027-03-27", 2, 30, "2027-03-27T01:30Z 2027-03-28T01:00Z 2027-03-29T00:30Z")]
    [InlineData("2027-10-30", 2, 30, "2027-10-30T00:30Z 2027-10-31T00:30Z 2027-11-01T01:30Z")]
    public void A_local_time_that_a_clock_change_skips_is_the_first_instant_after_and_a_repeated_one_the_first(string first, int hour, int minute, string instants) =>
        Assert.Equal(instants, string.Join(' ', ReportDates.Next(Daily("Europe/Paris", new TimeOnly(hour, minute), Day(first)), Paris(first + "T00:00"), 3)
            .Select(slot => slot.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture))));

    /// <summary>
    /// Every zone, every transition from 2010 (a day that Samoa skipped among them) to 2029, at local times on, just before, just after and amid the change: each date's
    /// slot comes once, wherever the spans that are looked at are cut.
    /// </summary>
    [Fact]
    public void In_every_zone_over_twenty_years_of_clock_changes_each_local_slot_comes_once()
    {
        var from = Instant.FromUtc(2010, 1, 1, 0, 0);
        var to = Instant.FromUtc(2030, 1, 1, 0, 0);
        var transitions = 0;
        foreach (var zone in DateTimeZoneProviders.Tzdb.Ids.Select(id => DateTimeZoneProviders.Tzdb[id]))
        {
            // Many names, one zone: each rule once.
            if (NodaTime.TimeZones.TzdbDateTimeZoneSource.Default.CanonicalIdMap[zone.Id] != zone.Id) continue;
            foreach (var before in zone.GetZoneIntervals(from, to).Where(interval => interval.HasEnd && interval.End < to))
            {
                transitions++;
                var after = zone.GetZoneInterval(before.End);
                foreach (var local in new[] { before.IsoLocalEnd, after.IsoLocalStart, Middle(before.IsoLocalEnd, after.IsoLocalStart), before.IsoLocalEnd.PlusMinutes(-1) }.Distinct())
                    Check(zone, before.End, new TimeOnly(local.Hour, local.Minute));
            }
        }
        Assert.True(transitions > 2000, $"{transitions} transitions");
    }

    private static void Check(DateTimeZone zone, Instant change, TimeOnly at)
    {
        var details = Daily(zone.Id, at, new DateOnly(2000, 1, 1));
        var start = change.Minus(Duration.FromHours(60)).ToDateTimeOffset();
        var end = change.Plus(Duration.FromHours(60)).ToDateTimeOffset();
        var whole = ReportDates.Between(details, start, end);

        // By the definition, from the zone's own mapping.
        var expected = new List<ReportSlot>();
        var first = change.Minus(Duration.FromHours(60)).InZone(zone).Date;
        for (var date = first.PlusDays(-2); date <= first.PlusDays(8); date = date.PlusDays(1))
        {
            var local = date + LocalTime.FromTimeOnly(at);
            var map = zone.MapLocal(local);
            var instant = map.Count == 0 ? map.LateInterval.Start : map.First().ToInstant();
            if (instant.ToDateTimeOffset() > start && instant.ToDateTimeOffset() <= end) expected.Add(new ReportSlot(local.ToDateTimeUnspecified(), instant.ToDateTimeOffset()));
        }
        if (!expected.SequenceEqual(whole)) Assert.Fail($"{zone.Id} {change} {at}: {string.Join(", ", whole)} instead of {string.Join(", ", expected)}");
        Assert.Equal(whole.Length, whole.Select(slot => slot.Local).Distinct().Count());

        foreach (var cut in whole.Select(slot => slot.At).SelectMany(instant => new[] { instant, instant.AddSeconds(-1), instant.AddSeconds(1) }).Append(change.ToDateTimeOffset()))
        {
            if (cut <= start || cut >= end) continue;
            var pieces = ReportDates.Between(details, start, cut).AddRange(ReportDates.Between(details, cut, end));
            if (!whole.SequenceEqual(pieces)) Assert.Fail($"{zone.Id} {change} {at}, cut at {cut:O}: {string.Join(", ", pieces)}");
        }
    }

    private static LocalDateTime Middle(LocalDateTime one, LocalDateTime other) => one.PlusSeconds(Period.Between(one, other, PeriodUnits.Seconds).Seconds / 2);

    private static string Dates(ReportCalendarDetails details, int count) => string.Join(' ', ReportDates.Next(details, Paris("2026-11-20T00:00"), count)
        .Select(slot => slot.Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));

    private static IEnumerable<string> Leaving(ReportCalendarDetails details, string first, string last) => ReportDates.Days(details, Day(first), Day(last))
        .Where(day => day.Leaves).Select(day => day.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
}
