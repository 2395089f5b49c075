using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Orleans.Embedded;

/// <summary>Runs grains in this process: finds or makes the activation a call is for, answers callers whose time is up,
/// and ends what is idle. Everything it does by itself happens on its scheduler and its clock.</summary>
internal sealed class EmbeddedEngine : IDisposable
{
    private const int MostForwards = 2;

    private readonly ConcurrentDictionary<GrainId, CallTarget> _directory = new();
    private readonly ConcurrentDictionary<Activation, byte> _alive = new();
    private readonly CallTimeouts _timeouts;

    private readonly IReadOnlyDictionary<string, TimeSpan> _ages;
    private readonly Lazy<GrainClasses> _classes = new(GrainClasses.OfProcess);
    private ITimer? _collector;
    private long _sequence;
    private volatile bool _stopping, _killed;

    public EmbeddedEngine(IServiceProvider services, IOptions<EmbeddedOptions> options, IOptions<SiloMessagingOptions> messaging,
        IOptions<GrainCollectionOptions> collection, IOptions<ReminderOptions> reminders, TimeProvider clock,
        IEnumerable<IIncomingGrainCallFilter> incoming, IEnumerable<IOutgoingGrainCallFilter> outgoing, ILogger<EmbeddedEngine> log)
    {
        (Services, Options, Collection, Clock) = (services, options.Value, collection.Value, clock);
        (IncomingFilters, OutgoingFilters) = ([.. incoming], [.. outgoing]);
        ResponseTimeout = messaging.Value.ResponseTimeout;
        _ages = Collection.ClassSpecificCollectionAge;
        Scheduler = Options.Scheduler ?? TaskScheduler.Default;
        Log = new(log);
        Figures = new(this);
        Factory = new(this);
        _timeouts = new(this);
        Reminders = new(this, services.GetService<IReminderStore>(), reminders.Value);
    }

    public IServiceProvider Services { get; }
    public EmbeddedOptions Options { get; }
    public GrainCollectionOptions Collection { get; }
    public TimeProvider Clock { get; }
    public TaskScheduler Scheduler { get; }
    public TimeSpan ResponseTimeout { get; }
    public EngineLog Log { get; }
    public EngineFigures Figures { get; }
    public GrainFactory Factory { get; }
    public Reminders Reminders { get; }
    public IIncomingGrainCallFilter[] IncomingFilters { get; }
    public IOutgoingGrainCallFilter[] OutgoingFilters { get; }
    /// <summary>How what others wait for is completed. On a scheduler from outside not by the thread pool: there it is a
    /// task of that scheduler that completes it.</summary>
    public TaskCreationOptions Completions => Options.Scheduler is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;

    public bool IsStopping => _stopping;
    public bool IsKilled => _killed;
    public bool HasOutgoingFilters => OutgoingFilters.Length > 0;
    public GrainClasses Classes => _classes.Value;
    public IEnumerable<Activation> Alive => _alive.Keys;

    public long NextSequence() => Interlocked.Increment(ref _sequence);
    public long Timestamp() => Clock.GetTimestamp();
    public long ToTimestamp(TimeSpan span) => (long)(span.TotalSeconds * Clock.TimestampFrequency);

    public TimeSpan AgeOf(GrainClass grainClass) =>
        _ages.TryGetValue(grainClass.Type.FullName!, out var age) ? age : grainClass.Age ?? Collection.CollectionAge;

    public async Task StartAsync(CancellationToken cancellation)
    {
        _ = Classes;
        _collector = Detached.Quietly(static engine => engine.Clock.CreateTimer(static state => ((EmbeddedEngine)state!).CollectIdle(),
            engine, engine.Collection.CollectionQuantum, engine.Collection.CollectionQuantum), this);
        await Reminders.StartAsync(cancellation);
    }

    /// <summary>Ends every activation in good order: running requests finish, each grain is told.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        _stopping = true;
        _collector?.Dispose();
        Reminders.Stop();
        var ending = InOrder();
        foreach (var activation in ending)
            activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "The host is stopping."), cancellation);
        try
        {
            await Task.WhenAll(ending.Select(static one => one.Deactivated)).WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            Log.StoppedLate(_alive.Count);
        }
        _timeouts.FailAll(static call => new SiloUnavailableException($"The host stopped before {call} was answered"));
    }

    /// <summary>All at once, nothing told, nothing finished: what a crash does.</summary>
    public void Kill()
    {
        _stopping = _killed = true;
        _collector?.Dispose();
        Reminders.Stop();
        foreach (var activation in InOrder())
            activation.Kill();
        _timeouts.FailAll(static call => new SiloUnavailableException($"The process that ran {call} is gone"));
    }

    public GrainReference Reference(Type interfaceType, GrainId grainId) =>
        ProxyBuilder.MakerFor(interfaceType)(this, Classes.Of(grainId.Type), grainId);

    /// <summary>Notes who calls, what flows along, and until when the caller waits.</summary>
    /// <returns>False if the call goes nowhere: its sender is dead, or it has failed already.</returns>
    public bool Prepare<T>(GrainCall<T> call)
    {
        call.Sender = RuntimeContext.Current as Activation;
        call.Context = RequestContext.Export();
        call.ReentrancyId = RequestContext.ReentrancyIdOf(call.Context);
        call.SentAt = Timestamp();
        Tracing.Outgoing(call);
        if (!call.Method.OneWay)
            call.MakeAnswerable(Completions);
        if (call.Sender is { IsDead: true })
            return false;
        if (call.Method.OneWay)
            return true;

        var cancellation = call.GetCancellationToken();
        if (cancellation.IsCancellationRequested)
        {
            call.Fail(new OperationCanceledException(cancellation));
            return false;
        }
        call.Sequence = NextSequence();
        _timeouts.Add(call, call.Method.Timeout ?? ResponseTimeout);
        if (cancellation.CanBeCanceled)
            call.Cancellation = cancellation.UnsafeRegister(static (state, token) =>
            {
                var (engine, call) = ((EmbeddedEngine, GrainCall))state!;
                engine.Settle(call, new OperationCanceledException(token));
            }, (this, (GrainCall)call));
        return true;
    }

    public void Deliver(GrainCall call, ref CallTarget? last)
    {
        if (last is { IsSplit: false } && last.Receive(call))
            return;
        while (TargetOf(call) is { } target)
        {
            if (target.Receive(call))
            {
                last = target;
                return;
            }
            _directory.TryRemove(new(call.Target, target));
        }
        Settle(call, new SiloUnavailableException($"The host is stopping and makes no new activation for {call}"));
    }

    public void DeliverTo(Activation activation, GrainCall call)
    {
        if (!activation.Receive(call))
            Settle(call, new SiloUnavailableException($"The activation for {call} has ended"));
    }

    /// <summary>Passes on what an ended activation had not begun.</summary>
    public void Redeliver(GrainCall call)
    {
        CallTarget? last = null;
        if (++call.Forwards > MostForwards)
            Settle(call, new OrleansMessageRejectionException($"{call} was passed on {MostForwards} times; every activation ended before it ran"));
        else
            Deliver(call, ref last);
    }

    /// <summary>Answers the caller, unless it has an answer already.</summary>
    public void Settle(GrainCall call, Exception? failure)
    {
        if (!call.TrySettle())
            return;
        Figures.Settled(call, failure is not null);
        if (call.Method.OneWay)
        {
            if (failure is not null)
                Log.OneWayFailed(failure, call);
            return;
        }

        _timeouts.Remove(call);
        call.Cancellation.Unregister();
        if (Options.Scheduler is null)
            Answer(call, failure);
        else
            Detached.Start(static state => { var (call, failure) = ((GrainCall, Exception?))state!; Answer(call, failure); }, (call, failure), Scheduler);
    }

    /// <summary>A new activation, counted among the living; null once the engine stops.</summary>
    public Activation? MakeActivation(GrainClass grainClass, GrainId grainId, StatelessWorkers? pool)
    {
        if (_stopping)
            return null;
        var activation = new Activation(this, grainClass, grainId) { Pool = pool };
        _alive[activation] = 0;
        return activation;
    }

    public void Forget(Activation activation)
    {
        _alive.TryRemove(activation, out _);
        if (activation.Pool is { } pool)
            pool.Forget(activation);
        else
            _directory.TryRemove(new(activation.GrainId, activation));
    }

    /// <summary>The end of one activation without a word to it. For tests of crashes.</summary>
    public void Kill(IAddressable grain) => (_directory.GetValueOrDefault(grain.GetGrainId()) as Activation)?.Kill();

    /// <summary>Takes the living activation out of the directory without ending it, so that the next call makes a
    /// second one: what a cluster that splits does for a moment. For tests.</summary>
    /// <returns>A reference that goes to the first activation, as those who still believe in it have.</returns>
    /// <exception cref="InvalidOperationException">The grain has no activation, or is a stateless worker.</exception>
    public T Split<T>(T grain) where T : IAddressable
    {
        var id = grain.GetGrainId();
        if (!_directory.TryRemove(id, out var target) || target is not Activation activation)
            throw new InvalidOperationException($"{id} has no activation to split from");
        activation.IsSplit = true;
        var pinned = Reference(typeof(T), id);
        pinned.Pinned = activation;
        return (T)(object)pinned;
    }

    public void Dispose()
    {
        _collector?.Dispose();
        _timeouts.Dispose();
        Reminders.Stop();
        Figures.Dispose();
    }

    private static void Answer(GrainCall call, Exception? failure)
    {
        if (call.Sender is { IsDead: true })
            return;
        if (failure is null)
            call.Answer();
        else
            call.Fail(failure);
    }

    private CallTarget? TargetOf(GrainCall call)
    {
        if (_directory.TryGetValue(call.Target, out var found))
            return found;
        if (call.Class.Workers is not null)
            return _stopping ? null : _directory.GetOrAdd(call.Target, new StatelessWorkers(this, call.Class, call.Target));

        var made = MakeActivation(call.Class, call.Target, pool: null);
        if (made is null)
            return null;
        found = _directory.GetOrAdd(call.Target, made);
        if (found == made)
            made.Begin(call.Context);
        else
            _alive.TryRemove(made, out _);
        return found;
    }

    private void CollectIdle()
    {
        var now = Timestamp();
        foreach (var activation in InOrder())
            activation.CollectIfIdle(now);
    }

    private ImmutableArray<Activation> InOrder() => [.. _alive.Keys.OrderBy(static one => one.Sequence)];
}
