using Orleans.Concurrency;

namespace Guichet.Tests.Engine;

/// <summary>Methods of every kind of turn, which wait at gates.</summary>
public interface ITurnGrain : IGrainWithStringKey
{
    Task Exclusive(string gate);

    [ReadOnly]
    Task Read(string gate);

    [AlwaysInterleave]
    Task Interleave(string gate);

    /// <summary>Answers once everything sent before it has been looked at.</summary>
    [AlwaysInterleave]
    Task Look();

    Task<int> AddSlowly(int amount);

    Task<bool> StaysOnItsScheduler();

    Task<int> Append(int value);

    [ReadOnly]
    Task<int[]> Appended();

    Task CallBack(ITurnGrain other, string gate);

    Task CallBackReentrantly(ITurnGrain other, string gate);

    Task CallOther(ITurnGrain other, string gate);
}

public interface IReentrantTurnGrain : ITurnGrain;

public class TurnGrain : Grain, ITurnGrain
{
    private readonly List<int> _appended = [];
    private int _sum;

    public Task Exclusive(string gate) => Gate.Of(gate).PassAsync();

    public Task Read(string gate) => Gate.Of(gate).PassAsync();

    public Task Interleave(string gate) => Gate.Of(gate).PassAsync();

    public Task Look() => Task.CompletedTask;

    /// <summary>Loses updates unless requests exclude each other.</summary>
    public async Task<int> AddSlowly(int amount)
    {
        var before = _sum;
        await Task.Yield();
        _sum = before + amount;
        return _sum;
    }

    public async Task<bool> StaysOnItsScheduler()
    {
        var mine = TaskScheduler.Current;
        if (mine == TaskScheduler.Default)
            return false;
        await Task.Yield();
        if (TaskScheduler.Current != mine)
            return false;
        await Task.Run(static () => { });
        return TaskScheduler.Current == mine;
    }

    public Task<int> Append(int value)
    {
        _appended.Add(value);
        return Task.FromResult(_appended.Count);
    }

    public Task<int[]> Appended() => Task.FromResult(_appended.ToArray());

    public Task CallBack(ITurnGrain other, string gate) => other.CallOther(this.AsReference<ITurnGrain>(), gate);

    public async Task CallBackReentrantly(ITurnGrain other, string gate)
    {
        using var section = RequestContext.AllowCallChainReentrancy();
        await other.CallOther(this.AsReference<ITurnGrain>(), gate);
    }

    public Task CallOther(ITurnGrain other, string gate) => other.Exclusive(gate);
}

[Reentrant]
public class ReentrantTurnGrain : TurnGrain, IReentrantTurnGrain;
