using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Partners;

/// <summary>What the screens of partners need beside their pages.</summary>
internal static class PartnersScreens
{
    public static void AddPartnersScreens(this IServiceCollection services)
    {
        services.AddScoped<PartnerCommands.Act>();
        services.AddScoped<PartnerAssociations>();
        services.AddScoped<PartnerPicks>();
        services.AddScoped<PartnerExports.Exporter>();
    }

    public static void MapPartnersScreens(this IEndpointRouteBuilder routes)
    {
        routes.MapPartnerCommands();
        routes.MapPartnerChoices();
        routes.MapPartnerExports();
    }
}
