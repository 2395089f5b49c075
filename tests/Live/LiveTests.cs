using System.Globalization;
using System.Net;
using System.Security.Claims;
using System.Text.Json;
using Guichet.Feed;
using Guichet.Shell;
using Guichet.Support;
using Guichet.Tallies;
using Guichet.Words;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Guichet.Live;

/// <summary>The event stream over real HTTP, fed by hand.</summary>
public sealed class LiveTests : IAsyncLifetime
{
    private const string House = "house", Other = "other";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ManualTime time = new();
    private readonly Dictionary<string, Func<FeedEvent, Task>> streams = [];
    private readonly List<string> left = [];
    private bool streamsFail;
    private LiveHub hub = default!;
    private WebApplication app = default!;
    private HttpClient http = default!;

    public async Task InitializeAsync()
    {
        hub = new LiveHub(Subscribe, time, NullLogger<LiveHub>.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(hub).AddSingleton<TimeProvider>(time);
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddScoped(services => Reader.Of(services.GetRequiredService<Microsoft.AspNetCore.Http.IHttpContextAccessor>().HttpContext, time));
        app = builder.Build();
        // Whom the sign-in would have found.
        app.Use((context, next) =>
        {
            if (context.Request.Headers["X-Organisation"].ToString() is { Length: > 0 } organisation)
                context.User = new ClaimsPrincipal(new ClaimsIdentity(
                    [new(SignedIn.OrganisationClaim, organisation), new(ClaimTypes.NameIdentifier, context.Request.Headers["X-Operator"].ToString()), new(SignedIn.ZoneClaim, "Europe/Paris")], "test"));
            return next(context);
        });
        app.UseRouting();
        app.MapLive();
        await app.StartAsync();
        http = new HttpClient { BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()), Timeout = Patience };
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task A_validated_tally_reaches_an_open_page_in_its_readers_language()
    {
        var at = await hub.Position(House, "Europe/Paris");
        await using var french = await Page(House, at);
        await using var english = await Page(House, at, language: "en");
        await Happens(Tally(sold: 1842, previous: 1805, capacity: 2208));

        var values = await french.Values();
        Assert.Equal("1\u202F842", values["session/s1/sold"]);
        Assert.Equal("+37", values["session/s1/delta"]);
        Assert.Equal("83\u202F%", values["session/s1/fill"]);
        Assert.Equal("0.8342", values["session/s1/fill-share"]);
        Assert.Equal("61\u202F234\u00A0€", values["session/s1/gross"]);
        Assert.Equal("1,842", (await english.Values())["session/s1/sold"]);
    }

    [Fact]
    public async Task Totals_without_revenue_show_it_as_unknown()
    {
        await using var page = await Page(House, await hub.Position(House, "Europe/Paris"));
        await Happens(Tally(sold: 10, previous: null, capacity: 100) with { Figures = new TallyFigures(10, 0, 0, null) });

        var values = await page.Values();
        Assert.Equal("+10", values["session/s1/delta"]);
        Assert.Equal("–", values["session/s1/gross"]);
        Assert.Equal("–", values["session/s1/average"]);
    }

    [Fact]
    public async Task Revenue_that_leaves_places_out_is_shown_as_at_least_and_its_average_leaves_them_out_too()
    {
        await using var page = await Page(House, await hub.Position(House, "Europe/Paris"));
        await Happens(Tally(sold: 10, previous: null, capacity: 100) with { Figures = new TallyFigures(10, 0, 0, 20_000, SoldUnpriced: 2) });

        var values = await page.Values();
        Assert.Equal("≥\u00A0200\u00A0€", values["session/s1/gross"]);
        Assert.Equal("25,00\u00A0€", values["session/s1/average"]);
    }

    [Fact]
    public async Task What_happened_between_rendering_and_connecting_is_told_on_connecting()
    {
        var at = await hub.Position(House, "Europe/Paris");
        await Happens(Tally(sold: 1, previous: null, capacity: 100));
        await Happens(Tally(sold: 2, previous: 1, capacity: 100));
        await using var page = await Page(House, at);

        Assert.Equal("1", (await page.Values())["session/s1/sold"]);
        Assert.Equal("2", (await page.Values())["session/s1/sold"]);
    }

    [Fact]
    public async Task A_page_that_comes_back_gets_what_it_missed_and_nothing_twice()
    {
        await using var page = await Page(House, await hub.Position(House, "Europe/Paris"));
        await Happens(Tally(sold: 1, previous: null, capacity: 100));
        await page.Values();
        var seen = (await page.Next("named")).Id!;
        await page.DisposeAsync();
        await Happens(Tally(sold: 2, previous: 1, capacity: 100));

        await using var again = await Page(House, "stale-0", lastEventId: seen);
        Assert.Equal("2", (await again.Values())["session/s1/sold"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("-")]
    [InlineData("12345678901-3")]
    [InlineData("nonsense")]
    public async Task A_page_of_another_node_or_time_is_told_to_fetch_itself_and_then_goes_on(string? at)
    {
        await using var page = await Page(House, at);
        var resync = await page.Next("resync");
        Assert.Equal(await hub.Position(House, "Europe/Paris"), resync.Id);

        await Happens(Tally(sold: 7, previous: null, capacity: 100));
        Assert.Equal("7", (await page.Values())["session/s1/sold"]);
    }

    [Fact]
    public async Task A_page_too_far_behind_is_told_to_fetch_itself()
    {
        var at = await hub.Position(House, "Europe/Paris");
        for (var i = 0; i <= LiveFeed.Kept; i++)
            await Happens(Tally(sold: i, previous: null, capacity: 100));
        await using var page = await Page(House, at);

        Assert.Equal(await hub.Position(House, "Europe/Paris"), (await page.Next("resync")).Id);
    }

    [Fact]
    public async Task A_page_that_does_not_read_holds_up_nobody_and_fetches_itself_when_it_reads_again()
    {
        var feed = new LiveFeed("e", time.GetUtcNow(), _ => new Formats(Language.French, Reader.Zone(null), time));
        var slow = feed.Open("slow", "1", Language.French, feed.Position);
        var quick = feed.Open("quick", "2", Language.French, feed.Position);
        var connection = new GatedStream();
        var pumping = slow.Pump(connection, CancellationToken.None);
        var received = new GatedStream();
        received.Open();
        var reading = quick.Pump(received, CancellationToken.None);

        // More than a buffer holds, while the slow one's connection takes nothing.
        feed.Publish(Tally(sold: 0, previous: null, capacity: 100));
        await connection.Blocked.WaitAsync(Patience);
        for (var i = 1; i <= LiveFeed.Kept * 2; i++)
        {
            feed.Publish(Tally(sold: i, previous: null, capacity: 100));
            await Until(() => Encoding(received.Written).Contains($"id: e-{i + 1}\n", StringComparison.Ordinal));
        }
        connection.Open();
        await Until(() => Encoding(connection.Written).Contains($"event: resync\nid: {feed.Position}\n", StringComparison.Ordinal));
        feed.Publish(Tally(sold: 99, previous: null, capacity: 100));
        await Until(() => Encoding(connection.Written).Contains("\"session/s1/sold\":\"99\"", StringComparison.Ordinal));

        Assert.DoesNotContain("resync", Encoding(received.Written));
        slow.End();
        quick.End();
        await Task.WhenAll(pumping, reading).WaitAsync(Patience);
    }

    [Fact]
    public async Task Silence_is_told_from_loss_by_a_heartbeat()
    {
        await using var page = await Page(House, await hub.Position(House, "Europe/Paris"));
        await page.Next("beat");
        for (var i = 0; i < 3; i++)
        {
            time.Advance(LiveHub.HeartbeatPeriod);
            await page.Next("beat");
        }
    }

    [Fact]
    public async Task Another_organisation_hears_nothing()
    {
        await using var house = await Page(House, await hub.Position(House, "Europe/Paris"));
        await using var other = await Page(Other, await hub.Position(Other, "Europe/Paris"));
        await Happens(Tally(sold: 1, previous: null, capacity: 100));
        await Happens(Tally(sold: 2, previous: null, capacity: 100) with { Organisation = Other, SessionId = "s2" });

        Assert.Equal(["session/s1/"], (await house.Values()).Keys.Select(key => key[..11]).Distinct());
        Assert.Equal(["session/s2/"], (await other.Values()).Keys.Select(key => key[..11]).Distinct());
    }

    [Fact]
    public async Task Nobody_signed_in_is_told_so_and_nothing_else()
    {
        await using var page = await Page(null, await hub.Position(House, "Europe/Paris"));
        await page.Next("ended");
        Assert.True(await page.IsOver());
    }

    [Fact]
    public async Task Ending_an_operators_sessions_closes_their_pages_and_no_others()
    {
        var at = await hub.Position(House, "Europe/Paris");
        await using var mine = await Page(House, at, person: "me");
        await using var yours = await Page(House, at, person: "you");
        await Happens(new SignedOut(House, time.GetUtcNow(), "me"));
        await mine.Next("ended");
        Assert.True(await mine.IsOver());

        await Happens(new LinkChanged(House, time.GetUtcNow(), "l1"));
        Assert.Contains("links", (await yours.Next("named")).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bell_follows_what_is_added_and_read()
    {
        await using var page = await Page(House, await hub.Position(House, "Europe/Paris"));
        await Happens(new NotificationAdded(House, time.GetUtcNow(), "n1", 3));
        Assert.Equal("3", (await page.Values())["notifications/unread"]);
        await Happens(new NotificationsRead(House, time.GetUtcNow(), 0));
        Assert.Equal("", (await page.Values())["notifications/unread"]);
    }

    [Fact]
    public async Task The_stream_is_let_go_a_while_after_the_last_page()
    {
        var page = await Page(House, await hub.Position(House, "Europe/Paris"));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(left);
        await page.DisposeAsync();
        await Until(() => hub.OpenPages == 0);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([House], left);

        // Who comes back finds another feed, in which old numbers mean nothing.
        await using var again = await Page(House, "anything-1");
        await again.Next("resync");
    }

    [Fact]
    public async Task A_node_that_stops_sends_its_pages_elsewhere_and_lets_go_of_the_streams()
    {
        await using var page = await Page(House, await hub.Position(House, "Europe/Paris"));

        var stopped = app.StopAsync();
        await page.Next("moved");
        Assert.True(await page.IsOver());
        await stopped;
        Assert.Empty(left);
        await ((Microsoft.Extensions.Hosting.IHostedService)hub).StopAsync(default);

        Assert.Equal([House], left);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_had_does_not_hold_up_the_page()
    {
        streamsFail = true;
        Assert.Equal("-", await hub.Position(House, "Europe/Paris"));
        streamsFail = false;
        Assert.NotEqual("-", await hub.Position(House, "Europe/Paris"));
    }

    private Task<IAsyncDisposable> Subscribe(string organisation, Func<FeedEvent, Task> happened)
    {
        if (streamsFail)
            return Task.FromException<IAsyncDisposable>(new TimeoutException());
        streams[organisation] = happened;
        return Task.FromResult<IAsyncDisposable>(new Leaving(() => left.Add(organisation)));
    }

    private Task Happens(FeedEvent happened) => streams[happened.Organisation](happened);

    private SessionFiguresChanged Tally(int sold, int? previous, int capacity) => new(
        House, time.GetUtcNow(), "s1", 14, new TallyFigures(sold, 0, 0, 6_123_450), previous is { } before ? new TallyFigures(before, 0, 0, 0) : null,
        capacity, "EUR", "Claire", TallySource.Typed, null, null);

    private async Task<OpenPage> Page(string? organisation, string? at, string language = "fr", string person = "p", string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/live" + (at is null ? "" : "?at=" + Uri.EscapeDataString(at)));
        request.Headers.AcceptLanguage.ParseAdd(language);
        if (organisation is not null)
        {
            request.Headers.Add("X-Organisation", organisation);
            request.Headers.Add("X-Operator", person);
        }
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        var page = new OpenPage(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
        if (organisation is not null)
            await Until(() => hub.OpenPages > 0);
        return page;
    }

    private static string Encoding(MemoryStream stream)
    {
        lock (stream)
            return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    private static async Task Until(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed record Event(string Name, string? Id, string Data);

    private sealed class OpenPage(HttpResponseMessage response, StreamReader stream) : IAsyncDisposable
    {
        /// <summary>The next event of that name; what comes before it is passed over.</summary>
        public async Task<Event> Next(string name)
        {
            using var patience = new CancellationTokenSource(Patience);
            string? kind = null, id = null, data = null;
            while (await stream.ReadLineAsync(patience.Token) is { } line)
                if (line.Length == 0)
                {
                    if (kind == name)
                        return new Event(kind, id, data!);
                    (kind, id, data) = (null, null, null);
                }
                else if (line.StartsWith("event: ", StringComparison.Ordinal))
                    kind = line[7..];
                else if (line.StartsWith("id: ", StringComparison.Ordinal))
                    id = line[4..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal))
                    data = line[6..];
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The stream ended without {name}."));
        }

        public async Task<Dictionary<string, string>> Values() => JsonSerializer.Deserialize<Dictionary<string, string>>((await Next("values")).Data)!;

        public async Task<bool> IsOver() => await stream.ReadLineAsync().WaitAsync(Patience) is null;

        public ValueTask DisposeAsync()
        {
            response.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A connection that takes nothing until it is opened.</summary>
    private sealed class GatedStream : Stream
    {
        private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously), blocked = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public MemoryStream Written { get; } = new();

        public Task Blocked => blocked.Task;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public void Open() => opened.SetResult();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            blocked.TrySetResult();
            await opened.Task;
            lock (Written)
                Written.Write(buffer.Span);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }

    private sealed class Leaving(Action leave) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            leave();
            return ValueTask.CompletedTask;
        }
    }
}
