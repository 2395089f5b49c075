using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded;

namespace Guichet.Tests.Engine;

/// <summary>What tests of the product can do to the engine that no product code can.</summary>
public class CrashTests
{
    private readonly string _key = TestSilo.NewKey();

    [Fact]
    public async Task A_killed_activation_goes_no_further_and_its_callers_learn_that_it_is_gone()
    {
        await using var silo = await StartAsync();
        var grain = silo.Grain<ILifecycleGrain>(_key);
        var before = await grain.Activation();
        var running = grain.Hold(_key);
        await Gate.Of(_key).ArrivalAsync();
        var waiting = grain.Activation();

        silo.Engine.Kill(grain);
        Gate.Of(_key).Open();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => running);
        await Assert.ThrowsAsync<SiloUnavailableException>(() => waiting);
        Assert.NotEqual(before, await grain.Activation());
        Assert.Equal(["activating", "activated", "activating", "activated"], LifecycleGrain.NotesOf(_key));
    }

    [Fact]
    public async Task A_killed_engine_tells_nobody_and_takes_no_more_calls()
    {
        await using var silo = await StartAsync();
        var grain = silo.Grain<ILifecycleGrain>(_key);
        var running = grain.Hold(_key);
        await Gate.Of(_key).ArrivalAsync();

        silo.Engine.Kill();
        Gate.Of(_key).Open();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => running);
        await Assert.ThrowsAsync<SiloUnavailableException>(grain.Activation);
        Assert.Equal(["activating", "activated"], LifecycleGrain.NotesOf(_key));
    }

    [Fact]
    public async Task Reminders_outlive_the_engine_that_made_them()
    {
        var store = new InMemoryReminderStore();
        await using (var first = await TestSilo.StartAsync(silo => silo.Services.AddSingleton<IReminderStore>(store)))
        {
            await first.Grain<IReminderGrain>(_key).Register("wake", TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));
            first.Engine.Kill();
        }

        await using var second = await TestSilo.StartAsync(silo => silo.Services.AddSingleton<IReminderStore>(store));
        second.Clock.Advance(TimeSpan.FromMinutes(5));
        await Gate.Of(_key).ArrivalAsync();
    }

    [Fact]
    public async Task A_tick_that_was_missed_is_not_made_up_for_but_the_next_is_on_time()
    {
        var store = new InMemoryReminderStore();
        var start = new DateTimeOffset(2026, 11, 24, 8, 58, 30, TimeSpan.Zero);
        await store.UpsertAsync(new(GrainId.Create("reminder", _key), "wake", start, TimeSpan.FromMinutes(1), 0), default);

        await using var silo = await TestSilo.StartAsync(silo => silo.Services.AddSingleton<IReminderStore>(store));
        Assert.Equal(new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero), silo.Clock.GetUtcNow());
        silo.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(await silo.Grain<IReminderGrain>(_key).Ticks());
        silo.Clock.Advance(TimeSpan.FromSeconds(1));
        await Gate.Of(_key).ArrivalAsync();

        Assert.Equal(silo.Clock.GetUtcNow().UtcDateTime, Assert.Single(await silo.Grain<IReminderGrain>(_key).Ticks()).CurrentTickTime);
    }

    [Fact]
    public async Task A_grain_can_be_split_in_two_activations_that_both_work()
    {
        await using var silo = await StartAsync();
        var grain = silo.Grain<ILifecycleGrain>(_key);
        var first = await grain.Activation();

        var old = silo.Engine.Split(grain);
        var second = await grain.Activation();

        Assert.NotEqual(first, second);
        Assert.Equal(first, await old.Activation());
        await old.LeaveOnIdle();
        Assert.Equal(second, await grain.Activation());
    }

    [Fact]
    public async Task Stopping_the_host_ends_both_halves_of_a_split()
    {
        await using var silo = await StartAsync();
        var grain = silo.Grain<ILifecycleGrain>(_key);
        await grain.Activation();
        silo.Engine.Split(grain);
        await grain.Activation();

        await silo.StopAsync();

        Assert.Equal(2, LifecycleGrain.NotesOf(_key).Count(note => note == "deactivating ShuttingDown"));
    }

    private static Task<TestSilo> StartAsync() => TestSilo.StartAsync(silo => silo.Services.AddScoped<LifecycleGrain.Service>());
}
