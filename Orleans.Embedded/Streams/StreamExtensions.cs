using Orleans.Streams;

namespace Orleans
{
    public static class ClientStreamingExtensions
    {
        public static IStreamProvider GetStreamProvider(this IClusterClient client, string name) =>
            client.ServiceProvider.GetRequiredKeyedService<IStreamProvider>(name);
    }

    public static class GrainStreamingExtensions
    {
        public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name) =>
            grain.GrainContext.ActivationServices.GetRequiredKeyedService<IStreamProvider>(name);
    }
}

namespace Orleans.Streams
{
    public static class StreamProviderExtensions
    {
        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, string ns, string id) =>
            streamProvider.GetStream<T>(StreamId.Create(ns, id));

        public static IAsyncStream<T> GetStream<T>(this IStreamProvider streamProvider, string id) =>
            streamProvider.GetStream<T>(StreamId.Create(null, id));
    }

    public static class AsyncObservableExtensions
    {
        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync) =>
            obs.SubscribeAsync(new CallbackObserver<T>(onNextAsync));

        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Exception, Task> onErrorAsync) =>
            obs.SubscribeAsync(new CallbackObserver<T>(onNextAsync, onErrorAsync));

        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Task> onCompletedAsync) =>
            obs.SubscribeAsync(new CallbackObserver<T>(onNextAsync, null, onCompletedAsync));

        public static Task<StreamSubscriptionHandle<T>> SubscribeAsync<T>(
            this IAsyncObservable<T> obs, Func<T, StreamSequenceToken?, Task> onNextAsync, Func<Exception, Task> onErrorAsync,
            Func<Task> onCompletedAsync) =>
            obs.SubscribeAsync(new CallbackObserver<T>(onNextAsync, onErrorAsync, onCompletedAsync));
    }

    public static class StreamSubscriptionHandleExtensions
    {
        public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
            this StreamSubscriptionHandle<T> handle, Func<T, StreamSequenceToken?, Task> onNextAsync, StreamSequenceToken? token = null) =>
            handle.ResumeAsync(new CallbackObserver<T>(onNextAsync), token);

        public static Task<StreamSubscriptionHandle<T>> ResumeAsync<T>(
            this StreamSubscriptionHandle<T> handle, Func<T, StreamSequenceToken?, Task> onNextAsync,
            Func<Exception, Task> onErrorAsync, StreamSequenceToken? token = null) =>
            handle.ResumeAsync(new CallbackObserver<T>(onNextAsync, onErrorAsync), token);
    }

    internal sealed class CallbackObserver<T>(
        Func<T, StreamSequenceToken?, Task> next, Func<Exception, Task>? error = null, Func<Task>? completed = null) : IAsyncObserver<T>
    {
        public Task OnNextAsync(T item, StreamSequenceToken? token = null) => next(item, token);
        public Task OnErrorAsync(Exception ex) => error?.Invoke(ex) ?? Task.CompletedTask;
        public Task OnCompletedAsync() => completed?.Invoke() ?? Task.CompletedTask;
    }
}
