namespace Orleans.Embedded;

/// <summary>What the directory has for a grain: its activation, or the workers of a stateless one.</summary>
internal abstract class CallTarget
{
    /// <returns>False if it has ended: the caller looks again.</returns>
    public abstract bool Receive(GrainCall call);
}
