using Guichet.Feed;
using Guichet.Journal;
using Orleans.Streams;

namespace Guichet.Reporting;

/// <summary>Takes a run apart into one delivery for each partner, part by part.</summary>
public sealed class ExpandRunHandler(IReportDeliveries deliveries, ReportRunQueued queued) : IEffectHandler<ExpandRun>
{
    public async Task Do(ExpandRun effect, EffectContext context, CancellationToken cancellation)
    {
        await deliveries.Expand(context.Organisation, effect.RunId, cancellation);
        await queued.Tell(context.Organisation, effect.RunId);
    }
}

/// <summary>Makes the mails of a part: from here on each is on its own.</summary>
public sealed class PrepareReportsHandler(IReportDeliveries deliveries, ReportRunQueued queued) : IEffectHandler<PrepareReports>
{
    public async Task Do(PrepareReports effect, EffectContext context, CancellationToken cancellation)
    {
        await deliveries.Prepare(context.Organisation, effect, cancellation);
        await queued.Tell(context.Organisation, effect.RunId);
    }
}

/// <summary>Queues again those whom a run didn't reach, and nobody whom it did.</summary>
public sealed class ResendRunHandler(IReportDeliveries deliveries, ReportRunQueued queued) : IEffectHandler<ResendRun>
{
    public async Task Do(ResendRun effect, EffectContext context, CancellationToken cancellation)
    {
        await deliveries.Resend(context.Organisation, effect, cancellation);
        await queued.Tell(context.Organisation, effect.RunId);
    }
}

/// <summary>Effects of a run were written: the outbox is woken, and open pages follow.</summary>
public sealed class ReportRunQueued(OutboxSignal signal, IClusterClient cluster, TimeProvider time)
{
    public Task Tell(string organisation, string runId)
    {
        signal.Wake();
        return cluster.GetStreamProvider(LiveStreams.Provider).Feed(organisation).OnNextAsync(new ReportRunMoved(organisation, time.GetUtcNow(), runId));
    }
}
