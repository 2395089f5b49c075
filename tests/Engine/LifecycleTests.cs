using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Engine;

public class LifecycleTests
{
    private readonly string _key = TestSilo.NewKey();

    [Fact]
    public async Task A_grain_is_activated_by_its_first_call_and_stays()
    {
        await using var silo = await StartAsync();
        var grain = silo.Grain<ILifecycleGrain>(_key);
        Assert.Empty(LifecycleGrain.NotesOf(_key));

        var first = await grain.Activation();

        Assert.Equal(first, await silo.Grain<ILifecycleGrain>(_key).Activation());
        Assert.Equal(["activating", "activated"], LifecycleGrain.NotesOf(_key));
    }

    [Fact]
    public async Task Many_first_calls_at_once_make_one_activation()
    {
        await using var silo = await StartAsync();

        var activations = await Task.WhenAll(Enumerable.Range(0, 100)
            .Select(_ => Task.Run(() => silo.Grain<ILifecycleGrain>(_key).Activation())));

        Assert.Single(activations.Distinct());
        Assert.Equal(["activating", "activated"], LifecycleGrain.NotesOf(_key));
    }

    [Fact]
    public async Task Calls_wait_until_the_grain_is_ready()
    {
        await using var silo = await StartAsync();
        OnActivation((_, _) => Gate.Of(_key).PassAsync());

        var call = silo.Grain<ILifecycleGrain>(_key).Activation();
        await Gate.Of(_key).ArrivalAsync();
        Assert.False(call.IsCompleted);

        Gate.Of(_key).Open();
        await call.WaitAsync(Gate.Patience);
    }

    [Fact]
    public async Task A_failed_activation_fails_the_calls_that_wait_and_the_next_call_tries_again()
    {
        await using var silo = await StartAsync();
        OnActivation(async (_, _) =>
        {
            await Gate.Of(_key).PassAsync();
            throw new InvalidDataException("no good");
        });
        var grain = silo.Grain<ILifecycleGrain>(_key);

        var first = grain.Activation();
        await Gate.Of(_key).ArrivalAsync();
        var second = grain.Activation();
        Gate.Of(_key).Open();

        await silo.AdvanceUntilAsync(TimeSpan.FromSeconds(1), Task.WhenAll(first, second));
        Assert.Equal("no good", (await Assert.ThrowsAsync<InvalidDataException>(() => first)).Message);
        await Assert.ThrowsAsync<InvalidDataException>(() => second);
        await grain.Activation();
        Assert.Equal("activated", LifecycleGrain.NotesOf(_key)[^1]);
        Assert.DoesNotContain(LifecycleGrain.NotesOf(_key), note => note.StartsWith("deactivating"));
    }

    [Fact]
    public async Task An_activation_that_takes_too_long_is_cancelled_and_fails()
    {
        await using var silo = await StartAsync();
        OnActivation((_, token) =>
        {
            Gate.Of(_key).Arrive();
            return Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
        });

        var call = silo.Grain<ILifecycleGrain>(_key).Activation();
        await Gate.Of(_key).ArrivalAsync();
        await silo.AdvanceUntilAsync(TestSilo.Limit, call);

        await Assert.ThrowsAnyAsync<Exception>(() => call);
    }

    [Fact]
    public async Task Leaving_on_idle_lets_what_runs_finish_and_gives_later_calls_a_new_activation()
    {
        await using var silo = await StartAsync();
        var grain = silo.Grain<ILifecycleGrain>(_key);
        var before = await grain.Activation();

        var leaving = grain.LeaveOnIdleAfter(_key);
        await Gate.Of(_key).ArrivalAsync();
        var after = grain.Activation();
        Assert.False(after.IsCompleted);
        Gate.Of(_key).Open();
        await leaving;

        Assert.NotEqual(before, await after.WaitAsync(Gate.Patience));
        Assert.Equal(["activating", "activated", "left", "deactivating ApplicationRequested", "disposed", "activating", "activated"],
            LifecycleGrain.NotesOf(_key));
    }

    [Fact]
    public async Task No_second_activation_begins_before_the_first_has_ended()
    {
        await using var silo = await StartAsync();
        var grain = silo.Grain<ILifecycleGrain>(_key);
        LifecycleGrain.Deactivating[_key] = (_, _) => Gate.Of(_key).PassAsync();
        await grain.LeaveOnIdle();
        await Gate.Of(_key).ArrivalAsync();

        var next = grain.Activation();
        Assert.Single(LifecycleGrain.NotesOf(_key), "activating");

        Gate.Of(_key).Open();
        await next.WaitAsync(Gate.Patience);
        Assert.Equal(2, LifecycleGrain.NotesOf(_key).Count(note => note == "activating"));
    }

    [Fact]
    public async Task A_failing_deactivation_ends_the_activation_all_the_same()
    {
        await using var silo = await StartAsync();
        var grain = silo.Grain<ILifecycleGrain>(_key);
        LifecycleGrain.Deactivating[_key] = (_, _) => throw new InvalidDataException();
        var before = await grain.Activation();

        await grain.LeaveOnIdle();

        Assert.NotEqual(before, await grain.Activation());
    }

    [Fact]
    public async Task A_grain_that_leaves_while_activating_passes_its_calls_on()
    {
        await using var silo = await StartAsync();
        OnActivation((grain, _) =>
        {
            grain.Leave();
            return Task.CompletedTask;
        });

        await silo.Grain<ILifecycleGrain>(_key).Activation().WaitAsync(Gate.Patience);

        Assert.Equal(2, LifecycleGrain.NotesOf(_key).Count(note => note == "activating"));
    }

    [Fact]
    public async Task Stopping_the_host_tells_every_grain_after_what_runs_has_finished()
    {
        var silo = await StartAsync();
        var keys = Enumerable.Range(0, 20).Select(_ => TestSilo.NewKey()).ToArray();
        foreach (var key in keys)
            await silo.Grain<ILifecycleGrain>(key).Activation();
        var held = silo.Grain<ILifecycleGrain>(_key).Hold(_key);
        await Gate.Of(_key).ArrivalAsync();

        var stopped = silo.StopAsync();
        Gate.Of(_key).Open();
        await stopped;

        Assert.All(keys, key => Assert.Equal(["activating", "activated", "deactivating ShuttingDown", "disposed"], LifecycleGrain.NotesOf(key)));
        Assert.Equal(["activating", "activated", "held", "deactivating ShuttingDown", "disposed"], LifecycleGrain.NotesOf(_key));
        await held.ContinueWith(static _ => { }, TaskScheduler.Default);
        await silo.DisposeAsync();
    }

    [Fact]
    public async Task Stateless_workers_work_side_by_side_up_to_their_number()
    {
        await using var silo = await StartAsync();
        var grain = silo.Grain<IWorkerGrain>(_key);

        var work = Enumerable.Range(0, 4).Select(_ => grain.Work(_key)).ToArray();
        await Gate.Of(_key).ArrivalAsync();
        await Gate.Of(_key).ArrivalAsync();
        Gate.Of(_key).Open();

        Assert.Equal(2, (await Task.WhenAll(work)).Distinct().Count());
    }

    private static Task<TestSilo> StartAsync() => TestSilo.StartAsync(silo => silo.Services.AddScoped<LifecycleGrain.Service>());

    private void OnActivation(Func<LifecycleGrain, CancellationToken, Task> todo) =>
        LifecycleGrain.Activating.GetOrAdd(_key, _ => new()).Enqueue(todo);
}
