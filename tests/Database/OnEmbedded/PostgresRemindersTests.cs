using Guichet.Support;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Embedded;
using Orleans.Runtime;

namespace Guichet.Hosting;

public sealed class PostgresRemindersTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly DateTimeOffset start = new(2026, 11, 24, 20, 30, 0, 123, TimeSpan.Zero);
    private readonly GrainId grain = GrainId.Create("calendar", $"house/{Guid.NewGuid():N}");

    [Fact]
    public async Task What_is_kept_is_read_back_and_each_change_has_a_version_of_its_own()
    {
        var reminders = Reminders("one");

        var first = await reminders.UpsertAsync(new ReminderRow(grain, "due", start, TimeSpan.FromMinutes(1), 0), default);
        var second = await reminders.UpsertAsync(new ReminderRow(grain, "due", start, TimeSpan.FromDays(100), 0), default);

        Assert.True(second > first);
        Assert.Equal(new ReminderRow(grain, "due", start, TimeSpan.FromDays(100), second), Assert.Single(await reminders.ReadAsync(grain, default)));
    }

    [Fact]
    public async Task Only_the_version_that_is_there_is_removed()
    {
        var reminders = Reminders("one");
        var version = await reminders.UpsertAsync(new ReminderRow(grain, "due", start, TimeSpan.FromMinutes(1), 0), default);

        Assert.False(await reminders.RemoveAsync(grain, "due", version + 1, default));
        Assert.True(await reminders.RemoveAsync(grain, "due", version, default));
        Assert.False(await reminders.RemoveAsync(grain, "due", version, default));
        Assert.Empty(await reminders.ReadAsync(grain, default));
    }

    [Fact]
    public async Task One_services_reminders_are_not_anothers()
    {
        await Reminders("mine").UpsertAsync(new ReminderRow(grain, "due", start, TimeSpan.FromMinutes(1), 0), default);

        Assert.Single(await Reminders("mine").ReadAllAsync(default));
        Assert.Empty(await Reminders("another").ReadAllAsync(default));
    }

    private PostgresReminders Reminders(string service) => new(database.Product, Options.Create(new ClusterOptions { ServiceId = service }));
}
