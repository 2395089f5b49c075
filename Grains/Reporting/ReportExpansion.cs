using Guichet.Feed;
using Guichet.Journal;
using Orleans.Streams;

namespace Guichet.Reporting;

/// <summary>Takes a run apart into one delivery for each partner and one mail for each of its addresses.</summary>
public sealed class ExpandRunHandler(IReportDeliveries deliveries, OutboxSignal signal, IClusterClient cluster, TimeProvider time) : IEffectHandler<ExpandRun>
{
    public async Task Do(ExpandRun effect, EffectContext context, CancellationToken cancellation)
    {
        await deliveries.Expand(context.Organisation, effect.RunId, cancellation);
        signal.Wake();
        await cluster.GetStreamProvider(LiveStreams.Provider).Feed(context.Organisation).OnNextAsync(new ReportRunMoved(context.Organisation, time.GetUtcNow(), effect.RunId));
    }
}

/// <summary>Queues again those whom a run didn't reach, and nobody whom it did.</summary>
public sealed class ResendRunHandler(IReportDeliveries deliveries, OutboxSignal signal, IClusterClient cluster, TimeProvider time) : IEffectHandler<ResendRun>
{
    public async Task Do(ResendRun effect, EffectContext context, CancellationToken cancellation)
    {
        await deliveries.Resend(context.Organisation, effect, cancellation);
        signal.Wake();
        await cluster.GetStreamProvider(LiveStreams.Provider).Feed(context.Organisation).OnNextAsync(new ReportRunMoved(context.Organisation, time.GetUtcNow(), effect.RunId));
    }
}
