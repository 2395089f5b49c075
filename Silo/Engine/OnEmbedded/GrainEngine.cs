using Orleans.Embedded;

namespace Guichet.Hosting;

/// <summary>The grains on the engine of this build: in process, with their reminders in the node's database.</summary>
internal static class GrainEngine
{
    public const EngineUse Use = EngineUse.Alone;

    /// <summary>Nobody else could answer instead.</summary>
    public static readonly TimeSpan Drain = TimeSpan.Zero;

    public static void UseGrainEngine(this WebApplicationBuilder builder, NodeDatabase database)
    {
        builder.Services.AddHostedService(all => ActivatorUtilities.CreateInstance<EngineLock>(all, Use));
        builder.Services.AddSingleton<IReminderStore, PostgresReminders>();
        builder.UseOrleans(silo => silo.AddReminders().AddActivityPropagation().AddGuichetGrains());
    }

    /// <summary>Nothing of the engine's own is shown: what there is to see is on the operations page.</summary>
    public static void MapGrainEngine(this WebApplication app)
    {
    }
}
