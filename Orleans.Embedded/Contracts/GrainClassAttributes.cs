using System.Globalization;

namespace Orleans;

/// <summary>Fixes the grain type's name, which is stored with its reminders, whatever the class is called.
/// Without it the name is the class's in lower case, less the suffix <c>Grain</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class GrainTypeAttribute(string grainType) : Attribute
{
    private readonly GrainType _grainType = GrainType.Create(grainType);

    public GrainType GetGrainType(IServiceProvider services, Type type) => _grainType;
}

/// <summary>Keeps activations of this class until they ask to be deactivated.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class KeepAliveAttribute : Attribute;

/// <summary>How long an activation of this class may be idle before it is deactivated.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class CollectionAgeLimitAttribute : Attribute
{
    public static readonly TimeSpan MinAgeLimit = TimeSpan.FromMinutes(1);

    private readonly TimeSpan? _period;

    public CollectionAgeLimitAttribute() { }

    public CollectionAgeLimitAttribute(string inactivityPeriod) =>
        _period = TimeSpan.Parse(inactivityPeriod, CultureInfo.InvariantCulture);

    public bool AlwaysActive { get; set; }
    public double Days { get; set; }
    public double Hours { get; set; }
    public double Minutes { get; set; }

    public TimeSpan AgeLimit
    {
        get
        {
            if (AlwaysActive)
                return Timeout.InfiniteTimeSpan;
            var span = _period ?? TimeSpan.FromDays(Days) + TimeSpan.FromHours(Hours) + TimeSpan.FromMinutes(Minutes);
            return span < MinAgeLimit ? MinAgeLimit : span;
        }
    }
}
