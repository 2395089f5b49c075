using Guichet.Journal;

namespace Guichet.Hosting;

/// <summary>One node, put together: the database, the grains, the web front, and what keeps them company.</summary>
internal static class Node
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        Settings.AddEnvironment(builder.Configuration, args);
        var settings = Settings.From(builder.Configuration, builder.Environment);
        Logs.Configure(builder.Logging, settings);
        builder.WebHost.UseStaticWebAssets();
        Address.Choose(builder);

        // The database outlives everything that works on it: it is opened first and closed last.
        using var logs = LoggerFactory.Create(logging => Logs.Configure(logging, settings));
        await using var database = await NodeDatabase.OpenAsync(
            settings.Database, settings.Data, TimeProvider.System, logs.CreateLogger<NodeDatabase>(), CancellationToken.None);

        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(database);
        services.AddSingleton(database.Product);
        services.AddSingleton<LiveWatch>();
        services.AddSingleton<ISendingPermission>(all => all.GetRequiredService<LiveWatch>());
        services.AddHostedService(all => all.GetRequiredService<LiveWatch>());
        services.AddHealthChecks().AddCheck<DatabaseAnswers>("database", tags: [HealthEndpoints.Ready]);
        // Open pages hold event streams: those that don't let go when the node stops are cut after this.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));

        await using var app = builder.Build();
        app.MapHealth();
        app.Lifetime.ApplicationStarted.Register(() => Welcome.Print(app));
        await app.RunAsync();
        return 0;
    }
}
