using Orleans.Configuration;

namespace Guichet.Hosting;

/// <summary>The grains on the engine of this build: Microsoft Orleans, its membership and reminders in the node's database.</summary>
internal static class GrainEngine
{
    private const string Invariant = "Npgsql";

    public static void UseGrainEngine(this WebApplicationBuilder builder, NodeDatabase database)
    {
        System.Data.Common.DbProviderFactories.RegisterFactory(Invariant, Npgsql.NpgsqlFactory.Instance);
        builder.UseOrleans(silo => silo
            .UseAdoNetClustering(clustering => (clustering.Invariant, clustering.ConnectionString) = (Invariant, database.ConnectionString))
            .UseAdoNetReminderService(reminders => (reminders.Invariant, reminders.ConnectionString) = (Invariant, database.ConnectionString))
            .AddAdoNetGrainStorage("PubSubStore", storage => (storage.Invariant, storage.ConnectionString) = (Invariant, database.ConnectionString))
            .AddActivityPropagation()
            .AddGuichetGrains());
    }
}
