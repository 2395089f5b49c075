using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Links;
using Guichet.Mail;
using Guichet.Organisations;
using Guichet.Sessions;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Links;

/// <summary>A commit's effects can be seen by every dispatcher before the grain that made it has heard that it succeeded.</summary>
public sealed class EffectsBeforeAnswersTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task What_an_effect_reads_waits_for_the_commit_that_it_comes_from()
    {
        await using var world = await LinkWorld.Start(database);
        var sent = await world.Session(world.Theatre);
        var held = new HeldAnswers();
        await using var node = await TestSilo.Start(database.Product, world.Time, services =>
        {
            services.AddSingleton<IMailTransport>(world.Mail);
            services.AddSingleton<IJournalStore>(all => held.Around(ActivatorUtilities.CreateInstance<PostgresJournal>(all)));
        });
        var link = node.Grains.GetGrain<ILinkGrain>(GrainKey.Of(world.Theatre.Organisation, Ids.New(TimeProvider.System)));
        var outside = new OutsideCounterpart("Mairie de Rennes", "culture@rennes.example", Language.French, OutsideDelivery.Address, null);
        Task<Outcome<Done>> asked;
        using (Caller.As(world.Theatre))
            asked = link.Request(new RequestLink(LinkSide.Sender, null, outside, sent, null, null, LinkTerms.Totals, null, null, LinkSecret.New()) { Id = Guid.NewGuid(), By = world.Theatre });
        await held.Committed;

        Task<LinkSettlement?> settlement;
        using (Caller.As(Actor.System("outbox"))) settlement = link.Settlement();
        // The control: a person, whom nothing has been answered yet, is shown nothing. The grain has had its turn by then.
        using (Caller.As(world.Theatre)) Assert.Null(await link.View());
        held.Release();

        Assert.Equal(1, (await settlement)!.Order);
        Assert.Empty((await asked).Refusals);
    }

    /// <summary>A journal whose commits are written at once, and told of when the test says so.</summary>
    private sealed class HeldAnswers
    {
        private readonly TaskCompletionSource committed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Committed => committed.Task;

        public void Release() => released.TrySetResult();

        public IJournalStore Around(IJournalStore inner) => new Store(this, inner);

        private sealed class Store(HeldAnswers held, IJournalStore inner) : IJournalStore
        {
            public Task<Snapshot?> Load(AggregateId aggregate, CancellationToken cancellation) => inner.Load(aggregate, cancellation);

            public async Task Commit(Commit commit, CancellationToken cancellation)
            {
                await inner.Commit(commit, cancellation);
                held.committed.TrySetResult();
                await held.released.Task;
            }

            public Task<long> VersionOf(AggregateId aggregate, CancellationToken cancellation) => inner.VersionOf(aggregate, cancellation);

            public Task<ImmutableArray<RecordedAnswer>> Answers(AggregateId aggregate, ImmutableArray<Guid> commands, CancellationToken cancellation) =>
                inner.Answers(aggregate, commands, cancellation);
        }
    }
}
