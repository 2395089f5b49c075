using System.Text;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Guichet.Words;
using Microsoft.Extensions.Logging.Abstractions;
using static Guichet.Tests.Sessions.Sample;

namespace Guichet.Live;

/// <summary>An open page on a node whose stream is deaf, and grains that commit.</summary>
public sealed class LiveSweepTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private readonly ManualTime time = new();
    private readonly string session = Ids.New(TimeProvider.System);
    private readonly Actor claire = Claire with { Organisation = $"house-{Guid.NewGuid():N}" };
    private TestSilo silo = null!;
    private LiveHub hub = null!;
    private LiveSweep sweep = null!;
    private LiveFeed feed = null!;
    private LivePage page = null!;

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public async Task A_figure_of_which_no_event_came_sends_its_pages_to_fetch_themselves_once(bool heard, int found)
    {
        var receipt = await Sell(3);
        if (heard)
            hub.Publish(new SessionFiguresChanged(claire.Organisation, time.GetUtcNow(), session, receipt.Version, receipt.Figures, null, 100, "EUR", "Claire", TallySource.Typed, null, null));
        // Its event may still be on its way.
        Assert.Equal(0, await sweep.Turn(default));

        time.Advance(LiveSweep.Underway);

        Assert.Equal(found, await sweep.Turn(default));
        Assert.Equal(0, await sweep.Turn(default));
        Assert.StartsWith(found == 1 ? "event: resync" : "event: values", await FirstAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_pages_were_rendered_with_is_not_missed()
    {
        feed.Close(page);
        await Sell(3);
        time.Advance(TimeSpan.FromMinutes(10));
        // The feed was let go of: the page that opens now has another, and was rendered with the figure.
        await Open();
        time.Advance(LiveSweep.Underway);

        Assert.Equal(0, await sweep.Turn(default));
    }

    public async Task InitializeAsync()
    {
        silo = await TestSilo.Start(database.Product, time);
        hub = new LiveHub((_, _) => Task.FromResult<IAsyncDisposable>(new MemoryStream()), time, NullLogger<LiveHub>.Instance);
        sweep = new LiveSweep(hub, silo.Database, time, NullLogger<LiveSweep>.Instance);
        using var caller = Caller.As(claire);
        await silo.Session(claire.Organisation, session).Create(new CreateSession(Details with { ShowId = "show-1" }, OnSale: true) { Id = Guid.NewGuid(), By = claire });
        await Open();
        time.Advance(TimeSpan.FromSeconds(1));
    }

    public async Task DisposeAsync()
    {
        await hub.DisposeAsync();
        sweep.Dispose();
        await silo.DisposeAsync();
    }

    private async Task Open()
    {
        var at = await hub.Position(claire.Organisation, "Europe/Paris");
        (feed, page) = await hub.Open(claire.Organisation, "Europe/Paris", claire.Id, "browser", Language.French, at, default);
    }

    /// <summary>What the page's connection is written first.</summary>
    private async Task<string> FirstAsync()
    {
        var connection = new Connection();
        var pumping = page.Pump(connection, default);
        var first = await connection.First.Task;
        page.End();
        await pumping;
        return first;
    }

    private async Task<TallyReceipt> Sell(int sold)
    {
        using var caller = Caller.As(claire);
        return (await silo.Session(claire.Organisation, session).Validate(
            new ValidateTally([Line(sold, gross: sold * 4500L)], TallySource.Typed, null, null, null) { Id = Guid.NewGuid(), By = claire })).Accepted;
    }

    private sealed class Connection : MemoryStream
    {
        public TaskCompletionSource<string> First { get; } = new();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            First.TrySetResult(Encoding.UTF8.GetString(buffer.Span));
            return ValueTask.CompletedTask;
        }
    }
}
