using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Guichet.Tests.Engine;

/// <summary>Real Orleans looks for idle grains by the machine's clock, so these run on the embedded engine only.</summary>
public class IdleTests
{
    private readonly string _key = TestSilo.NewKey();

    [Fact]
    public async Task An_idle_grain_is_ended_after_its_age_and_a_used_one_is_not()
    {
        await using var silo = await StartAsync(TimeSpan.FromMinutes(10));
        var grain = silo.Grain<ILifecycleGrain>(_key);
        var before = await grain.Activation();
        silo.Clock.Advance(TimeSpan.FromMinutes(8));
        Assert.Equal(before, await grain.Activation());
        silo.Clock.Advance(TimeSpan.FromMinutes(8));
        Assert.Equal(before, await grain.Activation());

        await AdvanceUntilNotedAsync(silo, "disposed");

        Assert.Contains("deactivating ActivationIdle", LifecycleGrain.NotesOf(_key));
        Assert.NotEqual(before, await grain.Activation());
    }

    [Fact]
    public async Task A_grain_with_an_unfinished_request_is_not_idle()
    {
        await using var silo = await StartAsync(TimeSpan.FromMinutes(10));
        var grain = silo.Grain<ILifecycleGrain>(_key);
        var held = grain.Hold(_key);
        await Gate.Of(_key).ArrivalAsync();

        for (var minutes = 0; minutes < 30; minutes++)
            silo.Clock.Advance(TimeSpan.FromMinutes(1));
        Gate.Of(_key).Open();
        await Assert.ThrowsAsync<TimeoutException>(() => held);

        var other = await grain.Activation();
        Assert.Equal(["activating", "activated", "held"], LifecycleGrain.NotesOf(_key));
        Assert.NotEqual(Guid.Empty, other);
    }

    [Fact]
    public async Task Delaying_deactivation_keeps_an_idle_grain_and_zero_takes_that_back()
    {
        await using var silo = await StartAsync(TimeSpan.FromMinutes(10));
        var grain = silo.Grain<ILifecycleGrain>(_key);
        var before = await grain.Activation();
        await grain.KeepFor(TimeSpan.FromHours(2));
        silo.Clock.Advance(TimeSpan.FromMinutes(90));
        Assert.Equal(before, await grain.Activation());

        await grain.KeepFor(TimeSpan.Zero);
        await AdvanceUntilNotedAsync(silo, "disposed");

        Assert.NotEqual(before, await grain.Activation());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ticks_keep_a_grain_only_if_asked_to(bool keepAlive)
    {
        await using var silo = await TestSilo.StartAsync(
            silo => silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = TimeSpan.FromMinutes(5)));
        var grain = silo.Grain<ITimerGrain>(_key);
        // Not at the minutes, when idle grains are looked for: a grain that ticks is not idle.
        await grain.Start(TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(60), keepAlive: keepAlive);

        for (var minutes = 1; minutes < 12; minutes++)
        {
            silo.Clock.Advance(TimeSpan.FromSeconds(50));
            for (var wait = 0; wait < 1000 && Gate.Of(_key).Arrived < minutes - 1; wait++)
                await Task.Yield();
            silo.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        var alive = await grain.Ticks();
        Assert.Equal(keepAlive, alive > 0);
    }

    private static Task<TestSilo> StartAsync(TimeSpan age) => TestSilo.StartAsync(silo =>
    {
        silo.Services.AddScoped<LifecycleGrain.Service>();
        silo.Configure<GrainCollectionOptions>(options => options.CollectionAge = age);
    });

    private async Task AdvanceUntilNotedAsync(TestSilo silo, string note)
    {
        async Task Noted()
        {
            while (!LifecycleGrain.NotesOf(_key).Contains(note))
                await Task.Yield();
        }

        await silo.AdvanceUntilAsync(TimeSpan.FromMinutes(1), Noted());
    }
}
