using Orleans.Embedded;
using Orleans.Streams;

namespace Guichet.Tests.Engine;

public class FigureTests
{
    private readonly string _key = TestSilo.NewKey();

    [Fact]
    public async Task Calls_failures_and_grains_alive_are_counted()
    {
        await using var silo = await TestSilo.StartAsync();
        var grain = silo.Grain<ICallGrain>(_key);
        for (var i = 0; i < 5; i++)
            await grain.Touch();
        await Assert.ThrowsAsync<BasketRefusedException>(() => grain.Throw(false));
        await silo.Grain<ICallGrain>(_key + 2).Touch();
        await silo.Grain<ITurnGrain>(_key).Look();

        var read = silo.Engine.Figures.Read();

        Assert.Equal(8, read.Calls);
        Assert.Equal(1, read.Failures);
        Assert.Equal(8, read.Latency.Sum());
        Assert.Equal([new("call", 2), new("turn", 1)], read.ActivationsByKind);
    }

    [Fact]
    public async Task The_latency_is_found_in_its_bucket()
    {
        await using var silo = await TestSilo.StartAsync();
        var held = silo.Grain<ICallGrain>(_key).Slow(_key);
        await Gate.Of(_key).ArrivalAsync();
        silo.Clock.Advance(TimeSpan.FromMilliseconds(300));
        Gate.Of(_key).Open();
        await held;

        var latency = silo.Engine.Figures.Read().Latency;
        var bucket = Enumerable.Range(0, latency.Length).Single(i => latency[i] == 1);

        Assert.InRange(TimeSpan.FromMilliseconds(300), EngineSnapshot.UpperBound(bucket - 1), EngineSnapshot.UpperBound(bucket));
    }

    [Fact]
    public async Task Reminders_and_stream_events_are_counted()
    {
        await using var silo = await TestSilo.StartAsync();
        await silo.Grain<IReminderGrain>(_key).Register("one", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        await silo.Client.GetStreamProvider(TestSilo.Streams).GetStream<Sold>(StreamId.Create("heard", _key)).OnNextAsync(new(1));
        await Gate.Of(_key).ArrivalAsync();
        await silo.Grain<IListenerGrain>(_key).Heard();

        var read = silo.Engine.Figures.Read();

        Assert.Equal(1, read.Reminders);
        Assert.Equal(0, read.RemindersDue);
        Assert.Equal(1, read.StreamEvents);
        Assert.Equal(0, read.StreamDrops);
    }
}
