using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Guichet.Partners;

public static class PartnersHosting
{
    /// <summary>What partners need on every node.</summary>
    public static void AddPartners(this IServiceCollection services)
    {
        services.AddSingleton<PartnerQueries>();
        services.TryAddSingleton<IPartnerLookups>(all => all.GetRequiredService<PartnerQueries>());
        services.AddSingleton<PartnerPages>();
        services.AddSingleton<PartnerLinks>();
    }
}
