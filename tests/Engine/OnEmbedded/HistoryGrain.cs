using Orleans.Concurrency;
using Orleans.Streams;

namespace Guichet.Tests.Engine;

/// <summary>Does a little of everything and writes down in what order it happens.</summary>
public interface IHistoryGrain : IGrainWithStringKey
{
    Task Work(int steps);
    Task Touch(string from);

    [AlwaysInterleave]
    Task Peek(string from);
}

public sealed class History
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public HashSet<int> Threads { get; } = [];

    public void Add(string line)
    {
        Threads.Add(Environment.CurrentManagedThreadId);
        _lines.Add(line);
    }
}

[ImplicitStreamSubscription("history")]
public class HistoryGrain(History history, TimeProvider clock) : Grain, IHistoryGrain, IRemindable
{
    private string Key => this.GetPrimaryKeyString();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        history.Add($"{Key} begins");
        await Stream(Key).SubscribeAsync((sold, _) =>
        {
            history.Add($"{Key} heard {sold.Count}");
            return Task.CompletedTask;
        });
        this.RegisterGrainTimer(
            () =>
            {
                history.Add($"{Key} ticks at {clock.GetUtcNow():T}");
                return Task.CompletedTask;
            },
            TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(25));
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        history.Add($"{Key} ends");
        return Task.CompletedTask;
    }

    public async Task Work(int steps)
    {
        await this.RegisterOrUpdateReminder("wake", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        for (var step = 0; step < steps; step++)
        {
            var next = $"{(int.Parse(Key, null) + step + 1) % 5}";
            history.Add($"{Key} step {step}");
            if (next != Key)
            {
                var other = GrainFactory.GetGrain<IHistoryGrain>(next);
                await Task.WhenAll(other.Peek($"{Key}.{step}"), other.Peek($"{Key}.{step} again"));
            }
            await Stream(next).OnNextAsync(new(step));
            await Task.Delay(TimeSpan.FromSeconds(step), clock);
        }
        history.Add($"{Key} done");
    }

    public Task Touch(string from)
    {
        history.Add($"{Key} touched by {from}");
        return Task.CompletedTask;
    }

    public async Task Peek(string from)
    {
        history.Add($"{Key} peeked by {from}");
        await Task.Yield();
        history.Add($"{Key} peeked out by {from}");
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        history.Add($"{Key} woken at {status.CurrentTickTime:T}");
        return Task.CompletedTask;
    }

    private IAsyncStream<Sold> Stream(string key) => this.GetStreamProvider(TestSilo.Streams).GetStream<Sold>(StreamId.Create("history", key));
}
