using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Links;

namespace Guichet.Simulation;

/// <summary>
/// One node's connections to the database: what the product's ports are in this world. Whatever is asked takes a while, may fail, and may
/// be done without the node ever hearing so.
/// </summary>
public sealed class NodeStore(World world, SimulatedDatabase database, NodeTurns turns, Awaits awaits) : IJournalStore, IOutbox, ILinkLookups
{
    public TaskScheduler Beside => turns;

    private SimulatedDatabase Database => database;

    public async Task<Snapshot?> Load(AggregateId aggregate, CancellationToken cancellation)
    {
        using var wait = awaits.For(Await.Store);
        await world.OnTheWay();
        if (world.Misfortunes.Strikes<ReadTrouble>() is not null)
        {
            world.History.Add("database", $"can't be read for {world.Names.Of(aggregate)}");
            throw new TryAgainException($"{aggregate} can't be read: the connection was cut");
        }
        var stored = Database.Find(aggregate);
        var snapshot = world.Bugs.Loaded(aggregate, stored is null ? null : new Snapshot(
            stored.Version, stored.State, stored.Lines[^1].Hash,
            [.. stored.Lines.TakeLast(world.Plan.RecentAnswers).Reverse().Select(Recorded)]), world.Time.GetUtcNow());
        await world.OnTheWay();
        return snapshot;
    }

    public async Task<long> VersionOf(AggregateId aggregate, CancellationToken cancellation)
    {
        using var wait = awaits.For(Await.Store);
        await world.OnTheWay();
        if (world.Misfortunes.Strikes<ReadTrouble>() is not null) throw new TryAgainException($"{aggregate} can't be read: the connection was cut");
        var version = world.Bugs.Skips(Bug.StaleGrainBelieved) ? 0 : Database.Find(aggregate)?.Version ?? 0;
        await world.OnTheWay();
        return version;
    }

    public Task Commit(Commit commit, CancellationToken cancellation)
    {
        // Once sent it is the database's, whatever becomes of the node.
        var answer = new TaskCompletionSource();
        _ = world.Turns.Run(async () =>
        {
            using var wait = awaits.For(Await.Store);
            await world.OnTheWay();
            try
            {
                await world.Bugs.Commit(world, commit, Fated);
            }
            catch (Exception failure)
            {
                world.History.Add("database", $"refuses {world.Names.Of(commit.Aggregate)} {commit.ExpectedVersion + 1}–{commit.NewVersion}: {failure.GetType().Name}");
                await world.OnTheWay();
                answer.TrySetException(failure);
                return;
            }
            await world.OnTheWay();
            answer.TrySetResult();
        });
        return answer.Task;
    }

    private async Task Fated(Commit commit)
    {
        var fate = world.Misfortunes.Strikes<CommitTrouble>()?.Fate;
        if (fate is not null) world.History.Add("database", $"commit of {world.Names.Of(commit.Aggregate)} {commit.ExpectedVersion + 1}–{commit.NewVersion}: {fate}");
        switch (fate)
        {
            case CommitFate.FailsBefore:
                throw new StorageFailedException("the database's disk is full");
            case CommitFate.FailsAfter:
                Database.Commit(commit);
                throw new StorageFailedException("the database didn't answer");
            case CommitFate.CommitsLate:
                _ = world.Turns.Run(async () =>
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(world.Chance.Next(1, world.Chance.Next(2) == 0 ? 1_000 : 20_000)), world.Time);
                    try
                    {
                        Database.Commit(commit);
                    }
                    catch (Exception failure) when (failure is VersionConflictException or AlreadyAnsweredException or StorageFailedException)
                    {
                        // Nobody is there to hear it.
                    }
                });
                throw new StorageFailedException("the database didn't answer");
            case CommitFate.Hangs:
                await Task.Delay(TimeSpan.FromMilliseconds(world.Chance.Next(1_000, 45_000)), world.Time);
                Database.Commit(commit);
                break;
            default:
                Database.Commit(commit);
                break;
        }
    }

    public Task<ImmutableArray<RecordedAnswer>> Answers(AggregateId aggregate, ImmutableArray<Guid> commands, CancellationToken cancellation) =>
        Asked(() => Database.Find(aggregate) is { } stored
            ? commands.Where(stored.ByCommand.ContainsKey).Select(command => Recorded(stored.ByCommand[command])).ToImmutableArray()
            : []);

    private static RecordedAnswer Recorded(JournalLine line) => new(line.CommandId, line.ContentHash, line.Answer);

    public Task<IReadOnlyList<ClaimedEffect>> Claim(DateTimeOffset now, DateTimeOffset until, int limit, string[] busy, CancellationToken cancellation) =>
        Asked(() => Database.Claim(now, until, limit, busy), Await.Outbox);

    public Task Finish(Guid id, DateTimeOffset at) => Noted(id, effect => (effect.Done, effect.ClaimedUntil) = (true, null));

    public Task Release(Guid id, DateTimeOffset at) => Noted(id, effect =>
    {
        (effect.ClaimedUntil, effect.Attempts) = (null, effect.Attempts - 1);
        if (effect.DueAt > at) effect.DueAt = at;
    });

    public Task Postpone(Guid id, string error, DateTimeOffset until) =>
        Noted(id, effect => (effect.DueAt, effect.ClaimedUntil, effect.LastError) = (until, null, error));

    public Task GiveUp(Guid id, string error, DateTimeOffset at) => Noted(id, effect => (effect.GivenUp, effect.ClaimedUntil) = (error, null));

    public Task Add(string organisation, ImmutableArray<OutboxEffect> effects, DateTimeOffset now, CancellationToken cancellation) => Asked(() =>
    {
        Database.Add(effects);
        Database.EffectsAdded?.Invoke();
        return true;
    }, Await.Outbox);

    private Task Noted(Guid id, Action<StoredEffect> note) => Asked(() =>
    {
        var effect = Database.Effect(id);
        note(effect);
        world.History.Add("outbox", $"{effect.Effect.Kind} attempt {effect.Attempts}: {(effect.Done ? "done" : effect.GivenUp ?? effect.LastError)}");
        return true;
    }, Await.Outbox);

    public Task<ImmutableDictionary<string, PartyFacts>> Parties(string asker, string sender, string? receiver) => Asked(() =>
        new[] { Database.Party(asker, sender), Database.Party(asker, receiver) }.OfType<PartyFacts>().DistinctBy(party => party.Organisation)
            .ToImmutableDictionary(party => party.Organisation));

    public Task<string?> OpenLink(string sender, string session, string receiver, string except) =>
        Asked(() => Database.OpenLink(sender, session, receiver, except, world.Time.GetUtcNow()));

    public Task<string?> ShowByTitle(string organisation, string title) => Asked(() => Database.ShowByTitle(organisation, title));

    public Task<string?> Secret(string sender, string linkId, CancellationToken cancellation = default) => Asked(() => Database.Secret(sender, linkId));

    public Task NoteLetter(string sender, Guid id, SentLetter letter) => Asked(() => letter);

    public Task<bool> ClaimSweep(DateTimeOffset now, TimeSpan period) => Asked(() => true);

    public Task<IReadOnlyList<LinkPlace>> Expired(LinkPlace after, int limit, CancellationToken cancellation) =>
        Page(() => world.Bugs.Skips(Bug.ExpiryForgotten) ? [] : Database.Links(link => link.Status == LinkStatus.Requested && link.ExpiresAt <= world.Time.GetUtcNow()), place => place, after, limit);

    public Task<IReadOnlyList<LinkPlace>> Unsettled(LinkPlace after, int limit, CancellationToken cancellation) =>
        Page(() => Database.Links(link => link.Settled < link.Order), place => place, after, limit);

    public Task<IReadOnlyList<LinkPlace>> Undelivered(LinkPlace after, int limit, CancellationToken cancellation) =>
        Page(Database.Undelivered, place => place, after, limit);

    public Task<IReadOnlyList<BehindLink>> Behind(LinkPlace after, int limit, CancellationToken cancellation) =>
        Page(Database.Behind, link => new LinkPlace(link.Organisation, link.Id), after, limit);

    public Task<IReadOnlyList<OutdatedLink>> Outdated(LinkPlace after, int limit, CancellationToken cancellation) =>
        Page(() => world.Bugs.Skips(Bug.CardsNotRefreshed) ? [] : Database.Outdated(), link => link.Link, after, limit);

    private Task<IReadOnlyList<T>> Page<T>(Func<IEnumerable<T>> all, Func<T, LinkPlace> placeOf, LinkPlace after, int limit) =>
        Asked<IReadOnlyList<T>>(() => [.. all().Where(one => IsAfter(placeOf(one), after)).Take(limit)]);

    private static bool IsAfter(LinkPlace place, LinkPlace after) =>
        string.CompareOrdinal(place.Organisation, after.Organisation) is var order && order != 0 ? order > 0 : string.CompareOrdinal(place.Id, after.Id) > 0;

    private async Task<T> Asked<T>(Func<T> question, Await what = Await.Store)
    {
        using var wait = awaits.For(what);
        await world.OnTheWay();
        if (world.Misfortunes.Strikes<ReadTrouble>() is not null) throw new TimeoutException("the connection was cut");
        var answer = question();
        await world.OnTheWay();
        return answer;
    }
}
