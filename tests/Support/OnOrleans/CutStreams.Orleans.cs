using Orleans.Streams;

namespace Guichet.Tests;

public abstract partial class CutStreams
{
    /// <summary>What a stream of Orleans can do beyond what Guichet asks of one.</summary>
    private sealed partial class Stream<T>
    {
        public Task OnNextBatchAsync(IEnumerable<T> batch, StreamSequenceToken? token = null) => throw new NotSupportedException();

        public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer) => throw new NotSupportedException();

        public Task<StreamSubscriptionHandle<T>> SubscribeAsync(IAsyncBatchObserver<T> observer, StreamSequenceToken? token) => throw new NotSupportedException();
    }
}
