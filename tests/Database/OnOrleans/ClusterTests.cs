using System.Threading.Channels;
using Guichet.Feed;
using Guichet.Journal;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;
using Orleans.Streams;
using static Guichet.Tests.Sessions.Sample;
using Channel = System.Threading.Channels.Channel;

namespace Guichet.Hosting;

/// <summary>Two nodes of one cluster in this process, on one database: what crosses between them.</summary>
public sealed class ClusterTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    private readonly string cluster = $"{Guid.NewGuid():N}";
    private Member one = null!, other = null!;

    [Fact]
    public async Task A_tally_validated_through_one_node_is_seen_and_heard_through_the_other()
    {
        var (house, session) = ($"house-{Guid.NewGuid():N}", Ids.New(TimeProvider.System));
        var heard = Channel.CreateUnbounded<FeedEvent>();
        foreach (var node in new[] { one, other })
            await node.Get<IClusterClient>().GetStreamProvider(LiveStreams.Provider).Feed(house).SubscribeAsync((happened, _) => heard.Writer.WriteAsync(happened).AsTask());
        var claire = Claire with { Organisation = house };
        using var caller = Caller.As(claire);

        await Session(one, house, session).Create(new CreateSession(Details with { ShowId = "show-1" }, OnSale: true) { Id = Guid.NewGuid(), By = claire });
        // Wherever the grain lives, one of the two is another node, answers and refusals included.
        foreach (var (node, sold, basedOn) in new[] { (one, 3, 0), (other, 5, 1) })
            Assert.Equal(basedOn + 1, (await Session(node, house, session).Validate(
                new ValidateTally([Line(sold, gross: sold * 4500L)], TallySource.Typed, null, null, basedOn) { Id = Guid.NewGuid(), By = claire })).Accepted.Version);
        Assert.Contains((await Session(one, house, session).Validate(
            new ValidateTally([Line(-1, gross: null)], TallySource.Typed, null, null, null) { Id = Guid.NewGuid(), By = claire })).Refusals, refusal => refusal.Code == "count-out-of-range");
        foreach (var node in new[] { one, other })
            Assert.Equal(5, (await Session(node, house, session).View())!.Current!.Figures.Sold);

        using var limited = new CancellationTokenSource(patience);
        var versions = new List<int>();
        while (versions.Count < 4)
            if (await heard.Reader.ReadAsync(limited.Token) is SessionFiguresChanged changed)
                versions.Add(changed.Version);
        Assert.Equal([1, 1, 2, 2], versions.Order());
    }

    [Fact]
    public async Task A_node_that_is_gone_leaves_its_grains_to_the_other_and_a_reminder_fires_there()
    {
        using var caller = Caller.As(Actor.System("tests"));
        var names = Enumerable.Range(0, 12).Select(_ => $"{Guid.NewGuid():N}").ToArray();
        foreach (var name in names)
            await one.Get<IGrainFactory>().GetGrain<ITickedGrain>(name).Where();

        await one.KillAsync();

        var self = other.Get<ILocalSiloDetails>().SiloAddress.ToParsableString();
        foreach (var name in names)
            Assert.Equal(self, await other.Get<IGrainFactory>().GetGrain<ITickedGrain>(name).Where());
        await other.Get<IGrainFactory>().GetGrain<ITickedGrain>(names[0]).Wait();
        Assert.Equal(names[0], await TickedGrain.Ticked.Reader.ReadAsync(new CancellationTokenSource(patience).Token));
        await using var kept = database.Owner.CreateCommand("select count(*) from orleansreminderstable where grainid like $1");
        kept.Parameters.Add(new() { Value = $"%{names[0]}%" });
        Assert.Equal(1L, await kept.ExecuteScalarAsync());
    }

    public async Task InitializeAsync()
    {
        one = await Member.StartAsync(database, cluster);
        other = await Member.StartAsync(database, cluster);
    }

    public async Task DisposeAsync()
    {
        await other.DisposeAsync();
        await one.DisposeAsync();
    }

    private static ISessionGrain Session(Member node, string house, string id) => node.Get<IGrainFactory>().GetGrain<ISessionGrain>(GrainKey.Of(house, id));

    private sealed class Member(IHost host, ClusterSettings settings) : IAsyncDisposable
    {
        private bool gone;

        public static async Task<Member> StartAsync(TestDatabase database, string cluster)
        {
            var settings = ClusterSettings.From(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Guichet:Cluster:Id"] = cluster }).Build());
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Services.AddSingleton(database.Product);
            builder.Services.AddSingleton<ISendingPermission, Permission>();
            builder.UseOrleans(silo => silo.UseDatabase(database.Product).UseCluster(settings).AddGuichetGrains().AddOutgoingGrainCallFilter<AgainElsewhere>());
            var host = builder.Build();
            await host.StartAsync();
            return new Member(host, settings);
        }

        public T Get<T>() where T : notnull => host.Services.GetRequiredService<T>();

        public Task KillAsync()
        {
            gone = true;
            return TestEngine.Kill(host);
        }

        public async ValueTask DisposeAsync()
        {
            if (!gone) await host.StopAsync();
            await ((IAsyncDisposable)host).DisposeAsync();
            settings.Dispose();
        }
    }

    private sealed class Permission : ISendingPermission
    {
        public bool MaySend => true;
    }
}

public interface ITickedGrain : IGrainWithStringKey
{
    /// <summary>On which node it lives.</summary>
    [SystemOnly]
    Task<string> Where();

    /// <summary>Is reminded at once.</summary>
    [SystemOnly]
    Task Wait();
}

public sealed class TickedGrain(ILocalSiloDetails node) : Grain, ITickedGrain, IRemindable
{
    public static readonly Channel<string> Ticked = Channel.CreateUnbounded<string>();

    public Task<string> Where() => Task.FromResult(node.SiloAddress.ToParsableString());

    public Task Wait() => this.RegisterOrUpdateReminder("tick", TimeSpan.Zero, TimeSpan.FromMinutes(1));

    public Task ReceiveReminder(string reminderName, TickStatus status) => Ticked.Writer.WriteAsync(this.GetPrimaryKeyString()).AsTask();
}
