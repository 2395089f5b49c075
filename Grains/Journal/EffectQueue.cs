using System.Collections.Immutable;

namespace Guichet.Journal;

/// <summary>Puts effects into the outbox that no aggregate decides: those that an effect is taken apart into, and those asked for before anyone is known.</summary>
public sealed class EffectQueue(IOutbox outbox, OutboxSignal signal, TimeProvider time)
{
    /// <summary>One effect, once.</summary>
    public Task Add(string organisation, Effect effect, CancellationToken cancellation) =>
        Add(organisation, Guid.NewGuid(), [("", effect)], cancellation);

    /// <summary>
    /// The parts of something. A part that was added before, under the same cause and name, is not added again: the cause may be done twice.
    /// </summary>
    public async Task Add(string organisation, Guid cause, ImmutableArray<(string Name, Effect Effect)> parts, CancellationToken cancellation)
    {
        if (parts.IsEmpty) return;
        var now = time.GetUtcNow();
        await outbox.Add(organisation, [.. parts.Select(part => new OutboxEffect(
            CommandIds.From("part", cause.ToString("N"), part.Name), organisation, Aliases.Of(part.Effect.GetType()), Json.WriteAs(part.Effect),
            part.Effect.NotBefore ?? now))], now, cancellation);
        signal.Wake();
    }
}
