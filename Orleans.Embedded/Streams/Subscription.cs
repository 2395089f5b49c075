using System.Security.Cryptography;
using System.Text;
using Orleans.Streams;

namespace Orleans.Embedded;

internal readonly record struct StreamEvent(object? Item, StreamSequenceToken Token, Dictionary<string, object>? Context);

/// <summary>One subscriber of one stream, and the events it has yet to get. The next is sent when the one before has
/// been dealt with, so their order holds whatever fails.</summary>
internal sealed class Subscription
{
    private readonly MemoryStreams _provider;
    private readonly StreamHub _hub;
    private readonly Queue<StreamEvent> _events = new();
    private readonly GrainClass? _class;
    private bool _pumping;
    private volatile bool _ended;

    private Subscription(MemoryStreams provider, StreamHub hub, GrainClass? grainClass, GrainId? grain, Guid id)
    {
        (_provider, _hub, _class, Grain, Id) = (provider, hub, grainClass, grain, id);
        Subscriber = grain?.ToString() ?? $"client/{id:N}";
    }

    public static Subscription Implicit(MemoryStreams provider, StreamHub hub, GrainClass grainClass)
    {
        var grain = new GrainId(grainClass.GrainType, IdSpan.Create(hub.StreamId.GetKeyAsString()));
        var id = SHA256.HashData(Encoding.UTF8.GetBytes($"{provider.Name}\0{hub.StreamId}\0{grain}")).AsSpan(0, 16);
        return new(provider, hub, grainClass, grain, new(id)) { IsImplicit = true };
    }

    public static Subscription OfGrain(MemoryStreams provider, StreamHub hub, Activation activation) =>
        new(provider, hub, activation.Class, activation.GrainId, Guid.NewGuid());

    public static Subscription OfClient(MemoryStreams provider, StreamHub hub, IStreamSink sink) =>
        new(provider, hub, null, null, Guid.NewGuid()) { ClientSink = sink };

    public Guid Id { get; }
    public GrainId? Grain { get; }
    public string Subscriber { get; }
    public bool IsImplicit { get; private init; }

    /// <summary>Where a client's events go; a grain's sink is with its activation.</summary>
    public IStreamSink? ClientSink { get; set; }

    public int Queued
    {
        get
        {
            lock (_events)
                return _events.Count;
        }
    }

    public void Enqueue(StreamEvent one)
    {
        lock (_events)
        {
            if (_ended)
                return;
            _events.Enqueue(one);
            if (_pumping)
                return;
            _pumping = true;
        }
        Detached.Run(PumpAsync, _provider.Engine.Scheduler);
    }

    public void End()
    {
        lock (_events)
        {
            _ended = true;
            _events.Clear();
        }
        _hub.Remove(this);
    }

    private async Task PumpAsync()
    {
        while (true)
        {
            StreamEvent next;
            lock (_events)
            {
                if (_events.Count == 0)
                {
                    _pumping = false;
                    break;
                }
                next = _events.Peek();
            }

            await DeliverAsync(next);
            lock (_events)
                _events.TryDequeue(out _);
        }
        _hub.ForgetIfUnused();
    }

    private async Task DeliverAsync(StreamEvent one)
    {
        var engine = _provider.Engine;
        var delay = engine.Options.StreamRetryDelay;
        for (var attempt = 1; !_ended && !engine.IsKilled; attempt++, delay *= 2)
        {
            try
            {
                RequestContext.Import(one.Context);
                await SendAsync(one);
                engine.Figures.Delivered();
                return;
            }
            catch (Exception exception) when (attempt >= engine.Options.StreamDeliveryAttempts || engine.IsStopping)
            {
                engine.Log.DeliveryDropped(exception, _hub.StreamId, Subscriber, attempt);
                engine.Figures.Dropped();
                return;
            }
            catch (Exception exception)
            {
                engine.Log.DeliveryFailed(exception, _hub.StreamId, Subscriber, attempt);
            }
            await Task.Delay(delay, engine.Clock);
        }
    }

    private Task SendAsync(StreamEvent one)
    {
        var engine = _provider.Engine;
        if (Grain is not { } grain)
        {
            var task = ClientSink!.OnNextAsync(one.Item, one.Token);
            return task.IsCompleted ? task : task.WaitAsync(engine.ResponseTimeout, engine.Clock);
        }

        var delivery = new Delivery(Id, _hub.StreamId, one) { Class = _class!, Target = grain };
        CallTarget? last = null;
        if (engine.Prepare(delivery))
        {
            // An event is nobody's call chain.
            delivery.ReentrancyId = Guid.Empty;
            engine.Deliver(delivery, ref last);
        }
        return delivery.Answered;
    }

    private interface IStreamConsumerExtension
    {
        Task DeliverImmutable(Guid subscriptionId, StreamId streamId, object? item, StreamSequenceToken currentToken);
    }

    /// <summary>One event on its way to a grain: a request like any other, which waits its turn.</summary>
    private sealed class Delivery(Guid subscription, StreamId stream, StreamEvent one) : TaskCall(Shape)
    {
        private static readonly GrainMethod Shape = new(typeof(IStreamConsumerExtension).GetMethod(nameof(IStreamConsumerExtension.DeliverImmutable))!);

        protected override object TargetIn(Activation activation) => activation;

        protected override Task Call(object grain)
        {
            var activation = (Activation)grain;
            if (activation.Sinks.TryGetValue(subscription, out var sink))
                return sink.OnNextAsync(one.Item, one.Token);
            activation.Engine.Log.NotSubscribed(stream, activation.GrainId.ToString());
            return Task.CompletedTask;
        }
    }
}

/// <summary>An observer, whatever its events' type.</summary>
internal interface IStreamSink
{
    Task OnNextAsync(object? item, StreamSequenceToken token);
}
