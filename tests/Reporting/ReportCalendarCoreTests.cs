using static Guichet.Reporting.Calendars;

namespace Guichet.Reporting;

/// <summary>What a calendar decides: what it may be, what has become due, and what of that still runs.</summary>
public sealed class ReportCalendarCoreTests
{
    private static readonly DateTimeOffset Monday = Paris("2026-11-23T09:00");
    private static readonly DateTimeOffset Tuesday = Paris("2026-11-24T10:00");

    public static TheoryData<string, ReportCalendarDetails, string, string[]> Wrong => new()
    {
        { "report-weekdays-missing", Weekly(), "rule.weekdays", [] },
        { "report-weekdays-missing", TuesdayAndFriday with { Rule = new ReportRule(ReportRhythm.Weekly, default, 1, default, false) }, "rule.weekdays", [] },
        { "report-weeks-out-of-range", TuesdayAndFriday with { Rule = TuesdayAndFriday.Rule with { EveryWeeks = 0 } }, "rule.everyWeeks", ["52"] },
        { "report-weeks-out-of-range", TuesdayAndFriday with { Rule = TuesdayAndFriday.Rule with { EveryWeeks = 53 } }, "rule.everyWeeks", ["52"] },
        { "report-month-days-missing", Monthly(last: false), "rule.monthDays", [] },
        { "report-month-day-out-of-range", Monthly(last: false, 0), "rule.monthDays", [] },
        { "report-month-day-out-of-range", Monthly(last: true, 32), "rule.monthDays", [] },
        { "zone-unknown", TuesdayAndFriday with { Zone = "Europe/Nantes" }, "zone", ["Europe/Nantes"] },
        { "date-out-of-range", TuesdayAndFriday with { First = new DateOnly(1949, 12, 31) }, "first", ["1950", "2200"] },
        { "report-pause-reversed", TuesdayAndFriday with { Pauses = [new(Day("2026-12-02"), Day("2026-12-01"))] }, "pauses[0].last", [] },
        { "too-many", TuesdayAndFriday with { Pauses = [.. Enumerable.Repeat(new ReportPause(Day("2026-12-01"), Day("2026-12-01")), 51)] }, "pauses", ["50"] },
        { "too-many", TuesdayAndFriday with { AddedHolidays = [.. Enumerable.Range(0, 201).Select(Day("2026-12-01").AddDays)] }, "addedHolidays", ["200"] },
        { "report-calendar-never", TuesdayAndFriday with { Pauses = [new(Day("2026-01-01"), Day("2036-01-01"))] }, "first", [] },
        { "report-calendar-never", TuesdayAndFriday with { First = Day("2040-01-01") }, "first", [] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_a_calendar_may_not_be_is_refused_with_its_field(string code, ReportCalendarDetails details, string field, string[] arguments)
    {
        var refusal = Assert.Single(ReportCalendarState.Empty.Decide(Set(details), Monday).Refusals);
        Assert.Equal((code, field), (refusal.Code, refusal.Field));
        Assert.Equal(arguments, refusal.Arguments.AsEnumerable());
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var decision = ReportCalendarState.Empty.Decide(Set(Weekly() with { Zone = "x", First = new DateOnly(1, 1, 1) }), Monday);
        Assert.Equal(["report-weekdays-missing", "date-out-of-range", "zone-unknown"], decision.Refusals.Select(refusal => refusal.Code));
    }

    [Theory]
    [InlineData("group-partners", true)]
    [InlineData("group-agents", true)]
    [InlineData("group-venues", true)]
    [InlineData("partner-01kb", true)]
    [InlineData("partner-", false)]
    [InlineData("group-others", false)]
    public void Calendars_are_of_the_three_groups_and_of_partners(string id, bool known)
    {
        var decision = ReportCalendarCore.Decide(ReportCalendarState.Empty, Set(TuesdayAndFriday), Key with { Id = id }, true, Monday);
        Assert.Equal(known ? [] : ["report-calendar-unknown"], decision.Refusals.Select(refusal => refusal.Code));
    }

    [Fact]
    public void What_is_kept_is_in_order_and_has_only_what_its_rhythm_needs()
    {
        var state = Made(TuesdayAndFriday with
        {
            Rule = new ReportRule(ReportRhythm.Weekly, [DayOfWeek.Sunday, DayOfWeek.Friday, DayOfWeek.Monday, DayOfWeek.Friday], 1, [3], true),
            At = new TimeOnly(10, 0, 59),
            Pauses = default,
            AddedHolidays = [Day("2026-12-24"), Day("2026-12-01"), Day("2026-12-24")],
        }, Monday);
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Friday, DayOfWeek.Sunday], state.Details!.Rule.Weekdays.AsEnumerable());
        Assert.Equal((0, false, new TimeOnly(10, 0)), (state.Details.Rule.MonthDays.Length, state.Details.Rule.LastOfMonth, state.Details.At));
        Assert.Equal([Day("2026-12-01"), Day("2026-12-24")], state.Details.AddedHolidays.AsEnumerable());
        Assert.Empty(state.Details.Pauses);
    }

    [Fact]
    public void A_calendar_that_never_falls_or_has_no_day_may_be_kept_switched_off()
    {
        foreach (var details in new[] { TuesdayAndFriday with { First = Day("2040-01-01") }, Weekly(), Monthly(last: false) })
        {
            Assert.False(ReportCalendarState.Empty.Decide(Set(details with { Enabled = false }), Monday).IsRefused);
            Assert.True(ReportCalendarState.Empty.Decide(Set(details), Monday).IsRefused);
        }
    }

    [Fact]
    public void It_is_changed_and_removed_by_who_saw_it_as_it_is()
    {
        var state = Made(TuesdayAndFriday, Monday);
        Assert.Equal("changed-meanwhile", state.Decide(Set(TuesdayAndFriday, 0), Monday).Refusals[0].Code);
        Assert.Equal("changed-meanwhile", state.Decide(Remove(0), Monday).Refusals[0].Code);
        Assert.Equal("report-calendar-unknown", ReportCalendarState.Empty.Decide(Remove(0), Monday).Refusals[0].Code);

        var removed = state.After(state.Decide(Remove(1), Monday));
        Assert.Equal((2L, null), (removed.Revision, removed.Details));
        Assert.Empty(removed.Decide(Tick, Tuesday.AddDays(30)).Events);
        Assert.Equal("report-calendar-unknown", removed.Decide(Remove(2), Monday).Refusals[0].Code);
        Assert.Equal(3, removed.After(removed.Decide(Set(TuesdayAndFriday, 2), Monday)).Revision);
    }

    [Fact]
    public void The_seeds_example_tuesday_and_friday_at_ten_runs_at_its_hour_and_not_before()
    {
        var state = Made(TuesdayAndFriday, Monday);
        Assert.Empty(state.Decide(Tick, Tuesday.AddTicks(-1)).Events);

        var decision = state.Decide(Tick, Tuesday);

        var ran = Assert.Single(decision.Occurrences());
        Assert.Equal((Tuesday, new DateTime(2026, 11, 24, 10, 0, 0), "Europe/Paris", ReportOccurrenceState.Run), (ran.At, ran.Local, ran.Zone, ran.State));
        Assert.Equal(new ExpandReportRun("group-partners", ran.RunId, Tuesday, false), Assert.Single(decision.Effects));
        state = state.After(decision);
        Assert.Equal([ran], state.Recent.AsEnumerable());
        Assert.Equal(Paris("2026-11-27T10:00"), ReportCalendarCore.Next(state, Tuesday)!.At);
    }

    /// <summary>Everything was down; what is found when it is back.</summary>
    [Theory]
    [InlineData("2026-11-24T10:00", "R")]
    [InlineData("2026-11-24T21:59", "R")]
    [InlineData("2026-11-24T22:00", "M")]
    [InlineData("2026-11-27T09:59", "M")]
    [InlineData("2026-11-27T10:00", "MR")]
    [InlineData("2026-11-27T21:59", "MR")]
    [InlineData("2026-11-27T22:00", "MM")]
    [InlineData("2026-12-08T12:00", "MMMMR")]
    public void A_time_that_was_slept_through_runs_once_within_twelve_hours_and_else_is_missed(string back, string found)
    {
        var state = Made(TuesdayAndFriday, Monday);

        var decision = state.Decide(Tick, Paris(back));

        Assert.Equal(found, string.Concat(decision.Occurrences().Select(one => one.State == ReportOccurrenceState.Run ? 'R' : 'M')));
        Assert.Equal(found.EndsWith('R') ? 1 : 0, decision.Effects.Length);
        state = state.After(decision);
        Assert.Empty(state.Decide(Tick, Paris(back)).Events);
        Assert.Equal(found.Length, state.Recent.Length);
        Assert.True(state.Recent.SequenceEqual(state.Recent.OrderByDescending(one => one.At)));
    }

    [Fact]
    public void After_years_asleep_the_state_stays_small()
    {
        var state = Made(Daily("Europe/Paris", new TimeOnly(10, 0), Day("2026-11-24")), Monday);
        var decision = state.Decide(Tick, Monday.AddYears(5));
        Assert.Equal(400, decision.Occurrences().Length);
        state = state.After(decision);
        Assert.Equal(50, state.Recent.Length);
        Assert.Empty(state.Decide(Tick, Monday.AddYears(5)).Events);
    }

    [Fact]
    public void A_calendar_counts_from_when_it_was_set()
    {
        var noon = Paris("2026-11-24T12:00");
        Assert.Empty(Made(TuesdayAndFriday, noon).Decide(Tick, noon.AddHours(1)).Events);
        Assert.Empty(Made(TuesdayAndFriday, Tuesday).Decide(Tick, noon).Events);
    }

    [Fact]
    public void A_change_just_after_the_hour_lets_what_was_due_run_and_goes_on_from_there()
    {
        var state = Made(TuesdayAndFriday with { OnlyIfChanged = true }, Monday);
        var changed = state.Decide(Set(TuesdayAndFriday with { At = new TimeOnly(9, 0) }, 1), Tuesday.AddMinutes(1));
        Assert.Equal(ReportOccurrenceState.Run, Assert.Single(changed.Occurrences()).State);
        Assert.Equal([true], changed.Effects.OfType<ExpandReportRun>().Select(run => run.OnlyIfChanged));
        Assert.Single(changed.Effects.OfType<WakeReportCalendar>());

        state = state.After(changed);
        Assert.Empty(state.Decide(Tick, Tuesday.AddHours(3)).Events);
        Assert.Equal(Paris("2026-11-27T09:00"), ReportCalendarCore.Next(state, Tuesday.AddHours(3))!.At);
    }

    [Fact]
    public void A_clock_that_is_set_back_runs_nothing_twice()
    {
        var state = Made(TuesdayAndFriday, Monday);
        state = state.After(state.Decide(Tick, Tuesday));
        state = state.After(state.Decide(Set(TuesdayAndFriday, 1), Tuesday.AddHours(-1)));
        Assert.Empty(state.Decide(Tick, Tuesday.AddMinutes(1)).Events);
    }

    [Fact]
    public void On_a_copy_that_may_not_send_nothing_runs()
    {
        var state = Made(TuesdayAndFriday, Monday);
        var decision = state.Decide(Tick, Tuesday, maySend: false);
        Assert.Equal(ReportOccurrenceState.Missed, Assert.Single(decision.Occurrences()).State);
        Assert.Empty(decision.Effects);
    }

    [Fact]
    public void A_time_that_was_to_run_and_that_nobody_could_begin_in_time_is_missed_once()
    {
        var state = Made(TuesdayAndFriday, Monday);
        state = state.After(state.Decide(Tick, Tuesday));
        var miss = new MissReport(state.Recent[0].RunId) { Id = Guid.NewGuid(), By = Actor.System("calendar") };
        state = state.After(state.Decide(miss, Tuesday.AddHours(13)));
        Assert.Equal(ReportOccurrenceState.Missed, Assert.Single(state.Recent).State);
        Assert.Empty(state.Decide(miss, Tuesday.AddHours(14)).Events);
        Assert.Empty(state.Decide(miss with { RunId = "another" }, Tuesday.AddHours(14)).Events);
        Assert.Empty(state.Decide(Tick, Tuesday.AddHours(14)).Events);
    }

    [Fact]
    public void A_run_has_one_id_whoever_finds_it()
    {
        var slot = new ReportSlot(new DateTime(2026, 11, 24, 10, 0, 0), Tuesday);
        Assert.Equal(ReportCalendarCore.RunIdOf(Key, slot), ReportCalendarCore.RunIdOf(Key, slot with { }));
        Assert.True(Ids.IsValid(ReportCalendarCore.RunIdOf(Key, slot)));
        Assert.Equal(4, new[]
        {
            ReportCalendarCore.RunIdOf(Key, slot), ReportCalendarCore.RunIdOf(Key with { Id = "group-agents" }, slot),
            ReportCalendarCore.RunIdOf(Key with { Organisation = "other" }, slot), ReportCalendarCore.RunIdOf(Key, slot with { Local = slot.Local.AddDays(-1) }),
        }.Distinct().Count());
    }

    /// <summary>Ticks at whatever instants, some doubled, some never, over two years: each time is recorded once, in order, and none runs late.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Late_missed_and_doubled_ticks_record_each_time_once(int seed)
    {
        var random = new Random(seed);
        var state = Made(TuesdayAndFriday, Monday);
        var recorded = new List<ReportOccurrence>();
        var now = Monday;
        while (now < Monday.AddYears(2))
        {
            now += random.Next(4) == 0 ? TimeSpan.FromHours(random.Next(200)) : TimeSpan.FromMinutes(random.Next(90));
            for (var i = random.Next(3); i > 0; i--)
            {
                var decision = state.Decide(Tick, now);
                state = state.After(decision);
                recorded.AddRange(decision.Occurrences());
            }
        }
        recorded.AddRange(state.Decide(Tick, now).Occurrences());

        Assert.Equal(ReportDates.Between(TuesdayAndFriday, Monday, now).Select(slot => slot.At), recorded.Select(one => one.At));
        Assert.All(recorded, one => Assert.True(one.State == ReportOccurrenceState.Missed || one.RecordedAt - one.At < TimeSpan.FromHours(12)));
        Assert.Contains(recorded, one => one.State == ReportOccurrenceState.Run);
        Assert.Contains(recorded, one => one.State == ReportOccurrenceState.Missed);
    }

    private static RemoveReportCalendar Remove(long basedOn) => new(basedOn) { Id = Guid.NewGuid(), By = Claire };
}
