using Guichet.Journal;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using static Guichet.Reporting.Calendars;

namespace Guichet.Reporting;

/// <summary>Calendars through their grain, on real PostgreSQL, woken by reminders while time is moved.</summary>
public sealed class ReportCalendarGrainTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly DateTimeOffset Monday = Paris("2026-11-23T09:00");
    private static readonly DateTimeOffset Tuesday = Paris("2026-11-24T10:00");

    private readonly ManualTime time = new(Monday);
    private readonly Expansions expanded = new();
    private readonly Permission permission = new();

    public async Task InitializeAsync()
    {
        await using var empty = database.Owner.CreateCommand("TRUNCATE report_calendars, report_runs, journal, outbox");
        await empty.ExecuteNonQueryAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Tuesday_and_friday_at_ten_each_run_is_recorded_and_taken_apart_once()
    {
        await using var silo = await Start();
        await Set(silo, TuesdayAndFriday);
        await silo.DrainOutbox();

        foreach (var at in new[] { Tuesday, Paris("2026-11-27T10:00"), Paris("2026-12-01T10:00") })
        {
            await Pass(silo, at);
            await silo.DrainOutbox();
        }

        Assert.Equal([Tuesday, Paris("2026-11-27T10:00"), Paris("2026-12-01T10:00")], expanded.Runs.Select(run => run.At));
        Assert.Equal(["2026-11-24 10:00:00 run", "2026-11-27 10:00:00 run", "2026-12-01 10:00:00 run"], await Runs());
        var view = await View(silo);
        Assert.Equal(expanded.Runs.Select(run => run.RunId).Reverse(), view.Recent.Select(one => one.RunId));
        Assert.Equal(5, view.Next.Length);
        Assert.Equal(Paris("2026-12-04T10:00"), view.Next[0].At);
    }

    [Fact]
    public async Task A_command_sent_again_changes_nothing_and_gets_the_same_answer()
    {
        await using var silo = await Start();
        var set = Calendars.Set(TuesdayAndFriday);
        var remove = new RemoveReportCalendar(1) { Id = Guid.NewGuid(), By = Claire };
        using var caller = Caller.As(Claire);
        foreach (var send in new Func<Task<Outcome<Done>>>[] { () => Grain(silo).Set(set), () => Grain(silo).Remove(remove) })
        {
            Assert.False((await send()).IsRefused);
            var lines = await Lines();
            time.Advance(TimeSpan.FromMinutes(1));
            Assert.False((await send()).IsRefused);
            Assert.Equal(lines, await Lines());
        }
    }

    [Fact]
    public async Task Ticks_that_come_twice_or_for_nothing_leave_no_trace()
    {
        await using var silo = await Start();
        await Set(silo, TuesdayAndFriday);
        await silo.DrainOutbox();
        await Wake(silo);
        await Wake(silo);
        Assert.Equal(1, await Lines());

        await Pass(silo, Tuesday.AddMinutes(2));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Wake(silo)));
        await silo.DrainOutbox();

        Assert.Equal(2, await Lines());
        Assert.Single(expanded.Runs);
    }

    [Theory]
    [InlineData("2026-11-24T21:00", "2026-11-24 10:00:00 run", 1)]
    [InlineData("2026-11-25T09:00", "2026-11-24 10:00:00 missed", 0)]
    public async Task Where_everything_was_down_at_the_hour_it_runs_once_when_back_or_is_missed(string back, string recorded, int runs)
    {
        await using (var silo = await Start())
        {
            await Set(silo, TuesdayAndFriday);
            await silo.DrainOutbox();
        }
        time.AdvanceTo(Paris(back));

        for (var starts = 0; starts < 2; starts++)
        {
            await using var silo = await Start();
            await Wake(silo);
            await silo.DrainOutbox();
            await Wake(silo);
        }

        Assert.Equal([recorded], await Runs());
        Assert.Equal(runs, expanded.Runs.Count);
    }

    [Fact]
    public async Task A_crash_right_after_a_calendar_was_set_still_has_it_woken()
    {
        await using (var silo = await Start())
        {
            await Set(silo, TuesdayAndFriday);
            await silo.Kill();
        }
        await using var after = await Start();
        await after.DrainOutbox();

        await Pass(after, Tuesday);
        await after.DrainOutbox();

        Assert.Single(expanded.Runs);
    }

    [Fact]
    public async Task A_restored_copy_runs_nothing_and_once_it_is_the_live_one_what_is_too_late_is_missed()
    {
        await using var silo = await Start();
        await Set(silo, TuesdayAndFriday);
        await silo.DrainOutbox();
        permission.MaySend = false;

        await Pass(silo, Paris("2026-11-25T10:00"));
        Assert.Empty(await Runs());
        permission.MaySend = true;
        await Wake(silo);
        await silo.DrainOutbox();

        Assert.Equal(["2026-11-24 10:00:00 missed"], await Runs());
        Assert.Empty(expanded.Runs);
    }

    [Fact]
    public async Task Calendars_are_set_by_the_box_office_and_seen_by_readers_of_the_same_house()
    {
        await using var silo = await Start();
        var reader = Claire with { Role = Role.Reader };
        using (Caller.As(reader))
        {
            await Assert.ThrowsAsync<CallRefusedException>(() => Grain(silo).Set(Calendars.Set(TuesdayAndFriday) with { By = reader }));
            Assert.Null(await Grain(silo).View());
        }
        using (Caller.As(Claire with { Organisation = "other" }))
            await Assert.ThrowsAsync<CallRefusedException>(() => Grain(silo).View());
        using (Caller.As(Claire))
            await Assert.ThrowsAsync<CallRefusedException>(() => Grain(silo).Wake());
    }

    private Task<TestSilo> Start() => TestSilo.Start(database.Product, time, services => services
        .AddSingleton<IReportExpansion>(expanded).AddSingleton<ISendingPermission>(permission));

    private static IReportCalendarGrain Grain(TestSilo silo) => silo.Grains.GetGrain<IReportCalendarGrain>(GrainKey.Of(Key.Organisation, Key.Id));

    private static async Task Set(TestSilo silo, ReportCalendarDetails details)
    {
        using var caller = Caller.As(Claire);
        Assert.False((await Grain(silo).Set(Calendars.Set(details))).IsRefused);
    }

    private static async Task<ReportCalendarView> View(TestSilo silo)
    {
        using var caller = Caller.As(Claire);
        return (await Grain(silo).View())!;
    }

    private static async Task Wake(TestSilo silo)
    {
        using var caller = Caller.As(Actor.System("test"));
        await Grain(silo).Wake();
    }

    /// <summary>Moves time through the reminders on the way; a call of one's own comes after their ticks.</summary>
    private async Task Pass(TestSilo silo, DateTimeOffset instant)
    {
        time.AdvanceTo(instant);
        await Wake(silo);
    }

    private async Task<long> Lines()
    {
        await using var command = database.Owner.CreateCommand("SELECT count(*) FROM journal WHERE kind = 'report_calendars'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<List<string>> Runs()
    {
        await using var command = database.Owner.CreateCommand("SELECT local_at::text || ' ' || state FROM report_runs ORDER BY at");
        await using var reader = await command.ExecuteReaderAsync();
        var runs = new List<string>();
        while (await reader.ReadAsync()) runs.Add(reader.GetString(0));
        return runs;
    }

    private sealed class Permission : ISendingPermission
    {
        public bool MaySend { get; set; } = true;
    }

    private sealed class Expansions : IReportExpansion
    {
        private readonly List<ExpandReportRun> runs = [];

        public List<ExpandReportRun> Runs
        {
            get
            {
                lock (runs)
                    return [.. runs];
            }
        }

        public Task Expand(string organisation, ExpandReportRun run, CancellationToken cancellation)
        {
            lock (runs)
                runs.Add(run);
            return Task.CompletedTask;
        }
    }
}
