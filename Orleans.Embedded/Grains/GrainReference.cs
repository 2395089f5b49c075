namespace Orleans.Runtime;

/// <summary>Stands for a grain wherever its activation may be. Two references to one grain are equal.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private readonly GrainClass _class;
    private CallTarget? _last;

    internal GrainReference(EmbeddedEngine engine, GrainClass grainClass, GrainId grainId) =>
        (Engine, _class, GrainId) = (engine, grainClass, grainId);

    public GrainId GrainId { get; }

    internal EmbeddedEngine Engine { get; }

    /// <summary>Set by tests only: the one activation this reference goes to, whatever the directory says.</summary>
    internal Activation? Pinned { get; set; }

    public TGrainInterface Cast<TGrainInterface>() where TGrainInterface : IAddressable => this.AsReference<TGrainInterface>();

    public uint GetUniformHashCode() => GrainId.GetUniformHashCode();
    public bool Equals(GrainReference? other) => other is not null && GrainId == other.GrainId;
    public sealed override bool Equals(object? obj) => Equals(obj as GrainReference);
    public sealed override int GetHashCode() => GrainId.GetHashCode();
    public sealed override string ToString() => $"GrainReference:{GrainId}";

    public static bool operator ==(GrainReference? reference1, GrainReference? reference2) =>
        reference1 is null ? reference2 is null : reference1.Equals(reference2);

    public static bool operator !=(GrainReference? reference1, GrainReference? reference2) => !(reference1 == reference2);

    internal Task SendForTask(GrainCall<Nothing> call) => Send(call);

    internal Task<T> SendForTaskOf<T>(GrainCall<T> call) => Send(call);

    internal ValueTask SendForValueTask(GrainCall<Nothing> call) => new(Send(call));

    internal ValueTask<T> SendForValueTaskOf<T>(GrainCall<T> call) => new(Send(call));

    private Task<T> Send<T>(GrainCall<T> call)
    {
        call.Class = _class;
        call.Target = GrainId;
        return Engine.HasOutgoingFilters ? OutgoingCall.SendAsync(this, call) : SendUnfiltered(call);
    }

    internal Task<T> SendUnfiltered<T>(GrainCall<T> call)
    {
        if (!Engine.Prepare(call))
            return call.Method.OneWay ? Task.FromResult<T>(default!) : call.Answered;
        if (Pinned is not null)
            Engine.DeliverTo(Pinned, call);
        else
            Engine.Deliver(call, ref _last);
        return call.Method.OneWay ? Task.FromResult<T>(default!) : call.Answered;
    }
}
