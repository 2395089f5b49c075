using Guichet.Journal;
using Guichet.Links;
using Guichet.Mail;
using Guichet.Notifications;
using Guichet.Partners;
using Guichet.Reporting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Embedded;

namespace Guichet.Simulation;

/// <summary>One node of the product: the real grains, effects and sweep on the real engine, in a world of the simulator's.</summary>
public sealed class Node
{
    private readonly World world;
    private readonly SimulatedDatabase database;
    private readonly bool maySend;
    private readonly NodeTurns turns;
    private readonly EmbeddedEngine engine;
    private readonly IServiceProvider services;

    /// <param name="maySend">False on a restored copy: the product is told so, and nothing that it sends may be seen.</param>
    public Node(World world, SimulatedDatabase database, bool maySend)
    {
        (this.world, this.database, this.maySend) = (world, database, maySend);
        turns = new NodeTurns(world.Turns);
        Awaits = new Awaits(world.Waits);
        var store = new NodeStore(world, database, turns, Awaits);
        var reports = new NodeReports(world, database, Awaits);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<TimeProvider>(world.Time);
        builder.Services.AddSingleton<IJournalStore>(store);
        builder.Services.AddSingleton<IOutbox>(store);
        builder.Services.AddSingleton<ILinkLookups>(store);
        builder.Services.AddSingleton<IPartnerLookups>(reports);
        builder.Services.AddSingleton<IReportDeliveries>(reports);
        builder.Services.AddSingleton<IReminderStore>(world.Bugs.Skips(Bug.RemindersForgotten) ? new InMemoryReminderStore() : reports);
        builder.Services.AddSingleton<IMailTransport>(new MailServer(world, Awaits, database.IsCopy));
        builder.Services.AddSingleton<IWebhookTransport>(new WebhookServer(world, Awaits, database.IsCopy));
        builder.Services.AddSingleton<ISendingPermission>(new Permission(maySend));
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering().AddGuichetGrains();
            silo.AddOutgoingGrainCallFilter(new SeededIds(world));
            world.Bugs.Configure(world, silo);
            silo.AddOutgoingGrainCallFilter(new SlowCalls(world));
            silo.Configure<EmbeddedOptions>(options => options.Scheduler = world.Turns);
        });
        builder.Services.AddScoped<IEffectHandler<Notify>>(_ => new NotifyInTheWorld(world));
        new Wire(world, Awaits, database.IsCopy).CutInto(builder.Services);
        services = builder.Build().Services;
        engine = services.GetRequiredService<EmbeddedEngine>();
    }

    public Awaits Awaits { get; }

    public IGrainFactory Grains => engine.Factory;

    public void Start()
    {
        _ = turns.Run(() => engine.StartAsync(CancellationToken.None));
        for (var i = 0; i < 2; i++) _ = turns.Run(DoEffects);
        if (!world.Bugs.Skips(Bug.SweepOff)) _ = turns.Run(Sweep);
    }

    public void Kill()
    {
        turns.Kill();
        engine.Kill();
        engine.Dispose();
    }

    public void Kill(IAddressable grain) => engine.Kill(grain);

    /// <summary>The grain is alive twice from the next call on; null when it isn't alive once, or twice already.</summary>
    public T? Split<T>(T grain) where T : class, IAddressable
    {
        try
        {
            return engine.Split(grain);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private async Task DoEffects()
    {
        var outbox = services.GetRequiredService<OutboxDispatcher>();
        while (true)
        {
            var done = 0;
            try
            {
                done = await outbox.Turn(CancellationToken.None);
            }
            catch (TimeoutException)
            {
                // The outbox can't be read, or written: claims run out, and what they were for is done again.
            }
            if (database.IsCopy) await Task.Delay(TimeSpan.FromMinutes(1), world.Time);
            else if (done == 0) await world.UntilEffectsAreDue();
        }
    }

    private async Task Sweep()
    {
        var sweep = services.GetRequiredService<LinkSweep>();
        long seen = -1;
        var clean = false;
        while (true)
        {
            if (clean && seen == database.Changes && !database.IsCopy) await world.UntilSomethingChanges();
            seen = database.Changes;
            await Task.Delay(database.IsCopy ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(10), world.Time);
            try
            {
                clean = await sweep.Turn(CancellationToken.None) == LinkSweepResult.Nothing;
            }
            catch (TimeoutException)
            {
                // As the host's own loop does: the next round tries again.
                clean = false;
            }
        }
    }

    private sealed class Permission(bool maySend) : ISendingPermission
    {
        public bool MaySend => maySend;
    }

    private sealed class SlowCalls(World world) : IOutgoingGrainCallFilter
    {
        public async Task Invoke(IOutgoingGrainCallContext context)
        {
            if (world.Misfortunes.Strikes<CallTrouble>() is not null) await Task.Delay(TimeSpan.FromMilliseconds(world.Chance.Next(1, 20_000)), world.Time);
            await context.Invoke();
        }
    }

    /// <summary>Commands of the product's own that must be new each time have random ids: here the seed draws them.</summary>
    private sealed class SeededIds(World world) : IOutgoingGrainCallFilter
    {
        private readonly Dictionary<Guid, Guid> drawn = [];

        public Task Invoke(IOutgoingGrainCallContext context)
        {
            for (var i = 0; i < context.Request.GetArgumentCount(); i++)
                if (context.Request.GetArgument(i) is Command { Id.Version: 4 } command)
                {
                    if (!drawn.TryGetValue(command.Id, out var id)) drawn.Add(command.Id, id = CommandIds.From("drawn", $"{world.Chance.NextInt64()}"));
                    context.Request.SetArgument(i, command with { Id = id });
                }
            return context.Invoke();
        }
    }
}
