
namespace Orleans;

/// <summary>The usual base of grain classes.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    protected Grain() : this(RuntimeContext.Current!) { }

    protected Grain(IGrainContext grainContext) => GrainContext = grainContext;

    public IGrainContext GrainContext { get; }

    public GrainReference GrainReference => GrainContext.GrainReference;

    public string IdentityString => GrainContext.GrainId.ToString();

    protected IGrainFactory GrainFactory => Activation.Of(this).Engine.Factory;

    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    /// <summary>Ends this activation once the requests that run now have finished; later ones get a new activation.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Keeps an idle activation at least this long from now. Zero takes that back;
    /// <see cref="Timeout.InfiniteTimeSpan"/> keeps it for good.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan) => Activation.Of(this).KeepFor(timeSpan);

    /// <summary>Runs before the first request. If it fails, so do the requests that wait for it, and the next
    /// request tries a new activation.</summary>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs after the last request, if the process lives that long.</summary>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;
}
