using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Orleans.Embedded;

/// <summary>One living grain: its object, its scheduler, and the requests that run and wait. Everything of the grain
/// runs on the scheduler; requests start in the order they came, each when those that run allow it.</summary>
internal sealed partial class Activation : CallTarget, IGrainContext
{
    private enum State
    {
        Activating,
        Valid,
        Deactivating,
        Ended,
    }

    private static readonly Action<object?> PumpAction = static state => ((Activation)state!).Pump();

    private readonly Lock _gate = new();
    private readonly ActivationScheduler _scheduler;
    private readonly List<GrainCall> _running = [];
    private readonly TaskCompletionSource _ended;
    private CallQueue _waiting;
    private State _state = State.Activating;
    private bool _pumpScheduled, _pumping;
    private int _runningExclusive, _runningReadOnly;
    private Dictionary<Guid, int>? _reentrantSections;
    private long _lastUse;
    private long _keepUntil = long.MinValue;

    public Activation(EmbeddedEngine engine, GrainClass grainClass, GrainId grainId)
    {
        (Engine, Class, GrainId) = (engine, grainClass, grainId);
        Sequence = engine.NextSequence();
        _ended = new(engine.Completions);
        _lastUse = engine.Timestamp();
        _scheduler = new(this, engine.Options.Scheduler);
    }

    public EmbeddedEngine Engine { get; }
    public GrainClass Class { get; }
    public GrainId GrainId { get; }
    public ActivationId ActivationId { get; } = ActivationId.NewId();
    public object? GrainInstance { get; private set; }
    public Task Deactivated => _ended.Task;

    /// <summary>Orders activations by their making.</summary>
    public long Sequence { get; }

    /// <summary>Whose queue it is in, if it is a stateless worker.</summary>
    public StatelessWorkers? Pool { get; init; }

    public bool IsDead { get; private set; }

    /// <summary>What the grain does with the events of its streams, by subscription. Its own turns only.</summary>
    public Dictionary<Guid, IStreamSink> Sinks { get; } = [];

    [field: AllowNull]
    public GrainReference GrainReference => field ??= Engine.Reference(Class.Interfaces[0], GrainId);

    public static Activation Of(IGrainBase grain) => grain.GrainContext as Activation
        ?? throw new InvalidOperationException($"{grain.GetType()} was not made by this engine");

    bool IEquatable<IGrainContext>.Equals(IGrainContext? other) => ReferenceEquals(this, other);

    /// <summary>How many requests it has, running and waiting.</summary>
    public int Load
    {
        get
        {
            lock (_gate)
                return _running.Count + _waiting.Count;
        }
    }

    public override bool Receive(GrainCall call)
    {
        lock (_gate)
        {
            if (_state == State.Ended)
                return false;
            // A timer's tick is for this activation only, and of no use once it ends.
            if (_state == State.Deactivating && !call.MayMove)
                return true;
            _waiting.Add(call);
            if (_state != State.Valid || _pumping || _pumpScheduled || !MayStart(call))
                return true;
            _pumpScheduled = true;
        }
        Detached.Start(PumpAction, this, _scheduler);
        return true;
    }

    /// <summary>Whether what runs now allows this one beside it. Under the gate.</summary>
    public bool MayStart(GrainCall call) =>
        (_runningExclusive == 0 && (_runningReadOnly == 0 || call.Method.ReadOnly))
        || call.AlwaysInterleave
        || Class.Reentrant
        || (call.ReentrancyId != Guid.Empty && _reentrantSections?.ContainsKey(call.ReentrancyId) == true);

    public void EnterReentrantSection(Guid id)
    {
        lock (_gate)
            CollectionsMarshal.GetValueRefOrAddDefault(_reentrantSections ??= [], id, out _)++;
    }

    public void LeaveReentrantSection(Guid id)
    {
        lock (_gate)
        {
            if (_reentrantSections is not null && _reentrantSections.TryGetValue(id, out var count) && --count > 0)
                _reentrantSections[id] = count;
            else
                _reentrantSections?.Remove(id);
        }
    }

    private void Pump()
    {
        lock (_gate)
            (_pumpScheduled, _pumping) = (false, true);

        while (true)
        {
            GrainCall? call;
            lock (_gate)
            {
                call = _state == State.Valid ? _waiting.TakeStartable(this) : null;
                if (call is null)
                {
                    _pumping = false;
                    return;
                }
                if (call.IsSettled)
                    continue;
                Count(call, +1);
                _running.Add(call);
            }

            _ = RunAsync(call);

            // On a scheduler from outside, each start is a turn of its own.
            if (Engine.Options.Scheduler is null)
                continue;
            lock (_gate)
            {
                _pumping = false;
                if (_waiting.IsEmpty || _pumpScheduled)
                    return;
                _pumpScheduled = true;
            }
            Detached.Start(PumpAction, this, _scheduler);
            return;
        }
    }

    /// <summary>Being asynchronous, it gives back the execution context it found, whatever the grain's code sets.</summary>
    private async Task RunAsync(GrainCall call)
    {
        Exception? failure = null;
        RequestContext.Import(call.Context);
        using var trace = Tracing.Incoming(call);
        try
        {
            if (Engine.IncomingFilters.Length > 0 || GrainInstance is IIncomingGrainCallFilter)
                await new IncomingCall(this, call).Invoke();
            else
                await call.InvokeAsync(this);
        }
        catch (Exception exception)
        {
            failure = exception;
        }
        Tracing.Failed(trace, failure);
        Finish(call, failure);
    }

    private void Finish(GrainCall call, Exception? failure)
    {
        bool pump = false, end = false;
        lock (_gate)
        {
            _running.Remove(call);
            Count(call, -1);
            if (call.KeepsAlive)
                _lastUse = Engine.Timestamp();
            if (_state == State.Deactivating)
                end = _running.Count == 0;
            else if (_state == State.Valid && !_pumping && !_pumpScheduled && !_waiting.IsEmpty)
                pump = _pumpScheduled = true;
        }

        Engine.Settle(call, failure);
        if (pump)
            Detached.Start(PumpAction, this, _scheduler);
        if (end)
            BeginEnd();
    }

    private void Count(GrainCall call, int change)
    {
        if (call.AlwaysInterleave)
            return;
        if (call.Method.ReadOnly)
            _runningReadOnly += change;
        else
            _runningExclusive += change;
    }
}
