using System.Collections.Immutable;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Notifications;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;
using static Guichet.Tests.Sessions.Sample;

namespace Guichet.Tests.Links;

/// <summary>Two organisations, from the request to the figures on the other side: real grains, real PostgreSQL.</summary>
public sealed class LinkGrainTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task A_tally_validated_in_one_house_stands_in_the_other()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (link, receiving) = await world.Linked(sent);
        await world.Sell(sent, 42);
        await world.UntilReceived(receiving, 1);
        var received = await world.View(world.Promoter, receiving);
        Assert.Equal(new TallyFigures(42, 0, 0, null), received.Current!.Figures);
        Assert.Empty(received.Current.Lines);
        Assert.Equal((TallySource.Link, "Théâtre du Port"), (received.Current.Source, received.Current.By));
        Assert.Equal(0, received.Incoming!.LagMs);
        var view = await world.Link(world.Promoter, link);
        Assert.Equal((LinkStatus.Accepted, true), (view!.Status, view.Connected));
    }

    [Fact]
    public async Task The_senders_open_pages_are_told_when_a_version_has_arrived()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (link, receiving) = await world.Linked(sent);
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await world.Node.Client.GetStreamProvider(LiveStreams.Provider).Feed(world.Theatre.Organisation).SubscribeAsync(async (happened, _) =>
        {
            if (happened is LinkChanged changed && changed.LinkId == link && (await world.View(world.Promoter, receiving)).Current is { Version: 1 }) told.TrySetResult();
        });
        await world.Sell(sent, 42);
        await told.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_was_validated_before_the_link_arrives_with_it()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        await world.Sell(sent, 42);
        world.Time.Advance(TimeSpan.FromDays(3));
        var (_, receiving) = await world.Linked(sent);
        await world.UntilReceived(receiving, 1);
        // The lag counts from when the link was there to carry it, not from three days ago.
        Assert.Equal(0, (await world.View(world.Promoter, receiving)).Incoming!.LagMs);
    }

    [Fact]
    public async Task Totals_only_makes_a_session_that_counts_as_a_whole_and_keeps_nothing_of_the_senders_grid()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (_, receiving) = await world.Linked(sent);
        await world.Sell(sent, 42);
        await world.UntilReceived(receiving, 1);
        var made = await world.View(world.Promoter, receiving);
        Assert.Equal(150, Assert.Single(made.Details.Categories).Capacity);
        Assert.Equal("Théâtre du Port", made.Details.Place);
        foreach (var table in new[] { "sessions", "tallies", "journal", "links", "outbox", "notifications" })
        {
            var rows = string.Concat(await world.Node.Database.Query<string>(
                Database.Everyone, $"SELECT t::text FROM {table} t WHERE organisation = @organisation", new { organisation = world.Promoter.Organisation }));
            foreach (var secret in new[] { "Carré or", "balcon", "Plein", "reduit", "fnac", "189000" }) Assert.DoesNotContain(secret, rows, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Detail_with_a_scope_brings_the_scopes_lines_with_revenue_and_no_others()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (_, receiving) = await world.Linked(sent, new LinkTerms(LinkDetail.Detailed, [], ["fnac"]));
        await world.Validate(world.Theatre, sent, Line(10, gross: 45_000), Line(3, "balcon", "reduit", "fnac", gross: 9_000));
        await world.UntilReceived(receiving, 1);
        var received = await world.View(world.Promoter, receiving);
        Assert.Equal([Line(3, "balcon", "reduit", "fnac", gross: 9_000)], received.Current!.Lines.AsEnumerable());
        Assert.Equal(new TallyFigures(3, 0, 0, 9_000), received.Current.Figures);
        Assert.DoesNotContain(received.Details.Channels, channel => channel.Code == "guichet");
    }

    [Fact]
    public async Task A_receiver_can_take_the_tallies_in_a_session_of_its_own()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var own = await world.Session(world.Promoter, "le misanthrope");
        var link = await world.Offer(sent);
        var card = (await world.Link(world.Promoter, link))!.Session!;
        var match = Assert.Single(await world.Queries.Matches(world.Promoter.Organisation, card, 5));
        Assert.Equal((own, true), (match.Session.Id, match.IsLikely));
        Assert.Empty((await world.Send(link, new AcceptLink(new Receiving(own, false), null, null) { Id = Guid.NewGuid(), By = world.Promoter })).Refusals);
        await world.Node.DrainOutbox();
        await world.Sell(sent, 12);
        await world.UntilReceived(own, 1);
        Assert.Equal("session-receives", (await world.Validate(world.Promoter, own, Line(1))).Refusals[0].Code);
    }

    [Fact]
    public async Task A_receiver_asks_for_a_listed_session_and_gets_it_when_the_sender_accepts()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre, shareable: true);
        await world.Session(world.Theatre, "Pas pour vous");
        var listed = Assert.Single(await world.Queries.Shareable(world.Theatre.Organisation, world.Promoter.Organisation, null, 10));
        Assert.Equal(sent, listed.Id);
        var (link, receiving) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System));
        var ask = new RequestLink(LinkSide.Receiver, world.Theatre.Organisation, null, listed.Id, null, new Receiving(receiving, true), LinkTerms.Totals, null, null)
        {
            Id = Guid.NewGuid(),
            By = world.Promoter,
        };
        Assert.Empty((await world.Send(link, ask)).Refusals);
        Assert.True((await world.Link(world.Theatre, link))!.Answerable);
        // What one has asked for is no longer there to ask for; for others it is.
        Assert.Empty(await world.Queries.Shareable(world.Theatre.Organisation, world.Promoter.Organisation, null, 10));
        Assert.Single(await world.Queries.Shareable(world.Theatre.Organisation, "another", null, 10));
        Assert.Empty((await world.Send(link, new AcceptLink(null, null, null) { Id = Guid.NewGuid(), By = world.Theatre })).Refusals);
        await world.Node.DrainOutbox();
        await world.Sell(sent, 7);
        await world.UntilReceived(receiving, 1);
    }

    [Fact]
    public async Task A_described_session_is_chosen_by_the_sender()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (link, receiving) = (Ids.New(TimeProvider.System), Ids.New(TimeProvider.System));
        Assert.Empty((await world.Send(link, new RequestLink(
            LinkSide.Receiver, world.Theatre.Organisation, null, null, "Le Misanthrope du 4 décembre", new Receiving(receiving, true), LinkTerms.Totals, null, null)
        {
            Id = Guid.NewGuid(),
            By = world.Promoter,
        })).Refusals);
        Assert.Empty((await world.Send(link, new AcceptLink(null, sent, null) { Id = Guid.NewGuid(), By = world.Theatre })).Refusals);
        await world.Node.DrainOutbox();
        await world.Sell(sent, 7);
        await world.UntilReceived(receiving, 1);
    }

    [Fact]
    public async Task Several_links_for_one_new_show_make_it_once()
    {
        await using var world = await LinkWorld.Start(database);
        var offers = new List<string>();
        for (var i = 0; i < 4; i++) offers.Add(await world.Offer(await world.Session(world.Theatre, "Nouveau spectacle")));
        foreach (var link in offers)
            Assert.Empty((await world.Send(link, new AcceptLink(new Receiving(Ids.New(TimeProvider.System), true), null, null) { Id = Guid.NewGuid(), By = world.Promoter })).Refusals);
        await world.Node.DrainOutbox();
        Assert.Equal(1, await world.Node.Database.QueryFirst<long>(world.Promoter.Organisation, "SELECT count(*) FROM shows"));
        Assert.Equal(4, await world.Node.Database.QueryFirst<long>(world.Promoter.Organisation, "SELECT count(*) FROM sessions WHERE incoming_state = 'live'"));
    }

    [Fact]
    public async Task Every_command_sent_twice_changes_nothing_and_answers_the_same()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var link = Ids.New(TimeProvider.System);
        var commands = new Command[]
        {
            new RequestLink(LinkSide.Sender, world.Promoter.Organisation, null, sent, null, null, LinkTerms.Totals, null, null) { Id = Guid.NewGuid(), By = world.Theatre },
            new AcceptLink(null, null, null) { Id = Guid.NewGuid(), By = world.Promoter }, // refused: where to?
            new AcceptLink(new Receiving(Ids.New(TimeProvider.System), true), null, null) { Id = Guid.NewGuid(), By = world.Promoter },
            new WithdrawLink { Id = Guid.NewGuid(), By = world.Theatre }, // refused: answered
            world.Suspend(world.Theatre), world.Suspend(world.Promoter), world.Resume(world.Theatre), world.Resume(world.Promoter), world.Cancel(world.Promoter),
            new RefuseLink(null) { Id = Guid.NewGuid(), By = world.Promoter },
        };
        foreach (var command in commands)
        {
            var first = await world.Send(link, command);
            await world.Node.DrainOutbox();
            var before = await State(world, link);
            Assert.Equal(Json.Write(first), Json.Write(await world.Send(link, command)));
            await world.Node.DrainOutbox();
            Assert.Equal(before, await State(world, link));
        }
        await world.Restart();
        foreach (var command in commands) await world.Send(link, command);
        Assert.Equal(LinkStatus.Cancelled, (await world.Link(world.Theatre, link))!.Status);
    }

    private static Task<string?> State(LinkWorld world, string link) => world.Node.Database.QueryFirst<string>(
        world.Theatre.Organisation, "SELECT version || state::text FROM links WHERE id = @link", new { link });

    [Fact]
    public async Task A_stranger_sees_no_link_and_can_do_nothing_to_it()
    {
        await using var world = await LinkWorld.Start(database);
        var stranger = await world.Found("Ailleurs");
        var (link, _) = await world.Linked(await world.Session(world.Theatre));
        Assert.Null(await world.Link(stranger, link));
        foreach (var command in new Command[]
        {
            new AcceptLink(new Receiving("x", false), null, null) { Id = Guid.NewGuid(), By = stranger }, new RefuseLink(null) { Id = Guid.NewGuid(), By = stranger },
            new WithdrawLink { Id = Guid.NewGuid(), By = stranger }, world.Suspend(stranger), world.Resume(stranger), world.Cancel(stranger),
        })
            Assert.Equal("link-unknown", (await world.Send(link, command)).Refusals[0].Code);
        foreach (var command in new Command[] { new RotateLinkSecret(LinkSecret.New()) { Id = Guid.NewGuid(), By = stranger }, new ChangeLinkWebhook("https://a.example/") { Id = Guid.NewGuid(), By = world.Promoter } })
            await Assert.ThrowsAsync<CallRefusedException>(() => world.Send(link, command));
        Assert.Null(await world.Queries.Key(stranger.Organisation, link));
        Assert.Empty((await world.Queries.List(stranger.Organisation, new LinkFilter())).Rows);
        // The control: the two parties are let in.
        Assert.NotNull(await world.Queries.Key(world.Theatre.Organisation, link));
        Assert.NotNull(await world.Queries.Key(world.Promoter.Organisation, link));
    }

    [Fact]
    public async Task In_the_database_both_parties_read_a_link_only_the_sender_writes_it_and_nobody_else_sees_it()
    {
        await using var world = await LinkWorld.Start(database);
        var stranger = await world.Found("Ailleurs");
        var (link, _) = await world.Linked(await world.Session(world.Theatre));
        foreach (var (reader, count) in new[] { (world.Theatre, 1), (world.Promoter, 1), (stranger, 0) })
            Assert.Equal(count, await world.Node.Database.QueryFirst<long>(reader.Organisation, "SELECT count(*) FROM links WHERE id = @link", new { link }));
        foreach (var sql in new[] { "DELETE FROM links WHERE id = @link", "UPDATE links SET version = version + 1 WHERE id = @link" })
            Assert.Equal(0, Math.Max(0, await world.Node.Database.Execute(world.Promoter.Organisation, sql, new { link })));
        Assert.Equal(1, await world.Node.Database.QueryFirst<long>(world.Theatre.Organisation, "SELECT count(*) FROM links WHERE id = @link", new { link }));
    }

    [Fact]
    public async Task A_reader_may_look_and_not_act()
    {
        await using var world = await LinkWorld.Start(database);
        var (link, _) = await world.Linked(await world.Session(world.Theatre));
        var reader = world.Promoter with { Role = Role.Reader };
        Assert.NotNull(await world.Link(reader, link));
        await Assert.ThrowsAsync<CallRefusedException>(() => world.Send(link, world.Suspend(reader)));
    }

    [Fact]
    public async Task What_a_session_receives_it_never_sends_on()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (_, receiving) = await world.Linked(sent);
        var third = await world.Found("Agence");
        // At the request: the promoter offers what it receives.
        var offer = new RequestLink(LinkSide.Sender, third.Organisation, null, receiving, null, null, LinkTerms.Totals, null, null) { Id = Guid.NewGuid(), By = world.Promoter };
        using (Caller.As(world.Promoter))
        {
            var refused = await world.Node.Grains.GetGrain<ILinkGrain>(GrainKey.Of(world.Promoter.Organisation, Ids.New(TimeProvider.System))).Request(offer);
            Assert.Equal("session-receives", refused.Refusals[0].Code);
        }
        // And back again to the theatre: what it sends can't receive.
        var back = new RequestLink(
            LinkSide.Receiver, world.Promoter.Organisation, null, null, "Le mien", new Receiving(sent, false), LinkTerms.Totals, null, null)
        { Id = Guid.NewGuid(), By = world.Theatre };
        using (Caller.As(world.Theatre))
        {
            var refused = await world.Node.Grains.GetGrain<ILinkGrain>(GrainKey.Of(world.Promoter.Organisation, Ids.New(TimeProvider.System))).Request(back);
            Assert.Equal("session-sends@receiving", $"{refused.Refusals[0].Code}@{refused.Refusals[0].Field}");
        }
        // A pending offer, made before its session began to receive, is refused at acceptance.
        Assert.DoesNotContain(await world.Queries.Sendable(world.Promoter.Organisation, null, 100), card => card.Id == receiving);
        Assert.DoesNotContain(await world.Queries.Receivable(world.Theatre.Organisation, null, 100), card => card.Id == sent);
    }

    [Fact]
    public async Task A_session_that_came_to_send_after_acceptance_refuses_and_the_link_ends_with_both_told()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var own = await world.Session(world.Promoter);
        var link = await world.Offer(sent);
        Assert.Empty((await world.Send(link, new AcceptLink(new Receiving(own, false), null, null) { Id = Guid.NewGuid(), By = world.Promoter })).Refusals);
        // Between the acceptance and its effect, the promoter's session begins to send elsewhere.
        using (Caller.As(Actor.System("tests")))
            Assert.Empty((await world.Node.Session(world.Promoter.Organisation, own).ConnectOutgoing(
                new ConnectOutgoing("other", "elsewhere", "x", "Ailleurs", LinkTerms.Totals) { Id = Guid.NewGuid(), By = Actor.System("tests") })).Refusals);
        await world.Node.DrainOutbox();
        foreach (var side in new[] { world.Theatre, world.Promoter })
        {
            var view = await world.Link(side, link);
            Assert.Equal((LinkStatus.Cancelled, "receiver-session-refused"), (view!.Status, view.History[^1].Reason?.Code));
            Assert.Contains(await Notified(world, side), code => code == "link-ended-by-session");
        }
        Assert.All((await world.View(world.Theatre, sent)).Outgoing, known => Assert.Equal(ConnectionState.Ended, known.State));
        await world.Sell(sent, 5);
        Assert.Null((await world.View(world.Promoter, own)).Current);
    }

    [Fact]
    public async Task A_suspended_link_carries_nothing_and_catches_up_when_it_resumes()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (link, receiving) = await world.Linked(sent);
        await world.Sell(sent, 10);
        await world.UntilReceived(receiving, 1);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty((await world.Send(link, world.Suspend(world.Theatre))).Refusals);
        await world.Node.DrainOutbox();
        var sentBefore = world.Wire.Seen.Count;
        await world.Sell(sent, 20);
        await world.Sweep.Turn(default);
        await world.Settled(receiving);
        Assert.Equal(sentBefore, world.Wire.Seen.Count);
        var kept = await world.View(world.Promoter, receiving);
        Assert.Equal((10, ConnectionState.Suspended, world.Time.GetUtcNow()), (kept.Current!.Figures.Sold, kept.Incoming!.State, kept.Incoming.Since));
        Assert.Null((await world.Queries.List(world.Promoter.Organisation, new LinkFilter())).Rows[0].Progress);

        Assert.Empty((await world.Send(link, world.Resume(world.Theatre))).Refusals);
        await world.Node.DrainOutbox();
        await world.UntilReceived(receiving, 2);
        Assert.Equal(20, (await world.View(world.Promoter, receiving)).Current!.Figures.Sold);
    }

    [Fact]
    public async Task A_version_in_flight_when_the_link_is_suspended_is_not_taken()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (link, receiving) = await world.Linked(sent);
        world.Wire.State = WireState.Held;
        await world.Sell(sent, 10);
        await world.Send(link, world.Suspend(world.Promoter));
        await world.Node.DrainOutbox();
        world.Wire.State = WireState.Sound;
        await world.Wire.Release(new Random(1));
        await world.Settled(receiving);
        Assert.Null((await world.View(world.Promoter, receiving)).Current);
        await world.Send(link, world.Resume(world.Promoter));
        await world.Node.DrainOutbox();
        await world.UntilReceived(receiving, 1);
    }

    [Fact]
    public async Task After_a_cancellation_the_receiver_keeps_what_it_had_and_types_its_own_tallies_again()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (link, receiving) = await world.Linked(sent);
        await world.Sell(sent, 10);
        await world.UntilReceived(receiving, 1);
        world.Time.Advance(TimeSpan.FromHours(1));
        await world.Send(link, world.Cancel(world.Promoter));
        await world.Node.DrainOutbox();
        await world.Sell(sent, 20);
        var kept = await world.View(world.Promoter, receiving);
        Assert.Equal((10, ConnectionState.Ended, world.Time.GetUtcNow()), (kept.Current!.Figures.Sold, kept.Incoming!.State, kept.Incoming.Since));
        Assert.Equal(2, (await world.Validate(world.Promoter, receiving, new TallyLine("total", "total", "total", 11, 0, 0, null))).Accepted.Version);
        var typed = await world.View(world.Promoter, receiving);
        Assert.Equal((11, null), (typed.Current!.Figures.Sold, typed.Current.Figures.GrossMinor));
        Assert.Null(Assert.Single(typed.Details.Tariffs).PriceMinor);
        Assert.Equal(LinkStatus.Cancelled, (await world.Link(world.Theatre, link))!.Status);
    }

    [Fact]
    public async Task A_link_suspended_or_cancelled_before_its_sessions_were_told_is_never_live()
    {
        await using var world = await LinkWorld.Start(database);
        foreach (var act in new Func<Actor, Command>[] { world.Suspend, world.Cancel })
        {
            var sent = await world.Session(world.Theatre);
            await world.Sell(sent, 5);
            var link = await world.Offer(sent);
            var receiving = Ids.New(TimeProvider.System);
            await world.Send(link, new AcceptLink(new Receiving(receiving, true), null, null) { Id = Guid.NewGuid(), By = world.Promoter });
            await world.Send(link, act(world.Theatre));
            await world.Node.DrainOutbox();
            Assert.DoesNotContain(world.Wire.Seen, tally => tally.LinkId == link);
            Assert.DoesNotContain((await world.View(world.Theatre, sent)).Outgoing, known => known.State == ConnectionState.Live);
        }
    }

    [Fact]
    public async Task The_counterpart_and_the_asker_are_told_on_screen_and_by_mail()
    {
        await using var world = await LinkWorld.Start(database);
        var (_, _) = await world.Linked(await world.Session(world.Theatre));
        Assert.Equal(["link-offered"], await Notified(world, world.Promoter));
        Assert.Equal(["link-accepted"], await Notified(world, world.Theatre));
        Assert.Contains(world.Mail.Sent, mail => mail.To == $"box@{world.Promoter.Organisation}.example" && mail.Subject.StartsWith("Théâtre du Port propose", StringComparison.Ordinal));
        Assert.Contains(world.Mail.Sent, mail => mail.To == $"box@{world.Theatre.Organisation}.example" && mail.Text.Contains("vendredi 4 décembre 2026 à 20\u00A0h\u00A030"));
    }

    private static async Task<string[]> Notified(LinkWorld world, Actor who) =>
        [.. (await world.Node.Services.GetRequiredService<NotificationQueries>().List(who.Organisation, null, 100, default)).Select(told => told.Code)];

    [Fact]
    public async Task A_second_request_for_the_same_session_is_led_to_the_first()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var link = await world.Offer(sent);
        var again = new RequestLink(LinkSide.Sender, world.Promoter.Organisation, null, sent, null, null, LinkTerms.Totals, null, null) { Id = Guid.NewGuid(), By = world.Theatre };
        Assert.Equal(link, Assert.Single((await world.Send(Ids.New(TimeProvider.System), again)).Refusals[0].Arguments));
        // Nor can a described one turn out to be it.
        var described = Ids.New(TimeProvider.System);
        Assert.Empty((await world.Send(described, new RequestLink(
            LinkSide.Receiver, world.Theatre.Organisation, null, null, "La même", new Receiving(Ids.New(TimeProvider.System), true), LinkTerms.Totals, null, null)
        { Id = Guid.NewGuid(), By = world.Promoter })).Refusals);
        Assert.Equal("link-already-there", (await world.Send(described, new AcceptLink(null, sent, null) { Id = Guid.NewGuid(), By = world.Theatre })).Refusals[0].Code);
        await world.Send(link, new RefuseLink("non") { Id = Guid.NewGuid(), By = world.Promoter });
        Assert.Empty((await world.Send(Ids.New(TimeProvider.System), again with { Id = Guid.NewGuid() })).Refusals);
    }

    [Fact]
    public async Task Lists_find_sort_and_count_links_from_both_sides()
    {
        await using var world = await LinkWorld.Start(database);
        var (live, _) = await world.Linked(await world.Session(world.Theatre, "Phèdre"));
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var asked = await world.Offer(await world.Session(world.Theatre, "Bérénice", place: "Opéra de Brest"));
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var over = await world.Offer(await world.Session(world.Theatre, "Athalie"));
        await world.Send(over, new WithdrawLink { Id = Guid.NewGuid(), By = world.Theatre });

        var (sender, receiver) = (world.Theatre.Organisation, world.Promoter.Organisation);
        Assert.Equal([asked, live, over], await Ids(new LinkFilter(), receiver));
        Assert.Equal([over, asked, live], await Ids(new LinkFilter(Sort: LinkSort.Since, Descending: true), sender));
        Assert.Equal([over, asked, live], await Ids(new LinkFilter(Sort: LinkSort.Title), sender));
        Assert.Equal([asked], await Ids(new LinkFilter(Search: "BEREN brest"), sender));
        Assert.Equal([asked, live, over], await Ids(new LinkFilter(Search: "large", Sort: LinkSort.Attention), sender));
        Assert.Equal([live], await Ids(new LinkFilter(Statuses: [LinkStatus.Accepted]), receiver));
        Assert.Empty(await Ids(new LinkFilter(Side: LinkSide.Receiver), sender));
        Assert.Equal(new LinkCounts(3, 0, 3, 1, 1), await world.Queries.Counts(receiver));
        Assert.Equal(new LinkCounts(3, 3, 0, 0, 1), await world.Queries.Counts(sender));
        var page = await world.Queries.List(sender, new LinkFilter(Limit: 1, Offset: 1, Sort: LinkSort.Title));
        Assert.Equal((3, asked), (page.Count, page.Rows.Single().Link.Id));
        foreach (var sort in Enum.GetValues<LinkSort>()) Assert.Equal(3, (await world.Queries.List(sender, new LinkFilter(Sort: sort))).Rows.Length);

        async Task<IEnumerable<string>> Ids(LinkFilter filter, string organisation) => (await world.Queries.List(organisation, filter)).Rows.Select(row => row.Link.Id);
    }

    [Fact]
    public async Task Counterparts_are_found_by_name_blind_to_case_and_accents_and_never_oneself()
    {
        await using var world = await LinkWorld.Start(database);
        Assert.Contains(await world.Queries.Counterparts(world.Promoter.Organisation, "theatre PORT", 500), found => found.Id == world.Theatre.Organisation);
        Assert.DoesNotContain(await world.Queries.Counterparts(world.Theatre.Organisation, "theatre port", 500), found => found.Id == world.Theatre.Organisation);
    }
}
