using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Mail;
using Guichet.Sessions;
using Guichet.Simulation;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guichet.Tests.Cluster;

/// <summary>What is there before anything goes wrong: organisations, tokens, and requests for links that nobody will answer.</summary>
internal static class Scene
{
    private static readonly string[] Names = ["Port", "Large", "Festival", "Tour"];

    /// <param name="mails">Where the mails of this go.</param>
    /// <param name="feeds">Programs with a token in each organisation.</param>
    /// <param name="expiring">Requests that expire one after the other, in as many steps, from a few seconds from now until <paramref name="lasting"/>.</param>
    public static async Task<ImmutableArray<Office>> Set(NpgsqlDataSource product, string mails, Evidence evidence, int feeds, int expiring, TimeSpan lasting)
    {
        var time = new ShiftedTime();
        await using var node = await TestNode.Start(product, time, services => services.AddSingleton<IMailTransport>(new MailFolder(mails)));
        var offices = ImmutableArray.CreateBuilder<Office>();
        foreach (var name in Names) offices.Add(await Office.Found(node, name, feeds));
        for (var i = 1; i <= expiring; i++) await AskInVain(node, time, offices[i % 2], offices[2 + (i % 2)], i, TimeSpan.FromSeconds(5) + (lasting * i / expiring), evidence);
        time.Shift = TimeSpan.Zero;
        while (await node.Services.GetRequiredService<OutboxDispatcher>().Turn(CancellationToken.None) > 0)
        {
        }
        return offices.ToImmutable();
    }

    /// <summary>Asked a day ago, so that the shortest wait that can be asked for ends soon.</summary>
    private static async Task AskInVain(TestNode node, ShiftedTime time, Office sender, Office receiver, int number, TimeSpan expiresIn, Evidence evidence)
    {
        time.Shift = TimeSpan.Zero;
        var (show, session) = await sender.Tenant.Play(node, $"Relâche {number}");
        time.Shift = expiresIn - TimeSpan.FromDays(1);
        var by = sender.Tenant.Administrator;
        using var caller = Caller.As(by);
        var id = Ids.New(TimeProvider.System);
        var grain = node.Grains.GetGrain<ILinkGrain>(GrainKey.Of(sender.House.Id, id));
        _ = (await grain.Request(new RequestLink(LinkSide.Sender, receiver.House.Id, null, session, null, null, LinkTerms.AllDetail, null, 1) { Id = Guid.NewGuid(), By = by })).Accepted;
        var planned = new PlannedSession(sender.House, session, show, $"Relâche {number}");
        evidence.Sessions.Enqueue(planned);
        evidence.Links.Enqueue(new PlannedLink(-number, id, planned, receiver.House, null, "", LinkTerms.AllDetail, LinkSide.Sender, 1));
        evidence.Expiring[id] = (await grain.View())!.ExpiresAt;
    }

    private sealed class ShiftedTime : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}
