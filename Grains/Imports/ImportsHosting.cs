using Guichet.Jobs;
using Guichet.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Imports;

public static class ImportsHosting
{
    /// <summary>What imports need: their desk, their queries, and those who apply their parts.</summary>
    public static IServiceCollection AddImports(this IServiceCollection services) => services
        .AddSingleton<ImportQueries>()
        .AddSingleton<ImportDesk>()
        .AddSingleton<ContactImports>()
        .AddSingleton<ContactImportRows>()
        .AddSingleton<IJobWork, ContactImportWork>()
        .AddSingleton<IJobWork, ContactImportUndo>()
        .AddEffect<StartContactImport, StartContactImportHandler>()
        .AddEffect<ImportShowEffect, ImportShowHandler>()
        .AddEffect<ImportSeriesEffect, ImportSeriesHandler>()
        .AddEffect<ImportSessionEffect, ImportSessionHandler>()
        .AddEffect<ImportTallyEffect, ImportTallyHandler>()
        .AddEffect<ImportPartnerEffect, ImportPartnerHandler>();
}
