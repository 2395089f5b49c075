using Guichet.Feed;
using Guichet.Sessions;
using Guichet.Tests;
using Orleans.Streams;

namespace Guichet.Simulation;

/// <summary>The streams, where the world can meddle with them: they drop, double and reorder.</summary>
public sealed class Wire(World world, Awaits awaits, bool ofCopy) : CutStreams
{
    protected override async Task Send<T>(IAsyncStream<T> stream, T item)
    {
        if (ofCopy)
        {
            // Between its own grains, on its own database: nobody else hears of it.
            if (item is not FeedEvent) await stream.OnNextAsync(item);
            return;
        }
        switch (item)
        {
            case FeedEvent told:
                // Nobody's page is open in this world; whom it would have reached is all there is to check.
                world.Model.Told(stream.StreamId.GetKeyAsString(), told);
                return;
            case SharedTally shared:
                foreach (var sent in world.Bugs.Carried(world, shared)) await Carry((IAsyncStream<SharedTally>)stream, sent);
                return;
            default:
                await stream.OnNextAsync(item);
                return;
        }
    }

    private async Task Carry(IAsyncStream<SharedTally> stream, SharedTally shared)
    {
        using var wait = awaits.For(Await.Stream);
        await world.OnTheWay();
        world.Model.Carried(stream.StreamId.GetKeyAsString(), shared);
        var fate = world.Misfortunes.Strikes<WireTrouble>()?.Fate;
        world.History.Add("wire", $"{world.Names.Of(shared.LinkId)} carries version {shared.SourceVersion}{(fate is null ? "" : $": {fate}")}");
        switch (fate)
        {
            case null:
                await stream.OnNextAsync(shared);
                break;
            case WireFate.Doubles:
                await stream.OnNextAsync(shared);
                await stream.OnNextAsync(shared);
                break;
            case WireFate.Reorders:
                _ = world.Turns.Run(async () =>
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(world.Chance.Next(1, 20_000)), world.Time);
                    await stream.OnNextAsync(shared);
                });
                break;
            default:
                break;
        }
    }
}
