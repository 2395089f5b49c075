namespace Orleans.Embedded;

/// <summary>What the directory has for a grain: its activation, or the workers of a stateless one.</summary>
internal abstract class CallTarget
{
    /// <summary>Set by tests only: no longer found by those who look it up (see <see cref="EmbeddedEngine.Split"/>).</summary>
    public bool IsSplit { get; set; }

    /// <returns>False if it has ended: the caller looks again.</returns>
    public abstract bool Receive(GrainCall call);
}
