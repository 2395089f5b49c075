using Guichet.Journal;
using Guichet.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Guichet.Support;

/// <summary>
/// A node of the product without its web front, on a test's database: the real grains, journal and outbox, with the test's clock. The
/// outbox's dispatcher doesn't run by itself: tests take its turns.
/// </summary>
public sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost host;

    private TestSilo(IHost host) => this.host = host;

    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    public IClusterClient Client => host.Services.GetRequiredService<IClusterClient>();

    public IServiceProvider Services => host.Services;

    public OutboxDispatcher Outbox => host.Services.GetRequiredService<OutboxDispatcher>();

    public Database Database => host.Services.GetRequiredService<Database>();

    /// <param name="configure">After everything else: a test's own store, handlers or options.</param>
    public static async Task<TestSilo> Start(NpgsqlDataSource product, TimeProvider time, Action<IServiceCollection>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton(product);
        builder.Services.AddSingleton<ISendingPermission, Permission>();
        builder.UseOrleans(silo =>
        {
            silo.UseTestEngine();
            silo.AddGuichetGrains();
        });
        builder.Services.AddSingleton(TestErasures.Own());
        configure?.Invoke(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new TestSilo(host);
    }

    public ISessionGrain Session(string organisation, string id) => Grains.GetGrain<ISessionGrain>(GrainKey.Of(organisation, id));

    /// <summary>Does effects until none is due.</summary>
    public async Task DrainOutbox()
    {
        while (await Outbox.Turn(CancellationToken.None) > 0)
        {
        }
    }

    /// <summary>The node dies with what its grains hadn't written.</summary>
    public Task Kill() => TestEngine.Kill(host);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        TestErasures.Forget(host.Services);
        if (host is IAsyncDisposable disposable) await disposable.DisposeAsync();
        else host.Dispose();
    }

    private sealed class Permission : ISendingPermission
    {
        public bool MaySend => true;
    }
}
