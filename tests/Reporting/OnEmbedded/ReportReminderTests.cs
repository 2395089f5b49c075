using System.Diagnostics;
using Guichet.Journal;
using Guichet.Support;
using static Guichet.Reporting.Calendars;

namespace Guichet.Reporting;

/// <summary>Nobody but the reminder wakes the calendar: on the engine whose time a test can move.</summary>
public sealed class ReportReminderTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly ManualTime time = new(Paris("2026-11-23T09:00"));

    [Fact]
    public async Task A_calendar_that_was_set_runs_by_itself_at_each_of_its_hours()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        using (Caller.As(Claire))
            Assert.False((await silo.Grains.GetGrain<IReportCalendarGrain>(GrainKey.Of(Key.Organisation, Key.Id)).Set(Calendars.Set(TuesdayAndFriday))).IsRefused);
        await silo.DrainOutbox();

        foreach (var (at, number) in new[] { "2026-11-24T10:00", "2026-11-27T10:00", "2026-12-01T10:00" }.Select((at, i) => (Paris(at), i + 1)))
        {
            // A tick may still be setting the next when time has passed it: it then comes a minute later.
            time.AdvanceTo(at);
            await Until(async () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return await Runs() == number;
            });
        }
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        var waited = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(waited.Elapsed < Longest, "It didn’t come.");
            await Task.Yield();
        }
    }

    private async Task<long> Runs()
    {
        await using var command = database.Owner.CreateCommand("SELECT count(*) FROM report_runs WHERE state = 'run'");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
