using Microsoft.Extensions.DependencyInjection;
using Orleans.Providers.Streams.Common;
using Orleans.Runtime;
using Orleans.Streams;

namespace Guichet.Tests;

public abstract partial class CutStreams
{
    static partial void StartBare(IServiceCollection services)
    {
        var start = services.Single(service =>
            service.ServiceType == typeof(ILifecycleParticipant<ISiloLifecycle>)
            && service.ImplementationFactory?.Method.DeclaringType == typeof(SiloPersistentStreamConfigurator));
        services.Remove(start);
        services.AddSingleton(provider => PersistentStreamProvider.ParticipateIn<ISiloLifecycle>(provider, Bare));
    }

    /// <summary>What a stream of Orleans can do beyond what Guichet asks of one.</summary>
    private sealed partial class Stream<T>
    {
        public Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null) => throw new NotSupportedException();

        public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer) => throw new NotSupportedException();

        public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token) => throw new NotSupportedException();
    }
}
