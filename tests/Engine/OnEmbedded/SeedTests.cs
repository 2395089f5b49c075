using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Engine;

/// <summary>On a scheduler from outside, whole histories repeat: calls, timers, reminders, streams and the end.</summary>
public class SeedTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_seed_gives_the_same_history(int seed)
    {
        var history = HistoryOf(seed);

        Assert.Equal(history.Lines, HistoryOf(seed).Lines);
        Assert.Equal([Environment.CurrentManagedThreadId], history.Threads);
        Assert.Contains(history.Lines, line => line.Contains("heard"));
        Assert.Contains(history.Lines, line => line.Contains("ticks"));
        Assert.Contains(history.Lines, line => line.Contains("woken"));
        Assert.Contains(history.Lines, line => line.Contains("ends"));
    }

    [Fact]
    public void Seeds_give_many_histories() =>
        Assert.True(Enumerable.Range(1, 20).Select(seed => string.Join('\n', HistoryOf(seed).Lines)).Distinct().Count() > 15);

    [Fact]
    public void A_cycle_of_calls_ends_when_time_is_all_that_is_left()
    {
        using var silo = new SeededSilo(1);
        var before = silo.Clock.GetUtcNow();
        silo.Run(async () =>
        {
            var (one, other) = (silo.Client.GetGrain<ITurnGrain>("one"), silo.Client.GetGrain<ITurnGrain>("other"));
            await Assert.ThrowsAsync<TimeoutException>(() => one.CallBack(other, TestSilo.NewKey()));
        });
        Assert.Equal(TimeSpan.FromSeconds(30), silo.Clock.GetUtcNow() - before);
    }

    private static History HistoryOf(int seed)
    {
        var history = new History();
        using (var silo = new SeededSilo(seed, silo => silo.Services.AddSingleton(history)))
        {
            silo.Run(() => Task.WhenAll(Enumerable.Range(0, 5)
                .Select(i => silo.Client.GetGrain<IHistoryGrain>($"{i}")).SelectMany(grain => (Task[])[grain.Work(4), grain.Touch("test")])));
            for (var i = 0; i < 3; i++)
            {
                silo.Clock.Advance(TimeSpan.FromMinutes(1));
                silo.Scheduler.RunUntilIdle();
            }
        }
        return history;
    }
}
