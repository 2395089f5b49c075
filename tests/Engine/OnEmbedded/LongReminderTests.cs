using Guichet.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Guichet.Tests.Engine;

public class LongReminderTests
{
    private readonly string _key = TestSilo.NewKey();

    /// <summary>A system timer takes no more than 2³² − 2 ms.</summary>
    [Fact]
    public async Task A_reminder_may_be_due_after_the_longest_time_a_timer_takes()
    {
        var time = new ManualTime();
        await using var silo = await TestSilo.StartAsync(silo => silo.Services.AddSingleton<TimeProvider>(new WithLongestTimer(time)));
        await silo.Grain<IReminderGrain>(_key).Register("far", TimeSpan.FromDays(400), TimeSpan.FromDays(366));

        time.Advance(TimeSpan.FromDays(399));
        Assert.Equal(0, Gate.Of(_key).Arrived);
        time.Advance(TimeSpan.FromDays(1));
        await Gate.Of(_key).ArrivalAsync();
    }

    private sealed class WithLongestTimer(TimeProvider inner) : TimeProvider
    {
        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override long GetTimestamp() => inner.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(inner.CreateTimer(callback, state, Check(dueTime), Check(period)));

        private static TimeSpan Check(TimeSpan span) =>
            span.TotalMilliseconds <= 0xfffffffe ? span : throw new ArgumentOutOfRangeException(nameof(span));

        private sealed class Timer(ITimer inner) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(Check(dueTime), Check(period));

            public void Dispose() => inner.Dispose();

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}
