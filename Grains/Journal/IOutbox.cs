using System.Collections.Immutable;

namespace Guichet.Journal;

/// <param name="Attempts">1, 2, 3…, this one included.</param>
/// <param name="FirstDue">When it was to be done at first, however often it was postponed.</param>
public sealed record ClaimedEffect(Guid Id, string Organisation, string Kind, string Payload, int Attempts, DateTimeOffset FirstDue);

/// <summary>
/// The rows of effects that were asked for and how each stands. A port, because the simulator keeps them in a world that misbehaves.
/// </summary>
public interface IOutbox
{
    /// <summary>
    /// Takes up to <paramref name="limit"/> effects that are due and nobody's, the longest due first, for this caller alone until
    /// <paramref name="until"/>; none of the organisations that are <paramref name="busy"/>.
    /// </summary>
    Task<IReadOnlyList<ClaimedEffect>> Claim(DateTimeOffset now, DateTimeOffset until, int limit, string[] busy, CancellationToken cancellation);

    Task Finish(Guid id, DateTimeOffset at);

    /// <summary>Not begun after all: due again at once, and the attempt doesn't count.</summary>
    Task Release(Guid id, DateTimeOffset at);

    Task Postpone(Guid id, string error, DateTimeOffset until);

    /// <summary>It will never be done.</summary>
    Task GiveUp(Guid id, string error, DateTimeOffset at);

    /// <summary>Adds effects that no aggregate's commit brings; one whose id is there already is not added again.</summary>
    Task Add(string organisation, ImmutableArray<OutboxEffect> effects, DateTimeOffset now, CancellationToken cancellation);
}
