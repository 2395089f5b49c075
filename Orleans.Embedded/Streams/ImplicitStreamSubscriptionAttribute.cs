namespace Orleans;

/// <summary>Every event of a stream in this namespace goes to the grain of this class whose key is the stream's key,
/// and activates it if need be. The grain says what to do with it by subscribing in
/// <see cref="IGrainBase.OnActivateAsync"/>.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class ImplicitStreamSubscriptionAttribute(string streamNamespace, string? streamIdMapper = null) : Attribute
{
    public string? StreamIdMapper { get; init; } = streamIdMapper;

    internal string StreamNamespace { get; } = streamNamespace;
}
