using Guichet.Feed;
using Guichet.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Streams;

namespace Guichet.Simulation;

/// <summary>The streams, where the world can meddle with them: they drop, double and reorder.</summary>
public sealed class Wire(World world)
{
    public void CutInto(IServiceCollection services)
    {
        var real = services.Last(service => service.IsKeyedService && service.ServiceType == typeof(IStreamProvider) && Equals(service.ServiceKey, LiveStreams.Provider));
        services.Remove(real);
        services.AddKeyedSingleton<IStreamProvider>(LiveStreams.Provider, (provider, key) =>
            new Provider((IStreamProvider)real.KeyedImplementationFactory!(provider, key), this));
    }

    private async Task Send<T>(IAsyncStream<T> stream, T item)
    {
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

    private sealed class Provider(IStreamProvider inner, Wire wire) : IStreamProvider
    {
        public string Name => inner.Name;

        public bool IsRewindable => inner.IsRewindable;

        public IAsyncStream<T> GetStream<T>(StreamId streamId) => new Stream<T>(inner.GetStream<T>(streamId), wire);
    }

    private sealed class Stream<T>(IAsyncStream<T> inner, Wire wire) : IAsyncStream<T>
    {
        public StreamId StreamId => inner.StreamId;

        public string ProviderName => inner.ProviderName;

        public bool IsRewindable => inner.IsRewindable;

        public Task OnNextAsync(T item, StreamSequenceToken? token = null) => wire.Send(inner, item);

        public Task OnCompletedAsync() => inner.OnCompletedAsync();

        public Task OnErrorAsync(Exception ex) => inner.OnErrorAsync(ex);

        public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer) => inner.SubscribeAsync(observer);

        public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token, string? filterData = null) =>
            inner.SubscribeAsync(observer, token, filterData);

        public Task<IList<StreamSubscriptionHandle<T>>> GetAllSubscriptionHandles() => inner.GetAllSubscriptionHandles();

        public bool Equals(IAsyncStream<T>? other) => inner.Equals(other);

        public override bool Equals(object? obj) => Equals(obj as IAsyncStream<T>);

        public override int GetHashCode() => inner.GetHashCode();

        public int CompareTo(IAsyncStream<T>? other) => inner.CompareTo(other);
    }
}
