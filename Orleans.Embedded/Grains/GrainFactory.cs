namespace Orleans.Embedded;

internal sealed class GrainFactory(EmbeddedEngine engine) : IClusterClient
{
    public IServiceProvider ServiceProvider => engine.Services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey => (TGrainInterface)GetGrain(typeof(TGrainInterface), primaryKey);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey)
    {
        if (string.IsNullOrEmpty(grainPrimaryKey))
            throw new ArgumentException("A grain's key is not empty", nameof(grainPrimaryKey));
        var grainClass = engine.Classes.Implementing(grainInterfaceType);
        var id = new GrainId(grainClass.GrainType, IdSpan.Create(grainPrimaryKey));
        return (IGrain)(object)ProxyBuilder.MakerFor(grainInterfaceType)(engine, grainClass, id);
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)engine.Reference(typeof(TGrainInterface), grainId);

    public IAddressable GetGrain(GrainId grainId) =>
        engine.Reference(engine.Classes.Of(grainId.Type).Interfaces[0], grainId);
}
