using System.Net;
using Guichet.Feed;
using Guichet.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.Streams;

namespace Guichet.Hosting;

/// <summary>Orleans' AdoNet providers on our tables and queries (070-cluster.sql), in a silo that keeps its own life there too.</summary>
public sealed class ProvidersTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();
    private readonly ClusterSettings cluster = ClusterSettings.From(
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Guichet:Cluster:Id"] = $"{Guid.NewGuid():N}" }).Build());

    private IHost host = null!;

    private IMembershipTable Nodes => host.Services.GetRequiredService<IMembershipTable>();

    private SiloAddress Self => host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    private IReminderTable Reminders => host.Services.GetRequiredService<IReminderTable>();

    private IGrainStorage States => host.Services.GetRequiredKeyedService<IGrainStorage>("PubSubStore");

    [Fact]
    public async Task A_node_lists_itself_and_says_that_it_is_alive()
    {
        var read = await Nodes.ReadAllAsync(default);

        var self = Assert.Single(read.Members).Item1;
        Assert.Equal(SiloStatus.Active, self.Status);
        Assert.Equal(Self, self.SiloAddress);
        await Nodes.UpdateIAmAliveAsync(new MembershipEntry { SiloAddress = self.SiloAddress, IAmAliveTime = self.IAmAliveTime.AddMinutes(1) }, default);
        Assert.Equal(self.IAmAliveTime.AddMinutes(1), Assert.Single((await Nodes.ReadRowAsync(self.SiloAddress, default)).Members).Item1.IAmAliveTime, TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    public async Task The_list_changes_only_for_who_has_read_its_version()
    {
        var read = await Nodes.ReadAllAsync(default);
        var entry = Dead(read);

        Assert.False(await Nodes.InsertRowAsync(entry, new TableVersion(read.Version.Version, "99999"), default));
        Assert.Empty((await Nodes.ReadRowAsync(entry.SiloAddress, default)).Members);
        Assert.True(await Nodes.InsertRowAsync(entry, read.Version.Next(), default));
        var after = await Nodes.ReadAllAsync(default);
        Assert.Equal(read.Version.Version + 1, after.Version.Version);
        Assert.False(await Nodes.InsertRowAsync(entry, after.Version.Next(), default));
        Assert.Equal(after.Version.Version, (await Nodes.ReadAllAsync(default)).Version.Version);

        // An entry's etag is the list's: there is no other.
        entry.AddSuspector(Self, now.UtcDateTime);
        Assert.False(await Nodes.UpdateRowAsync(entry, read.Version.VersionEtag, read.Version.Next(), default));
        Assert.Null(await EntryAsync(entry.SiloAddress, found => found.SuspectTimes));
        Assert.Equal(after.Version.VersionEtag, (await Nodes.ReadRowAsync(entry.SiloAddress, default)).Members.Single().Item2);
        Assert.True(await Nodes.UpdateRowAsync(entry, after.Version.VersionEtag, after.Version.Next(), default));
        Assert.Equal(Self, Assert.Single(await EntryAsync(entry.SiloAddress, found => found.SuspectTimes!)).Item1);
        Assert.Equal(after.Version.Version + 1, (await Nodes.ReadAllAsync(default)).Version.Version);
    }

    [Fact]
    public async Task Of_many_who_change_the_list_at_once_one_wins()
    {
        var read = await Nodes.ReadAllAsync(default);

        var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Nodes.InsertRowAsync(Dead(read), read.Version.Next(), default)));

        Assert.Single(won, true);
        Assert.Equal(read.Version.Version + 1, (await Nodes.ReadAllAsync(default)).Version.Version);
    }

    [Fact]
    public async Task Nodes_that_ended_long_ago_are_cleared_away_and_those_at_work_are_not()
    {
        var read = await Nodes.ReadAllAsync(default);
        var entry = Dead(read);
        entry.AddSuspector(Self, now.UtcDateTime);
        Assert.True(await Nodes.InsertRowAsync(entry, read.Version.Next(), default));
        var inserted = await Nodes.ReadAllAsync(default);
        Assert.True(await Nodes.UpdateRowAsync(entry, inserted.Version.VersionEtag, inserted.Version.Next(), default));

        await Nodes.CleanupDefunctSiloEntriesAsync(now.AddHours(-1), default);
        Assert.Equal(2, (await Nodes.ReadAllAsync(default)).Members.Count);
        await Nodes.CleanupDefunctSiloEntriesAsync(now.AddHours(1), default);

        Assert.Equal(SiloStatus.Active, Assert.Single((await Nodes.ReadAllAsync(default)).Members).Item1.Status);
    }

    [Fact]
    public async Task Reminders_are_kept_changed_by_version_and_found_by_their_part_of_the_ring()
    {
        var grain = GrainId.Create("calendar", $"house/{Guid.NewGuid():N}");
        var entry = new ReminderEntry { GrainId = grain, ReminderName = "due", StartAt = new DateTime(2026, 11, 24, 20, 30, 0, 123, DateTimeKind.Utc), Period = TimeSpan.FromMinutes(1) };
        var first = await Reminders.UpsertRow(entry);
        entry.Period = TimeSpan.FromDays(100);
        var second = await Reminders.UpsertRow(entry);

        var read = (await Reminders.ReadRow(grain, "due"))!;
        Assert.NotEqual(first, second);
        Assert.Equal((entry.StartAt, entry.Period, second), (read.StartAt, read.Period, read.ETag));
        Assert.Single((await Reminders.ReadRows(grain)).Reminders);

        var hash = grain.GetUniformHashCode();
        foreach (var (begin, end, within) in new[] { (hash - 1, hash, true), (hash - 1, hash - 2, true), (hash, hash - 1, false), (hash, hash + 1, false), (hash + 1, hash - 1, false), (0u, 0u, true), (hash, hash, true) })
            Assert.Equal(within, (await Reminders.ReadRows(begin, end)).Reminders.Any(reminder => reminder.GrainId == grain));

        Assert.False(await Reminders.RemoveRow(grain, "due", first!));
        Assert.True(await Reminders.RemoveRow(grain, "due", second!));
        Assert.Null(await Reminders.ReadRow(grain, "due"));
    }

    [Fact]
    public async Task A_state_is_written_only_over_the_version_that_was_read()
    {
        var grain = GrainId.Create("thing", $"house/{Guid.NewGuid():N}");
        var mine = new GrainState<List<string>>(["one"]);
        var theirs = new GrainState<List<string>>(["other"]);
        await States.ReadStateAsync("kind", grain, mine);
        Assert.False(mine.RecordExists);

        mine.State = ["one"];
        await States.WriteStateAsync("kind", grain, mine);
        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => States.WriteStateAsync("kind", grain, theirs));
        await States.ReadStateAsync("kind", grain, theirs);
        Assert.Equal(["one"], theirs.State);
        mine.State = ["two"];
        await States.WriteStateAsync("kind", grain, mine);
        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => States.WriteStateAsync("kind", grain, theirs));
        await Assert.ThrowsAnyAsync<InconsistentStateException>(() => States.ClearStateAsync("kind", grain, theirs));

        await States.ClearStateAsync("kind", grain, mine);
        await States.ReadStateAsync("kind", grain, theirs);
        Assert.False(theirs.RecordExists);
        mine.State = ["three"];
        await States.WriteStateAsync("kind", grain, mine);
        await States.ReadStateAsync("kind", grain, theirs);
        Assert.Equal(["three"], theirs.State);
    }

    [Fact]
    public async Task Who_listens_to_a_stream_is_kept()
    {
        var stream = host.Services.GetRequiredService<IClusterClient>().GetStreamProvider(LiveStreams.Provider).Feed($"house-{Guid.NewGuid():N}");
        var subscription = await stream.SubscribeAsync((_, _) => Task.CompletedTask);
        await using var count = database.Owner.CreateCommand("select count(*) from engine_states where payload is not null and key like $1");
        count.Parameters.Add(new() { Value = $"%{stream.StreamId.GetKeyAsString()}%" });

        Assert.Equal(1L, await count.ExecuteScalarAsync());
        await subscription.UnsubscribeAsync();
        Assert.Equal(0L, await count.ExecuteScalarAsync());
    }

    public Task InitializeAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo.UseDatabase(database.Product).UseCluster(cluster).AddMemoryStreams(LiveStreams.Provider));
        host = builder.Build();
        return host.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        cluster.Dispose();
    }

    private async Task<T> EntryAsync<T>(SiloAddress address, Func<MembershipEntry, T> what) =>
        what(Assert.Single((await Nodes.ReadRowAsync(address, default)).Members).Item1);

    /// <summary>One that has just ended: nobody asks it whether it is alive, and the engine doesn't clear it away yet.</summary>
    private static MembershipEntry Dead(MembershipTableData read) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 1, read.Version.Version + 1),
        SiloName = "ended",
        HostName = "nowhere",
        Status = SiloStatus.Dead,
        ProxyPort = 0,
        StartTime = now.UtcDateTime,
        IAmAliveTime = now.UtcDateTime,
    };
}
