using Guichet.Journal;
using Guichet.Links;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Links;

/// <summary>
/// Fault 5 of quality.md: publishers die after their commit, receivers are down, events come twice or out of order. Versions stay monotone,
/// every live link converges, nothing reaches one that isn't live.
/// </summary>
public sealed class LinkRecoveryTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lost_event_stays_behind_without_the_sweep_and_arrives_with_it(bool swept)
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (link, receiving) = await world.Linked(sent);
        world.Wire.State = WireState.Cut;
        await world.Sell(sent, 10);
        world.Wire.State = WireState.Sound;
        await world.Settled(receiving);
        if (!swept)
        {
            // The control: nothing else brings it.
            await world.Node.DrainOutbox();
            world.Time.Advance(TimeSpan.FromMinutes(5));
            Assert.Null((await world.View(world.Promoter, receiving)).Current);
            Assert.Equal(1, await BehindOf(world));
            Assert.True((await world.Queries.List(world.Theatre.Organisation, new LinkFilter())).Rows[0].Progress!.IsBehind);
            return;
        }
        Assert.InRange((await world.Sweep.Turn(default)).Behind, 1, int.MaxValue);
        await world.UntilReceived(receiving, 1);
        Assert.Equal(0, await BehindOf(world));
        _ = link;
    }

    /// <summary>
    /// As when a commit that was taken for failed lands after its grain was loaded again: nothing tells the grain, and nobody sends it a
    /// command that would meet the newer version.
    /// </summary>
    [Fact]
    public async Task A_sender_that_is_older_than_what_is_stored_is_loaded_again_by_the_sweep()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (_, receiving) = await world.Linked(sent);
        await world.Sell(sent, 10);
        await world.UntilReceived(receiving, 1);
        var older = world.Node;
        await using (var other = await world.StartNode())
        {
            world.Wire.State = WireState.Cut;
            using var caller = Caller.As(world.Theatre);
            var committed = await other.Session(world.Theatre.Organisation, sent).Validate(
                new ValidateTally([Sessions.Sample.Line(20, gross: 90_000)], TallySource.Typed, null, null, null, true, true) { Id = Guid.NewGuid(), By = world.Theatre });
            Assert.Equal(2, committed.Accepted.Version);
            world.Wire.State = WireState.Sound;
        }
        Assert.Same(older, world.Node);
        Assert.Equal(1, (await world.View(world.Theatre, sent)).Current!.Version);
        Assert.Equal(1, await BehindOf(world));
        await LinkWorld.Until(async () =>
        {
            await world.Sweep.Turn(default);
            return await BehindOf(world) == 0;
        });
        await world.UntilReceived(receiving, 2);
        Assert.Equal(2, (await world.View(world.Theatre, sent)).Current!.Version);
    }

    /// <summary>Other tests of this class leave no link behind, but they share the database: count this world's own.</summary>
    private static async Task<int> BehindOf(LinkWorld world) =>
        (await world.Queries.List(world.Theatre.Organisation, new LinkFilter())).Rows.Count(row => row.Progress is { IsBehind: true });

    [Fact]
    public async Task The_sweep_runs_by_itself_every_period()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (_, receiving) = await world.Linked(sent);
        world.Wire.State = WireState.Cut;
        await world.Sell(sent, 10);
        world.Wire.State = WireState.Sound;
        await world.Sweep.StartAsync(default);
        await LinkWorld.Until(async () =>
        {
            world.Time.Advance(TimeSpan.FromSeconds(10));
            await Task.Yield();
            return (await world.View(world.Promoter, receiving)).Incoming!.SourceVersion == 1;
        });
        await world.Sweep.StopAsync(default);
    }

    [Fact]
    public async Task One_node_sweeps_in_each_period()
    {
        await using var world = await LinkWorld.Start(database);
        var queries = world.Queries;
        world.Time.Advance(TimeSpan.FromDays(1));
        var now = world.Time.GetUtcNow();
        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => queries.ClaimSweep(now, TimeSpan.FromSeconds(9))));
        Assert.Single(claims, claimed => claimed);
        Assert.False(await queries.ClaimSweep(now.AddSeconds(5), TimeSpan.FromSeconds(9)));
        Assert.True(await queries.ClaimSweep(now.AddSeconds(10), TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public async Task Events_that_come_twice_have_one_effect()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (_, receiving) = await world.Linked(sent);
        world.Wire.State = WireState.Doubled;
        for (var sold = 1; sold <= 5; sold++) await world.Sell(sent, sold);
        await world.UntilReceived(receiving, 5);
        await AssertMonotone(world, receiving, 5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Events_out_of_order_lost_and_doubled_leave_versions_monotone_and_the_sweep_makes_them_whole(int seed)
    {
        await using var world = await LinkWorld.Start(database);
        var random = new Random(seed);
        var sent = await world.Session(world.Theatre);
        var (_, receiving) = await world.Linked(sent);
        for (var sold = 1; sold <= 30; sold++)
        {
            world.Wire.State = random.Next(4) switch { 0 => WireState.Cut, 1 => WireState.Doubled, _ => WireState.Held };
            await world.Sell(sent, sold);
            if (random.Next(5) == 0) await world.Wire.Release(random);
            if (random.Next(10) == 0) await world.Restart();
        }
        await world.Wire.Release(random);
        world.Wire.State = WireState.Sound;
        await world.Settled(receiving);
        await world.Sweep.Turn(default);
        await world.UntilReceived(receiving, 30);
        await AssertMonotone(world, receiving, 30);
    }

    /// <summary>Own versions without a hole, the sender's only upwards, and at the end what the sender has.</summary>
    private static async Task AssertMonotone(LinkWorld world, string receiving, int sold)
    {
        var versions = await world.Node.Database.Query<(int Version, int SourceVersion, int Sold)>(
            world.Promoter.Organisation, "SELECT version, source_version, sold FROM tallies WHERE session_id = @receiving ORDER BY version", new { receiving });
        Assert.Equal(Enumerable.Range(1, versions.Count), versions.Select(version => version.Version));
        Assert.Equal(versions.Select(version => version.SourceVersion).Distinct().Order(), versions.Select(version => version.SourceVersion));
        Assert.All(versions, version => Assert.Equal(version.SourceVersion, version.Sold));
        Assert.Equal(sold, (await world.View(world.Promoter, receiving)).Current!.Figures.Sold);
    }

    [Fact]
    public async Task A_receiver_whose_activation_is_killed_between_two_versions_goes_on_from_what_it_had()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (_, receiving) = await world.Linked(sent);
        await world.Sell(sent, 10);
        await world.UntilReceived(receiving, 1);
        await world.Node.Kill();
        await world.Restart();
        await world.Sell(sent, 20);
        await world.Sweep.Turn(default);
        await world.UntilReceived(receiving, 2);
        await AssertKept(world, receiving);
    }

    private static async Task AssertKept(LinkWorld world, string receiving)
    {
        Assert.Equal(2, (await world.View(world.Promoter, receiving)).Current!.Version);
        Assert.Equal(20, (await world.View(world.Promoter, receiving)).Current!.Figures.Sold);
    }

    [Fact]
    public async Task A_node_that_dies_after_the_acceptance_leaves_the_sessions_to_the_next_one()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        await world.Sell(sent, 10);
        var link = await world.Offer(sent);
        var receiving = Ids.New(TimeProvider.System);
        await world.Send(link, new AcceptLink(new Receiving(receiving, true), null, null) { Id = Guid.NewGuid(), By = world.Promoter });
        await world.Node.Kill();
        await world.Restart();
        Assert.False((await world.Link(world.Theatre, link))!.Connected);
        await world.Node.DrainOutbox();
        await world.UntilReceived(receiving, 1);
        Assert.True((await world.Link(world.Theatre, link))!.Connected);
    }

    [Fact]
    public async Task A_half_connected_link_whose_effect_was_given_up_is_found_by_the_sweep()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        await world.Sell(sent, 10);
        var link = await world.Offer(sent);
        var own = await world.Session(world.Promoter);
        await world.Send(link, new AcceptLink(new Receiving(own, false), null, null) { Id = Guid.NewGuid(), By = world.Promoter });
        // The effect is lost after the receiver was told and before the sender was.
        await world.Node.Database.Execute(Database.Everyone, "DELETE FROM outbox WHERE organisation = @organisation", new { organisation = world.Theatre.Organisation });
        using (Caller.As(Actor.System("tests")))
            Assert.Empty((await world.Node.Session(world.Promoter.Organisation, own).ConnectIncoming(new ConnectIncoming(
                link, world.Theatre.Organisation, sent, "Théâtre du Port", LinkTerms.Totals, ConnectionState.Live, 1)
            { Id = Guid.NewGuid(), By = Actor.System("tests") })).Refusals);
        await world.Node.DrainOutbox();
        Assert.Null((await world.View(world.Promoter, own)).Current);
        await world.Sweep.Turn(default);
        await world.UntilReceived(own, 1);
    }

    [Fact]
    public async Task A_settlement_that_comes_late_or_twice_or_from_two_nodes_does_not_bring_back_what_is_over()
    {
        await using var world = await LinkWorld.Start(database);
        await using var other = await world.StartNode();
        var sent = await world.Session(world.Theatre);
        var (link, receiving) = await world.Linked(sent);
        await world.Sell(sent, 10);
        await world.UntilReceived(receiving, 1);
        await world.Send(link, world.Suspend(world.Theatre));
        await world.Node.DrainOutbox();
        // The commands of the acceptance, late and under other ids, as a node would send them that was asleep since.
        using (Caller.As(Actor.System("tests")))
        {
            await other.Session(world.Promoter.Organisation, receiving).ConnectIncoming(new ConnectIncoming(
                link, world.Theatre.Organisation, sent, "Théâtre du Port", LinkTerms.Totals, ConnectionState.Live, 1)
            { Id = Guid.NewGuid(), By = Actor.System("tests") });
            await other.Session(world.Theatre.Organisation, sent).ConnectOutgoing(new ConnectOutgoing(
                link, world.Promoter.Organisation, receiving, "Productions du Large", LinkTerms.Totals, ConnectionState.Live, 1)
            { Id = Guid.NewGuid(), By = Actor.System("tests") });
        }
        await world.Restart();
        Assert.Equal(ConnectionState.Suspended, (await world.View(world.Promoter, receiving)).Incoming!.State);
        Assert.Equal(ConnectionState.Suspended, Assert.Single((await world.View(world.Theatre, sent)).Outgoing).State);
        var settling = world.Node.Services.GetRequiredService<LinkSettling>();
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => settling.Settle(world.Theatre.Organisation, link)));
        Assert.Equal(ConnectionState.Suspended, (await world.View(world.Promoter, receiving)).Incoming!.State);
    }

    [Fact]
    public async Task A_request_past_its_date_expires_and_its_asker_is_told_once()
    {
        await using var world = await LinkWorld.Start(database);
        var link = await world.Offer(await world.Session(world.Theatre));
        world.Time.Advance(TimeSpan.FromDays(31));
        // Before any sweep it already shows as what it is.
        Assert.Equal(LinkStatus.Expired, (await world.Link(world.Promoter, link))!.Status);
        Assert.Equal("link-expired", (await world.Send(link, new AcceptLink(new Receiving(Ids.New(TimeProvider.System), true), null, null) { Id = Guid.NewGuid(), By = world.Promoter })).Refusals[0].Code);
        await world.Sweep.Turn(default);
        await world.Sweep.Turn(default);
        await world.Node.DrainOutbox();
        var view = await world.Link(world.Theatre, link);
        Assert.Equal((LinkStatus.Expired, LinkSample.Now.AddDays(30)), (view!.Status, view.Since));
        Assert.Equal(1, await world.Node.Database.QueryFirst<long>(world.Theatre.Organisation, "SELECT count(*) FROM notifications WHERE code = 'link-expired'"));
    }

    [Fact]
    public async Task A_session_that_is_moved_is_shown_so_on_the_other_side()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var link = await world.Offer(sent);
        using (Caller.As(world.Theatre))
        {
            var view = await world.View(world.Theatre, sent);
            Assert.Empty((await world.Node.Session(world.Theatre.Organisation, sent).Change(
                new ChangeSession(view.Details with { Place = "Salle 2" }, view.Revision) { Id = Guid.NewGuid(), By = world.Theatre })).Refusals);
        }
        Assert.InRange((await world.Sweep.Turn(default)).Refreshed, 1, int.MaxValue);
        Assert.Equal("Salle 2", (await world.Link(world.Promoter, link))!.Session!.Place);
    }

    [Fact]
    public async Task Many_links_that_are_behind_are_all_sent_again_in_one_round()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var receivers = new List<(Actor Organisation, string Session)>();
        for (var i = 0; i < 12; i++)
        {
            var receiver = await world.Found($"Structure {i}");
            var (link, receiving) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System));
            await world.Send(link, new RequestLink(LinkSide.Sender, receiver.Organisation, null, sent, null, null, LinkTerms.Totals, null, null) { Id = Guid.NewGuid(), By = world.Theatre });
            await world.Send(link, new AcceptLink(new Receiving(receiving, true), null, null) { Id = Guid.NewGuid(), By = receiver });
            receivers.Add((receiver, receiving));
        }
        await world.Node.DrainOutbox();
        world.Wire.State = WireState.Cut;
        await world.Sell(sent, 10);
        world.Wire.State = WireState.Sound;
        Assert.InRange(await world.Queries.CountBehind(), 12, int.MaxValue);
        await world.Sweep.Turn(default);
        foreach (var (organisation, session) in receivers)
            await LinkWorld.Until(async () => (await world.View(organisation, session)).Incoming?.SourceVersion == 1);
    }
}
