using Guichet.Organisations;
using Guichet.Sessions;
using Orleans.Runtime;
using Orleans.Streams;

namespace Guichet.Feed;

/// <summary>The product's streams: one provider, three namespaces. Hints for speed; what must arrive is found again by a sweep.</summary>
public static class LiveStreams
{
    public const string Provider = "live";

    /// <summary>Versions on their way to one receiving session; the key is that session's grain key.</summary>
    public const string Tallies = "tallies";

    public static IAsyncStream<FeedEvent> Feed(this IStreamProvider provider, string organisation) =>
        provider.GetStream<FeedEvent>(StreamId.Create(FeedEvent.Namespace, organisation));

    /// <summary>To every node: what it remembers of who may do what is out of date.</summary>
    public static IAsyncStream<AccessChanged> AccessChanges(this IStreamProvider provider) =>
        provider.GetStream<AccessChanged>(StreamId.Create(AccessChanged.Namespace, "all"));

    public static IAsyncStream<SharedTally> TalliesTo(this IStreamProvider provider, string receivingSession) =>
        provider.GetStream<SharedTally>(StreamId.Create(Tallies, receivingSession));
}
