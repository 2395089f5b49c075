using Guichet.Journal;
using Guichet.Sessions;

namespace Guichet.Links;

/// <summary>
/// One post at a time: a turn of this grain lasts as long as the post, so a version never overtakes another. After a failure it waits
/// before it tries again, whoever asks meanwhile (outbox, sweep).
/// </summary>
public sealed class LinkWebhookGrain(ILinkLookups lookups, IWebhookTransport webhook, TimeProvider time) : Grain, ILinkWebhookGrain
{
    private static readonly TimeSpan[] Waits =
        [TimeSpan.Zero, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1)];

    private int failures;
    private DateTimeOffset notBefore;
    private string? failedUrl;

    public async Task<WebhookAnswer> Deliver()
    {
        var (organisation, linkId) = GrainKey.Parse(this.GetPrimaryKeyString());
        var link = GrainFactory.GetGrain<ILinkGrain>(this.GetPrimaryKeyString());
        if (await link.Settlement() is not { State: ConnectionState.Live, Outside: OutsideDelivery.Webhook, Url: { } url } wanted) return WebhookAnswer.NothingToSend;
        if (url == failedUrl && time.GetUtcNow() < notBefore) return WebhookAnswer.Failed;
        var session = await GrainFactory.GetGrain<ISessionGrain>(GrainKey.Of(organisation, wanted.Session.Id)).View();
        // The session's own word counts too: it is the last to know that the link is live.
        if (session?.Outgoing.FirstOrDefault(known => known.LinkId == linkId) is not { State: ConnectionState.Live } outgoing || session.Current is not { } current)
            return WebhookAnswer.NothingToSend;
        if (current.Version <= wanted.DeliveredVersion) return WebhookAnswer.Delivered;
        if (await lookups.Secret(organisation, linkId) is not { } secret) return WebhookAnswer.NothingToSend;

        var shared = LinkProjection.Of(organisation, outgoing, current, session.Details);
        var refusal = await webhook.Post(url, secret, Json.Write(shared), current.Version, CancellationToken.None);
        if (refusal is not null)
        {
            notBefore = time.GetUtcNow() + Waits[Math.Min(failures++, Waits.Length - 1)];
            failedUrl = url;
            var failed = new RecordLinkDeliveryFailure(current.Version, refusal) { Id = Guid.NewGuid(), By = Actor.System("links") };
            await time.Send(() => link.RecordDeliveryFailure(failed));
            return WebhookAnswer.Failed;
        }
        (failures, failedUrl) = (0, null);
        var delivered = new RecordLinkDelivery(url, current.Version, current.At) { Id = Guid.NewGuid(), By = Actor.System("links") };
        await time.Send(() => link.RecordDelivery(delivered));
        return WebhookAnswer.Delivered;
    }
}

/// <summary>Not taken is not done: the outbox asks again later.</summary>
public sealed class DeliverLinkHandler(IGrainFactory grains) : IEffectHandler<DeliverLink>
{
    public async Task Do(DeliverLink effect, EffectContext context, CancellationToken cancellation)
    {
        if (await grains.GetGrain<ILinkWebhookGrain>(GrainKey.Of(context.Organisation, effect.LinkId)).Deliver() == WebhookAnswer.Failed)
            throw new InvalidOperationException("The webhook didn't take the tally.");
    }
}
