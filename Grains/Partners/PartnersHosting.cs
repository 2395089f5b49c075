using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Partners;

public static class PartnersHosting
{
    /// <summary>What partners need on every node.</summary>
    public static void AddPartners(this IServiceCollection services)
    {
        services.AddSingleton<PartnerQueries>();
        services.AddSingleton<PartnerPages>();
        services.AddSingleton<PartnerLinks>();
    }
}
