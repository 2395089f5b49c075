using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Guichet.Links;

public static class LinksHosting
{
    /// <summary>What the links' grains, queries, effects and sweep need. The host may add its own <see cref="WebhookOptions"/> and <see cref="LinkSweepOptions"/> before.</summary>
    public static IServiceCollection AddLinks(this IServiceCollection services)
    {
        services.TryAddSingleton<WebhookOptions>();
        services.TryAddSingleton<LinkSweepOptions>();
        services.TryAddSingleton<ILinkLookups>(all => all.GetRequiredService<LinkQueries>());
        services.TryAddSingleton<IWebhookTransport, Webhook>();
        return services
            .AddSingleton<LinkQueries>()
            .AddSingleton<LinkPages>()
            .AddSingleton<LinkSettling>()
            .AddSingleton<LinkAddress>()
            .AddSingleton<WebhookAddresses>()
            .AddSingleton<LinkSweep>()
            .AddEffect<SettleLink, SettleLinkHandler>()
            .AddEffect<DeliverLink, DeliverLinkHandler>()
            .AddEffect<MailOutsideLink, MailOutsideLinkHandler>();
    }
}
