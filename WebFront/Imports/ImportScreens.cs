using Microsoft.AspNetCore.Routing;

namespace Guichet.Imports;

internal static class ImportScreens
{
    /// <summary>What of the import's screens isn't a page.</summary>
    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        routes.MapImportUpload();
        routes.MapImportTemplates();
        routes.MapContactImportActs();
    }
}
