namespace Orleans.Embedded;

/// <summary>Sends its activation a tick when due; the next is counted from the end of that one.</summary>
internal sealed class GrainTimer : IGrainTimer
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(0xfffffffe);

    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _cancelled = new();
    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private TimeSpan _due, _period;
    private bool _ticking, _changed, _disposed;

    public GrainTimer(Activation activation, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        Check(options.DueTime, options.Period);
        (_activation, _callback, _options) = (activation, callback, options);
        (_due, _period) = (options.DueTime, options.Period);
        _timer = Detached.Quietly(static timer => timer._activation.Engine.Clock.CreateTimer(
            static state => ((GrainTimer)state!).Tick(), timer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), this);
    }

    public void Start() => _timer.Change(_due, Timeout.InfiniteTimeSpan);

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, period);
        lock (_gate)
        {
            (_due, _period, _changed) = (dueTime, period, true);
            if (!_ticking && !_disposed)
                _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            _timer.Dispose();
        }
        _cancelled.Cancel();
        _activation.Forget(this);
    }

    private void Tick()
    {
        lock (_gate)
        {
            if (_ticking || _disposed)
                return;
            _ticking = true;
        }
        _activation.Engine.DeliverTo(_activation, new TimerTick(this) { Class = _activation.Class, Target = _activation.GrainId });
    }

    private async Task RunAsync()
    {
        try
        {
            lock (_gate)
                _changed = false;
            if (!_cancelled.IsCancellationRequested)
                await _callback(_cancelled.Token);
        }
        catch (Exception exception)
        {
            _activation.Engine.Log.TimerFailed(exception, _activation.GrainId);
        }
        finally
        {
            lock (_gate)
            {
                _ticking = false;
                if (!_disposed)
                    _timer.Change(_changed ? _due : _period, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private static void Check(TimeSpan due, TimeSpan period)
    {
        foreach (var span in (ReadOnlySpan<TimeSpan>)[due, period])
            if (span != Timeout.InfiniteTimeSpan && (span < TimeSpan.Zero || span > Longest))
                throw new ArgumentOutOfRangeException(nameof(due), span, "A timer's time is from 0 to 4294967294 ms, or infinite");
    }

    private interface IGrainTimerInvoker
    {
        Task InvokeCallbackAsync();
    }

    private sealed class TimerTick(GrainTimer timer) : TaskCall(Shape)
    {
        private static readonly GrainMethod Shape =
            new(typeof(IGrainTimerInvoker).GetMethod(nameof(IGrainTimerInvoker.InvokeCallbackAsync))!) { OneWay = true };

        public override bool KeepsAlive => timer._options.KeepAlive;
        public override bool MayMove => false;
        public override bool AlwaysInterleave => timer._options.Interleave;

        protected override Task Call(object grain) => timer.RunAsync();
    }
}
