using System.Collections.Immutable;

namespace Guichet.Journal;

/// <summary>Puts effects into the outbox that no aggregate decides: those that an effect is taken apart into, and those asked for before anyone is known.</summary>
public sealed class EffectQueue(Database database, OutboxSignal signal, TimeProvider time)
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
        await database.Execute(organisation, Insert, new
        {
            ids = parts.Select(part => CommandIds.From("part", cause.ToString("N"), part.Name)).ToArray(),
            organisation,
            kinds = parts.Select(part => Aliases.Of(part.Effect.GetType())).ToArray(),
            payloads = parts.Select(part => Json.WriteAs(part.Effect)).ToArray(),
            dues = parts.Select(part => (part.Effect.NotBefore ?? now).UtcDateTime).ToArray(),
            now,
        }, cancellation);
        signal.Wake();
    }

    private const string Insert = """
        INSERT INTO outbox (id, organisation, kind, payload, due_at, first_due_at, created_at)
        SELECT id, @organisation, kind, payload, due_at, due_at, @now
        FROM unnest(@ids, @kinds, @payloads, @dues) AS effect (id, kind, payload, due_at)
        ON CONFLICT (id) DO NOTHING
        """;
}
