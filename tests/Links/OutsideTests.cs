using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Guichet.Tests.Sessions.Sample;

namespace Guichet.Tests.Links;

/// <summary>Counterparts that don't use Guichet: a real listener that takes, refuses, redirects and hangs; an address that is fetched.</summary>
public sealed class OutsideTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Each_version_is_posted_signed_and_is_exactly_what_the_terms_allow()
    {
        await using var world = await LinkWorld.Start(database);
        await using var listener = await Listener.Start();
        var sent = await world.Session(world.Theatre);
        var (link, secret) = await world.GivenOutside(sent, OutsideDelivery.Webhook, listener.Url);
        await world.Sell(sent, 42);
        await world.Node.DrainOutbox();
        var post = Assert.Single(listener.Posts);
        Assert.True(IsSignedBy(secret, post));
        Assert.False(IsSignedBy(LinkSecret.New(), post));
        Assert.Equal("1", post.Version);
        var session = await world.View(world.Theatre, sent);
        Assert.Equal(Json.Write(LinkProjection.Of(world.Theatre.Organisation, session.Outgoing[0], session)), post.Body);
        foreach (var hidden in new[] { "or", "plein", "guichet", "gross", "189000" }) Assert.DoesNotContain($"\"{hidden}\"", post.Body);
        var view = await world.Link(world.Theatre, link);
        Assert.Equal((1, 0L, null), (view!.Outside!.DeliveredVersion, view.Outside.LagMs, view.Outside.FailingSince));
    }

    [Fact]
    public async Task A_version_that_was_not_taken_is_sent_again_until_it_is_and_the_newest_stands_for_all()
    {
        await using var world = await LinkWorld.Start(database);
        await using var listener = await Listener.Start();
        var sent = await world.Session(world.Theatre);
        var (link, _) = await world.GivenOutside(sent, OutsideDelivery.Webhook, listener.Url);
        listener.Answer = StatusCodes.Status503ServiceUnavailable;
        await world.Sell(sent, 10);
        await world.Node.DrainOutbox();
        await world.Sell(sent, 20);
        await world.Node.DrainOutbox();
        var failing = await world.Link(world.Theatre, link);
        Assert.Equal(("webhook-status", "503"), (failing!.Outside!.Failure!.Code, failing.Outside.Failure.Arguments[0]));
        Assert.Single(failing.History, moment => moment.Kind == LinkMomentKind.DeliveryFailed);

        listener.Answer = StatusCodes.Status204NoContent;
        await world.Restart();
        for (var i = 0; i < 10 && (await world.Link(world.Theatre, link))!.Outside!.DeliveredVersion < 2; i++)
        {
            world.Time.Advance(TimeSpan.FromSeconds(30));
            await world.Node.DrainOutbox();
        }
        var versions = listener.Posts.Select(post => int.Parse(post.Version, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(versions.Order(), versions);
        Assert.Equal(2, versions[^1]);
        Assert.Null((await world.Link(world.Theatre, link))!.Outside!.FailingSince);
    }

    [Fact]
    public async Task A_webhook_that_the_outbox_gave_up_is_found_by_the_sweep()
    {
        await using var world = await LinkWorld.Start(database);
        await using var listener = await Listener.Start();
        var sent = await world.Session(world.Theatre);
        await world.GivenOutside(sent, OutsideDelivery.Webhook, listener.Url);
        await world.Sell(sent, 10);
        await world.Node.Database.Execute(Database.Everyone, "DELETE FROM outbox WHERE organisation = @organisation", new { organisation = world.Theatre.Organisation });
        Assert.Empty(listener.Posts);
        await world.Sweep.Turn(default);
        Assert.Single(listener.Posts);
        await world.Sweep.Turn(default);
        Assert.Single(listener.Posts);
    }

    [Fact]
    public async Task Versions_posted_at_once_leave_one_after_the_other_and_never_backwards()
    {
        await using var world = await LinkWorld.Start(database);
        await using var listener = await Listener.Start();
        var sent = await world.Session(world.Theatre);
        var (link, _) = await world.GivenOutside(sent, OutsideDelivery.Webhook, listener.Url);
        for (var sold = 1; sold <= 10; sold++) await world.Sell(sent, sold);
        using (Caller.As(Actor.System("tests")))
        {
            var grain = world.Node.Grains.GetGrain<ILinkWebhookGrain>(GrainKey.Of(world.Theatre.Organisation, link));
            var deliveries = Enumerable.Range(0, 5).Select(_ => grain.Deliver()).ToList();
            for (var sold = 11; sold <= 15; sold++)
            {
                await world.Sell(sent, sold);
                deliveries.Add(grain.Deliver());
            }
            await Task.WhenAll(deliveries);
        }
        var versions = listener.Posts.Select(post => int.Parse(post.Version, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(versions.Distinct().Order(), versions);
        Assert.Equal(15, versions[^1]);
        Assert.Equal(1, listener.MostAtOnce);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var world = await LinkWorld.Start(database);
        await using var elsewhere = await Listener.Start();
        await using var listener = await Listener.Start();
        listener.Answer = StatusCodes.Status307TemporaryRedirect;
        listener.Location = elsewhere.Url;
        var sent = await world.Session(world.Theatre);
        var (link, _) = await world.GivenOutside(sent, OutsideDelivery.Webhook, listener.Url);
        await world.Sell(sent, 10);
        await world.Node.DrainOutbox();
        Assert.Single(listener.Posts);
        Assert.Empty(elsewhere.Posts);
        Assert.Equal("307", (await world.Link(world.Theatre, link))!.Outside!.Failure!.Arguments[0]);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_and_one_that_never_comes_is_not_waited_for()
    {
        await using var listener = await Listener.Start();
        var time = new ManualTime();
        var webhook = new Webhook(new WebhookAddresses(new WebhookOptions { AllowLoopback = true }), time);
        listener.Endless = true;
        Assert.Null(await webhook.Post(listener.Url, LinkSecret.New().Value, "{}", 1, default));
        listener.Endless = false;
        listener.Hangs = true;
        var post = webhook.Post(listener.Url, LinkSecret.New().Value, "{}", 2, default);
        await LinkWorld.Until(() => Task.FromResult(listener.Posts.Length == 2));
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("webhook-timeout", (await post)!.Code);
    }

    [Fact]
    public async Task Where_loopback_is_not_allowed_nothing_is_connected_to_even_when_the_link_is_there_already()
    {
        await using var listener = await Listener.Start();
        var webhook = new Webhook(new WebhookAddresses(new WebhookOptions()), TimeProvider.System);
        foreach (var url in new[] { listener.Url.Replace("http://", "https://"), listener.Url.Replace("http://127.0.0.1", "https://localhost"), listener.Url.Replace("http://127.0.0.1", "https://[::ffff:127.0.0.1]") })
            Assert.Equal("webhook-private", (await webhook.Post(url, LinkSecret.New().Value, "{}", 1, default))!.Code);
        Assert.Equal(0, listener.Connections);
        // The control: where it is allowed, the listener is reached.
        Assert.Null(await new Webhook(new WebhookAddresses(new WebhookOptions { AllowLoopback = true }), TimeProvider.System).Post(listener.Url, LinkSecret.New().Value, "{}", 1, default));
        Assert.Equal(1, listener.Connections);
    }

    [Fact]
    public async Task A_suspended_webhook_gets_nothing_and_the_current_version_when_it_resumes()
    {
        await using var world = await LinkWorld.Start(database);
        await using var listener = await Listener.Start();
        var sent = await world.Session(world.Theatre);
        var (link, _) = await world.GivenOutside(sent, OutsideDelivery.Webhook, listener.Url);
        await world.Send(link, world.Suspend(world.Theatre));
        await world.Node.DrainOutbox();
        await world.Sell(sent, 10);
        await world.Node.DrainOutbox();
        await world.Sweep.Turn(default);
        Assert.Empty(listener.Posts);
        await world.Send(link, world.Resume(world.Theatre));
        await world.Node.DrainOutbox();
        Assert.Equal("1", Assert.Single(listener.Posts).Version);
        await world.Send(link, world.Cancel(world.Theatre));
        await world.Sell(sent, 20);
        await world.Node.DrainOutbox();
        Assert.Single(listener.Posts);
    }

    [Fact]
    public async Task A_rotated_secret_signs_from_then_on_and_a_moved_webhook_is_sent_the_current_version()
    {
        await using var world = await LinkWorld.Start(database);
        await using var listener = await Listener.Start();
        await using var moved = await Listener.Start();
        var sent = await world.Session(world.Theatre);
        var (link, first) = await world.GivenOutside(sent, OutsideDelivery.Webhook, listener.Url);
        await world.Sell(sent, 10);
        await world.Node.DrainOutbox();
        var second = LinkSecret.New();
        Assert.Empty((await world.Send(link, new RotateLinkSecret(second) { Id = Guid.NewGuid(), By = world.Theatre })).Refusals);
        Assert.Empty((await world.Send(link, new ChangeLinkWebhook(moved.Url) { Id = Guid.NewGuid(), By = world.Theatre })).Refusals);
        await world.Node.DrainOutbox();
        Assert.True(IsSignedBy(first, Assert.Single(listener.Posts)));
        Assert.True(IsSignedBy(second, Assert.Single(moved.Posts)));
        Assert.Equal("webhook-private", (await world.Send(link, new ChangeLinkWebhook("https://10.0.0.1/") { Id = Guid.NewGuid(), By = world.Theatre })).Refusals[0].Code);
    }

    [Fact]
    public async Task No_secret_is_found_in_the_journal_the_outbox_or_what_the_counterpart_may_read()
    {
        await using var world = await LinkWorld.Start(database);
        await using var listener = await Listener.Start();
        var sent = await world.Session(world.Theatre);
        var (_, webhook) = await world.GivenOutside(sent, OutsideDelivery.Webhook, listener.Url);
        var (link, address) = await world.GivenOutside(sent, OutsideDelivery.Address, null);
        var rotated = LinkSecret.New();
        await world.Send(link, new RotateLinkSecret(rotated) { Id = Guid.NewGuid(), By = world.Theatre });
        await world.Node.DrainOutbox();
        foreach (var table in new[] { "journal", "outbox", "links", "notifications" })
        {
            var rows = string.Concat(await world.Node.Database.Query<string>(Database.Everyone, $"SELECT t::text FROM {table} t"));
            foreach (var secret in new[] { webhook, address, rotated }) Assert.DoesNotContain(secret.Value, rows);
        }
        Assert.Empty(await world.Node.Database.Query<string>(world.Promoter.Organisation, "SELECT secret FROM link_secrets"));
    }

    [Fact]
    public async Task An_address_answers_with_the_current_tally_and_no_more_than_the_terms_allow()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var (_, token) = await world.GivenOutside(sent, OutsideDelivery.Address, null);
        var address = world.Node.Services.GetRequiredService<LinkAddress>();
        Assert.Equal(0, (await address.Read(token.Value, null, default))!.Version);
        await world.Validate(world.Theatre, sent, Line(10, gross: 45_000), Line(3, "balcon", "reduit", "fnac", gross: 9_000));
        var answer = await address.Read(token.Value, null, default);
        var text = Encoding.UTF8.GetString(answer!.Content!);
        Assert.Equal((1, "le-misanthrope-2026-12-04.csv"), (answer.Version, answer.FileName));
        Assert.EndsWith(";1;22/11/2026 10:30;13;0;0;150\r\n", text);
        foreach (var hidden in new[] { "Carré", "Balcon", "Réduit", "Fnac", "450", "Recette" }) Assert.DoesNotContain(hidden, text);
        Assert.StartsWith("\uFEFFShow,", Encoding.UTF8.GetString((await address.Read(token.Value, Organisations.Language.English, default))!.Content!));
        Assert.Contains(world.Mail.Sent, mail => mail.To == "culture@rennes.example" && mail.Text.Contains(LinkAddress.PathOf(token.Value)));
    }

    [Fact]
    public async Task An_address_that_was_rotated_or_whose_link_is_over_answers_nobody()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        await world.Sell(sent, 10);
        var (link, first) = await world.GivenOutside(sent, OutsideDelivery.Address, null);
        var address = world.Node.Services.GetRequiredService<LinkAddress>();
        Assert.NotNull((await address.Read(first.Value, null, default))!.Content);

        var second = LinkSecret.New();
        await world.Send(link, new RotateLinkSecret(second) { Id = Guid.NewGuid(), By = world.Theatre });
        Assert.Null(await address.Read(first.Value, null, default));
        Assert.NotNull((await address.Read(second.Value, null, default))!.Content);

        await world.Send(link, world.Suspend(world.Theatre));
        var suspended = await address.Read(second.Value, null, default);
        Assert.Equal((null, world.Time.GetUtcNow()), (suspended!.Content, suspended.SuspendedSince));

        await world.Send(link, world.Cancel(world.Theatre));
        Assert.Null(await address.Read(second.Value, null, default));
        Assert.Null(await address.Read(LinkSecret.New().Value, null, default));
        Assert.Null(await address.Read("../../etc/passwd", null, default));
    }

    private static bool IsSignedBy(LinkSecret secret, Post post)
    {
        var parts = post.Signature.Split(',').ToDictionary(part => part[..part.IndexOf('=')], part => part[(part.IndexOf('=') + 1)..]);
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Value), Encoding.UTF8.GetBytes($"{parts["t"]}.{post.Body}"));
        return parts["v1"] == Convert.ToHexStringLower(expected);
    }

    private sealed record Post(string Body, string Signature, string Version);

    /// <summary>The counterpart's server, on a loopback port of the system's choosing.</summary>
    private sealed class Listener : IAsyncDisposable
    {
        private readonly WebApplication app;
        private readonly ConcurrentQueue<Post> posts = new();
        private readonly CancellationTokenSource closing = new();
        private int atOnce, connections;

        private Listener(WebApplication app) => this.app = app;

        public string Url => $"{app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}/in";

        public ImmutableArray<Post> Posts => [.. posts];

        public int Answer { get; set; } = StatusCodes.Status200OK;

        public string? Location { get; set; }

        public bool Endless { get; set; }

        public bool Hangs { get; set; }

        public int MostAtOnce { get; private set; }

        public int Connections => connections;

        public static async Task<Listener> Start()
        {
            var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Logging.ClearProviders();
            Listener? listener = null;
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Use(next => connection =>
            {
                Interlocked.Increment(ref listener!.connections);
                return next(connection);
            })));
            listener = new Listener(builder.Build());
            listener.app.Run(listener.Take);
            await listener.app.StartAsync();
            return listener;
        }

        private async Task Take(HttpContext http)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref atOnce));
            using var reader = new StreamReader(http.Request.Body);
            posts.Enqueue(new Post(await reader.ReadToEndAsync(), http.Request.Headers[Webhook.SignatureHeader].ToString(), http.Request.Headers[Webhook.VersionHeader].ToString()));
            try
            {
                using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, closing.Token);
                if (Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ends.Token);
                http.Response.StatusCode = Answer;
                if (Location is not null) http.Response.Headers.Location = Location;
                while (Endless) await http.Response.WriteAsync(new string('x', 65_536), ends.Token);
            }
            catch (OperationCanceledException)
            {
                // The poster has gone away, as it should.
            }
            finally
            {
                Interlocked.Decrement(ref atOnce);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await closing.CancelAsync();
            await app.DisposeAsync();
            closing.Dispose();
        }
    }
}
