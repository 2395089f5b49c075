using System.Collections.Immutable;

namespace Guichet.Partners;

/// <summary>
/// What a partner needs to know of what is stored beside it, before it decides. A port, because the simulator keeps it in a world that
/// misbehaves.
/// </summary>
public interface IPartnerLookups
{
    /// <summary>Which of what is named doesn't exist in the organisation.</summary>
    Task<PartnerFacts> Unknown(string organisation, ImmutableArray<string> sessions, ImmutableArray<string> series);

    /// <summary>The day that it is in the organisation's zone.</summary>
    Task<DateOnly> Today(string organisation, DateTimeOffset now);
}
