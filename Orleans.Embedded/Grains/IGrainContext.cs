namespace Orleans.Runtime;

/// <summary>One activation of a grain, as its own code sees it.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    GrainId GrainId { get; }
    ActivationId ActivationId { get; }
    GrainReference GrainReference { get; }

    /// <summary>The grain object; null until it is made.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation: a scope that ends with it.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Starts the end of the activation: what runs may finish, nothing more is begun.</summary>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
