using Guichet.Contacts;
using Guichet.Demo;
using Guichet.Devices;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Shell;

namespace Guichet.Hosting;

/// <summary>One node, put together: the database, the grains, the web front, and what keeps them company.</summary>
internal static class Node
{
    public static Task<int> RunAsync(string[] args) => WithAsync(args, async (app, _) =>
    {
        await app.RunAsync();
        return 0;
    });

    /// <summary>Puts a node together, gives it to <paramref name="use"/> unstarted, and closes it and then its database.</summary>
    public static async Task<T> WithAsync<T>(string[] args, Func<WebApplication, NodeDatabase, Task<T>> use)
    {
        var builder = WebApplication.CreateBuilder(args);
        Settings.AddEnvironment(builder.Configuration, args);
        var settings = Settings.From(builder.Configuration, builder.Environment);
        Logs.Configure(builder.Logging, settings);
        builder.WebHost.UseStaticWebAssets();
        Address.Choose(builder);

        using var telemetry = Telemetry.Start(builder.Configuration);

        // The database outlives everything that works on it: it is opened first and closed last.
        using var logs = LoggerFactory.Create(logging => Logs.Configure(logging, settings));
        await using var database = await NodeDatabase.OpenAsync(
            settings.Database, settings.Data, TimeProvider.System, logs.CreateLogger<NodeDatabase>(), CancellationToken.None, GrainEngine.Use);

        builder.Services.AddSingleton(ClockOf(settings, logs));
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(database);
        builder.Services.AddSingleton(database.Product);
        // Services start in this order and stop in the reverse one; the web front, which the framework adds, is the last to start.
        builder.Services.AddSingleton<LiveWatch>();
        builder.Services.AddSingleton<ISendingPermission>(all => all.GetRequiredService<LiveWatch>());
        builder.Services.AddHostedService(all => all.GetRequiredService<LiveWatch>());
        builder.AddMailTransport(settings);
        builder.Services.AddHostedService<Welcome>();
        builder.UseGrainEngine(database);
        builder.Services.AddSingleton(new ErasureRegisterOptions(settings.Erasures));
        builder.Services.AddHostedService<ErasureWatch>();
        builder.Services.AddHostedService(all => all.GetRequiredService<OutboxDispatcher>());
        builder.Services.AddHostedService(all => all.GetRequiredService<LinkSweep>());
        builder.Services.AddHostedService(all => all.GetRequiredService<NotificationSweep>());
        builder.Services.AddSingleton(new WebhookOptions { AllowLoopback = settings.WebhooksToLoopback });
        if (settings.Demo)
        {
            builder.Services.AddSingleton<DemoWorld>();
            builder.Services.AddHostedService<DemoStart>();
        }
        builder.AddProduct();
        builder.Services.AddSingleton<IHostLifetime, NodeLifetime>();
        // Open pages hold event streams: those that don't let go when the node stops are cut after this.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));

        await using var app = builder.Build();
        app.MapProduct();
        app.MapGrainEngine();
        return await use(app, database);
    }

    private static TimeProvider ClockOf(Settings settings, ILoggerFactory logs)
    {
        if (settings.Clock is not { } start) return TimeProvider.System;
        var clock = new MovableClock(start);
        clock.Follow(Console.In, logs.CreateLogger<MovableClock>());
        return clock;
    }

    /// <summary>What answers people and devices, whatever database and clock it stands on.</summary>
    public static void AddProduct(this WebApplicationBuilder builder)
    {
        builder.Services.AddReadiness();
        builder.Services.AddDevices();
        builder.AddWebFront();
    }

    public static void MapProduct(this WebApplication app)
    {
        app.UseLeaving();
        app.MapHealth();
        app.MapWebFront();
    }
}
