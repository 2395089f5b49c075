using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Sessions;

/// <summary>What the screens of sessions and tallies need beside their pages.</summary>
internal static class SessionsScreens
{
    public static void AddSessionsScreens(this IServiceCollection services)
    {
        services.AddScoped<SessionCommands.Act>();
        services.AddScoped<SessionExports.Exporter>();
    }

    public static void MapSessionsScreens(this IEndpointRouteBuilder routes)
    {
        routes.MapSessionCommands();
        routes.MapSessionExports();
    }
}
