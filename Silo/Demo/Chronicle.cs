using System.Collections.Immutable;
using Guichet.Journal;

namespace Guichet.Demo;

/// <summary>
/// An aggregate's past, decided by its real core at the instants it is told, and written to the journal at once: what months of use would
/// have left behind, verifiable like everything else.
/// </summary>
internal sealed class Chronicle<TState, TEvent>(
    AggregateId aggregate, TState state, Func<TState, Command, DateTimeOffset, Decision<TEvent>> decide, Func<TState, TEvent, TState> apply,
    Func<TEvent, IEnumerable<Row>>? rowsOf = null, Func<TState, object>? summaryOf = null)
    where TState : class
    where TEvent : class
{
    private readonly ImmutableArray<JournalLine>.Builder lines = ImmutableArray.CreateBuilder<JournalLine>();
    private readonly ImmutableArray<OutboxEffect>.Builder effects = ImmutableArray.CreateBuilder<OutboxEffect>();
    private readonly ImmutableArray<Row>.Builder rows = ImmutableArray.CreateBuilder<Row>();
    private ImmutableArray<byte> hash = HashChain.Start;

    public TState State { get; private set; } = state;

    /// <exception cref="InvalidOperationException">The core refused: the demo's data is wrong.</exception>
    public Chronicle<TState, TEvent> Do<TAnswer>(Command command, DateTimeOffset at)
    {
        at = JournalLines.Truncated(at);
        var decision = decide(State, command, at);
        if (decision.IsRefused) throw new InvalidOperationException($"{aggregate}: {decision.Refusals[0].Code} {decision.Refusals[0].Field}");
        var line = JournalLines.Next(aggregate, lines.Count + 1, hash, at, command, JournalLines.ContentHash(command), decision, decision.Answered<TAnswer>());
        hash = line.Hash;
        lines.Add(line);
        effects.AddRange(JournalLines.Effects(aggregate, command, decision, at));
        foreach (var happened in decision.Events)
        {
            State = apply(State, happened);
            if (rowsOf is not null) rows.AddRange(rowsOf(happened));
        }
        return this;
    }

    /// <summary>Writes it; an aggregate that is there already (the demo's making was cut short and starts again) stays as it is.</summary>
    public async Task Write(IJournalStore store)
    {
        var commit = new Commit(
            aggregate, 0, lines.Count, Json.Write(State), Json.WriteColumns(summaryOf?.Invoke(State)), lines.ToImmutable(), effects.ToImmutable(), rows.ToImmutable());
        try
        {
            await store.Commit(commit, CancellationToken.None);
        }
        catch (VersionConflictException)
        {
        }
    }
}
