namespace Orleans.Runtime
{
    /// <summary>Anything that can be called: a grain or a reference to one.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>Base of grain interfaces. Keys are strings: the other kinds are not in this engine.</summary>
    public interface IGrain : IAddressable;

    public interface IGrainWithStringKey : IGrain;
}
