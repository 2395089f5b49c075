namespace Orleans.Embedded;

/// <summary>How an activation begins and ends.</summary>
internal sealed partial class Activation
{
    private readonly CancellationTokenSource _activationCancelled = new();
    private readonly List<GrainTimer> _timers = [];
    private AsyncServiceScope _services;
    private DeactivationReason _reason;
    private bool _wasValid;

    public IServiceProvider ActivationServices => _services.ServiceProvider;

    /// <summary>Makes the grain object and lets it get ready; the requests wait meanwhile.</summary>
    public void Begin(Dictionary<string, object>? context) =>
        Detached.Run(() => ActivateAsync(context), _scheduler);

    private async Task ActivateAsync(Dictionary<string, object>? context)
    {
        RequestContext.Import(context);
        using var timeout = Engine.Clock.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(),
            _activationCancelled, Engine.Collection.ActivationTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            _services = Engine.Services.CreateAsyncScope();
            GrainInstance = Class.Make(_services.ServiceProvider);
            if (GrainInstance is IGrainBase grain)
                await Bounded(grain.OnActivateAsync(_activationCancelled.Token), _activationCancelled.Token);
        }
        catch (Exception exception)
        {
            Engine.Log.ActivationFailed(exception, GrainId);
            lock (_gate)
            {
                if (_state == State.Activating)
                    (_state, _reason) = (State.Deactivating, new(DeactivationReasonCode.ActivationFailed, exception, "Failed to activate grain."));
            }
        }

        lock (_gate)
        {
            if (_state == State.Activating)
            {
                (_state, _wasValid) = (State.Valid, true);
                _lastUse = Engine.Timestamp();
                if (_waiting.IsEmpty || _pumpScheduled)
                    return;
                _pumpScheduled = true;
            }
        }

        if (_wasValid)
            Detached.Start(PumpAction, this, _scheduler);
        else
            BeginEnd();
    }

    /// <summary>Nothing more is begun from here on; what runs may finish, then the grain is told and ends.</summary>
    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        bool activating;
        lock (_gate)
        {
            if (_state is State.Deactivating or State.Ended)
                return;
            activating = _state == State.Activating;
            (_state, _reason) = (State.Deactivating, deactivationReason);
            if (_running.Count > 0)
                return;
        }

        // One that is still activating ends when that has been given up.
        if (activating)
            _activationCancelled.Cancel();
        else
            BeginEnd();
    }

    private void BeginEnd() => Detached.Run(EndAsync, _scheduler);

    private async Task EndAsync()
    {
        StopTimers();
        if (_wasValid && GrainInstance is IGrainBase grain)
        {
            using var giveUp = new CancellationTokenSource(Engine.Collection.DeactivationTimeout, Engine.Clock);
            try
            {
                await Bounded(grain.OnDeactivateAsync(_reason, giveUp.Token), giveUp.Token);
            }
            catch (Exception exception)
            {
                Engine.Log.DeactivationFailed(exception, GrainId);
            }
        }

        try
        {
            if (GrainInstance is IAsyncDisposable asynchronously)
                await asynchronously.DisposeAsync();
            else if (GrainInstance is IDisposable disposable)
                disposable.Dispose();
            await _services.DisposeAsync();
        }
        catch (Exception exception)
        {
            Engine.Log.DeactivationFailed(exception, GrainId);
        }

        var left = Close();
        Engine.Forget(this);
        foreach (var call in left)
        {
            if (_reason is { ReasonCode: DeactivationReasonCode.ActivationFailed, Exception: { } failure })
                Engine.Settle(call, failure);
            else
                Engine.Redeliver(call);
        }
        _ended.TrySetResult();
    }

    /// <summary>The end without a word to the grain: nothing of it runs any more, and its callers never get an answer
    /// from it. For tests of crashes.</summary>
    public void Kill()
    {
        IsDead = true;
        _scheduler.Kill();
        StopTimers();
        List<GrainCall> orphans;
        lock (_gate)
            orphans = [.. _running];
        orphans.AddRange(Close());
        Engine.Forget(this);
        foreach (var call in orphans)
            Engine.Settle(call, new SiloUnavailableException($"The target of {call} is gone; what it did is unknown"));
        _ended.TrySetResult();
    }

    private List<GrainCall> Close()
    {
        var left = new List<GrainCall>();
        lock (_gate)
        {
            _state = State.Ended;
            while (_waiting.Take() is { } call)
                if (call.MayMove)
                    left.Add(call);
        }
        return left;
    }

    public void KeepFor(TimeSpan span)
    {
        lock (_gate)
            _keepUntil = span == Timeout.InfiniteTimeSpan || span == TimeSpan.MaxValue ? long.MaxValue
                : span <= TimeSpan.Zero ? long.MinValue
                : Engine.Timestamp() + Engine.ToTimestamp(span);
    }

    /// <summary>Ends it if nothing has used it for as long as its class may be idle.</summary>
    public void CollectIfIdle(long now)
    {
        var age = Engine.AgeOf(Class);
        lock (_gate)
        {
            if (age == Timeout.InfiniteTimeSpan || _state != State.Valid || _running.Count > 0 || !_waiting.IsEmpty
                || now < _keepUntil || now - _lastUse < Engine.ToTimestamp(age))
                return;
        }
        Deactivate(new(DeactivationReasonCode.ActivationIdle, $"Unused for {age}"));
    }

    public GrainTimer AddTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new GrainTimer(this, callback, options);
        lock (_timers)
            _timers.Add(timer);
        timer.Start();
        return timer;
    }

    public void Forget(GrainTimer timer)
    {
        lock (_timers)
            _timers.Remove(timer);
    }

    private void StopTimers()
    {
        GrainTimer[] timers;
        lock (_timers)
            timers = [.. _timers];
        foreach (var timer in timers)
            timer.Dispose();
    }

    private static Task Bounded(Task task, CancellationToken token) => task.IsCompleted ? task : task.WaitAsync(token);
}
