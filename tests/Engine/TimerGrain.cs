using System.Collections.Concurrent;

namespace Guichet.Tests.Engine;

public interface ITimerGrain : IGrainWithStringKey
{
    Task Start(TimeSpan due, TimeSpan period, bool interleave = false, bool keepAlive = false);
    Task StartFailing(TimeSpan period);
    Task Change(TimeSpan due, TimeSpan period);
    Task Stop();
    Task Hold(string gate);
    Task<int> Ticks();
    Task<bool> TicksOnItsScheduler();
}

public class TimerGrain : Grain, ITimerGrain
{
    private IGrainTimer? _timer;
    private int _ticks;
    private bool _onScheduler;

    public Task Start(TimeSpan due, TimeSpan period, bool interleave, bool keepAlive)
    {
        var mine = TaskScheduler.Current;
        _timer = this.RegisterGrainTimer(
            (state, _) =>
            {
                _onScheduler = TaskScheduler.Current == mine;
                _ticks++;
                Gate.Of(state).Arrive();
                return Task.CompletedTask;
            },
            this.GetPrimaryKeyString(), new() { DueTime = due, Period = period, Interleave = interleave, KeepAlive = keepAlive });
        return Task.CompletedTask;
    }

    public Task StartFailing(TimeSpan period)
    {
        _timer = this.RegisterGrainTimer(
            () =>
            {
                Gate.Of(this.GetPrimaryKeyString()).Arrive();
                throw new InvalidDataException();
            },
            period, period);
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan due, TimeSpan period)
    {
        _timer!.Change(due, period);
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public Task Hold(string gate) => Gate.Of(gate).PassAsync();

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public Task<bool> TicksOnItsScheduler() => Task.FromResult(_onScheduler);
}
