using Guichet.Journal;
using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Journal;

[Alias("test-call")]
public sealed record TestCall(bool Hangs) : Effect;

/// <summary>The dispatcher as it runs in a node, on real PostgreSQL.</summary>
public sealed class OutboxTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ManualTime time = new();

    [Fact]
    public async Task One_organisations_hanging_effects_hold_up_nobody_elses()
    {
        var calls = new Calls();
        await using var silo = await Start(calls);
        for (var i = 0; i < 100; i++) await Enqueue("slow", hangs: true, time.GetUtcNow().AddSeconds(-60));
        await Enqueue("quick", hangs: false, time.GetUtcNow());
        await silo.Outbox.StartAsync(CancellationToken.None);
        await calls.Done("quick").WaitAsync(Patience);
        Assert.InRange(calls.Hanging, 1, 8);
        calls.Release();
        for (var i = 0; i < 100; i++) await calls.Done("slow").WaitAsync(Patience);
        await silo.Outbox.StopAsync(CancellationToken.None);
        Assert.Equal(0, await Waiting());
    }

    [Fact]
    public async Task A_stopping_node_gives_back_what_it_had_not_done()
    {
        var calls = new Calls();
        await using var silo = await Start(calls);
        await Enqueue("stopping", hangs: true, time.GetUtcNow());
        await silo.Outbox.StartAsync(CancellationToken.None);
        await calls.Began("stopping").WaitAsync(Patience);
        await silo.Outbox.StopAsync(CancellationToken.None);
        await using var free = database.Owner.CreateCommand("SELECT attempts FROM outbox WHERE organisation = 'stopping' AND done_at IS NULL AND claimed_until IS NULL");
        Assert.Equal(0, await free.ExecuteScalarAsync());
        await using var gone = database.Owner.CreateCommand("DELETE FROM outbox WHERE organisation = 'stopping'");
        await gone.ExecuteNonQueryAsync();
    }

    private Task<TestSilo> Start(Calls calls) => TestSilo.Start(database.Product, time, services => services
        .AddSingleton(calls).AddEffect<TestCall, TestCallHandler>());

    private async Task Enqueue(string organisation, bool hangs, DateTimeOffset due)
    {
        await using var command = database.Owner.CreateCommand(
            "INSERT INTO outbox (id, organisation, kind, payload, created_at, due_at, first_due_at) VALUES ($1, $2, 'test-call', $3, $4, $4, $4)");
        command.Parameters.AddWithValue(Guid.NewGuid());
        command.Parameters.AddWithValue(organisation);
        command.Parameters.AddWithValue(Json.Write(new TestCall(hangs)));
        command.Parameters.AddWithValue(due.UtcDateTime);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> Waiting()
    {
        await using var command = database.Owner.CreateCommand("SELECT count(*) FROM outbox WHERE done_at IS NULL");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private sealed class Calls
    {
        private readonly TaskCompletionSource released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Dictionary<string, (SemaphoreSlim Began, SemaphoreSlim Done)> organisations = [];
        private int hanging;

        public int Hanging => Volatile.Read(ref hanging);

        public void Release() => released.SetResult();

        public Task Began(string organisation) => Of(organisation).Began.WaitAsync();

        public Task Done(string organisation) => Of(organisation).Done.WaitAsync();

        public async Task Do(TestCall call, string organisation, CancellationToken cancellation)
        {
            Of(organisation).Began.Release();
            if (call.Hangs)
            {
                Interlocked.Increment(ref hanging);
                await released.Task.WaitAsync(cancellation);
            }
            Of(organisation).Done.Release();
        }

        private (SemaphoreSlim Began, SemaphoreSlim Done) Of(string organisation)
        {
            lock (organisations)
            {
                if (!organisations.TryGetValue(organisation, out var signals)) organisations.Add(organisation, signals = (new(0), new(0)));
                return signals;
            }
        }
    }

    private sealed class TestCallHandler(Calls calls) : IEffectHandler<TestCall>
    {
        public Task Do(TestCall effect, EffectContext context, CancellationToken cancellation) => calls.Do(effect, context.Organisation, cancellation);
    }
}
