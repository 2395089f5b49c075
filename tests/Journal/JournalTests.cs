using System.Collections.Immutable;
using Guichet.Journal;
using Guichet.Operations;
using Guichet.Sessions;
using Guichet.Support;
using Guichet.Tallies;
using Guichet.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guichet.Tests.Journal;

/// <summary>Decide, commit, answer: through the grains, on real PostgreSQL.</summary>
public sealed class JournalTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private readonly ManualTime time = new();

    [Fact]
    public async Task A_command_sent_again_changes_nothing_and_gets_the_first_answer()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        var (session, actor) = await Created(silo);
        var command = Validate(actor, 10);
        var first = await session.Validate(command);
        time.Advance(TimeSpan.FromMinutes(5));
        var again = await session.Validate(command);
        Assert.Equal(first.Accepted, again.Accepted);
        Assert.Equal(1, (await session.View())!.Current!.Version);
        Assert.Equal(["command-reused"], (await session.Validate(command with { Note = "other" })).Refusals.Select(refusal => refusal.Code));
    }

    [Fact]
    public async Task A_command_sent_again_after_a_restart_gets_the_first_answer_even_when_it_is_long_ago()
    {
        var organisation = Organisation();
        var actor = Actor(organisation);
        var command = Validate(actor, 10);
        Outcome<TallyReceipt> first;
        await using (var silo = await TestSilo.Start(database.Product, time))
        {
            var (session, _) = await Created(silo, organisation);
            first = await session.Validate(command);
            // More than the grain remembers, or loads when it is activated.
            for (var i = 0; i < 100; i++) (await session.SaveDraft(new SaveDraft([], TallySource.Typed, null, null, 1) { Id = Guid.NewGuid(), By = actor })).Accepted.GetType();
        }
        await using (var silo = await TestSilo.Start(database.Product, time))
        {
            using var caller = Caller.As(actor);
            var session = silo.Session(organisation, "s");
            var fresh = session.Validate(Validate(actor, 11, basedOn: 1));
            var again = session.Validate(command);
            Assert.Equal(first.Accepted, (await again).Accepted);
            Assert.Equal(2, (await fresh).Accepted.Version);
            Assert.Equal(["command-reused"], (await session.Validate(command with { Note = "other" })).Refusals.Select(refusal => refusal.Code));
        }
    }

    [Fact]
    public async Task What_nobody_made_refuses_and_stays_without_a_trace()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        var actor = Actor(Organisation());
        Caller.Set(actor);
        var session = silo.Session(actor.Organisation, "s");
        var early = Validate(actor, 10);
        Assert.NotEmpty((await session.Validate(early)).Refusals);
        Assert.Equal(0, await Count("SELECT (SELECT count(*) FROM journal WHERE organisation = $1) + (SELECT count(*) FROM sessions WHERE organisation = $1)", actor.Organisation));
        // Made and asked in one breath: the refusals before leave no gap in the journal.
        var (late, made, sent) = (session.Validate(Validate(actor, 1)), session.Create(new CreateSession(Sample.Details, OnSale: true) { Id = Guid.NewGuid(), By = actor }), session.Validate(early));
        Assert.NotEmpty((await late).Refusals);
        Assert.Empty((await made).Refusals);
        Assert.Equal(1, (await sent).Accepted.Version);
        Assert.Empty(await Faults(actor.Organisation));
    }

    [Fact]
    public async Task A_refusal_is_an_answer_too_and_stays_the_same()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        var (session, actor) = await Created(silo);
        (await session.Validate(Validate(actor, 100))).Accepted.GetType();
        var drop = Validate(actor, 10);
        Assert.Equal("tally-drop-unconfirmed", (await session.Validate(drop)).Refusals[0].Code);
        (await session.Validate(drop with { Id = Guid.NewGuid(), DropConfirmed = true })).Accepted.GetType();
        Assert.Equal("tally-drop-unconfirmed", (await session.Validate(drop)).Refusals[0].Code);
    }

    [Fact]
    public async Task Commands_that_arrive_together_share_transactions_and_lose_nothing()
    {
        var store = new CountingStore(Store());
        await using var silo = await TestSilo.Start(database.Product, time, services => services.AddSingleton<IJournalStore>(store));
        var (session, actor) = await Created(silo);
        var before = store.Commits;
        var answers = await Task.WhenAll(Enumerable.Range(1, 200).Select(sold => session.Validate(Validate(actor, sold) with { DropConfirmed = true })));
        Assert.Equal(Enumerable.Range(1, 200), answers.Select(answer => answer.Accepted.Version));
        Assert.InRange(store.Commits - before, 1, 20);
        Assert.Equal(200, (await session.View())!.Current!.Version);
        Assert.Equal(200L, await Count("SELECT count(*) FROM tallies WHERE organisation = $1", actor.Organisation));
    }

    [Fact]
    public async Task When_the_answer_of_a_commit_is_lost_the_retry_gets_it_and_nothing_is_done_twice()
    {
        var store = new FaultyStore(Store());
        await using var silo = await TestSilo.Start(database.Product, time, services => services.AddSingleton<IJournalStore>(store));
        var (session, actor) = await Created(silo);
        var command = Validate(actor, 10);
        store.LoseNextAnswer = true;
        await Assert.ThrowsAsync<TryAgainException>(() => session.Validate(command));
        Assert.Equal(1, (await session.Validate(command)).Accepted.Version);
        Assert.Equal(1L, await Count("SELECT count(*) FROM tallies WHERE organisation = $1", actor.Organisation));
    }

    [Fact]
    public async Task When_a_commit_fails_nobody_sees_its_state_and_the_retry_makes_it()
    {
        var store = new FaultyStore(Store());
        await using var silo = await TestSilo.Start(database.Product, time, services => services.AddSingleton<IJournalStore>(store));
        var (session, actor) = await Created(silo);
        store.FailNext = true;
        var first = Validate(actor, 1) with { DropConfirmed = true };
        Assert.Null(await Attempt(session, first));
        Assert.Null((await session.View())!.Current);

        // Others that were decided on top of the one that fails, fail with it; those after it meet the reloaded grain. All can be sent again.
        store.FailNext = true;
        var commands = Enumerable.Range(1, 50).Select(sold => Validate(actor, sold) with { DropConfirmed = true }).Append(first).ToArray();
        var attempts = await Task.WhenAll(commands.Select(command => Attempt(session, command)));
        Assert.Contains(attempts, attempt => attempt is null);
        var versions = new HashSet<int>();
        foreach (var command in commands) Assert.True(versions.Add((await session.Validate(command)).Accepted.Version));
        Assert.Equal(51, versions.Max());
        Assert.Equal(51L, await Count("SELECT count(*) FROM tallies WHERE organisation = $1", actor.Organisation));
    }

    [Fact]
    public async Task Two_activations_that_decide_at_once_lose_no_update()
    {
        var organisation = Organisation();
        await using var one = await TestSilo.Start(database.Product, time);
        await using var two = await TestSilo.Start(database.Product, time);
        var (here, actor) = await Created(one, organisation);
        var there = two.Session(organisation, "s");
        Assert.NotNull(await there.View());
        (await here.Validate(Validate(actor, 10))).Accepted.GetType();
        var stale = Validate(actor, 12);
        await Assert.ThrowsAsync<TryAgainException>(() => there.Validate(stale));
        Assert.Equal(2, (await there.Validate(stale)).Accepted.Version);
        Assert.Equal(2L, await Count("SELECT count(*) FROM tallies WHERE organisation = $1", organisation));
    }

    [Fact]
    public async Task One_failing_aggregate_does_not_fail_those_that_share_its_transaction()
    {
        var journal = Store();
        await using var _ = journal;
        var organisation = Organisation();
        var commits = Enumerable.Range(0, 50).Select(i => journal.Commit(SampleCommit(organisation, $"a{i}", expected: i == 25 ? 7 : 0), default)).ToArray();
        await Assert.ThrowsAsync<VersionConflictException>(() => commits[25]);
        await Task.WhenAll(commits.Where((_, i) => i != 25));
        Assert.Equal(49L, await Count("SELECT count(*) FROM shows WHERE organisation = $1", organisation));
    }

    [Fact]
    public async Task The_journal_verifies_and_shows_a_changed_line_and_a_missing_one()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        var (session, actor) = await Created(silo);
        for (var sold = 1; sold < 6; sold++) (await session.Validate(Validate(actor, sold))).Accepted.GetType();
        Assert.Empty(await Faults(actor.Organisation));

        await Owner("UPDATE journal SET events = replace(events, '\"sold\":3', '\"sold\":4') WHERE organisation = $1 AND sequence = 4", actor.Organisation);
        Assert.Contains(await Faults(actor.Organisation), fault => fault.Contains("line 4 doesn't match"));
        await Owner("UPDATE journal SET events = replace(events, '\"sold\":4', '\"sold\":3') WHERE organisation = $1 AND sequence = 4", actor.Organisation);
        Assert.Empty(await Faults(actor.Organisation));

        await Owner("DELETE FROM journal WHERE organisation = $1 AND sequence = 6", actor.Organisation);
        Assert.Contains(await Faults(actor.Organisation), fault => fault.Contains("the state is at 6, the journal at 5"));
        await Owner("DELETE FROM journal WHERE organisation = $1 AND sequence = 3", actor.Organisation);
        Assert.Contains(await Faults(actor.Organisation), fault => fault.Contains("line 3 is missing"));
        await Owner("DELETE FROM journal WHERE organisation = $1; ", actor.Organisation);
        await Owner("DELETE FROM sessions WHERE organisation = $1", actor.Organisation);
    }

    [Fact]
    public async Task The_product_can_neither_change_nor_remove_what_the_journal_holds()
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        var (_, actor) = await Created(silo);
        foreach (var sql in new[] { "UPDATE journal SET answer = ''", "DELETE FROM journal", "UPDATE tallies SET sold = 0", "DELETE FROM tallies", "TRUNCATE journal" })
            Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => silo.Database.Execute(actor.Organisation, sql))).SqlState);
    }

    [Theory]
    [InlineData("journal")]
    [InlineData("sessions")]
    [InlineData("tallies")]
    [InlineData("outbox")]
    public async Task Row_level_security_shows_an_organisation_its_own_rows_only(string table)
    {
        await using var silo = await TestSilo.Start(database.Product, time);
        var (session, actor) = await Created(silo);
        (await session.Validate(Validate(actor, 1))).Accepted.GetType();
        await Owner("INSERT INTO outbox (id, organisation, kind, payload, created_at, due_at, first_due_at) VALUES (gen_random_uuid(), $1, 'x', '{}', now(), 'infinity', 'infinity')", actor.Organisation);
        Assert.NotEqual(0, await silo.Database.QueryFirst<long>(actor.Organisation, $"SELECT count(*) FROM {table}"));
        Assert.Equal(0, await silo.Database.QueryFirst<long>(Organisation(), $"SELECT count(*) FROM {table}"));
        Assert.Equal(0, await silo.Database.QueryFirst<long>("", $"SELECT count(*) FROM {table}"));
    }

    private static async Task<Outcome<TallyReceipt>?> Attempt(ISessionGrain session, ValidateTally command)
    {
        try
        {
            return await session.Validate(command);
        }
        catch (TryAgainException)
        {
            return null;
        }
    }

    private PostgresJournal Store() => new(database.Product, new OutboxSignal(), new NodeFigures(time), time);

    private static string Organisation() => $"org-{Guid.NewGuid():N}";

    private static Actor Actor(string organisation) => new(organisation, "claire", ActorKind.Operator, "Claire Morin", Role.BoxOffice);

    private static ValidateTally Validate(Actor by, int sold, int? basedOn = null) =>
        new([Sample.Line(sold)], TallySource.Typed, null, null, basedOn, OverCapacityConfirmed: true) { Id = Guid.NewGuid(), By = by };

    /// <summary>Not async itself, so that the caller it sets stays that of the test.</summary>
    private static Task<(ISessionGrain Session, Actor Actor)> Created(TestSilo silo, string? organisation = null)
    {
        var actor = Actor(organisation ?? Organisation());
        Caller.Set(actor);
        var session = silo.Session(actor.Organisation, "s");
        return Create();

        async Task<(ISessionGrain, Actor)> Create()
        {
            Assert.Empty((await session.Create(new CreateSession(Sample.Details, OnSale: true) { Id = Guid.NewGuid(), By = actor })).Refusals);
            return (session, actor);
        }
    }

    private static Commit SampleCommit(string organisation, string id, long expected)
    {
        var aggregate = new AggregateId("shows", organisation, id);
        var line = new JournalLine(expected + 1, Sample.Now, Actor(organisation), Guid.NewGuid(), "create-show", [1], "[]", "{}", []);
        return new Commit(aggregate, expected, expected + 1, """{"details":{"title":"x"},"archived":false}""", "{}", [line with { Hash = HashChain.Next(HashChain.Start, aggregate, line) }], [], []);
    }

    private async Task<ImmutableArray<string>> Faults(string organisation) =>
        [.. (await JournalVerification.Run(database.Owner, GuichetGrains.StateTables, default)).Faults.Where(fault => fault.Contains(organisation))];

    private async Task<long> Count(string sql, string organisation)
    {
        await using var command = database.Owner.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = organisation });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task Owner(string sql, string organisation)
    {
        await using var command = database.Owner.CreateCommand(sql);
        command.Parameters.Add(new NpgsqlParameter { Value = organisation });
        await command.ExecuteNonQueryAsync();
    }

    private sealed class CountingStore(IJournalStore inner) : IJournalStore
    {
        private int commits;

        public int Commits => commits;

        public Task<Snapshot?> Load(AggregateId aggregate, CancellationToken cancellation) => inner.Load(aggregate, cancellation);

        public Task Commit(Commit commit, CancellationToken cancellation)
        {
            Interlocked.Increment(ref commits);
            return inner.Commit(commit, cancellation);
        }

        public Task<long> VersionOf(AggregateId aggregate, CancellationToken cancellation) => inner.VersionOf(aggregate, cancellation);

        public Task<ImmutableArray<RecordedAnswer>> Answers(AggregateId aggregate, ImmutableArray<Guid> commands, CancellationToken cancellation) =>
            inner.Answers(aggregate, commands, cancellation);
    }

    private sealed class FaultyStore(IJournalStore inner) : IJournalStore
    {
        public bool LoseNextAnswer { get; set; }

        public bool FailNext { get; set; }

        public Task<Snapshot?> Load(AggregateId aggregate, CancellationToken cancellation) => inner.Load(aggregate, cancellation);

        public async Task Commit(Commit commit, CancellationToken cancellation)
        {
            if (FailNext)
            {
                FailNext = false;
                throw new StorageFailedException("the disk is full");
            }
            await inner.Commit(commit, cancellation);
            if (!LoseNextAnswer) return;
            LoseNextAnswer = false;
            throw new StorageFailedException("the connection was cut");
        }

        public Task<long> VersionOf(AggregateId aggregate, CancellationToken cancellation) => inner.VersionOf(aggregate, cancellation);

        public Task<ImmutableArray<RecordedAnswer>> Answers(AggregateId aggregate, ImmutableArray<Guid> commands, CancellationToken cancellation) =>
            inner.Answers(aggregate, commands, cancellation);
    }
}
