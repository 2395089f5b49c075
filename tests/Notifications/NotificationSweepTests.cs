using Guichet.Feed;
using Guichet.Live;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Notifications;

public sealed class NotificationSweepTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly ManualTime time = new();
    private readonly string house = Guid.NewGuid().ToString("N"), other = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task What_was_told_longer_ago_than_is_kept_goes_read_or_not()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        await Told(house, "old", TimeSpan.FromDays(181), read: false);
        await Told(house, "old-read", TimeSpan.FromDays(400), read: true);
        await Told(other, "old-too", TimeSpan.FromDays(181), read: true);
        await Told(house, "kept", TimeSpan.FromDays(179), read: true);
        await Told(house, "new", TimeSpan.Zero, read: false);
        var heard = new TaskCompletionSource<FeedEvent>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var feed = await FeedSubscription.To(silo.Client, house, happened =>
        {
            heard.TrySetResult(happened);
            return Task.CompletedTask;
        });

        Assert.Equal(3, await Sweep(silo).Turn(default));

        Assert.Equal(["new", "kept"], await Ids(silo, house));
        Assert.Empty(await Ids(silo, other));
        Assert.Equal(1, Assert.IsType<NotificationsRead>(await heard.Task.WaitAsync(TimeSpan.FromSeconds(20))).Unread);
        Assert.Equal(0, await Sweep(silo).Turn(default));
    }

    [Fact]
    public async Task However_many_are_old_all_go()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        await using var many = database.Owner.CreateCommand("""
            INSERT INTO notifications (organisation, id, at, code, arguments, path)
            SELECT $1, 'n' || n, $2 - n * interval '1 second', 'link-accepted', '[]', '/links' FROM generate_series(1, 2500) n
            """);
        many.Parameters.Add(new() { Value = house });
        many.Parameters.Add(new() { Value = time.GetUtcNow().AddDays(-200).UtcDateTime });
        await many.ExecuteNonQueryAsync();

        Assert.Equal(2_500, await Sweep(silo).Turn(default));
        Assert.Empty(await Ids(silo, house));
    }

    private static NotificationSweep Sweep(TestSilo silo) => silo.Services.GetRequiredService<NotificationSweep>();

    private static async Task<IReadOnlyList<string>> Ids(TestSilo silo, string organisation) =>
        [.. (await silo.Services.GetRequiredService<NotificationQueries>().List(organisation, null, 100, default)).Select(one => one.Id)];

    private async Task Told(string organisation, string id, TimeSpan ago, bool read)
    {
        await using var insert = database.Owner.CreateCommand(
            "INSERT INTO notifications (organisation, id, at, code, arguments, path, read_at) VALUES ($1, $2, $3, 'link-accepted', '[]', '/links', CASE WHEN $4 THEN $3 END)");
        insert.Parameters.Add(new() { Value = organisation });
        insert.Parameters.Add(new() { Value = id });
        insert.Parameters.Add(new() { Value = (time.GetUtcNow() - ago).UtcDateTime });
        insert.Parameters.Add(new() { Value = read });
        await insert.ExecuteNonQueryAsync();
    }
}
